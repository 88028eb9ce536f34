"""How earlier syncs of an account ended: counts, times and reasons in codes; no content."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from jolidrive.model.balance import Balance

from .rows import decode, encode, moment, told

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

_KEPT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRecord:
    """One sync that ended.

    Args:
        started_at: with a zone.
        ended_at: with a zone.
        balance: what it did until then.
        complete: it was a full listing.
        error: name of the error class it ended with; None: it ended well.
    """

    started_at: datetime
    ended_at: datetime
    balance: Balance
    complete: bool = False
    error: str | None = None


def write_sync(conn: sqlite3.Connection, record: SyncRecord) -> None:
    """Adds a sync, and forgets the oldest beyond five hundred."""
    conn.execute(
        "INSERT INTO syncs (started_ms, ended_ms, complete, error, balance)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            told(record.started_at).ms,
            told(record.ended_at).ms,
            int(record.complete),
            record.error,
            encode(asdict(record.balance)),
        ),
    )
    conn.execute(
        "DELETE FROM syncs WHERE number <= (SELECT MAX(number) FROM syncs) - ?", (_KEPT,)
    )


def read_syncs(conn: sqlite3.Connection, limit: int) -> list[SyncRecord]:
    """The newest syncs, newest first."""
    rows = conn.execute(
        "SELECT started_ms, ended_ms, complete, error, balance FROM syncs"
        " ORDER BY number DESC LIMIT ?",
        (limit,),
    )
    return [_record(*row) for row in rows]


def _record(
    started_ms: int, ended_ms: int, complete: int, error: str | None, balance: str
) -> SyncRecord:
    started_at, ended_at = moment(started_ms), moment(ended_ms)
    if started_at is None or ended_at is None:
        raise ValueError("a sync without its times")
    return SyncRecord(
        started_at=started_at,
        ended_at=ended_at,
        balance=_balance(decode(balance)),
        complete=bool(complete),
        error=error,
    )


def _balance(told_before: dict[str, Any]) -> Balance:
    content = told_before.pop("content")
    return Balance(**told_before, content=_balance(content) if content else None)
