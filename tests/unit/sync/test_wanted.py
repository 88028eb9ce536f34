from __future__ import annotations

from datetime import UTC, datetime

from jolidrive.api import Item, Kind, Page, Wanted
from jolidrive.sync.wanted import OTHER_KIND, TOO_OLD, only_wanted

OLD = Item(key="a", kind=Kind.PHOTO, title="a", created_at=datetime(2010, 1, 1, tzinfo=UTC))
NEW = Item(key="b", kind=Kind.PHOTO, title="b", created_at=datetime(2020, 1, 1, tzinfo=UTC))
POST = Item(key="c", kind=Kind.POST, title="c")
PAGE = Page(items=(OLD, NEW, POST), gone=("x",))


def test_all_is_kept_when_all_is_wanted() -> None:
    assert only_wanted(PAGE, Wanted()) == (PAGE, {})


def test_other_kinds_are_left_out_and_counted() -> None:
    page, reasons = only_wanted(PAGE, Wanted(kinds=frozenset({Kind.PHOTO})))
    assert page.items == (OLD, NEW)
    assert page.gone == ("x", "c")
    assert reasons == {OTHER_KIND: 1}


def test_what_is_older_is_left_out_and_what_has_no_date_stays() -> None:
    page, reasons = only_wanted(PAGE, Wanted(since=datetime(2015, 1, 1, tzinfo=UTC)))
    assert page.items == (NEW, POST)
    assert reasons == {TOO_OLD: 1}
