"""Star, tags and note: what the person adds to an item.

Marks are rows of their own, found by the item's key, so a re-sync does not touch them and an
item that goes and returns has them again. Marking needs no account lock: it is one write
transaction with a change number, which whoever holds the text index follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jolidrive.errors import ItemUnknownError
from jolidrive.model.item import Marks
from jolidrive.model.words import fold

from .rows import encode, stored_marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from .account_store import AccountStore
    from .totals import Step


def mark(
    store: AccountStore,
    key: str,
    *,
    starred: bool | None = None,
    add_tags: Iterable[str] = (),
    remove_tags: Iterable[str] = (),
    note: str | None = None,
) -> Marks:
    """Changes the marks of one item; None leaves a mark as it is, an empty note removes it.

    Tags are compared without case and accents; the spelling given first stays.

    Returns:
        All its marks as they are now.

    Raises:
        ItemUnknownError: no item has this key.
    """
    with store.step() as step:
        row = step.conn.execute("SELECT number FROM items WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise ItemUnknownError(store.account)
        before = _read(step.conn, key)
        after = Marks(
            starred=before.starred if starred is None else starred,
            tags=_tags(before.tags, add_tags, remove_tags),
            note=before.note if note is None else note.strip(),
        )
        if after != before:
            _write(step, key, before, after)
            step.conn.execute(
                "UPDATE items SET seq = ? WHERE number = ?", (step.next_seq(), row[0])
            )
        return after


def _tags(
    before: Iterable[str], added: Iterable[str], removed: Iterable[str]
) -> tuple[str, ...]:
    unwanted = {fold(tag.strip()) for tag in removed}
    tags = {fold(tag): tag for tag in before if fold(tag) not in unwanted}
    for tag in added:
        if tag.strip():
            tags.setdefault(fold(tag.strip()), tag.strip())
    return tuple(tags.values())


def _read(conn: sqlite3.Connection, key: str) -> Marks:
    row = conn.execute("SELECT starred, tags, note FROM marks WHERE key = ?", (key,)).fetchone()
    return stored_marks(*row) if row else Marks()


def _write(step: Step, key: str, before: Marks, after: Marks) -> None:
    step.grow("starred", after.starred - before.starred)
    step.grow("tags", len(after.tags) - len(before.tags))
    step.grow("notes", bool(after.note) - bool(before.note))
    if after == Marks():
        step.conn.execute("DELETE FROM marks WHERE key = ?", (key,))
        return
    step.conn.execute(
        "INSERT OR REPLACE INTO marks (key, starred, tags, note) VALUES (?, ?, ?, ?)",
        (key, int(after.starred), encode(after.tags), after.note),
    )
