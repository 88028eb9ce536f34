"""One account's items.db: pages in, items and changes out.

The truth about an account; the text index only follows it through `last_seq` and `changes`.
Reading is safe from any thread and beside other processes. Whoever saves pages holds the
account's lock; `marks.mark` needs none.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jolidrive.errors import StoreDamagedError
from jolidrive.model.item import Removal

from . import pending, totals
from .about import ANEW, CURSOR, AccountAbout, read_about, read_state, write_about, write_state
from .database import Database
from .holds import Holds
from .page_writer import drop_holds, write_page
from .rows import STORED, encode, stored_item, unpacked_raw
from .schema import ITEMS
from .sync_history import read_syncs, write_sync

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from jolidrive.api import Cursor, Page
    from jolidrive.model.item import Json, StoredItem

    from .page_writer import PageCounts
    from .pending import ContentRead, Pending, Unread
    from .sync_history import SyncRecord
    from .totals import Step, Totals

__all__ = ["ITEMS_FILE", "AccountAbout", "AccountStore"]

ITEMS_FILE: Final = "items.db"


class AccountStore:
    """The store of one account. Made by `create` or `open`; `close` when done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.account = database.account
        self.folder = database.path.parent

    @classmethod
    def create(
        cls, folder: Path, about: AccountAbout, *, refuse: Callable[[], bool] | None = None
    ) -> AccountStore:
        """Makes the account's folder and an empty store in it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / ITEMS_FILE
        store = cls(Database(path, ITEMS, account=folder.name, create=True, refuse=refuse))
        store.set_about(about)
        return store

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        refuse: Callable[[], bool] | None = None,
    ) -> AccountStore:
        """Opens a store that is there.

        Args:
            folder: the account's.
            read_only: refuses writes, makes and migrates nothing.
            refuse: asked before each write; True means the account is being revoked.

        Raises:
            AccountGoneError: there is none.
            StoreDamagedError: its file cannot be read.
            StoreTooNewError: a newer Jolidrive wrote it.
        """
        return cls(
            Database(
                folder / ITEMS_FILE,
                ITEMS,
                account=folder.name,
                read_only=read_only,
                refuse=refuse,
            )
        )

    def close(self) -> None:
        """Closes the files; who still wants something gets `AccountGoneError`."""
        self._database.close()

    @contextmanager
    def step(self) -> Iterator[Step]:
        """One write transaction with change numbers (for the modules of the store)."""
        with self._database.write() as conn:
            step = totals.Step(conn)
            yield step
            step.store()

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._database.read() as conn, _our_rows(self.account):
            yield conn

    # ── what there is once ───────────────────────────────────────────────────────────────

    @property
    def about(self) -> AccountAbout:
        """Who and what the account is."""
        with self._read() as conn:
            return read_about(conn)

    def set_about(self, about: AccountAbout) -> None:
        """Writes who and what the account is (a label may change at a new sign-in)."""
        with self._database.write() as conn:
            write_about(conn, about)

    @property
    def cursor(self) -> Cursor:
        """Where the next pull goes on; None at the beginning."""
        with self._read() as conn:
            cursor: Cursor = read_state(conn, CURSOR)
            return cursor

    @property
    def anew(self) -> bool:
        """Whether a full listing is under way."""
        with self._read() as conn:
            return bool(read_state(conn, ANEW))

    @property
    def totals(self) -> Totals:
        """How much there is, without counting."""
        with self._read() as conn:
            return totals.totals(conn)

    # ── pages ────────────────────────────────────────────────────────────────────────────

    def save_page(self, page: Page) -> PageCounts:
        """Stores a page and its cursor, both or neither."""
        with self.step() as step:
            counts = write_page(step, page)
            if page.cursor is not None:
                write_state(step.conn, CURSOR, page.cursor)
            return counts

    def start_anew(self) -> None:
        """Begins a full listing without a cursor; what it does not show goes at its end.

        A full listing under way is begun once more.
        """
        with self._database.write() as conn:
            Holds(conn).begin_full()
            write_state(conn, CURSOR, None)
            write_state(conn, ANEW, value=True)

    def finish_anew(self) -> int:
        """Ends a full listing; how many items it no longer showed. 0 when none is under way."""
        with self.step() as step:
            if not read_state(step.conn, ANEW):
                return 0
            removed = drop_holds(step, Holds(step.conn).complete_full())
            write_state(step.conn, ANEW, value=False)
            return removed

    # ── items ────────────────────────────────────────────────────────────────────────────

    def item(self, key: str) -> StoredItem | None:
        """The item with this key."""
        with self._read() as conn:
            row = conn.execute(f"{STORED} WHERE i.key = ?", (key,)).fetchone()
            return stored_item(row) if row else None

    def items(self, numbers: Iterable[int]) -> dict[int, StoredItem]:
        """Items by number; those that are gone are left out."""
        with self._read() as conn:
            rows = conn.execute(
                f"{STORED} WHERE i.number IN (SELECT value FROM json_each(?))",
                (encode(list(numbers)),),
            )
            return {row[0]: stored_item(row) for row in rows}

    def raw(self, key: str) -> Json:
        """The service's own reply for an item, None where it gave none."""
        with self._read() as conn:
            row = conn.execute(
                "SELECT raw FROM raws JOIN items ON items.number = raws.item WHERE key = ?",
                (key,),
            ).fetchone()
            return unpacked_raw(row[0]) if row else None

    # ── changes ──────────────────────────────────────────────────────────────────────────

    def last_seq(self) -> int:
        """Number of the last change."""
        with self._read() as conn:
            return totals.last_seq(conn)

    def changes(self, after: int, limit: int) -> Sequence[StoredItem | Removal]:
        """What changed since change `after`, in order: each item once, as it is now."""
        with self._read() as conn:
            rows = conn.execute(
                f"{STORED} WHERE i.seq > ? ORDER BY i.seq LIMIT ?", (after, limit)
            )
            found: list[StoredItem | Removal] = [stored_item(row) for row in rows]
            removals = conn.execute(
                "SELECT seq, item FROM removals WHERE seq > ? ORDER BY seq LIMIT ?",
                (after, limit),
            ).fetchall()
        if removals:
            found.extend(Removal(*row) for row in removals)
            found.sort(key=_by_seq)
        return found[:limit]

    # ── the second pass ──────────────────────────────────────────────────────────────────

    def pending_content(self, limit: int, after: int = 0) -> Sequence[Pending]:
        """Items whose content waits to be read, by rising number above `after`."""
        with self._read() as conn:
            return pending.pending_content(conn, limit, after)

    def pending_count(self) -> int:
        """How many wait."""
        with self._read() as conn:
            return int(conn.execute("SELECT COUNT(*) FROM pending").fetchone()[0])

    def unread_content(self) -> Sequence[Unread]:
        """Items whose content was skipped or failed."""
        with self._read() as conn:
            return pending.unread_content(conn)

    def pend_again(self, numbers: Sequence[int]) -> None:
        """Lets items wait again that were skipped or failed."""
        with self._database.write() as conn:
            pending.pend_again(conn, numbers)

    def save_content(self, batch: Iterable[ContentRead]) -> None:
        """Stores what the second pass read, all of the batch or nothing."""
        with self.step() as step:
            pending.save_content(step, batch)

    def stale_thumbnails(self, limit: int) -> list[int]:
        """Numbers whose small picture is to be deleted (see `thumbnails.sweep`)."""
        with self._read() as conn:
            rows = conn.execute("SELECT item FROM stale_thumbnails LIMIT ?", (limit,))
            return [number for (number,) in rows]

    def forget_stale(self, numbers: Iterable[int]) -> None:
        """Notes that these small pictures are deleted."""
        with self._database.write() as conn:
            conn.executemany(
                "DELETE FROM stale_thumbnails WHERE item = ?", [(number,) for number in numbers]
            )

    # ── history ──────────────────────────────────────────────────────────────────────────

    def record_sync(self, record: SyncRecord) -> None:
        """Adds a sync to the history."""
        with self._database.write() as conn:
            write_sync(conn, record)

    def syncs(self, limit: int) -> Sequence[SyncRecord]:
        """The newest syncs, newest first."""
        with self._read() as conn:
            return read_syncs(conn, limit)


@contextmanager
def _our_rows(account: str) -> Iterator[None]:
    """A value that cannot be read back was not written by us."""
    try:
        yield
    except (ValueError, LookupError, OverflowError, zlib.error) as error:
        raise StoreDamagedError(ITEMS_FILE, account) from error


def _by_seq(change: StoredItem | Removal) -> int:
    return change.seq
