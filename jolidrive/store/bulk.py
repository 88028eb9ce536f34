"""Inserts many rows in few statements.

Not for SQLite's sake, which takes as long for one statement with 250 rows as for 250
statements: Python lets go of its interpreter lock once a statement, so that a sync that stores
and the index that follows it in another thread wait for each other once in 250 rows.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_AT_ONCE: Final = 250
"""Rows a statement; with 40 columns still a third of the values SQLite allows in one."""


def insert(
    conn: sqlite3.Connection, into: str, rows: Sequence[Sequence[Any]], then: str = ""
) -> None:
    """Inserts rows, all of one length.

    Args:
        conn: inside a transaction.
        into: table and columns, `items (number, key)`.
        rows: their values.
        then: what stands behind the values, `ON CONFLICT …`.
    """
    if not rows:
        return
    one = f"({','.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % _AT_ONCE
    if whole:
        many = f"INSERT INTO {into} VALUES {','.join([one] * _AT_ONCE)} {then}"
        for at in range(0, whole, _AT_ONCE):
            conn.execute(many, list(chain.from_iterable(rows[at : at + _AT_ONCE])))
    conn.executemany(f"INSERT INTO {into} VALUES {one} {then}", rows[whole:])
