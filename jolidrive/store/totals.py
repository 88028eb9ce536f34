"""Numbers that are counted while writing, so that nobody ever counts rows.

`Step` is one write transaction of an account: it hands out the rising numbers of changes and
gathers what the totals grow by, and stores both before the transaction ends.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Kind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_SEQ: Final = "seq"
_KIND: Final = "kind:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What an account holds.

    Args:
        items: all of them.
        by_kind: kinds that occur.
        thumbnails: small pictures.
        thumbnail_bytes: of those.
        content_bytes: of the texts found inside files, in UTF-8.
        starred: items with a star.
        tags: tags the person gave.
        notes: items with a note.
    """

    items: int = 0
    by_kind: Mapping[Kind, int] = field(default_factory=dict)
    thumbnails: int = 0
    thumbnail_bytes: int = 0
    content_bytes: int = 0
    starred: int = 0
    tags: int = 0
    notes: int = 0


class Step:
    """One write transaction of an account, with its change numbers."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._first = self._seq = last_seq(conn)
        self._grown: Counter[str] = Counter()

    def next_seq(self) -> int:
        """The number of one more change."""
        self._seq += 1
        return self._seq

    def grow(self, name: str, by: int) -> None:
        """Adds to a total (a name of `Totals`)."""
        self._grown[name] += by

    def grow_kind(self, kind: str, by: int) -> None:
        """Adds to the items, in all and of one kind."""
        self._grown["items"] += by
        self._grown[_KIND + kind] += by

    def store(self) -> None:
        """Writes the numbers; the last thing before the transaction ends."""
        rows = [(name, by) for name, by in self._grown.items() if by]
        if self._seq != self._first:
            rows.append((_SEQ, self._seq - self._first))
        self.conn.executemany(
            "INSERT INTO totals (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            rows,
        )


def last_seq(conn: sqlite3.Connection) -> int:
    """Number of the last change."""
    row = conn.execute("SELECT value FROM totals WHERE name = ?", (_SEQ,)).fetchone()
    return int(row[0]) if row else 0


def totals(conn: sqlite3.Connection) -> Totals:
    """All totals."""
    found: dict[str, int] = dict(conn.execute("SELECT name, value FROM totals"))
    found.pop(_SEQ, None)
    kinds = {kind: found.pop(_KIND + kind.value, 0) for kind in Kind}
    return Totals(by_kind={kind: count for kind, count in kinds.items() if count}, **found)
