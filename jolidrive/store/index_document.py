"""From an item to its document in the text index: which of its values are found by what.

Pure functions, on the way of every item: written for speed where that shows.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jolidrive.model.file_type import file_type
from jolidrive.model.item import Relation
from jolidrive.model.words import fold, index_text, words

from . import index_schema as to
from .index_schema import flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jolidrive.model.item import Item, Place, StoredItem

_REPEATED: Final = 8_192
"""Names, tags and folders come again and again: their terms are kept, in a few megabytes."""
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
    """A short value as it is compared whole: folded, spaces as one (`C++` is not `C`)."""
    return " ".join(fold(text).split())


def microseconds(moment: datetime) -> int:
    """A moment as the index sorts it."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def relations(item: Item) -> tuple[str, ...]:
    """How the person is related to it, in the words of `is:`; always at least one."""
    held = set(item.relations) or {Relation.MADE}
    return tuple(word for relation, word in RELATION_WORDS.items() if relation in held)


def tags(stored: StoredItem) -> dict[str, str]:
    """The service's tags and the person's: compared form to spelling, the first one kept."""
    return _spelled((*stored.item.tags, *stored.marks.tags), whole)


def people(item: Item) -> dict[str, str]:
    """Whom it names: compared form to the name shown."""
    return _spelled((person.name or person.handle or "" for person in item.people), whole_words)


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
    named = people(item)
    made = _people_terms(item, author=True)
    others = _people_terms(item, author=False)
    place = item.place
    values = [title, index_text(item.text), *made, *others, *map(_terms, tagged.values())]
    result: Document = {
        to.NUMBER: stored.number,
        to.TITLE: title,
        to.ORDER: " ".join(title.split()) if title.isascii() else title_order(item.title),
        to.AUTHOR: [_bounded(value) for value in made],
        to.OTHERS: [_bounded(value) for value in others],
        to.PEOPLE_NAMED: list(named.values()) or to.NONE,
        to.TAG_NAMED: list(tagged.values()) or to.NONE,
        to.PLACE_NAMED: to.NONE,
    }
    values.extend(_folder(item, result))
    flags = _plain(stored, result)
    flags.extend([flag("tag", tag) for tag in tagged])
    if tagged:
        flags.append("has:tag")
    if named:
        flags.append("has:people")
    if place is not None and _place(place, result):
        flags.append("has:place")
        values.append(_terms(place.name or ""))
    values.extend(index_text(text) for text in (stored.marks.note, stored.content) if text)
    result[to.FLAGS] = flags
    result[to.WORDS] = values
    result[to.HEADS] = _heads(values)
    return result


def _spelled(values: Iterable[str], compared: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        spelling = value.strip()
        if spelling:
            found.setdefault(compared(spelling), spelling)
    return found


def _people_terms(item: Item, *, author: bool) -> list[str]:
    return [
        _terms(value)
        for person in item.people
        if (person.role == "author") is author
        for value in (person.name, person.handle)
        if value
    ]


def _bounded(terms: str) -> str:
    return f"{to.BEGIN} {terms} {to.END}"


def _heads(values: list[str]) -> str:
    """The first letter and the first two of every word, once."""
    pairs = {term[:2] for term in " ".join(values).split()}
    return " ".join(pairs | {pair[:1] for pair in pairs})


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
        album = _terms(item.album)
        result[to.ALBUM] = _bounded(album)
        values.append(album)
    return values


def _place(place: Place, result: Document) -> bool:
    """Whether there is a place at all."""
    name = (place.name or "").strip()
    if name:
        result[to.PLACE_NAMED] = name
        result[to.PLACE] = _bounded(_terms(name))
    located = place.lat is not None and place.lon is not None
    if place.lat is not None and place.lon is not None:
        result[to.LAT] = float(place.lat)
        result[to.LON] = float(place.lon)
        if not name:
            del result[to.PLACE_NAMED]
    return bool(name) or located


def _plain(stored: StoredItem, result: Document) -> list[str]:
    """Kind, type, relations, dates, size and what it has."""
    item = stored.item
    kind = str(item.kind)
    type_ = file_type(item)
    related = relations(item)
    flags = [flag("kind", kind), *(flag("is", word) for word in related)]
    result[to.FACE] = face(kind, type_, related)
    if type_:
        flags += (flag("type", type_), "has:type")
    if "received" in related:
        flags.append("is:shared")
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


def _dates(stored: StoredItem, result: Document, flags: list[str]) -> None:
    if stored.item.created_at is not None:
        result[to.CREATED] = microseconds(stored.item.created_at)
    day = stored.created_day
    result[to.YEAR] = day[:4] if day else to.NONE
    if day:
        result[to.DAY] = int(day.replace("-", ""))
        flags.append("has:year")
