from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from jolidrive.errors import StoreBusyError
from jolidrive.net.ledger import Ledger, LedgerRow, MemoryLedgerStore
from tests.fake.wire import FakeTime

if TYPE_CHECKING:
    from collections.abc import Sequence


class BusyStore(MemoryLedgerStore):
    busy = True

    def add(self, rows: Sequence[LedgerRow]) -> None:
        if self.busy:
            raise StoreBusyError("", "somebody")
        super().add(rows)


def test_calls_are_added_up_by_day_host_and_purpose() -> None:
    time, store = FakeTime(), MemoryLedgerStore()
    ledger = Ledger(store, time.timing)
    ledger.note("a", "demo", "1", "sync", calls=1)
    ledger.note("a", "demo", "1", "sync", size=50)
    ledger.note("a", "demo", "1", "content", calls=1, size=7)
    assert store.rows == []
    ledger.flush()
    ledger.flush()
    assert [(row.purpose, row.calls, row.bytes) for row in store.rows] == [
        ("sync", 1, 50),
        ("content", 1, 7),
    ]


def test_a_row_has_no_place_for_a_path_or_query() -> None:
    names = [field.name for field in fields(LedgerRow)]
    assert names == ["day", "host", "service", "account", "purpose", "calls", "bytes"]


def test_rows_are_handed_over_about_once_a_second() -> None:
    time, store = FakeTime(), MemoryLedgerStore()
    ledger = Ledger(store, time.timing)
    ledger.note("a", "demo", None, "connect", calls=1)
    time.sleep(1.0)
    ledger.note("a", "demo", None, "connect", calls=1)
    assert [row.calls for row in store.rows] == [2]


def test_a_busy_store_loses_nothing() -> None:
    store = BusyStore()
    ledger = Ledger(store, FakeTime().timing)
    ledger.note("a", "demo", "1", "sync", calls=1)
    ledger.flush()
    ledger.note("a", "demo", "1", "sync", calls=1)
    store.busy = False
    ledger.flush()
    assert [row.calls for row in store.rows] == [2]


def test_a_revoked_account_leaves_nothing_to_be_written_later() -> None:
    store = MemoryLedgerStore()
    ledger = Ledger(store, FakeTime().timing)
    ledger.note("nas.home", "webdav", "1", "sync", calls=1)
    ledger.note("b", "webdav", "2", "sync", calls=1)
    ledger.drop("1")
    ledger.flush()
    assert [row.host for row in store.rows] == ["b"]
