"""What belongs to the person and to no account: approved plugins, receipts, recent searches.

Receipts hold ids, counts, times and outcome, never an address or a path. Recent searches may
name what was in an account, so every revoke clears them. What is deleted is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.model.receipt import RemoteOutcome

from .database import Database
from .rows import moment, now_ms
from .schema import LIBRARY

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from jolidrive.model.receipt import Receipt

_RECENT: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReceipt:
    """What is kept of a receipt; `left_over` counts paths that could not be deleted."""

    account: str
    service: str
    at: datetime | None
    items: int
    bytes: int
    seconds: float
    outcome: RemoteOutcome
    left_over: int


class Library:
    """The library of a profile."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = Database(path, LIBRARY, create=True, secure=True)

    # ── approved plugins ─────────────────────────────────────────────────────────────────

    def approved(self, plugin: str) -> str | None:
        """The content hash the person approved of a plugin."""
        with self._database.read() as conn:
            row = conn.execute(
                "SELECT content_hash FROM approved WHERE plugin = ?", (plugin,)
            ).fetchone()
            return row[0] if row else None

    def approve(self, plugin: str, content_hash: str) -> None:
        """Notes that the person approved these files; an earlier approval is replaced."""
        with self._database.write() as conn:
            conn.execute(
                "INSERT OR REPLACE INTO approved (plugin, content_hash, at_ms)"
                " VALUES (?, ?, ?)",
                (plugin, content_hash, now_ms()),
            )

    def disapprove(self, plugin: str) -> None:
        """Takes an approval back."""
        with self._database.write() as conn:
            conn.execute("DELETE FROM approved WHERE plugin = ?", (plugin,))

    # ── receipts ─────────────────────────────────────────────────────────────────────────

    def add_receipt(self, receipt: Receipt) -> None:
        """Keeps what may be kept of a receipt: no address, no path."""
        with self._database.write() as conn:
            conn.execute(
                "INSERT INTO receipts"
                " (account, service, at_ms, items, bytes, seconds, outcome, left_over)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    receipt.account,
                    receipt.service,
                    now_ms(),
                    receipt.items,
                    receipt.bytes,
                    receipt.seconds,
                    receipt.remote.outcome.value,
                    len(receipt.left),
                ),
            )

    def receipts(self) -> tuple[StoredReceipt, ...]:
        """All receipts, newest first."""
        with self._database.read() as conn:
            rows = conn.execute(
                "SELECT account, service, at_ms, items, bytes, seconds, outcome, left_over"
                " FROM receipts ORDER BY number DESC"
            )
            return tuple(
                StoredReceipt(
                    account=account,
                    service=service,
                    at=moment(at_ms),
                    items=items,
                    bytes=size,
                    seconds=seconds,
                    outcome=RemoteOutcome(outcome),
                    left_over=left_over,
                )
                for account, service, at_ms, items, size, seconds, outcome, left_over in rows
            )

    # ── recent searches ──────────────────────────────────────────────────────────────────

    def remember_search(self, text: str) -> None:
        """Keeps a search made in the window, and forgets the oldest beyond fifty."""
        with self._database.write() as conn:
            conn.execute(
                "INSERT OR REPLACE INTO recent_searches (text, at_ms) VALUES"
                " (?, (SELECT MAX(?, COALESCE(MAX(at_ms) + 1, 0)) FROM recent_searches))",
                (text, now_ms()),
            )
            conn.execute(
                "DELETE FROM recent_searches WHERE text NOT IN"
                " (SELECT text FROM recent_searches ORDER BY at_ms DESC LIMIT ?)",
                (_RECENT,),
            )

    def recent_searches(self) -> tuple[str, ...]:
        """Searches made in the window, newest first."""
        with self._database.read() as conn:
            rows = conn.execute("SELECT text FROM recent_searches ORDER BY at_ms DESC")
            return tuple(text for (text,) in rows)

    def clear_recent(self) -> None:
        """Forgets all recent searches: part of every revoke."""
        with self._database.write() as conn:
            conn.execute("DELETE FROM recent_searches")

    def truncate(self) -> bool:
        """Empties the log beside the file, so that nothing deleted lies in it."""
        return self._database.truncate()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
