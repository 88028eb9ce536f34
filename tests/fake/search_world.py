"""Accounts in memory with real text indexes, and strategies for odd items and queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from jolidrive.model import query as q
from jolidrive.model.item import Item, Kind, Marks, Person, Place, Relation, Removal, StoredItem
from jolidrive.model.words import fold
from jolidrive.search.account import OpenAccount
from jolidrive.store.index_writer import TextIndexWriter
from jolidrive.store.text_index import TextIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass
class MemoryStore:
    """Keeps items as the account's store would: one row an item, its newest change."""

    rows: dict[int, StoredItem | Removal] = field(default_factory=dict)

    def put(self, stored: StoredItem) -> None:
        self.rows[stored.number] = stored

    def remove(self, number: int) -> None:
        self.rows[number] = Removal(self.last_seq() + 1, number)

    def last_seq(self) -> int:
        return max((row.seq for row in self.rows.values()), default=0)

    def changes(self, after: int, limit: int) -> Sequence[StoredItem | Removal]:
        newer = sorted((r for r in self.rows.values() if r.seq > after), key=lambda r: r.seq)
        return newer[:limit]

    def items(self, numbers: Iterable[int]) -> dict[int, StoredItem]:
        found = {number: self.rows.get(number) for number in numbers}
        return {n: row for n, row in found.items() if isinstance(row, StoredItem)}


def account(
    folder: Path, items: Iterable[StoredItem], id_: str = "a", service: str = "s"
) -> OpenAccount:
    """An account whose index holds these items."""
    store = MemoryStore()
    for stored in items:
        store.put(stored)
    folder.mkdir(parents=True, exist_ok=True)
    writer = TextIndexWriter(folder, store, account=id_)
    writer.follow()
    writer.close()
    return OpenAccount(id_, service, id_, store, TextIndex.open(folder, id_))


def numbered(items: Iterable[StoredItem]) -> list[StoredItem]:
    """The same items with numbers and changes from 1."""
    return [
        StoredItem(
            number=n,
            seq=n,
            item=s.item,
            content=s.content,
            created_day=s.created_day,
            marks=s.marks,
            has_thumbnail=s.has_thumbnail,
        )
        for n, s in enumerate(items, 1)
    ]


WORDS = [
    "sun",
    "sunday",
    "sund",
    "son",
    "snu",
    "Été",
    "ete",
    "a",
    "ab",
    "東京",
    "東京都庁",
    "京",
    "한국어",
    "x-ray",
    "C++",
    "holidays",
    "holidayz",
    "_",
    "ΣΑΣ",
    "v2.pdf",
    "🌸",
    '"',
]

_text = st.lists(st.sampled_from(WORDS), max_size=4).flatmap(
    lambda parts: st.sampled_from([" ", "", ", ", "/"]).map(lambda gap: gap.join(parts))
)
_some_text = st.one_of(st.just(""), _text)
_maybe = st.one_of(st.none(), _text)
_START = datetime(2018, 12, 30, tzinfo=UTC)
_moments = st.integers(0, 800).map(lambda days: _START + timedelta(days=days))
_coordinate = st.sampled_from([0.0, 0.5, -0.5, 10.0, 48.85, 89.5, -89.9])
_places = st.one_of(
    st.none(),
    st.builds(Place, name=_maybe),
    st.builds(
        Place,
        lat=_coordinate,
        lon=st.sampled_from([0.0, 2.35, 179.9, -179.9, 90.0]),
        name=_maybe,
    ),
)
_people = st.builds(
    Person, role=st.sampled_from(["author", "with"]), name=_some_text, handle=_maybe
)
_items = st.builds(
    Item,
    key=st.just("k"),
    kind=st.sampled_from(Kind),
    title=_some_text,
    text=_some_text,
    people=st.lists(_people, max_size=2).map(tuple),
    relations=st.sets(st.sampled_from(Relation)).map(tuple),
    created_at=st.one_of(st.none(), _moments),
    folder=_maybe,
    album=_maybe,
    mime=st.sampled_from(
        [None, "image/jpeg", "text/plain", "application/pdf", "application/octet-stream"]
    ),
    size=st.one_of(st.none(), st.integers(0, 20)),
    place=_places,
    tags=st.lists(_text, max_size=2).map(tuple),
)
_marks = st.builds(
    Marks, starred=st.booleans(), tags=st.lists(_text, max_size=1).map(tuple), note=_some_text
)


@st.composite
def stored_items(draw: st.DrawFn) -> StoredItem:
    item = draw(_items)
    return StoredItem(
        number=1,
        item=item,
        content=draw(_some_text),
        created_day=item.created_at.date().isoformat() if item.created_at else None,
        marks=draw(_marks),
        has_thumbnail=draw(st.booleans()),
    )


_folded = [
    "sun",
    "sund",
    "sunday",
    "son",
    "ete",
    "a",
    "ab",
    "s",
    "su",
    "東",
    "東京",
    "京都庁",
    "都",
    "국",
    "x",
    "ray",
    "holidays",
    "hloidays",
    fold("ΣΑΣ"),
    "v2",
    "pdf",
    "c",
    "nothing",
]
_word = st.builds(q.Word, st.sampled_from(_folded), st.sampled_from(q.Match))
_phrase = st.builds(
    q.Phrase, st.lists(st.sampled_from(_folded), min_size=1, max_size=3).map(tuple)
)
_texts = st.builds(
    q.Text,
    st.one_of(
        st.sampled_from(
            [
                *_folded,
                *WORDS,
                "sun/sunday",
                "photo",
                "jpeg",
                "pdf",
                "mine",
                "saved",
                "shared",
                "starred",
                "place",
                "text",
                "tag",
                "people",
                "type",
                "year",
                "kind",
                "thumbnail",
                "date",
                "size",
                "s",
                "a",
                "nobody",
            ]
        ),
        _text,
    ),
    exact=st.booleans(),
    prefix=st.booleans(),
)
_days = st.one_of(st.none(), st.dates(date(2018, 12, 28), date(2021, 3, 1)))
_values = st.one_of(
    _texts,
    st.builds(q.Days, _days, _days),
    st.builds(
        q.Sizes,
        st.one_of(st.none(), st.integers(0, 20)),
        st.one_of(st.none(), st.integers(0, 20)),
    ),
    st.builds(
        q.Around,
        _coordinate,
        st.sampled_from([0.0, 2.0, 179.95, -180.0]),
        st.sampled_from([0.1, 60.0, 900.0, 12000.0, 21000.0]),
    ),
)
_fields = st.builds(
    q.Field,
    st.sampled_from([name for name in q.FieldName if name is not q.FieldName.COLLECTION]),
    st.lists(_values, min_size=1, max_size=2).map(tuple),
)
queries: st.SearchStrategy[q.Query] = st.recursive(
    st.one_of(_word, _phrase, _fields, st.just(q.Everything())),
    lambda inner: st.one_of(
        st.builds(q.Not, inner),
        st.builds(q.And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(q.Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
