"""One account's items.db: pages in, items and changes out.

The truth about an account; the text index only follows it through `last_seq` and `changes`.
Reading is safe from any thread and beside other processes. Whoever saves pages holds the
account's lock; `marks.mark` needs none.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from jolidrive.api import Wanted
from jolidrive.errors import StoreDamagedError
from jolidrive.model.item import Kind, Removal

from . import pending, totals
from .database import Database
from .holds import Holds
from .page_writer import drop_holds, write_page
from .rows import STORED, decode, encode, moment, stored_item, told, unpacked_raw
from .schema import ITEMS
from .sync_history import read_syncs, write_sync

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jolidrive.api import Cursor, Page
    from jolidrive.model.item import Json, StoredItem

    from .page_writer import PageCounts
    from .pending import ContentRead, Pending, Unread
    from .sync_history import SyncRecord
    from .totals import Step, Totals

ITEMS_FILE: Final = "items.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAbout:
    """What was fixed when the account was made.

    Args:
        label: how the person knows it.
        identity: stable key of the person at the service.
        service: the plugin's id.
        options: what the person typed; no secrets.
        grant: public facts told with the token.
        wanted: kinds and date window.
    """

    label: str
    identity: str
    service: str
    options: Mapping[str, str] = field(default_factory=dict)
    grant: Mapping[str, str] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)


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
            told_before = _state(conn, "about")
            if not isinstance(told_before, dict):
                raise StoreDamagedError(ITEMS_FILE, self.account)
            return _about(told_before)

    def set_about(self, about: AccountAbout) -> None:
        """Writes who and what the account is (a label may change at a new sign-in)."""
        since = told(about.wanted.since)
        value: Json = {
            "label": about.label,
            "identity": about.identity,
            "service": about.service,
            "options": dict(about.options),
            "grant": dict(about.grant),
            "kinds": [kind.value for kind in sorted(about.wanted.kinds)],
            "since": list(since),
        }
        with self._database.write() as conn:
            _set_state(conn, "about", value)

    @property
    def cursor(self) -> Cursor:
        """Where the next pull goes on; None at the beginning."""
        with self._read() as conn:
            cursor: Cursor = _state(conn, "cursor")
            return cursor

    @property
    def anew(self) -> bool:
        """Whether a full listing is under way."""
        with self._read() as conn:
            return bool(_state(conn, "anew"))

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
                _set_state(step.conn, "cursor", page.cursor)
            return counts

    def start_anew(self) -> None:
        """Begins a full listing without a cursor; what it does not show goes at its end.

        A full listing under way is begun once more.
        """
        with self._database.write() as conn:
            Holds(conn).begin_full()
            _set_state(conn, "cursor", None)
            _set_state(conn, "anew", value=True)

    def finish_anew(self) -> int:
        """Ends a full listing; how many items it no longer showed. 0 when none is under way."""
        with self.step() as step:
            if not _state(step.conn, "anew"):
                return 0
            removed = drop_holds(step, Holds(step.conn).complete_full())
            _set_state(step.conn, "anew", value=False)
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


def _state(conn: sqlite3.Connection, name: str) -> Any:  # noqa: ANN401 - JSON, read by the caller
    row = conn.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return decode(row[0]) if row else None


def _set_state(conn: sqlite3.Connection, name: str, value: Json) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, encode(value))
    )


def _about(value: dict[str, Any]) -> AccountAbout:
    return AccountAbout(
        label=value["label"],
        identity=value["identity"],
        service=value["service"],
        options=value["options"],
        grant=value["grant"],
        wanted=Wanted(
            kinds=frozenset(Kind(kind) for kind in value["kinds"]),
            since=moment(*value["since"]),
        ),
    )
