"""Reads `name:value,value` from a place in a text, with as many words as make sense of it.

Pure: text and today in, values and their positions out. What is written after a field's name
and is no value of it comes back without a value; what becomes of it is `parse`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Kind
from jolidrive.model.query import Around, Days, FieldName, Text, Value
from jolidrive.model.result import FacetName
from jolidrive.model.words import words

from .parse_dates import read_days
from .parse_sizes import read_sizes

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Written:
    """One value as written at characters `start` to `end`; None where it makes no sense."""

    start: int
    end: int
    value: Value | None


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A field with its values, at characters `start` to `end`."""

    name: FieldName
    start: int
    end: int
    written: tuple[Written, ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """The values that make sense."""
        return tuple(written.value for written in self.written if written.value is not None)


IS_VALUES: Final = ("mine", "saved", "received", "starred", "shared", "frozen")
HAS_VALUES: Final = (*FacetName, "thumbnail", "text", "date", "size")
DEFAULT_KM: Final = 10.0

_WHOLE_FIELDS: Final = frozenset(
    {
        FieldName.SERVICE,
        FieldName.ACCOUNT,
        FieldName.TAG,
        FieldName.TYPE,
        FieldName.COLLECTION,
    }
)
"""Compared whole, so that a sign alone is a value too: a tag may be a picture of a mountain."""

_NAMED_FIELDS: Final = frozenset({FieldName.FROM, FieldName.WITH, FieldName.PLACE})
"""Names; a quoted one may be a sign alone: people call themselves `🌸`."""

_OPEN_FIELDS: Final = _WHOLE_FIELDS | _NAMED_FIELDS | {FieldName.IN}


def _closed(values: tuple[str, ...], **more: str) -> Mapping[str, str]:
    return {f"{value}s": value for value in values} | {value: value for value in values} | more


_CLOSED_FIELDS: Final = {
    FieldName.KIND: _closed(
        tuple(Kind), activities=Kind.ACTIVITY, people=Kind.PERSON, picture=Kind.PHOTO,
        pictures=Kind.PHOTO,
    ),
    FieldName.IS: _closed(IS_VALUES, made="mine"),
    FieldName.HAS: _closed(HAS_VALUES, person=FacetName.PEOPLE),
}  # fmt: skip
_TOKEN: Final = re.compile(r"[^\s,\"()]+")
_QUOTED: Final = re.compile(r'"([^"]*)"')
_VALUE_END: Final = re.compile(r"(?=$|[\s,\"()])")
_SPACES: Final = re.compile(r"\s+")
_NUMBER: Final = r"([-+]?\d{1,3}(?:\.\d{1,9})?)"
_POSITION: Final = re.compile(
    rf"{_NUMBER}\s*,\s*{_NUMBER}(?:\s*,\s*(\d{{1,5}}(?:\.\d{{1,6}})?)\s*(km|m)?)?",
    re.IGNORECASE,
)


def read_field(text: str, start: int, name: FieldName, pos: int, today: date) -> FieldTerm:
    """The field that begins at `start` and whose values begin at `pos`, after its colon."""
    written: list[Written] = []
    end = pos
    while True:
        value = _read_value(text, end, name, today)
        spaces = _SPACES.match(text, end)
        if value is None and spaces and name not in _OPEN_FIELDS:
            value = _read_value(text, spaces.end(), name, today)
            if value and value.value is None:
                value = None
        if value is None:
            break
        written.append(value)
        end = value.end
        if not text.startswith(",", end):
            break
        end += 1
    return FieldTerm(name, start, end, tuple(written))


def _read_value(text: str, pos: int, name: FieldName, today: date) -> Written | None:
    """The value right at `pos`; without meaning when it has none; None when nothing stands."""
    if quoted := _QUOTED.match(text, pos):
        return Written(pos, quoted.end(), _quoted(quoted[1], name, today))
    token = _TOKEN.match(text, pos)
    if token is None:
        return None
    found = _meaning(text, pos, name, today)
    if found is None or not _VALUE_END.match(text, found[1]):
        return Written(pos, token.end(), None)
    return Written(pos, found[1], found[0])


def _quoted(inner: str, name: FieldName, today: date) -> Value | None:
    if name in _OPEN_FIELDS:
        known = name in _NAMED_FIELDS and bool(inner.strip())
        return Text(inner, exact=True) if known or _can_be(inner, name) else None
    inner = inner.strip()
    found = _meaning(inner, 0, name, today)
    return found[0] if found and found[1] == len(inner) else None


def _meaning(text: str, pos: int, name: FieldName, today: date) -> tuple[Value, int] | None:
    match name:
        case FieldName.DATE:
            return read_days(text, pos, today)
        case FieldName.BEFORE | FieldName.AFTER:
            return _border(text, pos, name, today)
        case FieldName.SIZE:
            return read_sizes(text, pos)
        case FieldName.NEAR:
            return _position(text, pos)
    return _word_value(text, pos, name)


def _word_value(text: str, pos: int, name: FieldName) -> tuple[Value, int] | None:
    token = _TOKEN.match(text, pos)
    if token is None:
        return None
    if closed := _CLOSED_FIELDS.get(name):
        known = closed.get(token[0].lower())
        return (Text(str(known)), token.end()) if known else None
    bare = token[0].rstrip("*")
    return (Text(bare, prefix=bare != token[0]), token.end()) if _can_be(bare, name) else None


def _can_be(text: str, name: FieldName) -> bool:
    """Whether anything could have this value."""
    return bool(text.strip()) if name in _WHOLE_FIELDS else bool(words(text))


def _border(text: str, pos: int, name: FieldName, today: date) -> tuple[Days, int] | None:
    """Nothing is before a time without beginning, or after one without end."""
    found = read_days(text, pos, today, border=True)
    if found is None:
        return None
    if name is FieldName.BEFORE:
        return found if found[0].first not in {None, date.min} else None
    return found if found[0].last not in {None, date.max} else None


def _position(text: str, pos: int) -> tuple[Around, int] | None:
    found = _POSITION.match(text, pos)
    if found is None:
        return None
    lat, lon = float(found[1]), float(found[2])
    km = float(found[3]) if found[3] else DEFAULT_KM
    if (found[4] or "").lower() == "m":
        km = round(km / 1000, 6)
    if abs(lat) > 90 or abs(lon) > 180 or km <= 0:
        return None
    return Around(lat + 0.0, lon + 0.0, km), found.end()
