"""The wipe. Read from top to bottom: this is the order in which an account goes.

1. The roster says *revoking*: from this commit on nobody can reach the account. A crash
   anywhere below continues here at the next start.
2. Its lock is taken; a job in any process sees the roster and gives up. After five seconds the
   wipe goes on without it: what a late writer still writes lands in a folder that is gone.
3. This process closes its store and index.
4. The token is held in memory, for the service is told last.
5. The account's key is forgotten: what it sealed can never be read again, in backups neither.
6. The folder is renamed out of sight and deleted.
7. Ledger and library lose what names the account; both are overwritten on disk.
8. The service is asked to revoke, with a short limit. The wipe never waited for it.
9. The roster's line goes, and the receipt tells both halves.

What cannot be deleted is `RevokeIncompleteError`, never silence. Here is no SQL, no network and
no plugin code: each step belongs to the part that owns it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from jolidrive.errors import (
    RevokeIncompleteError,
    SecretError,
    StoreBusyError,
    StoreError,
    UnknownAccountError,
)
from jolidrive.model.account import AccountState
from jolidrive.model.events import AccountRevoked
from jolidrive.model.receipt import Receipt, Remote
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.account_store import AccountAbout, AccountStore
from jolidrive.store.erase import erase_folder, erase_lock_files, folder_bytes
from jolidrive.vault.vault import SECRETS_FILE, Secrets, Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jolidrive.hub import Hub
    from jolidrive.paths import Profile
    from jolidrive.store.ledger_store import LedgerStore
    from jolidrive.store.library import Library
    from jolidrive.store.roster import Roster

LOCK_WAIT_S: Final = 5.0
UNFINISHED: Final = frozenset({AccountState.REVOKING, AccountState.CONNECTING})
KEY_LEFT: Final = "the account's key in the keyring"


class TellService(Protocol):
    """Asks the service to revoke; never raises, never takes long."""

    def __call__(
        self, account: str, service: str, about: AccountAbout | None, secrets: Secrets | None
    ) -> Remote:
        """What the service answered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WipeParts:
    """What the wipe needs, put together by `Drive`.

    Args:
        close_readers: closes this process's own store and index of an account.
        flush_ledger: hands over what the ledger still holds in memory.
        typed_hosts: hosts that the person typed, to be cut from the ledger.
    """

    profile: Profile
    roster: Roster
    library: Library
    ledger: LedgerStore
    vault: Vault
    hub: Hub
    tell_service: TellService
    close_readers: Callable[[str], None]
    flush_ledger: Callable[[], None]
    typed_hosts: Callable[[AccountAbout], Iterable[str]]


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of the account before it goes; all of it may be missing after a crash."""

    about: AccountAbout | None = None
    items: int = 0
    bytes: int = 0
    secrets: Secrets | None = None


class Wipe:
    """Revokes accounts, one call each."""

    def __init__(self, parts: WipeParts) -> None:
        self._parts = parts

    def revoke(self, account: str, lock: AccountLock | None = None) -> Receipt:
        """Wipes an account; `lock` is its lock, where the caller holds it already.

        Raises:
            UnknownAccountError: there is no such account.
            StoreBusyError: another revoke of it runs.
            RevokeIncompleteError: something could not be deleted; the account is out of reach,
                and the next start tries again.
        """
        line = self._parts.roster.line(account)
        only_one = AccountLock(self._parts.profile, f"{account}-revoke", verb="revoke")
        with only_one:
            began_at = time.monotonic()
            self._parts.roster.set_state(account, AccountState.REVOKING)
            receipt = self._wipe(account, line.plugin, began_at, lock)
        erase_lock_files(self._parts.profile, f"{account}-revoke")
        self._parts.hub.publish(AccountRevoked(account=account, receipt=receipt))
        return receipt

    def _wipe(
        self, account: str, service: str, began_at: float, lock: AccountLock | None
    ) -> Receipt:
        parts = self._parts
        if lock is None:
            lock = AccountLock(parts.profile, account, verb="revoke")
            with suppress(StoreBusyError):
                lock.acquire(LOCK_WAIT_S)
        try:
            parts.close_readers(account)
            held = self._hold(account)
            self._cut_hosts(account, held)
            left = self._erase(account)
            self._cut(account, held)
        finally:
            lock.release()
        seconds = time.monotonic() - began_at
        if left:
            raise RevokeIncompleteError(account, left, key_left=KEY_LEFT in left)
        remote = parts.tell_service(account, service, held.about, held.secrets)
        receipt = Receipt(
            account=account,
            service=service,
            items=held.items,
            bytes=held.bytes,
            seconds=seconds,
            remote=remote,
        )
        self._cut(account, held)
        parts.library.add_receipt(receipt)
        self._finish(account)
        return receipt

    def _hold(self, account: str) -> _Held:
        """Reads what the receipt and the service need. Running totals: nothing is counted."""
        folder = self._parts.profile.account_dir(account)
        about, items, secrets = None, 0, None
        with suppress(StoreError):
            store = AccountStore.open(folder, read_only=True)
            try:
                about, items = store.about, store.totals.items
            finally:
                store.close()
        with suppress(SecretError, StoreError):
            secrets = self._parts.vault.load(account)
        return _Held(about, items, folder_bytes(folder), secrets)

    def _erase(self, account: str) -> tuple[str, ...]:
        """Key first, then the folder. What is left, as paths."""
        parts = self._parts
        folder = parts.profile.account_dir(account)
        key_left = False
        try:
            parts.vault.forget(account)
        except SecretError:
            key_left = True
        left = erase_folder(folder)
        if key_left:
            # An empty sealed file tells the next start that a key may still be there.
            folder.mkdir(parents=True, exist_ok=True)
            (folder / SECRETS_FILE).touch()
            return (*left, KEY_LEFT)
        return left

    def _cut(self, account: str, held: _Held) -> None:
        """Takes what names the account out of ledger and library; again after the last call."""
        parts = self._parts
        self._cut_hosts(account, held)
        parts.library.clear_recent()
        for database in (parts.ledger, parts.library):
            database.truncate()

    def _cut_hosts(self, account: str, held: _Held) -> None:
        """Before the folder goes too: only there stands which hosts the person typed."""
        parts = self._parts
        parts.flush_ledger()
        if held.about is not None:
            for host in parts.typed_hosts(held.about):
                parts.ledger.cut_host(account, host)

    def _finish(self, account: str) -> None:
        parts = self._parts
        parts.roster.remove(account)
        erase_lock_files(parts.profile, account)
        for database in (parts.roster, parts.library, parts.ledger):
            database.truncate()


def recover(wipe: Wipe, profile: Profile, roster: Roster) -> list[str]:
    """Ends what a crash left half done: revokes go on, unfinished connects are undone.

    Returns:
        Accounts that are still there: another process is at work on them, or something could
        not be deleted or written now. The next start tries again.
    """
    return [
        line.id
        for line in roster.lines()
        if line.state in UNFINISHED and not _undone(wipe, profile, roster, line.id)
    ]


def _undone(wipe: Wipe, profile: Profile, roster: Roster, account: str) -> bool:
    """Undoes one account, once its lock can be had and it is still unfinished then."""
    lock = AccountLock(profile, account, verb="recover")
    try:
        lock.acquire()
    except StoreBusyError:
        return False
    try:
        line = roster.find(account)
        if line is not None and line.state in UNFINISHED:
            wipe.revoke(account, lock)
    except UnknownAccountError:
        return True
    except (StoreError, SecretError, RevokeIncompleteError):
        return False
    finally:
        lock.release()
    return True
