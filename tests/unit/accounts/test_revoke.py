"""The wipe's odd corners; its main road is walked in tests/flow."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jolidrive.accounts import revoke
from jolidrive.accounts.revoke import recover
from jolidrive.errors import (
    DiskFullError,
    KeyringLockedError,
    RevokeIncompleteError,
    StoreBusyError,
    UnknownAccountError,
)
from jolidrive.model.account import AccountState
from jolidrive.model.receipt import RemoteOutcome
from jolidrive.store.account_lock import AccountLock
from jolidrive.vault.keyring import MemoryKeys
from tests.fake.letters import Letters, connect, letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jolidrive.drive import Drive
    from jolidrive.model.account import Account


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    with Letters(pages=[letters("a", "b")]).drive(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def account(drive: Drive) -> Account:
    made = connect(drive)
    drive.sync(made)
    return made


def test_a_holder_that_does_not_let_go_is_not_waited_for(
    drive: Drive, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revoke, "LOCK_WAIT_S", 0.0)
    with AccountLock(drive._shared.profile, account.id, verb="sync"):
        receipt = drive.revoke(account)
    assert (receipt.items, receipt.left) == (2, ())
    assert receipt.remote.outcome is RemoteOutcome.NOT_NEEDED


def test_two_revokes_at_once_are_one(drive: Drive, account: Account) -> None:
    busy = AccountLock(drive._shared.profile, f"{account.id}-revoke", verb="revoke")
    with busy, pytest.raises(StoreBusyError):
        drive.revoke(account)
    assert len(drive.accounts()) == 1
    ended: list[str] = []

    def revoke_it() -> None:
        try:
            drive.revoke(account)
            ended.append("done")
        except (UnknownAccountError, StoreBusyError) as late:
            ended.append(type(late).__name__)

    threads = [threading.Thread(target=revoke_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended.count("done") == 1
    assert drive.accounts() == []


def test_a_store_that_cannot_be_read_and_a_closed_keyring_keep_nothing_from_going(
    drive: Drive, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_self: MemoryKeys, _name: str) -> bytes | None:
        raise KeyringLockedError

    monkeypatch.setattr(MemoryKeys, "get", locked)
    folder = tmp_path / "profile" / "accounts" / account.id
    drive._readers.drop(account.id)
    for path in folder.glob("items.db*"):
        path.unlink()
    (folder / "items.db").write_bytes(b"nothing of ours")
    receipt = drive.revoke(account)
    assert (receipt.items, receipt.left) == (0, ())
    assert not folder.exists()


def test_files_that_stay_are_told_and_the_next_start_tries_again(
    drive: Drive, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(revoke, "erase_folder", lambda folder: (str(folder / "items.db"),))
        with pytest.raises(RevokeIncompleteError) as stays:
            drive.revoke(account)
        assert not stays.value.key_left
        assert recover(drive._jobs.wipe, drive._shared.profile, drive._shared.roster) == [
            account.id
        ]
    assert drive.search("").total == 0
    drive.tidy()
    assert not (tmp_path / "profile" / "accounts" / account.id).exists()
    assert drive._shared.roster.lines() == ()


def test_recovering_leaves_who_is_at_work_and_survives_a_full_disk(
    drive: Drive, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, wipe = drive._shared, drive._jobs.wipe
    shared.roster.set_state(account.id, AccountState.REVOKING)
    with AccountLock(shared.profile, account.id, verb="connect"):
        assert recover(wipe, shared.profile, shared.roster) == [account.id]

    def full(*_: object) -> None:
        raise DiskFullError

    with monkeypatch.context() as patch:
        patch.setattr(type(shared.library), "add_receipt", full)
        assert recover(wipe, shared.profile, shared.roster) == [account.id]
    assert recover(wipe, shared.profile, shared.roster) == []


def test_recovering_what_another_process_has_just_ended_is_fine(
    drive: Drive, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, wipe = drive._shared, drive._jobs.wipe
    shared.roster.set_state(account.id, AccountState.REVOKING)

    def gone(*_: object) -> None:
        raise UnknownAccountError(account.id)

    with monkeypatch.context() as patch:
        patch.setattr(wipe, "revoke", gone)
        assert recover(wipe, shared.profile, shared.roster) == []
    with monkeypatch.context() as patch:
        patch.setattr(shared.roster, "find", lambda _: None)
        assert recover(wipe, shared.profile, shared.roster) == []


def test_the_typed_host_is_cut_even_when_the_power_fails_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Letters(pages=[letters("a")])
    profile = tmp_path / "profile"
    with service.drive(profile) as drive:
        account = connect(drive)
        drive.sync(account)
        wipe = drive._jobs.wipe
        wipe._parts = replace(wipe._parts, typed_hosts=lambda _: ("api.letters.example",))

        def power_fails(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(revoke, "erase_folder", power_fails)
            with pytest.raises(KeyboardInterrupt):
                drive.revoke(account)
        assert {row.host for row in drive._shared.ledger.rows()} == {""}
    with service.drive(profile) as drive:
        assert drive.accounts() == []
        assert {row.host for row in drive._shared.ledger.rows()} == {""}
    assert b"api.letters" not in (profile / "ledger.db").read_bytes()
