from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from jolidrive.errors import AccountGoneError, StoreDamagedError, UnknownAccountError
from jolidrive.model.account import AccountState
from jolidrive.store.account_lock import checked_id
from jolidrive.store.roster import Roster, RosterLine, new_account_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    made = Roster(tmp_path / "profile" / "roster.db")
    yield made
    made.close()


def test_an_account_begins_as_connecting(roster: Roster) -> None:
    roster.add("acc1", "webdav")
    line = RosterLine(id="acc1", plugin="webdav", state=AccountState.CONNECTING)
    assert roster.lines() == (line,)
    assert roster.line("acc1") == line
    assert roster.find("nobody") is None


def test_state_schedule_and_commits_are_kept(roster: Roster) -> None:
    due_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    roster.add("acc1", "webdav")
    roster.set_state("acc1", AccountState.TROUBLE, trouble="OfflineError")
    roster.schedule("acc1", due_at, failures=3)
    roster.raise_commit("acc1")
    roster.raise_commit("acc1")
    assert roster.line("acc1") == RosterLine(
        id="acc1",
        plugin="webdav",
        state=AccountState.TROUBLE,
        trouble="OfflineError",
        commits=2,
        due_at=due_at,
        failures=3,
    )


def test_revoking_is_final(roster: Roster) -> None:
    roster.add("acc1", "webdav")
    roster.set_state("acc1", AccountState.REVOKING)
    roster.set_state("acc1", AccountState.REVOKING)
    with pytest.raises(AccountGoneError):
        roster.set_state("acc1", AccountState.READY)
    assert roster.line("acc1").state is AccountState.REVOKING


def test_unknown_accounts_are_named(roster: Roster) -> None:
    for ask in (roster.line, lambda account: roster.set_state(account, AccountState.READY)):
        with pytest.raises(UnknownAccountError):
            ask("../../etc/passwd")


def test_changes_differ_after_any_write_by_anyone(roster: Roster, tmp_path: Path) -> None:
    other = Roster(tmp_path / "profile" / "roster.db")
    seen = [roster.changes()]
    assert roster.changes() == seen[0]
    roster.add("acc1", "webdav")
    seen.append(roster.changes())
    other.raise_commit("acc1")
    seen.append(roster.changes())
    roster.lines()
    assert roster.changes() == seen[-1]
    assert len(set(seen)) == 3
    other.close()


def test_a_removed_line_is_in_no_file_after_truncating(roster: Roster, tmp_path: Path) -> None:
    roster.add("unmistakable", "webdav")
    roster.add("acc2", "webdav")
    roster.remove("unmistakable")
    roster.remove("unmistakable")
    assert roster.truncate()
    for path in (tmp_path / "profile").iterdir():
        assert b"unmistakable" not in path.read_bytes()
    assert [line.id for line in roster.lines()] == ["acc2"]


def test_a_reader_in_the_way_of_truncating_is_told(roster: Roster, tmp_path: Path) -> None:
    roster.add("acc1", "webdav")
    other = Roster(tmp_path / "profile" / "roster.db")
    with other._database.read() as conn:
        conn.execute("SELECT * FROM accounts").fetchall()
        roster.add("acc2", "webdav")
        assert not roster._database.truncate(wait_s=0.0)
    assert roster.truncate()
    other.close()


def test_many_may_make_the_roster_at_the_same_moment(tmp_path: Path) -> None:
    path = tmp_path / "new" / "roster.db"

    def join(number: int) -> None:
        roster = Roster(path)
        roster.add(f"acc{number}", "webdav")
        roster.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(join, range(8)))
    roster = Roster(path)
    assert len(roster.lines()) == 8
    roster.close()


def test_a_roster_that_is_none_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "roster.db").write_bytes(b"no database" * 100)
    with pytest.raises(StoreDamagedError) as told:
        Roster(tmp_path / "roster.db")
    assert told.value.what == "roster.db"


def test_ids_are_random_and_safe_as_file_names() -> None:
    ids = {new_account_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(checked_id(account) == account for account in ids)
