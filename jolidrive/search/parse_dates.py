"""Days as people write them, read from a place in a text: `june 2019`, `last week`, `2012..`.

Question: whose date grammar? Whoosh's English one was tried on 33 phrases. It is right for
months by name with day and year in any order, *today*, *yesterday*, *tomorrow* and *last
tuesday*: those are borrowed. It knows no dates in numbers (`2019-06`, `14.06.2019`), weeks,
`2 weeks ago` or decades, gives a bare month of this year even when that is still to come, joins
`june,2019` over the comma that means *any of*, and reads the beginning of *mayor* as a month:
there our own rules stand, and every reading must end where a word ends.

A bare month, day or weekday is the latest one that has begun. Weeks start on Monday. `2 weeks
ago` is that week, `3 years ago` that year; as the border of `before:` and `after:` it is the
day. Numbers with slashes or dashes are read when one order alone makes sense (`14/06/2019`);
`03/04/2019` is not guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from whoosh.qparser.dateparse import English

from jolidrive.model.query import Days

if TYPE_CHECKING:
    from collections.abc import Callable


def _names(text: str, first: int, *short: tuple[str, int]) -> dict[str, int]:
    """Each name and its first three letters, numbered."""
    names = list(enumerate(text.split(), first))
    full = {name: number for number, name in names}
    return full | {name[:3]: number for number, name in names} | dict(short)


_MONTHS: Final = _names(
    "january february march april may june july august september october november december",
    1,
    ("sept", 9),
)
_WEEKDAYS: Final = _names(
    "monday tuesday wednesday thursday friday saturday sunday",
    0,
    ("tues", 1),
    ("thur", 3),
    ("thurs", 3),
)
_END: Final = r"(?=$|[\s,\"()]|\.\.)"
_ENDED: Final = re.compile(_END)
_DOTS: Final = re.compile(r"\s*\.\.\s*|\s+to\s+", re.IGNORECASE)
_COMMA: Final = re.compile(r",(?!\s)")


class _When(NamedTuple):
    today: date
    border: bool


def read_days(
    text: str, pos: int, today: date, *, border: bool = False
) -> tuple[Days, int] | None:
    """The days written at `pos` and where they end; None when there are none.

    Args:
        text: the whole text.
        pos: where the date begins.
        today: what *today* and *last week* are counted from.
        border: the date is a border (`before:`), so `2 weeks ago` is one day.
    """
    try:
        return _range(text, pos, today, border=border)
    except (OverflowError, ValueError):
        return None


def write_days(days: Days) -> str:
    """The shortest text that `read_days` takes for exactly these days, whatever day it is."""
    first, last = days.first, days.last
    if first and last:
        for length in (4, 7, 10):
            if _numbers(first.isoformat()[:length]) == days:
                return first.isoformat()[:length]
    return f"{_bound(first, last=False)}..{_bound(last, last=True)}"


def _bound(day: date | None, *, last: bool) -> str:
    """One end of a range: a year or month where the day is the first (or last) one of it."""
    if day is None:
        return ""
    for length in (4, 7):
        days = _numbers(day.isoformat()[:length])
        if days and day == (days.last if last else days.first):
            return day.isoformat()[:length]
    return day.isoformat()


def _numbers(text: str) -> Days | None:
    found = read_days(text, 0, date.max)
    return found[0] if found and found[1] == len(text) else None


def _range(text: str, pos: int, today: date, *, border: bool) -> tuple[Days, int] | None:
    if dots := _DOTS.match(text, pos):
        end = _days(text, dots.end(), today, border=border)
        return (Days(None, end[0].last), end[1]) if end else None
    begin = _days(text, pos, today, border=border)
    if begin is None:
        return None
    if dots := _DOTS.match(text, begin[1]):
        end = _days(text, dots.end(), today, border=border)
        if end is not None:
            return _hull(begin[0], end[0]), end[1]
    if text.startswith("..", begin[1]):
        return Days(begin[0].first, None), begin[1] + 2
    return begin


def _hull(one: Days, other: Days) -> Days:
    """From the beginning of one to the end of the other, whichever was written first."""
    if one.first and other.last and one.first > other.last:
        return Days(other.first, one.last)
    return Days(one.first, other.last)


def _days(text: str, pos: int, today: date, *, border: bool) -> tuple[Days, int] | None:
    """One date without range: the longest of what the rules read here."""
    ended = []
    for rule, read in _RULES:
        if (found := rule.match(text, pos)) and (days := read(found, _When(today, border))):
            ended.append((days, found.end()))
    named = _named(text, pos, today)
    if named is not None and _ENDED.match(text, named[1]):
        ended.append(named)
    return max(ended, key=lambda reading: reading[1], default=None)


# ── borrowed ─────────────────────────────────────────────────────────────────────────────


@cache
def _english() -> Any:  # noqa: ANN401 - whoosh ships no types
    return English()


def _named(text: str, pos: int, today: date) -> tuple[Days, int] | None:
    """What Whoosh reads: months by name, today, yesterday, tomorrow, last tuesday."""
    comma = _COMMA.search(text, pos)
    at, end = _english().dmy.parse(
        text[: comma.start()] if comma else text, datetime.combine(today, time()), pos
    )
    if not at:
        return None
    year, month, day = at.year, at.month, at.day
    if month is None:
        return _year(year), end
    if day is None:
        return _month(year or _latest_year(month, today), month), end
    if year is None:
        return _latest_day(month, day, today), end
    return _day(date(year, month, day)), end


def _latest_year(month: int, today: date) -> int:
    return today.year if month <= today.month else today.year - 1


def _latest_day(month: int, day: int, today: date) -> Days:
    """The latest such day up to today (29 February may lie eight years back)."""
    for year in range(today.year, today.year - 9, -1):
        if day <= monthrange(year, month)[1] and date(year, month, day) <= today:
            return _day(date(year, month, day))
    raise ValueError(day)


# ── our own ──────────────────────────────────────────────────────────────────────────────


def _day(day: date) -> Days:
    return Days(day, day)


def _week(day: date) -> Days:
    monday = day - timedelta(days=day.weekday())
    return Days(monday, monday + timedelta(days=6))


def _month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))


def _moved(day: date, count: int, unit: str) -> date:
    """The day so many units later; the last of the month where the month is too short."""
    if unit in {"day", "week"}:
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _around(day: date, unit: str) -> Days:
    """The day, week, month or year a day lies in."""
    match unit:
        case "week":
            return _week(day)
        case "month":
            return _month(day.year, day.month)
        case "year":
            return _year(day.year)
    return _day(day)


def _year_first(found: re.Match[str], _when: _When) -> Days:
    year, month, day = int(found[1]), int(found[3]), found[4]
    return _day(date(year, month, int(day))) if day else _month(year, month)


def _year_last(found: re.Match[str], _when: _When) -> Days | None:
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or one > 12 or one == other:
        return _day(date(year, other, one))
    return _day(date(year, one, other)) if other > 12 else None


def _named_period(found: re.Match[str], when: _When) -> Days:
    count = {"this": 0, "next": 1}.get(found[1].lower(), -1)
    unit = found[2].lower()
    return _around(_moved(when.today, count, unit), unit)


def _recent(found: re.Match[str], when: _When) -> Days:
    begin = _moved(when.today, -int(found[1]), found[2].lower()) + timedelta(days=1)
    return Days(min(begin, when.today), when.today)


def _ago(found: re.Match[str], when: _When) -> Days:
    count = int(found[1]) if found[1].isdigit() else 1
    unit = found[2].lower()
    day = _moved(when.today, -count, unit)
    return _day(day) if when.border else _around(day, unit)


def _weekday(found: re.Match[str], when: _When) -> Days | None:
    number = _WEEKDAYS.get(found[1].lower())
    if number is None:
        return None
    return _day(when.today - timedelta(days=(when.today.weekday() - number) % 7))


def _last_month(found: re.Match[str], when: _When) -> Days | None:
    month = _MONTHS.get(found[2].lower())
    if month is None:
        return None
    over = month < when.today.month or found[1].lower() == "this"
    return _month(when.today.year if over else when.today.year - 1, month)


_Read: TypeAlias = "Callable[[re.Match[str], _When], Days | None]"


def _rule(expression: str, read: _Read) -> tuple[re.Pattern[str], _Read]:
    spaced = expression.replace(" ", r"\s+")
    return re.compile(spaced + _END, re.IGNORECASE | re.ASCII), read


_RULES: Final = (
    _rule(r"(\d{4})", lambda found, _when: _year(int(found[1]))),
    _rule(
        r"(\d{4})-(\d{4})",
        lambda found, _when: _hull(_year(int(found[1])), _year(int(found[2]))),
    ),
    _rule(
        r"(\d{3})0s",
        lambda found, _when: _hull(_year(int(found[1]) * 10), _year(int(found[1]) * 10 + 9)),
    ),
    _rule(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?", _year_first),
    _rule(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", _year_last),
    _rule(r"(\d{1,2})[-/.](\d{4})", lambda found, _when: _month(int(found[2]), int(found[1]))),
    _rule(r"(this|last|past|previous|next) (week|month|year)", _named_period),
    _rule(r"(?:last|past) (\d{1,5}) (day|week|month|year)s?", _recent),
    _rule(r"(\d{1,5}|an?|one) (day|week|month|year)s? ago", _ago),
    _rule(r"(?:this )?([a-z]{3,9})", _weekday),
    _rule(r"(last|this) ([a-z]{3,9})", _last_month),
)
