"""Clicks as edits of the text: a facet chosen, a chip taken away.

What a person typed stays as it stands; only the characters of the condition change. Each edit
is checked by reading its result: where cutting or adding would change what the rest means (an
*AND* left dangling, a beginning that becomes a whole word), the next way of writing is tried,
and at last the query is written anew.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jolidrive.model.file_type import normal_type
from jolidrive.model.query import And, Days, Everything, Field, FieldName, Not, Query, Text
from jolidrive.model.result import FacetName
from jolidrive.store.index_document import whole, whole_words

from .chips import chips_of
from .parse import Part, conjunction, parse
from .render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from jolidrive.model.query import Value


class FacetMode(StrEnum):
    """What a click makes of a facet's value."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    OFF = "off"


FACET_FIELDS: Final = {
    FacetName.SERVICE: FieldName.SERVICE,
    FacetName.KIND: FieldName.KIND,
    FacetName.YEAR: FieldName.DATE,
    FacetName.TYPE: FieldName.TYPE,
    FacetName.PEOPLE: FieldName.WITH,
    FacetName.PLACE: FieldName.PLACE,
    FacetName.TAG: FieldName.TAG,
    FacetName.RELATION: FieldName.IS,
}
"""The field that each facet writes."""

_RELATIONS: Final = frozenset({"mine", "saved", "received"})
_ALWAYS_QUOTED: Final = frozenset({FacetName.PEOPLE, FacetName.PLACE})
_BARE: Final = re.compile(r"[\w.@/+#&!?-]+")
_QUOTES: Final = re.compile('["“”„‟«»]')
_AND_AFTER: Final = re.compile(r"\s*AND\s+")
_AND_BEFORE: Final = re.compile(r"\s+AND\s*$")


def with_facet(
    text: str,
    facet: FacetName,
    value: str | None,
    mode: FacetMode,
    *,
    now: datetime | None = None,
) -> str:
    """The text with one value of a facet included, excluded, or neither.

    Args:
        text: the query as typed.
        facet: the facet.
        value: its value as the facet shows it; None for *none*.
        mode: what it shall be.
        now: what *today* means in the text.
    """
    return _FacetEdit(facet, now).make(text, value, mode)


def facet_modes(
    text: str, facet: FacetName, *, now: datetime | None = None
) -> dict[str | None, FacetMode]:
    """Which values of a facet a text includes or excludes; None stands for *none*."""
    return _FacetEdit(facet, now).modes(text)


def under_shown_names(
    facet: FacetName, modes: Mapping[str | None, FacetMode], shown: Iterable[str | None]
) -> dict[str | None, FacetMode]:
    """The same choices in the facet's own spelling: `tag:hike` chooses *Hike*."""
    spelled = {_compared(facet, value): value for value in shown if value is not None}
    return {
        value if value is None else spelled.get(_compared(facet, value), value): mode
        for value, mode in modes.items()
    }


def _compared(facet: FacetName, value: str) -> str:
    """What all spellings of one value have in common."""
    if facet is FacetName.TYPE:
        return normal_type(value)
    return whole_words(value) if facet in _ALWAYS_QUOTED else whole(value)


def remove_part(text: str, index: int, *, now: datetime | None = None) -> str:
    """The text without the characters of one of its chips (`chips(text)[index]`)."""
    parsed = parse(text, now=now)
    chip = chips_of(parsed)[index]
    gone = (chip.start, chip.end)
    rest = [part.query for part in parsed.parts if (part.start, part.end) != gone]
    return _cut(text, *gone, rest, now)


def _cut(text: str, start: int, end: int, rest: list[Query], now: datetime | None) -> str:
    """Takes characters away so that `rest` is what remains."""
    left, right = text[:start], text[end:]
    ways = [(left, right)]
    if after := _AND_AFTER.match(right):
        ways.append((left, right[after.end() :]))
    if before := _AND_BEFORE.search(left):
        ways.append((left[: before.start()], right))
    joined = [
        one + (other.lstrip() if not one or one[-1].isspace() else other) for one, other in ways
    ]
    return _first_that_means(joined, rest, now)


def _first_that_means(ways: Iterable[str], wanted: list[Query], now: datetime | None) -> str:
    goal = Counter(_parts(conjunction(wanted)))
    for way in ways:
        if Counter(_parts(parse(way, now=now).query)) == goal:
            return way
    return render(conjunction(wanted))


def _parts(query: Query) -> tuple[Query, ...]:
    if isinstance(query, Everything):
        return ()
    return query.parts if isinstance(query, And) else (query,)


class _FacetEdit:
    """Edits of one facet's field at the top level of a text."""

    def __init__(self, facet: FacetName, now: datetime | None) -> None:
        self._facet = facet
        self._field = FACET_FIELDS[facet]
        self._now = now
        self._has = Field(FieldName.HAS, (Text(str(facet)),))

    def make(self, text: str, value: str | None, mode: FacetMode) -> str:
        """The edited text."""
        if value is None:
            return self._make_none(text, mode)
        written = self._written(value)
        text = self._without_value(text, written)
        if mode is FacetMode.INCLUDE:
            text = self._without(text, Not(self._has))
        return text if mode is FacetMode.OFF else self._add(text, written, mode)

    def modes(self, text: str) -> dict[str | None, FacetMode]:
        """The values chosen in a text."""
        found: dict[str | None, FacetMode] = {}
        for part in parse(text, now=self._now).parts:
            mode = FacetMode.EXCLUDE if isinstance(part.query, Not) else FacetMode.INCLUDE
            if part.query in {self._has, Not(self._has)}:
                swapped = mode is FacetMode.EXCLUDE
                found[None] = FacetMode.INCLUDE if swapped else FacetMode.EXCLUDE
            elif self._is_ours(part) and part.term:
                found |= dict.fromkeys(map(self._shown, part.term.values), mode)
        found.pop("", None)
        return found

    def _make_none(self, text: str, mode: FacetMode) -> str:
        text = self._without(self._without(text, self._has), Not(self._has))
        if mode is FacetMode.OFF:
            return text
        if mode is FacetMode.INCLUDE:
            for part in self._own_parts(text, FacetMode.INCLUDE):
                text = self._without(text, part.query)
        wanted: Query = Not(self._has) if mode is FacetMode.INCLUDE else self._has
        return self._append(text, render(wanted), wanted)

    def _written(self, value: str) -> str:
        """The value as it is typed: quoted where it must be the whole name."""
        if self._facet in _ALWAYS_QUOTED or not _BARE.fullmatch(value):
            return f'"{_QUOTES.sub(" ", value)}"'
        return value

    def _shown(self, value: Value) -> str:
        """The value as the facet shows it; empty where the facet has no such value."""
        if isinstance(value, Days):
            day = value.first or value.last
            year = day.isoformat()[:4] if day else ""
            return year if year and value == self._read(year) else ""
        if not isinstance(value, Text) or value.prefix:
            return ""
        if self._facet is FacetName.RELATION and value.text not in _RELATIONS:
            return ""
        return normal_type(value.text) if self._facet is FacetName.TYPE else value.text

    def _read(self, written: str) -> Value | None:
        query = parse(f"{self._field}:{written} ", now=self._now).query
        return query.values[0] if isinstance(query, Field) else None

    def _is_ours(self, part: Part) -> bool:
        field = part.query.part if isinstance(part.query, Not) else part.query
        return part.term is not None and isinstance(field, Field) and field.name is self._field

    def _own_parts(self, text: str, mode: FacetMode) -> list[Part]:
        """This facet's fields in the text: included or excluded ones."""
        refused = mode is FacetMode.EXCLUDE
        return [
            part
            for part in parse(text, now=self._now).parts
            if isinstance(part.query, Not) is refused and self._is_ours(part)
        ]

    def _without(self, text: str, query: Query) -> str:
        """Takes every part away that is this query."""
        parts = parse(text, now=self._now).parts
        rest = [part.query for part in parts]
        for position, part in reversed(list(enumerate(parts))):
            if part.query == query:
                del rest[position]
                text = _cut(text, part.start, part.end, rest, self._now)
        return text

    def _without_value(self, text: str, written: str) -> str:
        """Takes one value out of every field of this facet."""
        value = self._read(written)
        for mode in (FacetMode.INCLUDE, FacetMode.EXCLUDE):
            for part in reversed(self._own_parts(text, mode)):
                text = self._take_out(text, part, value)
        return text

    def _take_out(self, text: str, part: Part, value: Value | None) -> str:
        if part.term is None:
            return text
        kept = [one for one in part.term.written if not self._same(one.value, value)]
        if len(kept) == len(part.term.written):
            return text
        if not kept:
            return self._without(text, part.query)
        values = ",".join(text[one.start : one.end] for one in kept)
        return f"{text[: part.term.written[0].start]}{values}{text[part.term.end :]}"

    def _add(self, text: str, written: str, mode: FacetMode) -> str:
        """Joins the value to a field that is there, by a comma, or adds one."""
        for part in self._own_parts(text, mode):
            if part.term and all(map(self._shown, part.term.values)):
                end = part.term.written[-1].end
                return f"{text[:end]},{written}{text[end:]}"
        value = self._read(written)
        field = Field(self._field, () if value is None else (value,))
        sign = "-" if mode is FacetMode.EXCLUDE else ""
        wanted = Not(field) if sign else field
        return self._append(text, f"{sign}{self._field}:{written}", wanted)

    def _append(self, text: str, term: str, wanted: Query) -> str:
        """At the end; in front where the end is still being typed."""
        space = "" if not text or text[-1].isspace() else " "
        ways = [f"{text}{space}{term} ", f"{term} {text}", f"{term} ({text})"]
        rest = [part.query for part in parse(text, now=self._now).parts]
        return _first_that_means(ways, [*rest, wanted], self._now)

    def _same(self, one: Value | None, other: Value | None) -> bool:
        """Whether two values choose the same; quoted or not makes no difference here."""
        if not isinstance(one, Text) or not isinstance(other, Text):
            return one == other
        same = _compared(self._facet, one.text) == _compared(self._facet, other.text)
        return same and not one.prefix
