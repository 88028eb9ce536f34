"""The sentences said about what was not understood in a query, in one place.

Question: what happens to words that make no sense where they stand? Answer: they are searched
as plain words and a hint says so. Of a known field with an impossible value the field's name is
left out, and the words of the value are searched. Nothing else is ever left out.
"""

from __future__ import annotations

from typing import Final

from jolidrive.model.query import FieldName
from jolidrive.model.result import Hint

MAX_TEXT: Final = 2_000

_KINDS: Final = "a kind, such as kind:photo"
_DAYS: Final = "a day, month or year, such as {}:june 2019"
_WANTS: Final = {
    FieldName.KIND: _KINDS,
    FieldName.SERVICE: "the name of a service, such as service:webdav",
    FieldName.ACCOUNT: "an account, such as account:work",
    FieldName.FROM: "a name, such as from:ines",
    FieldName.WITH: "a name, such as with:ines",
    FieldName.IN: "a folder or album, such as in:holidays",
    FieldName.TAG: "a tag, such as tag:garden",
    FieldName.TYPE: "a type of file, such as type:pdf",
    FieldName.DATE: _DAYS.format("date"),
    FieldName.BEFORE: _DAYS.format("before"),
    FieldName.AFTER: _DAYS.format("after"),
    FieldName.SIZE: "a number, such as size:>10mb",
    FieldName.PLACE: "the name of a place, such as place:lisbon",
    FieldName.NEAR: "a position, such as near:48.85,2.35",
    FieldName.IS: "one of mine, saved, received, starred, shared or frozen",
    FieldName.HAS: "something an item can have, such as has:place",
    FieldName.COLLECTION: "the name of a collection, such as collection:garden",
}


def value_hint(name: FieldName, start: int, end: int) -> Hint:
    """A known field without a value it can use."""
    return Hint(start, end, f"“{name}:” wants {_WANTS[name]}. Left out for now.")


def unknown_field_hint(written: str, start: int, end: int) -> Hint:
    """Something that looks like a field and is none."""
    return Hint(start, end, f"There is no field “{written}:”. Searched as words.")


def operator_hint(written: str, start: int, end: int) -> Hint:
    """AND, OR, NOT or a minus with nothing to work on."""
    return Hint(start, end, f"“{written}” has nothing to work on. Searched as a word.")


def quote_hint(start: int) -> Hint:
    """A quote that is never closed."""
    return Hint(start, start + 1, "This quote has no end. The words are searched one by one.")


def open_bracket_hint(start: int) -> Hint:
    """A bracket that is never closed; it counts to the end."""
    return Hint(start, start + 1, "This bracket is not closed. It counts to the end.")


def lone_bracket_hint(start: int) -> Hint:
    """A closing bracket that nothing opened, or brackets deeper than anyone can read."""
    return Hint(start, start + 1, "This bracket has no partner. Left out for now.")


def deep_hint(start: int, end: int) -> Hint:
    """Brackets in brackets beyond what is read."""
    return Hint(start, end, "Too many brackets in brackets. Searched as plain words.")


def long_hint(end: int) -> Hint:
    """The text goes on beyond what is read."""
    return Hint(MAX_TEXT, end, "Only the first 2,000 characters are searched.")
