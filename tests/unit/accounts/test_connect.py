"""A connect that fails anywhere leaves nothing behind; one that is repeated knows itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from jolidrive.accounts import credentials
from jolidrive.accounts.credentials import granted_proof
from jolidrive.errors import DiskFullError, KeyringLockedError, StoreBusyError
from jolidrive.net import oauth2
from jolidrive.net.tokens import Client, TokenKeeping, TokenSet
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.account_store import AccountStore
from jolidrive.store.roster import Roster
from jolidrive.vault.keyring import MemoryKeys
from tests.fake.letters import Letters, connect, letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from jolidrive.drive import Drive


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def drive(profile: Path) -> Iterator[Drive]:
    with Letters(pages=[letters("a")]).drive(profile) as opened:
        yield opened


@pytest.mark.parametrize(
    ("where", "name", "error"),
    [
        (AccountStore, "create", DiskFullError()),
        (MemoryKeys, "put", KeyringLockedError()),
        (Roster, "set_state", DiskFullError()),
        (Roster, "set_state", KeyboardInterrupt()),
    ],
)
def test_what_fails_while_an_account_is_made_leaves_nothing(
    drive: Drive,
    profile: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: type,
    name: str,
    error: BaseException,
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(where, name, fails)
        with pytest.raises(type(error)):
            connect(drive)
    assert drive._shared.roster.lines() == ()
    assert not list((profile / "accounts").iterdir())
    assert {row.host for row in drive._shared.ledger.rows()} <= {"", "api.letters.example"}
    assert connect(drive).service == "letters"


def test_what_cannot_be_undone_now_is_undone_at_the_next_start(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, keys = Letters(pages=[letters("a")]), MemoryKeys()

    def fails(*_: object, **__: object) -> None:
        raise KeyringLockedError

    with service.drive(profile, keys) as drive:
        with monkeypatch.context() as patch:
            patch.setattr(Roster, "set_state", fails)
            patch.setattr(MemoryKeys, "forget", fails)
            with pytest.raises(KeyringLockedError):
                connect(drive)
        (line,) = drive._shared.roster.lines()
        assert line.state == "connecting"
        assert drive.accounts() == []
    with service.drive(profile, keys) as drive:
        assert drive._shared.roster.lines() == ()
    assert keys.get(line.id) is None


def test_a_damaged_account_does_not_keep_another_from_connecting(
    profile: Path,
) -> None:
    service = Letters(pages=[letters("a")])
    with service.drive(profile) as drive:
        broken = connect(drive)
    (profile / "accounts" / broken.id / "items.db").write_bytes(b"nothing of ours" * 100)
    service.who = "u2"
    with service.drive(profile) as drive:
        other = connect(drive)
        assert other.id != broken.id
        assert drive.sync(other).new == 1


def test_a_sweep_that_holds_a_brand_new_lock_is_waited_for(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "abcdefghjk"
    monkeypatch.setattr("jolidrive.accounts.connect.new_account_id", lambda: name)
    sweeping = AccountLock(drive._shared.profile, name, verb="sweep")
    sweeping.acquire()
    letting_go = threading.Timer(0.1, sweeping.release)
    letting_go.start()
    assert connect(drive).id == name
    letting_go.join()


def test_a_token_refreshed_while_connecting_is_the_one_that_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[TokenKeeping] = []
    monkeypatch.setattr(oauth2, "credentials", lambda *parts: kept.append(parts[-1]))
    nobody: Any = None
    first = TokenSet(access_token="first", refresh_token="once")
    proof = granted_proof(nobody, Client(id="c"), nobody, nobody, first)
    kept[0].save(TokenSet(access_token="second", refresh_token="twice"))
    token = proof.secrets.token
    assert token is not None
    assert (token["access_token"], token["refresh_token"]) == ("second", "twice")


def test_a_token_lock_that_is_never_free_is_a_busy_store(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_TOKEN_LOCK_S", 0.0)
    shared = drive._shared
    first, second = (
        credentials._kept_in_vault("acc1", shared.vault, shared.profile) for _ in range(2)
    )
    with first.lock(), pytest.raises(StoreBusyError), second.lock():
        raise AssertionError
    with second.lock():
        pass
