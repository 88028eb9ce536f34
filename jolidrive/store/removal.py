"""Takes items out of a store: every row of theirs, with a numbered removal left behind.

The person's marks stay, by key, for the case that the item returns. The number of a removed
item is never given again, and its small picture is noted for `thumbnails.sweep`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .rows import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .totals import Step

_PARTS: Final = ("raws", "holds", "pending", "treated", "contents", "facts")
_THESE: Final = "IN (SELECT value FROM json_each(?))"


def remove_items(step: Step, numbers: Iterable[int]) -> int:
    """Removes items by number; returns how many there were."""
    conn = step.conn
    gone = sorted(numbers)
    if not gone:
        return 0
    these = encode(gone)
    _shrink_totals(step, these)
    conn.execute(
        f"INSERT OR IGNORE INTO stale_thumbnails SELECT number FROM items"
        f" WHERE thumbnail_bytes IS NOT NULL AND number {_THESE}",
        (these,),
    )
    for table in _PARTS:
        conn.execute(f"DELETE FROM {table} WHERE item {_THESE}", (these,))
    conn.execute(f"DELETE FROM items WHERE number {_THESE}", (these,))
    conn.executemany(
        "INSERT INTO removals (seq, item) VALUES (?, ?)",
        [(step.next_seq(), number) for number in gone],
    )
    return len(gone)


def _shrink_totals(step: Step, these: str) -> None:
    rows = step.conn.execute(
        f"SELECT kind, COUNT(*), COUNT(thumbnail_bytes), TOTAL(thumbnail_bytes), TOTAL(bytes)"
        f" FROM items LEFT JOIN contents ON contents.item = items.number"
        f" WHERE number {_THESE} GROUP BY kind",
        (these,),
    ).fetchall()
    for kind, items, thumbnails, thumbnail_bytes, content_bytes in rows:
        step.grow_kind(kind, -items)
        step.grow("thumbnails", -thumbnails)
        step.grow("thumbnail_bytes", -int(thumbnail_bytes))
        step.grow("content_bytes", -int(content_bytes))
