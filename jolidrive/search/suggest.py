"""Completions while typing: field names, and the values of a field.

Pure: text, caret and known words in, completions out. Names that only the stores know (tags,
people, services) are given by the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Kind
from jolidrive.model.query import FieldName
from jolidrive.model.words import fold

from .parse_fields import HAS_VALUES, IS_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand in place of characters `start` to `end` of the text."""

    start: int
    end: int
    text: str


_CLOSED: Final[Mapping[FieldName, Sequence[str]]] = {
    FieldName.KIND: tuple(Kind),
    FieldName.IS: IS_VALUES,
    FieldName.HAS: HAS_VALUES,
}
_NAME: Final = re.compile(r"(?:^|[\s(])-?([A-Za-z]+)$")
_VALUE: Final = re.compile(
    r"(?:^|[\s(])-?([A-Za-z]+):((?:(?:\"[^\"]*\"|[^\s,\"()]+),)*)(\"[^\"]*|[^\s,\"()]*)$"
)
_BARE: Final = re.compile(r"[^\s,\"()*]+")


def completions(
    text: str,
    caret: int,
    known: Mapping[FieldName, Sequence[str]] | None = None,
    *,
    limit: int = 8,
) -> tuple[Completion, ...]:
    """What the word before the caret may become.

    Args:
        text: the query as typed.
        caret: where typing goes on.
        known: values of fields without a fixed list, the likeliest first.
        limit: give at most so many.
    """
    before = text[:caret]
    if value := _VALUE.search(before):
        found = _values(value, known or {})
    elif name := _NAME.search(before):
        found = _names(name)
    else:
        return ()
    return tuple(found)[:limit]


def _names(name: re.Match[str]) -> list[Completion]:
    begun = name[1].lower()
    return [
        Completion(name.start(1), name.end(1), f"{field}:")
        for field in FieldName
        if field.startswith(begun)
    ]


def _values(
    value: re.Match[str], known: Mapping[FieldName, Sequence[str]]
) -> Iterable[Completion]:
    fields = [field for field in FieldName if field == value[1].lower()]
    if not fields:
        return []
    chosen = {fold(one.strip('"')) for one in value[2].split(",")}
    begun = fold(value[3].lstrip('"'))
    return [
        Completion(value.start(3), value.end(3), _quoted(one))
        for one in (*_CLOSED.get(fields[0], ()), *known.get(fields[0], ()))
        if fold(one).startswith(begun) and fold(one) not in {begun, *chosen}
    ]


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value):
        return str(value)
    return f'"{value.replace(chr(34), " ")}"'
