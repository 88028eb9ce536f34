"""A query read in plain Python, item by item: what the compiled query must agree with.

Slow and simple on purpose, on `words` alone: no terms, no pairs, no index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jolidrive.model.file_type import file_type, normal_type
from jolidrive.model.geo import distance_km
from jolidrive.model.query import (
    And,
    Around,
    Days,
    Everything,
    Field,
    FieldName,
    Match,
    Not,
    Or,
    Phrase,
    Query,
    Sizes,
    Text,
    Value,
    Word,
)
from jolidrive.model.words import fold, is_cjk, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jolidrive.model.item import Person, StoredItem


def reads(query: Query, stored: StoredItem, *, account: str = "a", service: str = "s") -> bool:
    """Whether an item answers a query."""
    match query:
        case And():
            return all(reads(p, stored, account=account, service=service) for p in query.parts)
        case Or():
            return any(reads(p, stored, account=account, service=service) for p in query.parts)
        case Not():
            return not reads(query.part, stored, account=account, service=service)
        case Field():
            names = {FieldName.SERVICE: service, FieldName.ACCOUNT: account}
            if query.name in names:
                return any(_same(value, names[query.name]) for value in query.values)
            return any(_field(query.name, value, stored) for value in query.values)
    return _bare(query, stored)


def _bare(query: Everything | Word | Phrase, stored: StoredItem) -> bool:
    match query:
        case Everything():
            return True
        case Word():
            return any(_word(query, word) for value in texts(stored) for word in words(value))
        case Phrase():
            return any(in_a_row(words(value), query.words) for value in texts(stored))


def texts(stored: StoredItem) -> list[str]:
    """Every value that bare words look in."""
    item = stored.item
    found = [item.title, item.text, stored.content, stored.marks.note, item.album or ""]
    found += [part for person in item.people for part in _names(person)]
    found += [*item.tags, *stored.marks.tags, item.folder or ""]
    found.append((item.place.name or "") if item.place else "")
    return found


def _word(wanted: Word, word: str) -> bool:
    if is_cjk(wanted.text):
        return is_cjk(word) and wanted.text in word
    if is_cjk(word):
        return False
    if wanted.match is Match.PREFIX:
        return word.startswith(wanted.text)
    if wanted.match is Match.NEAR and len(wanted.text) > 2:
        return edits(word, wanted.text) <= (1 if len(wanted.text) < 8 else 2)
    return word == wanted.text


def edits(one: str, other: str) -> int:
    """Letters put in, left out, changed, or swapped with their neighbour."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {
        (0, j): j for j in range(len(other) + 1)
    }
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            best = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                best = min(best, table[i - 2, j - 2] + 1)
            table[i, j] = best
    return table[len(one), len(other)]


def in_a_row(
    found: Sequence[str], wanted: Sequence[str], *, whole: bool = False, prefix: bool = False
) -> bool:
    """Whether words stand next to each other; CJK runs may go on beyond a phrase's ends."""
    count = len(wanted)
    if not count:
        return False
    starts = range(1) if whole else range(len(found) - count + 1)
    if len(found) < count or (whole and not prefix and len(found) != count):
        return False
    return any(
        all(
            _fits(
                found[at + i],
                word,
                first=i == 0 and not whole,
                last=i == count - 1 and (prefix or not whole),
                prefix=prefix and i == count - 1,
            )
            for i, word in enumerate(wanted)
        )
        for at in starts
    )


def _fits(word: str, wanted: str, *, first: bool, last: bool, prefix: bool) -> bool:
    if is_cjk(wanted):
        if first and last:
            return wanted in word
        return (
            (first and word.endswith(wanted))
            or (last and word.startswith(wanted))
            or word == wanted
        )
    return word.startswith(wanted) if prefix else word == wanted


def _names(person: Person) -> list[str]:
    return [value for value in (person.name, person.handle) if value]


def _same(value: Value, name: str) -> bool:
    if not isinstance(value, Text):
        return False
    wanted, meant = _tidy(value.text), _tidy(name)
    return meant.startswith(wanted) if value.prefix else meant == wanted


def _tidy(text: str) -> str:
    for quote in '"“”„‟«»':
        text = text.replace(quote, " ")
    return " ".join(fold(text).split())


def _field(name: FieldName, value: Value, stored: StoredItem) -> bool:
    item = stored.item
    match value:
        case Text():
            return _text_field(name, value, stored)
        case Days():
            return bool(stored.created_day) and _on(name, value, stored.created_day or "")
        case Sizes():
            if name is not FieldName.SIZE or item.size is None:
                return False
            most = item.size if value.most is None else value.most
            return (value.least or 0) <= item.size <= most
        case Around():
            place = item.place
            if (
                name is not FieldName.NEAR
                or not place
                or place.lat is None
                or place.lon is None
            ):
                return False
            return distance_km(value.lat, value.lon, place.lat, place.lon) <= value.km


def _on(name: FieldName, days: Days, day: str) -> bool:
    """`before:` and `after:` are borders: neither the days written nor what is beyond them."""
    first = days.first.isoformat() if days.first else None
    last = days.last.isoformat() if days.last else None
    match name:
        case FieldName.BEFORE:
            return first is None or day < first
        case FieldName.AFTER:
            return last is None or day > last
        case FieldName.DATE:
            return (first is None or first <= day) and (last is None or day <= last)
    return False


def _text_field(name: FieldName, value: Text, stored: StoredItem) -> bool:
    if name in {FieldName.KIND, FieldName.TYPE, FieldName.TAG, FieldName.IS, FieldName.HAS}:
        wanted = normal_type(value.text) if name is FieldName.TYPE else _tidy(value.text)
        if name is FieldName.HAS and wanted in {"service", "kind", "relation"}:
            return True
        held = whole_values(name, stored)
        return any(one.startswith(wanted) if value.prefix else one == wanted for one in held)
    if name is FieldName.IN and _in_folder(value, stored.item.folder or ""):
        return True
    wanted_words = words(value.text)
    signs = [] if wanted_words or not value.exact else _tidy(value.text).split()
    return any(
        in_a_row(words(held), wanted_words, whole=value.exact, prefix=value.prefix)
        or (
            signs
            and not words(held)
            and _tidy(held).split()[: len(signs)] == signs
            and (value.prefix or len(_tidy(held).split()) == len(signs))
        )
        for held in named_values(name, stored)
    )


def named_values(name: FieldName, stored: StoredItem) -> list[str]:
    item = stored.item
    if name is FieldName.PLACE:
        return [item.place.name or ""] if item.place else []
    if name is FieldName.IN:
        return [item.album or ""]
    if name is FieldName.FROM:
        return [part for p in item.people if p.role == "author" for part in _names(p)]
    if name is FieldName.WITH:
        return [part for p in item.people for part in _names(p)]
    return []


def _in_folder(value: Text, folder: str) -> bool:
    slash = "\x1d"
    path = [part for name in folder.split("/") if folder for part in (*words(name), slash)]
    parts = [words(part) for part in value.text.split("/") if words(part)]
    wanted = [part for name in parts for part in (*name, slash)]
    if value.exact and not value.prefix:
        return bool(wanted) and path[: len(wanted)] == wanted
    wanted = wanted[:-1]
    if value.exact:
        return in_a_row(path, wanted, whole=True, prefix=True)
    return in_a_row(path, wanted, prefix=value.prefix)


def whole_values(name: FieldName, stored: StoredItem) -> set[str]:
    """What an item has for a field that is compared whole."""
    item = stored.item
    relations = {"made": "mine", "saved": "saved", "received": "received"}
    related = {relations[relation] for relation in item.relations} or {"mine"}
    tags = {_tidy(tag) for tag in (*item.tags, *stored.marks.tags)} - {""}
    located = item.place and item.place.lat is not None and item.place.lon is not None
    match name:
        case FieldName.KIND:
            return {str(item.kind)}
        case FieldName.TYPE:
            return {file_type(item) or ""} - {""}
        case FieldName.TAG:
            return tags
        case FieldName.IS:
            shared = {"shared"} if "received" in related else set()
            return related | shared | ({"starred"} if stored.marks.starred else set())
        case _:
            had = {
                "place": bool(located or (item.place and _tidy(item.place.name or ""))),
                "thumbnail": stored.has_thumbnail,
                "text": bool(item.text or stored.content),
                "tag": bool(tags),
                "type": file_type(item) is not None,
                "year": bool(stored.created_day),
                "date": bool(stored.created_day),
                "size": item.size is not None,
                "people": any(_tidy(f"{p.name} {p.handle or ''}") for p in item.people),
            }
            return {word for word, has in had.items() if has}
