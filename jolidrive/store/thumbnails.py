"""Small pictures in one file, thumbs.db: a hundred thousand files would take long to delete."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from .database import Database
from .rows import encode
from .schema import THUMBNAILS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from .account_store import AccountStore

THUMBNAILS_FILE: Final = "thumbs.db"
_SWEPT_AT_ONCE: Final = 1000


class Thumbnails:
    """The small pictures of one account, by item number; the first `put` makes the file."""

    def __init__(self, folder: Path, *, refuse: Callable[[], bool] | None = None) -> None:
        self._path = folder / THUMBNAILS_FILE
        self._refuse = refuse
        self._opened: Database | None = None
        self._opening = threading.Lock()

    def get(self, number: int) -> bytes | None:
        """The picture of an item."""
        database = self._database(create=False)
        if database is None:
            return None
        with database.read() as conn:
            row = conn.execute(
                "SELECT picture FROM thumbnails WHERE item = ?", (number,)
            ).fetchone()
            return bytes(row[0]) if row else None

    def put(self, pictures: Mapping[int, bytes]) -> None:
        """Keeps pictures; one that was there is replaced."""
        database = self._database(create=bool(pictures))
        if database is None:
            return
        with database.write() as conn:
            _delete(conn, pictures)
            conn.executemany(
                "INSERT INTO thumbnails (item, picture) VALUES (?, ?)", pictures.items()
            )
            size = sum(len(picture) for picture in pictures.values())
            conn.execute(
                "UPDATE totals SET count = count + ?, bytes = bytes + ?", (len(pictures), size)
            )

    def remove(self, numbers: Iterable[int]) -> None:
        """Deletes pictures; missing ones are fine."""
        database = self._database(create=False)
        if database is not None:
            with database.write() as conn:
                _delete(conn, numbers)

    @property
    def count(self) -> int:
        """How many there are, without counting."""
        return self._totals()[0]

    @property
    def bytes(self) -> int:
        """Bytes of all pictures, without counting."""
        return self._totals()[1]

    def close(self) -> None:
        """Closes the file."""
        if self._opened is not None:
            self._opened.close()

    def _totals(self) -> tuple[int, int]:
        database = self._database(create=False)
        if database is None:
            return 0, 0
        with database.read() as conn:
            count, size = conn.execute("SELECT count, bytes FROM totals").fetchone()
            return count, size

    def _database(self, *, create: bool) -> Database | None:
        with self._opening:
            if self._opened is None and (create or self._path.exists()):
                self._opened = Database(
                    self._path,
                    THUMBNAILS,
                    account=self._path.parent.name,
                    create=True,
                    refuse=self._refuse,
                )
            return self._opened


def sweep(store: AccountStore, thumbnails: Thumbnails) -> None:
    """Deletes the pictures of items that are gone; a crash in between is made up later."""
    while numbers := store.stale_thumbnails(_SWEPT_AT_ONCE):
        thumbnails.remove(numbers)
        store.forget_stale(numbers)


def _delete(conn: sqlite3.Connection, numbers: Iterable[int]) -> None:
    these = (encode(list(numbers)),)
    count, size = conn.execute(
        "SELECT COUNT(*), TOTAL(LENGTH(picture)) FROM thumbnails"
        " WHERE item IN (SELECT value FROM json_each(?))",
        these,
    ).fetchone()
    conn.execute("DELETE FROM thumbnails WHERE item IN (SELECT value FROM json_each(?))", these)
    conn.execute("UPDATE totals SET count = count - ?, bytes = bytes - ?", (count, int(size)))
