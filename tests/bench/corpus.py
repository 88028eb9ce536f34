"""A made-up life in ten accounts: as many items as wanted, always the same ones.

Words follow a Zipf-like law over a made-up vocabulary, so that a few words are in most items
and most words in few, as in real text. Every item has at least 200 characters on average, and
people, tags, places, dates, sizes and types in believable numbers. Nothing here is random
between runs: account and number decide an item.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Item, Kind, Marks, Person, Place, Relation, StoredItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACCOUNTS: Final = 10
VOCABULARY: Final = 60_000
_START: Final = datetime(2008, 1, 1, tzinfo=UTC)
_SECONDS: Final = 17 * 365 * 86_400

_HEADS: Final = (
    *"bcdfghjklmnprstvw",
    *("st", "tr", "pl", "gr", "ch", "sh", "br"),
    *"aeiou",
)
_HEAD_WEIGHTS: Final = tuple(accumulate(range(len(_HEADS), 0, -1)))
_MIDDLES: Final = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "er", "an", "in", "on", "ar"]
_TAILS: Final = (
    *("n", "r", "s", "t", "l", "m", "d", "ng", "st", "ck", "nd", "x", "y"),
    *("ter", "ling", "ness", "tion"),
)

_TYPES: Final = {
    Kind.PHOTO: (("image/jpeg", "jpg"), ("image/png", "png"), ("image/heic", "heic")),
    Kind.VIDEO: (("video/mp4", "mp4"), ("video/quicktime", "mov")),
    Kind.MUSIC: (("audio/mpeg", "mp3"), ("audio/flac", "flac")),
    Kind.DOCUMENT: (("application/pdf", "pdf"), ("text/plain", "txt"), ("text/markdown", "md")),
}
_KINDS: Final = (
    *(Kind.PHOTO,) * 6,
    *(Kind.POST,) * 5,
    *(Kind.DOCUMENT,) * 4,
    *(Kind.ACTIVITY,) * 2,
    Kind.LINK,
    Kind.VIDEO,
    Kind.MUSIC,
    Kind.EVENT,
)
_RELATIONS: Final = (
    *((Relation.MADE,),) * 6,
    *((Relation.SAVED,),) * 2,
    (Relation.RECEIVED,),
    (Relation.MADE, Relation.SAVED),
)


def vocabulary() -> list[str]:
    """The made-up words, the commonest first (and the shorter ones earlier, as in life)."""
    chance = random.Random(11)  # noqa: S311 - repeatable on purpose, guards nothing
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        longest = 1 + (len(found) > 60) + (len(found) > 4_000)
        word = chance.choices(_HEADS, cum_weights=_HEAD_WEIGHTS)[0]
        for _ in range(chance.randint(1, longest)):
            word += chance.choice(_MIDDLES)
        found[word + chance.choice(_TAILS)] = None
    return list(found)


class Corpus:
    """Items of one account, by number from 1."""

    def __init__(self, account: int, words: list[str] | None = None) -> None:
        self._words = words or vocabulary()
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._chance = random.Random(account * 7919 + 1)  # noqa: S311 - as above
        named = self._words[200:4_200]
        self._people = [
            f"{named[i].title()} {named[(i * 7 + account) % 4_000].title()}" for i in range(600)
        ]
        self._tags = named[600:1_400]
        self._places = [
            f"{word.title()}, {named[i % 40].title()}"
            for i, word in enumerate(named[1_500:1_900])
        ]
        self._folders = [f"{a}/{b}" for a in named[2_000:2_020] for b in named[2_020:2_050]]

    def _pick(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._weights, k=count)

    def _some(self, values: list[str]) -> str:
        return values[int(len(values) * self._chance.random() ** 3)]

    def item(self, number: int) -> Item:
        """The next item; numbers are to be asked in order."""
        chance = self._chance
        kind = chance.choice(_KINDS)
        title = " ".join(self._pick(chance.randint(2, 6)))
        mime: str | None = None
        size: int | None = None
        folder: str | None = None
        if kind in _TYPES:
            mime, ending = chance.choice(_TYPES[kind])
            title = f"{title}.{ending}"
            size = int(2 ** (10 + 18 * chance.random()))
            folder = self._some(self._folders)
        made = _START + timedelta(seconds=int(_SECONDS * chance.random() ** 0.6))
        people = [
            Person(name=self._some(self._people), handle=f"u{number % 600}@example.social")
        ]
        if chance.random() < 0.2:
            people.append(Person(role="with", name=self._some(self._people)))
        place = None
        if chance.random() < 0.3:
            place = Place(
                lat=-60 + 120 * chance.random(),
                lon=-180 + 360 * chance.random(),
                name=self._some(self._places),
            )
        return Item(
            key=f"k{number}",
            kind=kind,
            title=title,
            text=" ".join(self._pick(chance.randint(15, 60))),
            url=f"https://example.org/{number}",
            people=tuple(people),
            relations=chance.choice(_RELATIONS),
            created_at=made if chance.random() < 0.97 else None,
            folder=folder,
            mime=mime,
            size=size,
            place=place,
            tags=tuple({self._some(self._tags): None for _ in range(chance.randint(0, 3))}),
        )

    def stored(self, count: int) -> Iterator[StoredItem]:
        """Items as a store gives them, one change number each."""
        for number in range(1, count + 1):
            item = self.item(number)
            day = item.created_at.date().isoformat() if item.created_at else None
            starred = number % 50 == 0
            yield StoredItem(
                number=number,
                item=item,
                created_day=day,
                marks=Marks(starred=starred),
                seq=number,
            )


def json_line(item: Item) -> str:
    """One line as the `jsonl` service reads it."""
    values = {
        "key": item.key,
        "kind": item.kind,
        "title": item.title,
        "text": item.text,
        "url": item.url,
        "people": [{"role": p.role, "name": p.name, "handle": p.handle} for p in item.people],
        "relations": list(item.relations),
        "created_at": item.created_at.isoformat() if item.created_at else None,
        "folder": item.folder,
        "mime": item.mime,
        "size": item.size,
        "place": (
            {"lat": item.place.lat, "lon": item.place.lon, "name": item.place.name}
            if item.place
            else None
        ),
        "tags": list(item.tags),
    }
    return json.dumps({name: value for name, value in values.items() if value is not None})


def write_jsonl(folder: Path, per_account: int, accounts: int = ACCOUNTS) -> list[Path]:
    """Writes `account-N.jsonl` for each account where it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    words = vocabulary()
    paths = []
    for account in range(accounts):
        path = folder / f"account-{account}-{per_account}.jsonl"
        if not path.exists():
            corpus = Corpus(account, words)
            part = path.with_suffix(".part")
            with part.open("w", encoding="utf-8") as lines:
                lines.writelines(
                    json_line(corpus.item(number)) + "\n"
                    for number in range(1, per_account + 1)
                )
            part.rename(path)
        paths.append(path)
    return paths
