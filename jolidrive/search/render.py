"""From a query back to text: `parse(render(query)).query == query` for all that `parse` gives.

(As long as the text has at most 2,000 characters, which is all that `parse` reads.) A last
whole word is written with a space after it, and a last beginning without its star: as typed.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from jolidrive.model.query import (
    And,
    Around,
    Days,
    Everything,
    Field,
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

from .parse_dates import write_days
from .parse_fields import read_field
from .parse_sizes import write_sizes

_SUFFIX = {Match.WHOLE: "", Match.PREFIX: "*", Match.NEAR: "~"}


def render(query: Query) -> str:
    """The text of a query."""
    text = _join(query.parts) if isinstance(query, And) else _write(query)
    last = _last_word(query)
    if last is None or last.match is Match.NEAR:
        return text
    return f"{text} " if last.match is Match.WHOLE else text.removesuffix("*")


def write_value(value: Value) -> str:
    """One value of a field."""
    match value:
        case Days():
            return write_days(value)
        case Sizes():
            return write_sizes(value)
        case Around(lat, lon, km):
            return f"{_plain(lat)},{_plain(lon)},{_plain(km)}km"
        case Text(text, exact, prefix):
            return f'"{text}"' if exact else f"{text}*" if prefix else text


def _write(query: Query) -> str:
    match query:
        case Everything():
            text = ""
        case Word(word, match):
            text = word + _SUFFIX[match]
        case Phrase(words):
            text = f'"{" ".join(words)}"'
        case Field(name, values):
            text = f"{name}:{','.join(map(write_value, values))}"
        case Not(part):
            text = f"-{_bracketed(part)}"
        case Or(parts):
            text = " OR ".join(map(_bracketed, parts))
        case And(parts):
            text = f"({_join(parts)})"
        case _:
            assert_never(query)
    return text


def _bracketed(query: Query) -> str:
    return f"({_write(query)})" if isinstance(query, Or) else _write(query)


def _join(parts: tuple[Query, ...]) -> str:
    """One after the other; brackets keep a field from taking the words after it along."""
    text = ""
    for part in reversed(parts):
        written = _bracketed(part)
        joined = f"{written} {text}" if text else written
        text = f"({written}) {text}" if _takes_more(part, written, joined) else joined
    return text


def _takes_more(part: Query, written: str, joined: str) -> bool:
    field = part.part if isinstance(part, Not) else part
    if not isinstance(field, Field):
        return False
    begin = written.index(":") + 1
    return read_field(joined, 0, field.name, begin, date.max).end > len(written)


def _last_word(query: Query) -> Word | None:
    """The word the text of a query ends in, where no bracket follows it."""
    match query:
        case Word():
            return query
        case And(parts):
            return _last_word(parts[-1]) if not isinstance(parts[-1], Or) else None
        case Or(parts):
            return _last_word(parts[-1]) if not isinstance(parts[-1], And) else None
        case Not(part):
            return _last_word(part) if not isinstance(part, And | Or) else None
    return None


def _plain(number: float) -> str:
    """A number without exponent and without a needless `.0`."""
    return f"{number:.9f}".rstrip("0").rstrip(".")
