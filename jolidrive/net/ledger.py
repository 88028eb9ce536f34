"""Who was contacted, when, how often, how many bytes; never which path or query.

The ledger gathers in memory and hands rows to a `LedgerStore` at most about once a second.
A store that is busy or gone stops nobody: the rows wait for the next time.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, Protocol

from jolidrive.errors import StoreError

from .pace import Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

FLUSH_S: Final = 1.0
_Key = tuple[date, str, str, str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """Calls and bytes to be added to one line of the ledger.

    Args:
        day: the person's day, in their zone.
        host: without the usual port.
        service: the plugin's id.
        account: its id; None while nobody has signed in yet.
        purpose: `connect`, `sync`, `content`, `revoke`, …
        calls: requests sent.
        bytes: body bytes over the wire, both ways.
    """

    day: date
    host: str
    service: str
    account: str | None
    purpose: str
    calls: int
    bytes: int


class LedgerStore(Protocol):
    """Keeps rows; adds to a line that is already there."""

    def add(self, rows: Sequence[LedgerRow]) -> None:
        """Adds the numbers of each row to its line."""
        ...


class MemoryLedgerStore:
    """Keeps rows in memory: for tests and for programs without a profile."""

    def __init__(self) -> None:
        self.rows: list[LedgerRow] = []

    def add(self, rows: Sequence[LedgerRow]) -> None:
        """Keeps the rows."""
        self.rows.extend(rows)


class Ledger:
    """Counts, and hands over now and then. Any thread may call it."""

    def __init__(self, store: LedgerStore, timing: Timing | None = None) -> None:
        self._store = store
        self._timing = timing or Timing()
        self._lock = threading.Lock()
        self._sums: dict[_Key, tuple[int, int]] = {}
        self._flushed_at = self._timing.monotonic()

    def note(
        self,
        host: str,
        service: str,
        account: str | None,
        purpose: str,
        *,
        calls: int = 0,
        size: int = 0,
    ) -> None:
        """Counts; `size` in bytes."""
        key = (self._today(), host, service, account, purpose)
        with self._lock:
            old_calls, old_size = self._sums.get(key, (0, 0))
            self._sums[key] = (old_calls + calls, old_size + size)
            due = self._timing.monotonic() - self._flushed_at >= FLUSH_S
        if due:
            self.flush()

    def flush(self) -> None:
        """Hands over what was counted. Call it when a job ends."""
        with self._lock:
            sums, self._sums = self._sums, {}
            self._flushed_at = self._timing.monotonic()
        if not sums:
            return
        rows = [
            LedgerRow(
                day=day,
                host=host,
                service=service,
                account=account,
                purpose=purpose,
                calls=calls,
                bytes=size,
            )
            for (day, host, service, account, purpose), (calls, size) in sums.items()
        ]
        try:
            self._store.add(rows)
        except StoreError:
            self._put_back(sums)

    def drop(self, account: str) -> None:
        """Forgets what is counted and not handed over yet for an account being revoked."""
        with self._lock:
            self._sums = {key: value for key, value in self._sums.items() if key[3] != account}

    def _put_back(self, sums: dict[_Key, tuple[int, int]]) -> None:
        with self._lock:
            for key, (calls, size) in sums.items():
                old_calls, old_size = self._sums.get(key, (0, 0))
                self._sums[key] = (old_calls + calls, old_size + size)

    def _today(self) -> date:
        now: datetime = self._timing.now()
        return (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone().date()
