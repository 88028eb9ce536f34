"""From an item to its document in the text index: which of its values are found by what.

Pure functions, on the way of every item: written for speed where that shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from jolidrive.model.file_type import file_type
from jolidrive.model.item import Relation
from jolidrive.model.words import fold, index_text, words

from . import index_schema as to
from .index_schema import flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jolidrive.model.item import Item, Person, Place, StoredItem

_REPEATED: Final = 8_192
"""Names, tags and folders come again and again: their terms are kept, in a few megabytes."""
_NO_QUOTES: Final = str.maketrans(dict.fromkeys('"“”„‟«»', " "))
_FIRST: Final = itemgetter(slice(1))
_FIRST_TWO: Final = itemgetter(slice(2))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

RELATION_WORDS: Final = {
    Relation.MADE: "mine",
    Relation.SAVED: "saved",
    Relation.RECEIVED: "received",
}
"""What `is:` and the relation facet call them."""

Document = dict[str, "int | float | str | list[str]"]


_terms: Final = lru_cache(maxsize=_REPEATED)(index_text)


@lru_cache(maxsize=_REPEATED)
def whole_words(text: str) -> str:
    """A name as it is compared whole: its words, or, where it has none, what is there."""
    return " ".join(words(text)) or whole(text)


@lru_cache(maxsize=_REPEATED)
def whole(text: str) -> str:
    """A short value as it is compared whole: folded, spaces as one (`C++` is not `C`).

    Quotes count as spaces, since none can be written within a value of a query.
    """
    return " ".join(fold(text.translate(_NO_QUOTES)).split())


def microseconds(moment: datetime) -> int:
    """A moment as the index sorts it."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def relations(item: Item) -> tuple[str, ...]:
    """How the person is related to it, in the words of `is:`; always at least one."""
    return _related(tuple(item.relations))


@lru_cache(maxsize=_REPEATED)
def _related(told: tuple[Relation, ...]) -> tuple[str, ...]:
    held = set(told) or {Relation.MADE}
    return tuple(word for relation, word in RELATION_WORDS.items() if relation in held)


def tags(stored: StoredItem) -> dict[str, str]:
    """The service's tags and the person's: compared form to spelling, the first one kept."""
    return _spelled((*stored.item.tags, *stored.marks.tags), whole)


def people(item: Item) -> dict[str, str]:
    """Whom it names: compared form to the name shown."""
    return _named(item.people)


def _named(people: Iterable[Person]) -> dict[str, str]:
    shown = (person.name if _has_name(person) else person.handle or "" for person in people)
    return _spelled(shown, whole_words)


def face(kind: str, type_: str | None, related: tuple[str, ...]) -> str:
    """The packed facet value: kind, type and relations."""
    return f"{kind}|{type_ or ''}|{','.join(related)}"


def title_order(title: str) -> str:
    """By what titles are sorted: their folded words."""
    return " ".join(words(title))


def document(stored: StoredItem) -> Document:
    """Everything the index holds of an item."""
    item = stored.item
    title = index_text(item.title)
    tagged = tags(stored)
    who = _who(tuple(item.people))
    place = item.place
    values = [title, index_text(item.text), *who.terms, *map(_terms, tagged.values())]
    result: Document = {
        to.NUMBER: stored.number,
        to.TITLE: title,
        to.ORDER: " ".join(title.split()) if title.isascii() else title_order(item.title),
    }
    if who.author:
        result[to.AUTHOR] = who.author
    if who.others:
        result[to.OTHERS] = who.others
    values.extend(_folder(item, result))
    listed = [*who.listed]
    listed.extend([to.TAG_OF + tag for tag in tagged.values()] or (to.TAG_OF + to.NONE,))
    flags = _plain(stored, result)
    flags.extend([flag("tag", tag) for tag in tagged])
    if tagged:
        flags.append("has:tag")
    if who.named:
        flags.append("has:people")
    if place is None:
        listed.append(to.PLACE_OF + to.NONE)
    elif _place(place, result, listed):
        flags.append("has:place")
        values.append(_terms(place.name or ""))
    values.extend(index_text(text) for text in (stored.marks.note, stored.content) if text)
    result[to.NAMED] = listed
    result[to.FLAGS] = flags
    result[to.WORDS] = values
    result[to.HEADS] = _heads(values)
    return result


def _spelled(values: Iterable[str], compared: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        meant = compared(value)
        if meant:
            found.setdefault(meant, value.strip())
    return found


@dataclass(frozen=True, slots=True)
class _Who:
    """What an item's people are found by; shared by items, so never changed."""

    named: bool
    author: list[str]
    others: list[str]
    terms: list[str]
    listed: list[str]


@lru_cache(maxsize=_REPEATED)
def _who(people: tuple[Person, ...]) -> _Who:
    """Kept, as the same few people come again and again."""
    named = _named(people)
    listed = [to.PEOPLE_OF + name for name in (*named.values(), *_handles(people, named))]
    made = _people_names(people, author=True)
    others = _people_names(people, author=False)
    return _Who(
        bool(named),
        [_bounded(value) for value in made],
        [_bounded(value) for value in others],
        [_terms(value) for value in (*made, *others)],
        listed or [to.PEOPLE_OF + to.NONE],
    )


def _handles(people: Iterable[Person], named: dict[str, str]) -> list[str]:
    """Handles of people shown by their name; another item may show one as a name."""
    told = (p.handle for p in people if p.handle and _has_name(p))
    spelled = _spelled(told, whole_words)
    return [to.HANDLE + handle for meant, handle in spelled.items() if meant not in named]


def _has_name(person: Person) -> bool:
    """Whether a name says anything; one of quotes alone does not."""
    return bool(person.name) and bool(whole_words(person.name))


def _people_names(people: Iterable[Person], *, author: bool) -> list[str]:
    return [
        value
        for person in people
        if (person.role == "author") is author
        for value in (person.name, person.handle)
        if value
    ]


def _bounded(name: str) -> str:
    """A name's terms between bounds; one without any word is found as it stands (`🌸`)."""
    return f"{to.BEGIN} {_terms(name).strip() or whole(name)} {to.END}"


def _heads(values: list[str]) -> str:
    """The first letter and the first two of every word, once."""
    pairs = set(map(_FIRST_TWO, " ".join(values).split()))
    return " ".join(pairs.union(map(_FIRST, pairs)))


@lru_cache(maxsize=_REPEATED)
def _path(folder: str) -> tuple[str, str]:
    """The terms of a folder's path: with marks for its parts, and without."""
    parts = [index_text(part) for part in folder.split("/")]
    return f"{to.BEGIN} {' '.join(f'{part} {to.PART}' for part in parts)}", " ".join(parts)


def _folder(item: Item, result: Document) -> list[str]:
    values = []
    if item.folder:
        bounded, terms = _path(item.folder)
        result[to.FOLDER] = bounded
        values.append(terms)
    if item.album:
        result[to.ALBUM] = _bounded(item.album)
        values.append(_terms(item.album))
    return values


def _place(place: Place, result: Document, listed: list[str]) -> bool:
    """Whether there is a place at all; one without a name has no value in the facet."""
    name = (place.name or "").strip()
    name = name if whole_words(name) else ""
    if name:
        listed.append(to.PLACE_OF + name)
        result[to.PLACE] = _bounded(name)
    located = place.lat is not None and place.lon is not None
    if place.lat is not None and place.lon is not None:
        result[to.LAT] = float(place.lat)
        result[to.LON] = float(place.lon)
    elif not name:
        listed.append(to.PLACE_OF + to.NONE)
    return bool(name) or located


def _plain(stored: StoredItem, result: Document) -> list[str]:
    """Kind, type, relations, dates, size and what it has."""
    item = stored.item
    packed, described = _described(str(item.kind), file_type(item), relations(item))
    flags = [*described]
    year = (stored.created_day or to.NONE)[:4]
    result[to.FACETS] = [packed, to.YEAR_OF + year]
    if stored.marks.starred:
        flags.append("is:starred")
    if stored.has_thumbnail:
        flags.append("has:thumbnail")
    if item.text or stored.content:
        flags.append("has:text")
    if item.size is not None:
        result[to.SIZE] = max(0, item.size)
    _dates(stored, result, flags)
    return flags


@lru_cache(maxsize=_REPEATED)
def _described(
    kind: str, type_: str | None, related: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The packed facet value and the flags for the same three."""
    flags = [flag("kind", kind), *(flag("is", word) for word in related)]
    if type_:
        flags += (flag("type", type_), "has:type")
    if "received" in related:
        flags.append("is:shared")
    return to.FACE_OF + face(kind, type_, related), tuple(flags)


def _dates(stored: StoredItem, result: Document, flags: list[str]) -> None:
    made = stored.item.created_at
    if made is not None:
        result[to.CREATED] = microseconds(made)
        utc = made if made.tzinfo is UTC else made.astimezone(UTC)
        flags.append(f"{to.MONTH}:{utc.year:04}{utc.month:02}")
    day = stored.created_day
    if day:
        result[to.DAY] = int(day.replace("-", ""))
        flags.append("has:year")
