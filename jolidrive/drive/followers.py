"""Brings text indexes up to their stores where no job does: after a mark, after a crash.

At most one thread an account, however many marks are made; it tries for the account's lock for
two seconds and else leaves it to whoever holds it, for a holder looks for marks itself.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from jolidrive.errors import StoreBusyError, StoreError
from jolidrive.log import places_of
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.account_store import AccountStore
from jolidrive.store.index_writer import TextIndexWriter

if TYPE_CHECKING:
    from .shared import Shared

WAIT_S: Final = 2.0
_log = logging.getLogger(__name__)


def follow(shared: Shared, account: str, *, wait_s: float = 0.0) -> bool:
    """Brings an account's index up to its store, once its lock can be had.

    Returns:
        Whether anything was written; False also where somebody else holds the lock.
    """
    lock = AccountLock(shared.profile, account, verb="index")
    try:
        if shared.roster.find(account) is None:
            return False
        lock.acquire(wait_s)
        committed = _follow(shared, account)
        if committed:
            shared.roster.raise_commit(account)
    except StoreBusyError:
        return False
    except StoreError as trouble:
        _log.warning("index of %s fell behind: %s", account, type(trouble).__name__)
        return False
    finally:
        lock.release()
    return committed


def _follow(shared: Shared, account: str) -> bool:
    folder = shared.profile.account_dir(account)
    store = AccountStore.open(folder)
    try:
        writer = TextIndexWriter(folder, store, account=account)
        try:
            return writer.follow()
        finally:
            writer.close()
    finally:
        store.close()


class Followers:
    """The threads of one `Drive` that bring indexes up to date."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._lock = threading.Lock()
        self._wanted: set[str] = set()
        self._threads: dict[str, threading.Thread] = {}

    def later(self, account: str) -> None:
        """Soon, in a thread of its own; a wish more while one runs is one round more."""
        with self._lock:
            self._wanted.add(account)
            if account in self._threads:
                return
            thread = threading.Thread(
                target=self._run, args=(account,), name=f"index-{account}"
            )
            self._threads[account] = thread
            thread.start()

    def close(self) -> None:
        """Waits until all that was wanted is done."""
        while True:
            with self._lock:
                threads = list(self._threads.values())
            if not threads:
                return
            for thread in threads:
                thread.join()

    def _run(self, account: str) -> None:
        while self._is_wanted(account):
            try:
                follow(self._shared, account, wait_s=WAIT_S)
            except Exception as mistake:  # noqa: BLE001 - the top of this thread
                _log.error("index of %s: %s", account, places_of(mistake))

    def _is_wanted(self, account: str) -> bool:
        with self._lock:
            wanted = account in self._wanted
            self._wanted.discard(account)
            if not wanted:
                del self._threads[account]
            return wanted
