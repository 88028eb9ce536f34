"""Dates as people write them, on Sunday 22 November 2026."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from jolidrive.search.parse_dates import read_days, write_days

if TYPE_CHECKING:
    from jolidrive.model.query import Days

TODAY = date(2026, 11, 22)

DATES = [
    ("2014", "2014-01-01/2014-12-31"),
    ("june 2019", "2019-06-01/2019-06-30"),
    ("Jun 2019", "2019-06-01/2019-06-30"),
    ("sept 2019", "2019-09-01/2019-09-30"),
    ("feb 2024", "2024-02-01/2024-02-29"),
    ("14 june 2019", "2019-06-14/2019-06-14"),
    ("14th june 2019", "2019-06-14/2019-06-14"),
    ("june 14 2019", "2019-06-14/2019-06-14"),
    ("June 14, 2019", "2019-06-14/2019-06-14"),
    ("2019 june 14", "2019-06-14/2019-06-14"),
    ("2019-06", "2019-06-01/2019-06-30"),
    ("2019-06-14", "2019-06-14/2019-06-14"),
    ("2019/06/14", "2019-06-14/2019-06-14"),
    ("14.06.2019", "2019-06-14/2019-06-14"),
    ("1.6.2019", "2019-06-01/2019-06-01"),
    ("14/06/2019", "2019-06-14/2019-06-14"),
    ("06/14/2019", "2019-06-14/2019-06-14"),
    ("06/2019", "2019-06-01/2019-06-30"),
    ("2010s", "2010-01-01/2019-12-31"),
    ("june", "2026-06-01/2026-06-30"),
    ("november", "2026-11-01/2026-11-30"),
    ("december", "2025-12-01/2025-12-31"),
    ("14 june", "2026-06-14/2026-06-14"),
    ("24 december", "2025-12-24/2025-12-24"),
    ("29 february", "2024-02-29/2024-02-29"),
    ("last june", "2026-06-01/2026-06-30"),
    ("last november", "2025-11-01/2025-11-30"),
    ("this december", "2026-12-01/2026-12-31"),
    ("today", "2026-11-22/2026-11-22"),
    ("yesterday", "2026-11-21/2026-11-21"),
    ("tomorrow", "2026-11-23/2026-11-23"),
    ("tuesday", "2026-11-17/2026-11-17"),
    ("sunday", "2026-11-22/2026-11-22"),
    ("last tuesday", "2026-11-17/2026-11-17"),
    ("last sunday", "2026-11-15/2026-11-15"),
    ("this week", "2026-11-16/2026-11-22"),
    ("last week", "2026-11-09/2026-11-15"),
    ("this month", "2026-11-01/2026-11-30"),
    ("last month", "2026-10-01/2026-10-31"),
    ("this year", "2026-01-01/2026-12-31"),
    ("last year", "2025-01-01/2025-12-31"),
    ("3 days ago", "2026-11-19/2026-11-19"),
    ("a week ago", "2026-11-09/2026-11-15"),
    ("2 weeks ago", "2026-11-02/2026-11-08"),
    ("3 years ago", "2023-01-01/2023-12-31"),
    ("last 30 days", "2026-10-24/2026-11-22"),
    ("past 2 weeks", "2026-11-09/2026-11-22"),
    ("last 3 months", "2026-08-23/2026-11-22"),
    ("2012..2014", "2012-01-01/2014-12-31"),
    ("2014..2012", "2012-01-01/2014-12-31"),
    ("2012-2014", "2012-01-01/2014-12-31"),
    ("2012 to 2014", "2012-01-01/2014-12-31"),
    ("2012 .. 2014", "2012-01-01/2014-12-31"),
    ("..2014", "/2014-12-31"),
    ("2014..", "2014-01-01/"),
    ("june 2012..may 2014", "2012-06-01/2014-05-31"),
    ("last june..today", "2026-06-01/2026-11-22"),
]


def told(days: Days) -> str:
    return f"{days.first or ''}/{days.last or ''}"


@pytest.mark.parametrize(("text", "days"), DATES)
def test_a_date_is_read_whole(text: str, days: str) -> None:
    found = read_days(text, 0, TODAY)
    assert found is not None
    assert (told(found[0]), found[1]) == (days, len(text))


@pytest.mark.parametrize(("text", "days"), DATES)
def test_a_date_takes_no_more_words_than_make_sense(text: str, days: str) -> None:
    found = read_days(f"{text} cats 12", 0, TODAY)
    assert found is not None
    assert (told(found[0]), found[1]) == (days, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cats",
        "mayor",
        "junebug",
        "0000",
        "20144",
        "2019-13",
        "31 february 2019",
        "30 february",
        "31.02.2019",
        "03/04/2019",
        "99999 years ago",
        "last",
        "last cat",
        "..",
        "2014foo",
        "14",
    ],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert read_days(text, 0, TODAY) is None


def test_some_weeks_ago_is_one_day_as_a_border() -> None:
    found = read_days("2 weeks ago", 0, TODAY, border=True)
    assert found is not None
    assert told(found[0]) == "2026-11-08/2026-11-08"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("june 2019", "2019-06"),
        ("14 june 2019", "2019-06-14"),
        ("2012..2014", "2012..2014"),
        ("june 2012..may 2014", "2012-06..2014-05"),
        ("2012-06-02..2014", "2012-06-02..2014"),
        ("..2014", "..2014"),
        ("2014..", "2014.."),
    ],
)
def test_days_are_written_as_short_as_they_can_be(text: str, written: str) -> None:
    found = read_days(text, 0, TODAY)
    assert found is not None
    assert write_days(found[0]) == written
