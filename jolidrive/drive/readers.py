"""The accounts this process can search: opened, reloaded and closed as the roster says.

Before each search the roster's change counter is looked at; a change made by any process closes
revoked accounts, opens new ones, reloads indexes, and publishes the same events as if it had
happened here. Reading needs no lock.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jolidrive.errors import StoreBusyError, StoreError
from jolidrive.model.account import SEARCHABLE
from jolidrive.model.events import (
    AccountConnected,
    AccountRevoked,
    AccountStateChanged,
    Event,
    IndexChanged,
)
from jolidrive.search.account import OpenAccount
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.account_store import AccountStore
from jolidrive.store.index_writer import TextIndexWriter
from jolidrive.store.text_index import IndexState, TextIndex
from jolidrive.store.thumbnails import Thumbnails

if TYPE_CHECKING:
    from pathlib import Path

    from jolidrive.search.searcher import Searcher
    from jolidrive.store.account_store import AccountAbout
    from jolidrive.store.roster import RosterLine

    from .shared import Shared

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


class Readers:
    """All accounts open for reading, by id."""

    def __init__(self, shared: Shared, searcher: Searcher) -> None:
        self._shared = shared
        self._searcher = searcher
        self._lock = threading.RLock()
        self._open: dict[str, Reader] = {}
        self._seen: int | None = None

    def all(self) -> tuple[Reader, ...]:
        """Every account that can be reached now."""
        self.refresh()
        with self._lock:
            return tuple(self._open.values())

    def get(self, account: str) -> Reader | None:
        """One account, None where it cannot be reached."""
        self.refresh()
        with self._lock:
            return self._open.get(account)

    def refresh(self, *, quietly: bool = False) -> None:
        """Follows what any process wrote to the roster; cheap when nobody did."""
        with self._lock:
            now = self._shared.roster.changes()
            if now == self._seen:
                return
            events = list(self._follow())
            first, self._seen = self._seen is None, now
        if not first and not quietly:
            for event in events:
                self._shared.hub.publish(event)

    def drop(self, account: str) -> None:
        """Closes one account here; it stays closed while the roster says it is going."""
        with self._lock:
            reader = self._open.pop(account, None)
        self._searcher.drop(account)
        if reader is not None:
            reader.close()

    def close(self) -> None:
        """Closes all."""
        with self._lock:
            readers, self._open = list(self._open.values()), {}
            self._seen = None
        for reader in readers:
            reader.close()

    # ── inside ───────────────────────────────────────────────────────────────────────────

    def _follow(self) -> list[Event]:
        lines = {
            line.id: line for line in self._shared.roster.lines() if line.state in SEARCHABLE
        }
        events: list[Event] = []
        for account in [account for account in self._open if account not in lines]:
            self._searcher.drop(account)
            self._open.pop(account).close()
            events.append(AccountRevoked(account=account))
        for account, line in lines.items():
            events.extend(self._follow_one(account, line))
        return events

    def _follow_one(self, account: str, line: RosterLine) -> list[Event]:
        known = self._open.get(account)
        if known is None:
            reader = self._open_one(line)
            if reader is None:
                return []
            self._open[account] = reader
            self._searcher.add(reader.searched)
            label = reader.about.label
            return [AccountConnected(account=account, service=line.plugin, label=label)]
        before, known.line = known.line, line
        events: list[Event] = []
        if before.commits != line.commits and known.index.reload():
            events.append(IndexChanged(account=account))
        if before.state is not line.state:
            events.append(AccountStateChanged(account=account, state=line.state.value))
        return events

    def _open_one(self, line: RosterLine) -> Reader | None:
        folder = self._shared.profile.account_dir(line.id)
        try:
            store = AccountStore.open(folder, read_only=True)
        except StoreError as trouble:
            _log.warning("account %s cannot be read: %s", line.id, type(trouble).__name__)
            return None
        try:
            about = store.about
        except StoreError as trouble:
            _log.warning("account %s cannot be read: %s", line.id, type(trouble).__name__)
            store.close()
            return None
        index = TextIndex.open(folder, line.id)
        if index.state is IndexState.READY and index.step < store.last_seq():
            self._catch_up(line.id, folder, index)
        return Reader(
            line=line,
            about=about,
            store=store,
            index=index,
            thumbnails=Thumbnails(folder),
            searched=OpenAccount(line.id, line.plugin, about.label, store, index),
        )

    def _catch_up(self, account: str, folder: Path, index: TextIndex) -> None:
        """Whoever gets the lock without waiting lets the index catch up after a crash."""
        try:
            with AccountLock(self._shared.profile, account, verb="index"):
                follow_now(account, folder, self._shared)
        except StoreError as trouble:
            if not isinstance(trouble, StoreBusyError):
                _log.warning("index of %s fell behind: %s", account, type(trouble).__name__)
            return
        index.reload()


def follow_now(account: str, folder: Path, shared: Shared) -> bool:
    """Brings an account's index up to its store; its lock is held by the caller."""
    store = AccountStore.open(folder)
    try:
        writer = TextIndexWriter(folder, store, account=account)
        try:
            committed = writer.follow()
        finally:
            writer.close()
    finally:
        store.close()
    if committed:
        shared.roster.raise_commit(account)
    return committed
