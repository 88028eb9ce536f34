"""The accounts this process can search: opened, reloaded and closed as the roster says.

Before each search the roster's change counter is looked at; a change made by any process closes
revoked accounts, opens new ones, reloads indexes, and publishes the same events as if it had
happened here. Reading needs no lock. One account that cannot be read harms no other: it is
kept apart, with its trouble.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jolidrive.errors import AccountGoneError, StoreError
from jolidrive.model.account import SEARCHABLE
from jolidrive.model.events import (
    AccountConnected,
    AccountRevoked,
    AccountStateChanged,
    Event,
    IndexChanged,
)
from jolidrive.search.account import OpenAccount
from jolidrive.store.account_store import AccountStore
from jolidrive.store.text_index import IndexState, TextIndex
from jolidrive.store.thumbnails import Thumbnails

from .followers import follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.search.searcher import Searcher
    from jolidrive.store.account_store import AccountAbout
    from jolidrive.store.roster import RosterLine

    from .followers import Followers
    from .shared import Shared

SMALL_LAG: Final = 20_000
"""Changes an index may be behind to be brought up to date at once; more goes on beside."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Reader:
    """One account, open for reading."""

    line: RosterLine
    about: AccountAbout
    store: AccountStore
    index: TextIndex
    thumbnails: Thumbnails
    searched: OpenAccount

    def close(self) -> None:
        """Lets go of all files."""
        self.index.close()
        self.thumbnails.close()
        self.store.close()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An account whose store cannot be opened, and why."""

    line: RosterLine
    trouble: StoreError


class Readers:
    """All accounts open for reading, by id."""

    def __init__(self, shared: Shared, searcher: Searcher, followers: Followers) -> None:
        self._shared = shared
        self._searcher = searcher
        self._followers = followers
        self._lock = threading.RLock()
        self._open: dict[str, Reader] = {}
        self._unreadable: dict[str, Unreadable] = {}
        self._leaving: set[str] = set()
        self._seen: int | None = None

    def all(self) -> tuple[Reader, ...]:
        """Every account that can be read now, by id."""
        self.refresh()
        with self._lock:
            return tuple(self._open[account] for account in sorted(self._open))

    def unreadable(self) -> tuple[Unreadable, ...]:
        """Connected accounts whose store cannot be read, by id."""
        self.refresh()
        with self._lock:
            return tuple(self._unreadable[account] for account in sorted(self._unreadable))

    def get(self, account: str) -> Reader | None:
        """One account, None where it is not connected.

        Raises:
            StoreError: it is connected, and its store cannot be read.
        """
        self.refresh()
        with self._lock:
            if account in self._unreadable:
                raise self._unreadable[account].trouble
            return self._open.get(account)

    def refresh(self) -> None:
        """Follows what any process wrote to the roster; cheap when nobody did."""
        with self._lock:
            now = self._shared.roster.changes()
            if now == self._seen:
                return
            events = self._follow()
            first, self._seen = self._seen is None, now
        if not first:
            for event in events:
                self._shared.hub.publish(event)

    @contextmanager
    def leaving(self, account: str) -> Iterator[None]:
        """While entered, this process revokes an account and tells of it itself."""
        with self._lock:
            self._leaving.add(account)
        try:
            yield
        finally:
            with self._lock:
                self._leaving.discard(account)

    def drop(self, account: str) -> None:
        """Closes one account here; it stays closed while the roster says it is going."""
        self._searcher.drop(account)
        with self._lock:
            reader = self._open.pop(account, None)
            self._unreadable.pop(account, None)
        if reader is not None:
            reader.close()

    def close(self) -> None:
        """Closes all."""
        with self._lock:
            readers, self._open = list(self._open.values()), {}
            self._unreadable.clear()
            self._seen = None
        for reader in readers:
            reader.close()

    # ── inside ───────────────────────────────────────────────────────────────────────────

    def _follow(self) -> list[Event]:
        lines = {
            line.id: line for line in self._shared.roster.lines() if line.state in SEARCHABLE
        }
        events: list[Event] = []
        for account in (self._open.keys() | self._unreadable.keys()) - lines.keys():
            self.drop(account)
            if account not in self._leaving:
                events.append(AccountRevoked(account=account))
        for account, line in lines.items():
            known = self._open.get(account)
            if known is None:
                events.extend(self._follow_new(line))
            else:
                events.extend(self._follow_known(known, line))
        return events

    def _follow_new(self, line: RosterLine) -> Iterator[Event]:
        try:
            reader = self._open_one(line)
        except AccountGoneError:
            return  # revoked between two looks; the roster says so at the next one
        except StoreError as trouble:
            if line.id not in self._unreadable:
                name = type(trouble).__name__
                _log.warning("account %s cannot be read: %s", line.id, name)
            self._unreadable[line.id] = Unreadable(line, trouble)
            return
        self._unreadable.pop(line.id, None)
        self._open[line.id] = reader
        self._searcher.add(reader.searched)
        label = reader.about.label
        yield AccountConnected(account=line.id, service=line.plugin, label=label)

    def _follow_known(self, known: Reader, line: RosterLine) -> Iterator[Event]:
        before, known.line = known.line, line
        if before.commits != line.commits and known.index.reload():
            yield IndexChanged(account=line.id)
        if before.state is not line.state:
            self._read_about(known)
            yield AccountStateChanged(account=line.id, state=line.state.value)

    def _read_about(self, known: Reader) -> None:
        """A new sign-in may have brought another label."""
        with suppress(StoreError):
            about = known.store.about
            if about != known.about:
                known.about = about
                known.searched = replace(known.searched, label=about.label)
                self._searcher.add(known.searched)

    def _open_one(self, line: RosterLine) -> Reader:
        folder = self._shared.profile.account_dir(line.id)
        store = AccountStore.open(folder, read_only=True)
        try:
            about = store.about
            index = TextIndex.open(folder, line.id)
            self._catch_up(line.id, store, index)
        except BaseException:
            store.close()
            raise
        return Reader(
            line=line,
            about=about,
            store=store,
            index=index,
            thumbnails=Thumbnails(folder),
            searched=OpenAccount(line.id, line.plugin, about.label, store, index),
        )

    def _catch_up(self, account: str, store: AccountStore, index: TextIndex) -> None:
        """After a crash, or where the index is no good: at once when it is soon done."""
        behind = store.last_seq() - index.step
        usable = index.state is IndexState.READY
        if behind == 0 and (usable or index.state is IndexState.ABSENT):
            return
        if abs(behind) > SMALL_LAG:
            self._followers.later(account)
        elif follow(self._shared, account):
            index.reload()
