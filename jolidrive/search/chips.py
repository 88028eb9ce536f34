"""The chips under the search field: the query in plain words, in the order typed.

A chip knows its characters in the text, so that taking it away is an edit of the text
(`edit.remove_part`). What was not understood is a chip too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from jolidrive.model.query import (
    And,
    Around,
    Everything,
    Field,
    FieldName,
    Match,
    Not,
    Or,
    Phrase,
    Query,
    Text,
    Value,
    Word,
)

from .parse import Parsed, conjunction, parse
from .render import write_value

if TYPE_CHECKING:
    from datetime import datetime


class ChipState(StrEnum):
    """How a chip is drawn."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition of a query.

    Args:
        start: its first character in the text.
        end: the character after its last.
        label: in plain words.
        state: included, excluded, or not understood.
        field: its field, where it is one.
        values: the field's values as they are shown.
    """

    start: int
    end: int
    label: str
    state: ChipState
    field: FieldName | None = None
    values: tuple[str, ...] = ()


_BEFORE_VALUES: Final = {
    FieldName.ACCOUNT: "account ",
    FieldName.FROM: "from ",
    FieldName.WITH: "with ",
    FieldName.IN: "in ",
    FieldName.TAG: "tag ",
    FieldName.BEFORE: "before ",
    FieldName.AFTER: "after ",
    FieldName.SIZE: "size ",
    FieldName.PLACE: "at ",
    FieldName.NEAR: "near ",
    FieldName.HAS: "has ",
    FieldName.COLLECTION: "collection ",
}
_AROUND_WORD: Final = {
    Match.WHOLE: "{}",
    Match.PREFIX: "{}…",
    Match.NEAR: "like {}",
}


def chips(text: str, *, now: datetime | None = None) -> tuple[Chip, ...]:
    """The chips of a text, in the order typed."""
    return chips_of(parse(text, now=now))


def chips_of(parsed: Parsed) -> tuple[Chip, ...]:
    """The chips of a text that has been read."""
    spans: dict[tuple[int, int], list[Query]] = {}
    for part in parsed.parts:
        spans.setdefault((part.start, part.end), []).append(part.query)
    odd = [(hint.start, hint.end) for hint in parsed.hints]
    found = [
        _chip(span, conjunction(queries), is_odd=any(_overlap(span, place) for place in odd))
        for span, queries in spans.items()
    ]
    found += [
        Chip(*place, parsed.text[slice(*place)], ChipState.ODD)
        for place in dict.fromkeys(odd)
        if not any(_overlap(place, span) for span in spans)
    ]
    return tuple(sorted(found, key=lambda chip: chip.start))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _chip(span: tuple[int, int], query: Query, *, is_odd: bool) -> Chip:
    bare = query.part if isinstance(query, Not) else query
    state = ChipState.INCLUDED if bare is query else ChipState.EXCLUDED
    if is_odd:
        state = ChipState.ODD
    if isinstance(bare, Field):
        return Chip(*span, _say(query), state, bare.name, tuple(map(_say_value, bare.values)))
    return Chip(*span, _say(query), state)


def _say(query: Query) -> str:
    match query:
        case Everything():
            said = ""
        case Word(word, match):
            said = _AROUND_WORD[match].format(word)
        case Phrase(words):
            said = f"“{' '.join(words)}”"
        case Field(name, values):
            said = _BEFORE_VALUES.get(name, "") + " or ".join(map(_say_value, values))
        case Not(part):
            said = f"not {_say_inner(part)}"
        case Or(parts):
            said = " or ".join(map(_say_inner, parts))
        case And(parts):
            said = " ".join(map(_say_inner, parts))
        case _:
            assert_never(query)
    return said


def _say_inner(query: Query) -> str:
    return f"({_say(query)})" if isinstance(query, And | Or) else _say(query)


def _say_value(value: Value) -> str:
    match value:
        case Text(text, exact, prefix):
            return f"“{text}”" if exact and " " in text else f"{text}…" if prefix else text
        case Around(lat, lon, km):
            return f"{lat:g}, {lon:g} ({km:g} km)"
    first, dots, last = write_value(value).partition("..")
    if not dots:
        return first
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"up to {last}"
