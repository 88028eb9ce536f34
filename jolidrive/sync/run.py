"""One account's whole job: lock, listing, index, second pass, and what the roster is told.

The same code runs in the worker process, on the command line and in a script's threads. It is
given its parts; only the pull talks to the service, and only the account's folder is written.
"""

from __future__ import annotations

import errno
import logging
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from jolidrive.errors import (
    AccountGoneError,
    Advice,
    CancelledError,
    DiskFullError,
    JolidriveError,
    StoreError,
    UnknownAccountError,
)
from jolidrive.model.account import SEARCHABLE, AccountState
from jolidrive.model.events import (
    AccountStateChanged,
    IndexChanged,
    SyncFailed,
    SyncFinished,
    SyncStarted,
    SyncStopped,
)
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.account_store import AccountStore
from jolidrive.store.sync_history import SyncRecord

from .enrich import Enrich
from .follow import Following, IndexWriter
from .job import Stop, Tally
from .pull import Pull
from .schedule import next_after_success, next_after_trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta
    from pathlib import Path

    from jolidrive.api import Connector
    from jolidrive.hub import Hub
    from jolidrive.model.balance import Balance
    from jolidrive.paths import Profile
    from jolidrive.store.roster import Roster, RosterLine

LOCK_WAIT_S: Final = 1.0
"""For who holds an account's lock for a moment only: a mark that is brought into the index."""

_log = logging.getLogger(__name__)


class Connecting(Protocol):
    """Makes the connector of an account, ready to ask; the way out closes at the end."""

    def __call__(
        self, account: str, store: AccountStore, stop: Stop
    ) -> AbstractContextManager[Connector]:
        """Loads the plugin, opens the vault, makes the session."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a job needs, put together by `Drive`."""

    profile: Profile
    roster: Roster
    hub: Hub
    connecting: Connecting
    open_writer: Callable[[Path, AccountStore], IndexWriter]
    now: Callable[[], datetime]
    interval: timedelta
    sentence: Callable[[JolidriveError], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: the balance until then, and the trouble that ended it early, if any."""

    balance: Balance
    error: JolidriveError | None = None


def is_reachable(roster: Roster, account: str) -> bool:
    """Whether the account is there for searches and jobs: connected, and not being revoked."""
    line = roster.find(account)
    return line is not None and line.state in SEARCHABLE


class Jobs:
    """Runs jobs; one at a time for each account, whoever else is at work (see the lock)."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def new_stop(self, account: str) -> Stop:
        """What stops a job on this account."""
        roster = self._parts.roster
        return Stop(account, lambda: is_reachable(roster, account))

    def run(
        self,
        account: str,
        stop: Stop | None = None,
        *,
        full: bool = False,
        content: bool = True,
    ) -> Outcome:
        """Listing, then the second pass; troubles go into the outcome, the roster, the hub.

        Raises:
            UnknownAccountError: there is no such account.
            StoreBusyError: another program is at work on it.
        """
        parts = self._parts
        parts.roster.line(account)
        stop = stop or self.new_stop(account)
        lock = AccountLock(parts.profile, account, verb="sync")
        lock.acquire(LOCK_WAIT_S)
        try:
            if not is_reachable(parts.roster, account):
                raise UnknownAccountError(account)
            parts.hub.publish(SyncStarted(account=account))
            began_at = parts.now()
            outcome = self._try(account, stop, full=full, content=content)
            if not isinstance(outcome.error, AccountGoneError):
                self._note(account, outcome, began_at, full=full)
        finally:
            lock.release()
        self._publish(account, outcome)
        return outcome

    def _try(self, account: str, stop: Stop, *, full: bool, content: bool) -> Outcome:
        listing, contents = Tally(), Tally()
        error: JolidriveError | None = None
        try:
            self._work(account, stop, listing, contents if content else None, full=full)
        except JolidriveError as trouble:
            # What breaks while an account is wiped, breaks because it is wiped.
            there = is_reachable(self._parts.roster, account)
            error = trouble if there else AccountGoneError(account)
        except OSError as trouble:
            if trouble.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            error = DiskFullError()
        second = contents.balance() if content and (error is None or contents.seen) else None
        return Outcome(listing.balance(second), error)

    def _work(
        self, account: str, stop: Stop, listing: Tally, contents: Tally | None, *, full: bool
    ) -> None:
        parts = self._parts
        folder = parts.profile.account_dir(account)
        with ExitStack() as stack:
            store = AccountStore.open(folder, refuse=stop.gone)
            stack.callback(store.close)
            writer = parts.open_writer(folder, store)
            stack.enter_context(
                Following(account, writer, lambda: self._committed(account), gone=stop.gone)
            )
            connector = stack.enter_context(parts.connecting(account, store, stop))
            pull = Pull(account, store=store, hub=parts.hub, stop=stop)
            with listing.timed():
                pull.run(connector, listing, full=full)
            if contents is not None:
                parts.hub.publish(SyncStarted(account=account, phase="content"))
                enrich = Enrich(account, store=store, hub=parts.hub, stop=stop)
                with contents.timed():
                    enrich.run(connector, contents)

    def _committed(self, account: str) -> None:
        self._parts.roster.raise_commit(account)
        self._parts.hub.publish(IndexChanged(account=account))

    def _note(self, account: str, outcome: Outcome, began_at: datetime, *, full: bool) -> None:
        """History and roster. A full disk or a damaged store may refuse; the outcome stays."""
        try:
            self._record(account, outcome, began_at, full=full)
        except StoreError as trouble:
            _log.warning("sync of %s was not recorded: %s", account, type(trouble).__name__)
        try:
            self._tell_roster(account, outcome)
        except (StoreError, UnknownAccountError) as trouble:
            _log.warning("the roster was not told of %s: %s", account, type(trouble).__name__)

    def _record(
        self, account: str, outcome: Outcome, began_at: datetime, *, full: bool
    ) -> None:
        store = AccountStore.open(self._parts.profile.account_dir(account))
        try:
            error = type(outcome.error).__name__ if outcome.error else None
            store.record_sync(
                SyncRecord(
                    started_at=began_at,
                    ended_at=self._parts.now(),
                    balance=outcome.balance,
                    complete=full,
                    error=error,
                )
            )
        finally:
            store.close()

    def _tell_roster(self, account: str, outcome: Outcome) -> None:
        parts, error = self._parts, outcome.error
        line = parts.roster.find(account)
        if line is None or isinstance(error, CancelledError):
            return
        state = _state_after(line, error)
        if error is None:
            parts.roster.schedule(account, next_after_success(parts.now(), parts.interval))
        else:
            failures = line.failures + 1
            later = next_after_trouble(parts.now(), error, failures, parts.interval)
            due = None if state is AccountState.SIGN_IN else later
            parts.roster.schedule(account, due, failures=failures)
        trouble = type(error).__name__ if error else None
        parts.roster.set_state(account, state, trouble=trouble)
        if state is not line.state:
            parts.hub.publish(AccountStateChanged(account=account, state=state.value))

    def _publish(self, account: str, outcome: Outcome) -> None:
        hub, error = self._parts.hub, outcome.error
        if error is None:
            hub.publish(SyncFinished(account=account, balance=outcome.balance))
        elif isinstance(error, CancelledError | AccountGoneError):
            hub.publish(SyncStopped(account=account))
        else:
            words = self._parts.sentence(error)
            hub.publish(SyncFailed(account=account, error=type(error).__name__, sentence=words))


def _state_after(line: RosterLine, error: JolidriveError | None) -> AccountState:
    """Where an account stands after a job.

    Who waits for a sign-in waits on, whatever else goes wrong meanwhile; who was paused by the
    person stays so.
    """
    if line.state is AccountState.PAUSED:
        return AccountState.PAUSED
    if error is None:
        return AccountState.READY
    if error.advice is Advice.SIGN_IN or line.state is AccountState.SIGN_IN:
        return AccountState.SIGN_IN
    return AccountState.TROUBLE
