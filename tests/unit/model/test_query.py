"""The few rules that queries themselves carry."""

from __future__ import annotations

from datetime import date

from jolidrive.model.query import NO_DAYS, Days, FieldName, asked_days

YEAR = Days(date(2014, 1, 1), date(2014, 12, 31))


def test_a_date_asks_for_its_own_days() -> None:
    assert asked_days(FieldName.DATE, YEAR) == YEAR


def test_before_ends_the_day_before_the_first_day() -> None:
    assert asked_days(FieldName.BEFORE, YEAR) == Days(None, date(2013, 12, 31))


def test_after_begins_the_day_after_the_last_day() -> None:
    assert asked_days(FieldName.AFTER, YEAR) == Days(date(2015, 1, 1), None)


def test_nothing_lies_beyond_the_calendar() -> None:
    first, last = Days(date.min, date(1, 12, 31)), Days(date(9999, 1, 1), date.max)
    assert asked_days(FieldName.BEFORE, first) == NO_DAYS
    assert asked_days(FieldName.AFTER, last) == NO_DAYS
    assert asked_days(FieldName.AFTER, first) == Days(date(2, 1, 1), None)
    assert asked_days(FieldName.BEFORE, last) == Days(None, date(9998, 12, 31))
