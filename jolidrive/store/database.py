"""Opens SQLite: pragmas, readers, and the one write transaction.

Every write is `BEGIN IMMEDIATE`: a deferred transaction that reads and then writes fails
beside a second writer, however long it would wait. What SQLite complains about leaves this
module as one of our own errors, without text of any row.

Readers come from a pool, one connection for each thread that reads at the same moment. A file
opened `read_only` is opened for writing and then told `query_only`: SQLite's own read-only
mode leaves the files beside the database behind.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from jolidrive.errors import (
    AccountGoneError,
    DiskFullError,
    StoreBusyError,
    StoreDamagedError,
    StoreTooNewError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .schema import Schema

BUSY_S: Final = 10.0
"""How long a transaction waits for another process's."""

_CHECKPOINT_PAGES: Final = 4000
"""Pages the log grows by before they are copied back: rarer copies write fewer pages."""

_LOG_LIMIT: Final = 64 * 2**20
_MOVED: Final = sqlite3.SQLITE_READONLY_DBMOVED


class Database:
    """One SQLite file, for many threads and beside other processes.

    Args:
        path: the file.
        schema: its tables and their version.
        account: whose file it is; empty for the profile's own.
        create: make the file when it is missing (never its folder).
        read_only: refuses writes, makes and migrates nothing.
        secure: overwrites what is deleted.
        refuse: asked before each write; True means the account is being revoked.

    Raises:
        AccountGoneError: the account's file is missing.
        StoreDamagedError: the file is none of SQLite's, or lacks its tables.
        StoreTooNewError: a newer Jolidrive wrote it.
    """

    def __init__(  # noqa: PLR0913 - how a file is opened is told in one place
        self,
        path: Path,
        schema: Schema,
        *,
        account: str = "",
        create: bool = False,
        read_only: bool = False,
        secure: bool = False,
        refuse: Callable[[], bool] | None = None,
    ) -> None:
        self.path = path
        self.account = account
        self.read_only = read_only
        self._create = create and not read_only
        self._secure = secure
        self._refuse = refuse
        self._closed = False
        self._idle: list[sqlite3.Connection] = []
        self._pool_lock = threading.Lock()
        self._write_lock = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._watcher: sqlite3.Connection | None = None
        with self.named_errors():
            self._bring_up_to_date(schema)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it is stored, or nothing.

        Raises:
            AccountGoneError: the account is revoked, or its folder is gone.
            StoreBusyError: another process wrote for too long.
            DiskFullError: no room left; nothing of this transaction is kept.
        """
        with self.named_errors(), self._write_lock:
            self._refuse_late_writers()
            if self._writer is None:
                self._writer = self._connect()
            conn = self._writer
            conn.execute("BEGIN IMMEDIATE")
            try:
                yield conn
                conn.execute("COMMIT")
            except BaseException:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One state of the file, unmoved by writers while the block lasts."""
        with self.named_errors():
            conn = self._borrow()
            try:
                conn.execute("BEGIN")
                yield conn
            finally:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                self._give_back(conn)

    def data_version(self) -> int:
        """Another number after any commit by any process, this one included."""
        with self.named_errors(), self._pool_lock:
            self._refuse_closed()
            if self._watcher is None:
                self._watcher = self._connect()
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def truncate(self, wait_s: float = 2.0) -> bool:
        """Copies the log back and empties it, so that it holds no old rows.

        Returns:
            False when readers of other processes kept it from happening for `wait_s` seconds.
        """
        self._refuse_closed()
        with self.named_errors(), closing(self._connect(wait_s)) as conn:
            busy = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy

    def close(self) -> None:
        """Closes all connections; whoever still reads closes theirs when done."""
        with self._write_lock, self._pool_lock:
            self._closed = True
            for conn in (*self._idle, self._writer, self._watcher):
                if conn is not None:
                    conn.close()
            self._idle.clear()
            self._writer = self._watcher = None

    @contextmanager
    def named_errors(self) -> Iterator[None]:
        """Turns what SQLite says into our own errors."""
        try:
            yield
        except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
            raise  # our own mistakes
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # none: no UTF-8
            if code == sqlite3.SQLITE_ERROR:
                raise  # a statement of ours that is none
            raise self._named(code) from error

    def _named(self, code: int) -> Exception:
        if code & 0xFF == sqlite3.SQLITE_FULL:
            return DiskFullError()
        if code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return StoreBusyError(self.account)
        if self.account and (code == _MOVED or not self.path.exists()):
            return AccountGoneError(self.account)
        return StoreDamagedError(self.path.name, self.account)

    def _refuse_late_writers(self) -> None:
        self._refuse_closed()
        if self.read_only:
            raise sqlite3.ProgrammingError(f"{self.path.name} was opened for reading")
        if not self.account:
            return
        if not self.path.exists() or (self._refuse is not None and self._refuse()):
            raise AccountGoneError(self.account)

    def _refuse_closed(self) -> None:
        if not self._closed:
            return
        if self.account:
            raise AccountGoneError(self.account)
        raise sqlite3.ProgrammingError(f"{self.path.name} is closed")

    def _borrow(self) -> sqlite3.Connection:
        with self._pool_lock:
            self._refuse_closed()
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, conn: sqlite3.Connection) -> None:
        with self._pool_lock:
            if not self._closed:
                self._idle.append(conn)
                return
        conn.close()

    def _connect(self, wait_s: float | None = None) -> sqlite3.Connection:
        mode = "rwc" if self._create else "rw"
        conn = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_S if wait_s is None else wait_s,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._set_up(conn)
        except BaseException:
            conn.close()
            raise
        return conn

    def _set_up(self, conn: sqlite3.Connection) -> None:
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        conn.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT}")
        if self._secure:
            conn.execute("PRAGMA secure_delete = ON")
        if self.read_only:
            conn.execute("PRAGMA query_only = ON")

    def _bring_up_to_date(self, schema: Schema) -> None:
        conn = self._connect()
        try:
            found = _version(conn)
            self._refuse_version(found, schema.version)
            if found < schema.version:
                _write_ahead(conn)
                conn.execute("BEGIN IMMEDIATE")
                schema.apply(conn)
                conn.execute("COMMIT")
        except BaseException:
            conn.close()
            raise
        self._give_back(conn)

    def _refuse_version(self, found: int, known: int) -> None:
        if found > known:
            raise StoreTooNewError(found, known)
        empty = found == 0 and not self._create
        if empty or (found < known and self.read_only):
            raise StoreDamagedError(self.path.name, self.account)


def _version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def _write_ahead(conn: sqlite3.Connection) -> None:
    """Switches to write-ahead logging, which lasts; SQLite does not wait here by itself."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
