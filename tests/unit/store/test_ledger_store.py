from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from jolidrive.store.ledger_store import LedgerRow, LedgerStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROW = LedgerRow(
    day="2020-01-01",
    host="cloud.example.org",
    service="webdav",
    account="acc1",
    purpose="sync",
    calls=2,
    bytes=100,
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[LedgerStore]:
    made = LedgerStore(tmp_path / "profile" / "ledger.db")
    yield made
    made.close()


def test_calls_of_one_day_host_account_and_purpose_add_up(ledger: LedgerStore) -> None:
    ledger.add([ROW, ROW, replace(ROW, purpose="content")])
    ledger.add([ROW])
    assert ledger.rows() == (
        replace(ROW, purpose="content"),
        replace(ROW, calls=6, bytes=300),
    )


def test_today_is_this_computers_day(ledger: LedgerStore) -> None:
    today = replace(ROW, day=datetime.now().astimezone().date().isoformat())
    ledger.add([ROW, today])
    assert ledger.today() == (today,)


def test_a_host_is_cut_from_one_account_and_its_counts_stay(
    ledger: LedgerStore, tmp_path: Path
) -> None:
    other = replace(ROW, host="other.example.org")
    neighbour = replace(ROW, account="acc2", host="elsewhere.example.org")
    ledger.add([ROW, other, neighbour])
    ledger.cut_host("acc1", "cloud.example.org")
    ledger.cut_host("acc1", "other.example.org")
    assert set(ledger.rows()) == {replace(ROW, host="", calls=4, bytes=200), neighbour}
    assert ledger.truncate()
    for path in (tmp_path / "profile").iterdir():
        assert b"cloud.example.org" not in path.read_bytes()
