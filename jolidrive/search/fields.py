"""What stands after a field's name, as a query for one index.

Whole values (`kind tag type is has`) are terms of one field. Names (`from with place in`) are
rows of words within one value, or the whole value where it was quoted. A value that could be
of no use (a date where a size belongs) matches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tantivy

from jolidrive.model.file_type import normal_type
from jolidrive.model.query import (
    Around,
    Days,
    Field,
    FieldName,
    Sizes,
    Text,
    Value,
    asked_days,
)
from jolidrive.model.words import fold, words
from jolidrive.store import index_schema as to
from jolidrive.store.index_document import whole

from .circle import circle_query
from .terms import Row, row, row_query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from .account import OpenAccount

ALWAYS_HAD: Final = frozenset({"service", "kind", "relation"})
"""Facets every item has a value for."""

_WHOLE: Final = {
    FieldName.KIND: "kind",
    FieldName.TAG: "tag",
    FieldName.TYPE: "type",
    FieldName.IS: "is",
    FieldName.HAS: "has",
}
_NAMES: Final = {
    FieldName.FROM: (to.AUTHOR,),
    FieldName.WITH: (to.AUTHOR, to.OTHERS),
    FieldName.PLACE: (to.PLACE,),
    FieldName.IN: (to.FOLDER, to.ALBUM),
}
_DATES: Final = frozenset({FieldName.DATE, FieldName.BEFORE, FieldName.AFTER})


def compile_field(
    field: Field, schema: tantivy.Schema, searcher: tantivy.Searcher
) -> tantivy.Query | None:
    """Any of the field's values; None where every item matches."""
    if any(_always_had(field.name, value) for value in field.values):
        return None
    found: list[tantivy.Query] = []
    for value in field.values:
        found.extend(_one(field.name, value, schema, searcher))
    if not found:
        return tantivy.Query.empty_query()
    if len(found) == 1:
        return found[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in found])


def account_matches(field: Field, account: OpenAccount) -> bool:
    """Whether any value of a `service:` or `account:` field names this account."""
    names = (
        [account.service] if field.name is FieldName.SERVICE else [account.id, account.label]
    )
    meant = [whole(name) for name in names]
    for value in field.values:
        if isinstance(value, Text):
            wanted = whole(value.text)
            if wanted in meant or (value.prefix and any(n.startswith(wanted) for n in meant)):
                return True
    return False


def whole_value(name: FieldName, text: str) -> str:
    """A whole value as it is compared."""
    if name is FieldName.TYPE:
        return normal_type(text)
    if name is FieldName.TAG:
        return whole(text)
    return fold(text).strip()


def day_number(day: date) -> int:
    """A day as the index holds it."""
    return day.year * 10_000 + day.month * 100 + day.day


def _always_had(name: FieldName, value: Value) -> bool:
    if name is not FieldName.HAS or not isinstance(value, Text):
        return False
    return whole_value(name, value.text) in ALWAYS_HAD


def _one(
    name: FieldName, value: Value, schema: tantivy.Schema, searcher: tantivy.Searcher
) -> Sequence[tantivy.Query]:
    match value:
        case Text() if name in _WHOLE:
            return [_whole(name, value, schema, searcher)]
        case Text() if name in _NAMES:
            return _named(name, value, schema)
        case Days() if name in _DATES:
            days = asked_days(name, value)
            first = day_number(days.first) if days.first else 0
            last = day_number(days.last) if days.last else None
            return [_range(schema, to.DAY, first, last)]
        case Sizes() if name is FieldName.SIZE:
            return [_range(schema, to.SIZE, value.least or 0, value.most)]
        case Around() if name is FieldName.NEAR:
            return [circle_query(schema, searcher, value)]
    return []


def _range(schema: tantivy.Schema, field: str, low: int, high: int | None) -> tantivy.Query:
    if high is not None and high < low:
        return tantivy.Query.empty_query()
    kind = tantivy.FieldType.Unsigned
    return tantivy.Query.range_query(schema, field, kind, max(0, low), high)


def _whole(
    name: FieldName, value: Text, schema: tantivy.Schema, searcher: tantivy.Searcher
) -> tantivy.Query:
    wanted = whole_value(name, value.text)
    if name is FieldName.HAS and wanted == "size":
        return _range(schema, to.SIZE, 0, None)
    if name is FieldName.HAS and wanted == "date":
        return _range(schema, to.DAY, 0, None)
    term = to.flag(_WHOLE[name], wanted)
    if not value.prefix:
        return tantivy.Query.term_query(schema, to.FLAGS, term)
    known = [found for found, _ in searcher.terms_with_prefix(to.FLAGS, term)]
    return tantivy.Query.term_set_query(schema, to.FLAGS, known)


def _named(name: FieldName, value: Text, schema: tantivy.Schema) -> list[tantivy.Query]:
    found = []
    for field in _NAMES[name]:
        wanted = folder_row(value) if field == to.FOLDER else value_row(value)
        if wanted.terms:
            found.append(row_query(schema, field, wanted))
    return found


def value_row(value: Text) -> Row:
    """The row of terms for a value; between its bounds when the whole value is meant."""
    found = words(value.text)
    if value.exact and not found:
        found = whole(value.text).split()
    return _bounded(found, value, to.END)


def folder_row(value: Text) -> Row:
    """The same for a folder's path: whole parts when quoted, and everything below them."""
    parts = [part for part in (words(part) for part in value.text.split("/")) if part]
    if not parts:
        return Row(())
    joined = parts[0]
    for part in parts[1:]:
        joined = [*joined, to.PART, *part]
    return _bounded(joined, value, to.PART)


def _bounded(found: list[str], value: Text, end: str) -> Row:
    if not found:
        return Row(())
    if not value.exact:
        return row(found, prefix=value.prefix)
    if value.prefix:
        return row([to.BEGIN, *found], prefix=True)
    return row([to.BEGIN, *found, end])
