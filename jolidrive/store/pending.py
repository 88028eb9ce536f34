"""What the second pass still has to read, and what it found.

An item waits when the service can give its content or a picture and the marker of that
content (its hash, else the time of its last change) is not the one treated last. What was
found lies apart from the item: a listing that tells the item again does not touch it, and
facts from inside the file show only where the service told nothing. When to try again what
failed is the caller's to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .rows import STORED, content_marker, day, encode, moment, now_ms, stored_item, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from jolidrive.model.item import Item, Place, StoredItem

    from .totals import Step


class ContentOutcome(StrEnum):
    """How reading one item's content ended."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An item whose content waits; `marker` goes back with what was read.

    Args:
        tries: how often this very content was tried already.
    """

    number: int
    item: Item
    marker: str
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file tells about itself; fills what the service left out."""

    created_at: datetime | None = None
    width: int | None = None
    height: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRead:
    """One item, read. A failure keeps what an earlier reading found.

    Args:
        number: the item's.
        marker: as `Pending` gave it.
        outcome: how it ended.
        reason: a code, where it was skipped or failed.
        text: what is written inside the file.
        facts: what it tells about itself.
        thumbnail_bytes: size of the small picture, already in `Thumbnails`; None: none.
    """

    number: int
    marker: str
    outcome: ContentOutcome = ContentOutcome.DONE
    reason: str = ""
    text: str = ""
    facts: Facts | None = None
    thumbnail_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An item whose content was skipped or failed, for the balance and for another try."""

    number: int
    key: str
    outcome: ContentOutcome
    reason: str
    tries: int
    at: datetime | None


def pending_content(conn: sqlite3.Connection, limit: int, after: int) -> list[Pending]:
    """Items that wait, by rising number above `after`."""
    rows = conn.execute(
        f"{STORED} JOIN pending ON pending.item = i.number"
        " WHERE pending.item > ? ORDER BY pending.item LIMIT ?",
        (after, limit),
    )
    waiting = [stored_item(row) for row in rows]
    treated = {
        item: (marker, tries)
        for item, marker, tries in conn.execute(
            "SELECT item, marker, tries FROM treated"
            " WHERE item IN (SELECT value FROM json_each(?))",
            (encode([stored.number for stored in waiting]),),
        )
    }
    found: list[Pending] = []
    for stored in waiting:
        marker = content_marker(stored.item) or ""
        before, tries = treated.get(stored.number, ("", 0))
        found.append(
            Pending(
                number=stored.number,
                item=stored.item,
                marker=marker,
                tries=tries if before == marker else 0,
            )
        )
    return found


def unread_content(conn: sqlite3.Connection) -> list[Unread]:
    """Items whose content was skipped or failed."""
    rows = conn.execute(
        "SELECT number, key, outcome, reason, tries, at_ms"
        " FROM treated JOIN items ON items.number = treated.item WHERE outcome <> ?",
        (ContentOutcome.DONE.value,),
    )
    return [
        Unread(
            number=number,
            key=key,
            outcome=ContentOutcome(outcome),
            reason=reason,
            tries=tries,
            at=moment(at_ms),
        )
        for number, key, outcome, reason, tries, at_ms in rows
    ]


def save_content(step: Step, batch: Iterable[ContentRead]) -> None:
    """Stores what was read; an item that changed meanwhile goes on waiting."""
    reads = {read.number: read for read in batch}
    rows = step.conn.execute(
        f"{STORED} WHERE i.number IN (SELECT value FROM json_each(?))", (encode(list(reads)),)
    ).fetchall()
    here = {stored.number: stored for stored in map(stored_item, rows)}
    for number, read in reads.items():
        stored = here.get(number)
        if stored is not None:
            _note(step.conn, stored, read)
            _keep(step, stored, read)
        elif read.thumbnail_bytes is not None:
            _forget_thumbnail(step.conn, number)


def pend_again(conn: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Lets items wait again that were skipped or failed."""
    conn.execute(
        "INSERT OR IGNORE INTO pending (item)"
        " SELECT number FROM items WHERE number IN (SELECT value FROM json_each(?))",
        (encode(list(numbers)),),
    )


def _note(conn: sqlite3.Connection, stored: StoredItem, read: ContentRead) -> None:
    conn.execute(
        "INSERT INTO treated (item, marker, outcome, reason, tries, at_ms)"
        " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (item) DO UPDATE SET"
        " tries = CASE marker WHEN excluded.marker THEN tries + 1 ELSE 1 END,"
        " marker = excluded.marker, outcome = excluded.outcome,"
        " reason = excluded.reason, at_ms = excluded.at_ms",
        (read.number, read.marker, read.outcome.value, read.reason, now_ms()),
    )
    if content_marker(stored.item) == read.marker:
        conn.execute("DELETE FROM pending WHERE item = ?", (read.number,))


def _keep(step: Step, stored: StoredItem, read: ContentRead) -> None:
    if read.outcome is ContentOutcome.FAILED:
        return
    changes = (
        _keep_text(step, read, stored.content),
        _keep_facts(step.conn, read),
        _keep_thumbnail(step, read),
    )
    if any(changes):
        step.conn.execute(
            "UPDATE items SET seq = ? WHERE number = ?", (step.next_seq(), read.number)
        )


def _keep_text(step: Step, read: ContentRead, before: str) -> bool:
    if read.text == before:
        return False
    size = len(read.text.encode())
    step.grow("content_bytes", size - len(before.encode()))
    step.conn.execute("DELETE FROM contents WHERE item = ?", (read.number,))
    if read.text:
        step.conn.execute(
            "INSERT INTO contents (item, bytes, text) VALUES (?, ?, ?)",
            (read.number, size, read.text),
        )
    return True


def _keep_facts(conn: sqlite3.Connection, read: ContentRead) -> bool:
    had = conn.execute("DELETE FROM facts WHERE item = ?", (read.number,)).rowcount > 0
    facts = read.facts
    if facts is None or facts == Facts():
        return had
    place = facts.place
    conn.execute(
        "INSERT INTO facts (item, created_ms, created_offset_s, created_day, width, height,"
        " lat, lon, place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            read.number,
            *told(facts.created_at),
            day(*told(facts.created_at)),
            facts.width,
            facts.height,
            *((place.lat, place.lon, place.name) if place else (None, None, None)),
        ),
    )
    return True


def _keep_thumbnail(step: Step, read: ContentRead) -> bool:
    (before,) = step.conn.execute(
        "SELECT thumbnail_bytes FROM items WHERE number = ?", (read.number,)
    ).fetchone()
    now = read.thumbnail_bytes
    step.conn.execute(
        "UPDATE items SET thumbnail_bytes = ? WHERE number = ?", (now, read.number)
    )
    step.grow("thumbnails", (now is not None) - (before is not None))
    step.grow("thumbnail_bytes", (now or 0) - (before or 0))
    if before is not None and now is None:
        _forget_thumbnail(step.conn, read.number)
    else:
        step.conn.execute("DELETE FROM stale_thumbnails WHERE item = ?", (read.number,))
    return now is not None or before is not None


def _forget_thumbnail(conn: sqlite3.Connection, number: int) -> None:
    conn.execute("INSERT OR IGNORE INTO stale_thumbnails (item) VALUES (?)", (number,))
