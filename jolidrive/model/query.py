"""What a person asks for, as a tree. `search.parse` makes it from text, `render` text of it.

Closed: every consumer (compile, excerpts, facets, chips, the plain-Python reading in the tests)
handles each node class. `parse(render(q)) == q` for every query that `parse` can give.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias


class Match(StrEnum):
    """How a word is compared with the words of an item."""

    WHOLE = "whole"
    PREFIX = "prefix"
    NEAR = "near"


class FieldName(StrEnum):
    """The fields of the search language."""

    KIND = "kind"
    SERVICE = "service"
    ACCOUNT = "account"
    FROM = "from"
    WITH = "with"
    IN = "in"
    TAG = "tag"
    TYPE = "type"
    DATE = "date"
    BEFORE = "before"
    AFTER = "after"
    SIZE = "size"
    PLACE = "place"
    NEAR = "near"
    IS = "is"
    HAS = "has"
    COLLECTION = "collection"


class Sort(StrEnum):
    """Orders of a result. Items without a date or size come last both ways."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition: all items."""


@dataclass(frozen=True, slots=True)
class Word:
    """One folded word (as cut by `words.words`), found in any text field."""

    text: str
    match: Match = Match.WHOLE


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words next to each other, in order, within one text field."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A value of a text field.

    Args:
        text: as written, without quotes; compared after folding and cutting into words.
        exact: quoted, so the whole value must be these words; else these words in a row are
            enough (`place:lisbon` finds “Lisbon, Portugal”). `kind`, `service`, `account`,
            `tag`, `type`, `is`, `has` and `collection` always compare whole values.
        prefix: the last word may go on (`tag:hik*`).
    """

    text: str
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` to `last`, both included; None leaves that side open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes from `least` to `most`, both included; None leaves that side open."""

    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Around:
    """A circle: degrees and kilometres."""

    lat: float
    lon: float
    km: float


NO_DAYS: Final = Days(date.max, date.min)
"""Nothing lies before the first day of the calendar, nor after its last."""


def asked_days(name: FieldName, days: Days) -> Days:
    """The days that `date:`, `before:` or `after:` asks for, given the days written after it.

    `before:2014` ends the day before 2014 begins, `after:2014` begins the day after it ends.
    """
    day = timedelta(days=1)
    if name is FieldName.BEFORE:
        if days.first == date.min:
            return NO_DAYS
        return Days(None, days.first - day if days.first else None)
    if name is FieldName.AFTER:
        if days.last == date.max:
            return NO_DAYS
        return Days(days.last + day if days.last else None, None)
    return days


Value: TypeAlias = Text | Days | Sizes | Around


@dataclass(frozen=True, slots=True)
class Field:
    """`name:value,value`: any of the values."""

    name: FieldName
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this one."""

    part: Query


Query: TypeAlias = Everything | Word | Phrase | Field | And | Or | Not
