"""Tables and numbered migrations: how each database of Jolidrive looks, a sentence a column.

The number of applied steps lies in `PRAGMA user_version`, so that opening a store that is up
to date asks one number and loads nothing; the steps themselves are run by sqlite-utils. A step
that was released is never edited: a change is a new step at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Schema:
    """The steps of one database; each is the SQL statements it runs."""

    name: str
    steps: tuple[tuple[str, ...], ...]

    @property
    def version(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    def apply(self, conn: sqlite3.Connection) -> None:
        """Runs the steps that are missing, inside the caller's transaction."""
        # 90 ms to load, and needed only when a store is new or old
        from sqlite_utils import Database, Migrations  # noqa: PLC0415

        migrations = Migrations(self.name)
        for number, statements in enumerate(self.steps, start=1):

            def step(db: Database, statements: tuple[str, ...] = statements) -> None:
                for statement in statements:
                    db.conn.execute(statement)

            migrations(name=f"step {number}")(step)
        migrations.apply(Database(conn, recursive_triggers=False, execute_plugins=False))
        conn.execute(f"PRAGMA user_version = {self.version}")


ITEMS: Final = Schema(
    "items",
    (
        (
            """
            CREATE TABLE state (        -- what there is once
                name TEXT PRIMARY KEY,  -- 'about', 'cursor', 'anew'
                value TEXT NOT NULL     -- JSON
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE totals (       -- counted while writing, never by reading rows
                name TEXT PRIMARY KEY,  -- 'items', 'kind:photo', …; 'seq': the last change
                value INTEGER NOT NULL
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE folders (
                number INTEGER PRIMARY KEY,
                key TEXT UNIQUE,        -- the service's id; NULL where a folder is only a path
                parent TEXT,            -- key of the folder around it
                name TEXT,              -- NULL while only an item named the folder
                path TEXT               -- computed from the parents; NULL while not told
            )
            """,
            "CREATE INDEX folders_by_path ON folders (path)",
            "CREATE INDEX folders_by_parent ON folders (parent) WHERE parent IS NOT NULL",
            """
            CREATE TABLE items (
                number INTEGER PRIMARY KEY,   -- of the change it came with; given once
                key TEXT NOT NULL UNIQUE,     -- the service's id
                seq INTEGER NOT NULL,         -- number of its last change
                digest BLOB NOT NULL,         -- of the service's fields below
                raw_digest BLOB,              -- of what lies in raws; NULL: nothing
                folder INTEGER REFERENCES folders (number),
                relations INTEGER NOT NULL,   -- bits, joined over all holds
                kind TEXT NOT NULL,
                title TEXT NOT NULL,
                text TEXT NOT NULL,
                url TEXT,
                people TEXT,                  -- JSON: [[role, name, handle], …]
                created_ms INTEGER,           -- milliseconds since 1970, UTC
                created_offset_s INTEGER,     -- the service's own offset; NULL: it told none
                created_day TEXT,             -- the day on the clock where it was made
                changed_ms INTEGER,
                changed_offset_s INTEGER,
                album TEXT,
                mime TEXT,
                size INTEGER,                 -- bytes
                width INTEGER,                -- pixels
                height INTEGER,               -- pixels
                duration_s REAL,
                lat REAL,                     -- degrees
                lon REAL,                     -- degrees
                place TEXT,                   -- its name
                tags TEXT,                    -- JSON: [tag, …]
                reactions TEXT,               -- JSON: {name: count}
                visibility TEXT,
                content_hash TEXT,
                thumbnail TEXT,               -- an address, or 'ask:'
                has_content INTEGER NOT NULL, -- 1: the service can give the content
                extra TEXT,                   -- JSON
                thumbnail_bytes INTEGER       -- of the small picture in thumbs.db; NULL: none
            )
            """,
            "CREATE INDEX items_by_seq ON items (seq)",
            "CREATE INDEX items_by_folder ON items (folder) WHERE folder IS NOT NULL",
            """
            CREATE TABLE removals (
                seq INTEGER PRIMARY KEY,      -- number of the change
                item INTEGER NOT NULL         -- the number the item had
            )
            """,
            """
            CREATE TABLE raws (               -- apart, so that rows of items stay short
                item INTEGER PRIMARY KEY REFERENCES items (number),
                raw BLOB NOT NULL             -- JSON as text, or zlib of it as a blob
            )
            """,
            """
            CREATE TABLE listings (
                number INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,    -- '' for pages that name none
                generation INTEGER NOT NULL,  -- raised whenever it is listed anew
                open INTEGER NOT NULL,        -- 1: it is being listed anew and has not ended
                since INTEGER NOT NULL        -- generation the last full listing began with
            )
            """,
            """
            CREATE TABLE holds (              -- which listing shows which item; no REFERENCES,
                                              -- which took a quarter of the time of a page
                listing INTEGER NOT NULL,
                item INTEGER NOT NULL,
                generation INTEGER NOT NULL,  -- of the listing, when it last showed the item
                relations INTEGER NOT NULL,   -- bits, as this listing tells them
                PRIMARY KEY (listing, item)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX holds_by_item ON holds (item)",
            """
            CREATE TABLE pending (            -- content or a picture to be fetched
                item INTEGER PRIMARY KEY REFERENCES items (number)
            )
            """,
            """
            CREATE TABLE treated (            -- what the second pass did
                item INTEGER PRIMARY KEY REFERENCES items (number),
                marker TEXT NOT NULL,         -- of the content that was read
                outcome TEXT NOT NULL,        -- 'done', 'skipped', 'failed'
                reason TEXT NOT NULL,         -- a code; empty when done
                tries INTEGER NOT NULL,       -- with this marker
                at_ms INTEGER NOT NULL
            )
            """,
            """
            CREATE TABLE contents (
                item INTEGER PRIMARY KEY REFERENCES items (number),
                bytes INTEGER NOT NULL,       -- of the text in UTF-8
                text TEXT NOT NULL            -- what is written inside the file
            )
            """,
            """
            CREATE TABLE facts (              -- found inside the file; they fill gaps
                item INTEGER PRIMARY KEY REFERENCES items (number),
                created_ms INTEGER,
                created_offset_s INTEGER,
                created_day TEXT,
                width INTEGER,
                height INTEGER,
                lat REAL,
                lon REAL,
                place TEXT
            )
            """,
            """
            CREATE TABLE marks (              -- the person's own; an item may go and return
                key TEXT PRIMARY KEY,         -- of the item
                starred INTEGER NOT NULL,
                tags TEXT NOT NULL,           -- JSON: [tag, …]
                note TEXT NOT NULL
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE stale_thumbnails (   -- still to be deleted from thumbs.db
                item INTEGER PRIMARY KEY
            )
            """,
            """
            CREATE TABLE syncs (
                number INTEGER PRIMARY KEY,
                started_ms INTEGER NOT NULL,
                ended_ms INTEGER NOT NULL,
                complete INTEGER NOT NULL,    -- 1: a full listing
                error TEXT,                   -- name of an error class; NULL: it ended well
                balance TEXT NOT NULL         -- JSON
            )
            """,
        ),
    ),
)

THUMBNAILS: Final = Schema(
    "thumbnails",
    (
        (
            """
            CREATE TABLE thumbnails (
                item INTEGER PRIMARY KEY,     -- its number in items.db
                picture BLOB NOT NULL         -- WebP
            )
            """,
            """
            CREATE TABLE totals (             -- one row
                count INTEGER NOT NULL,
                bytes INTEGER NOT NULL
            )
            """,
            "INSERT INTO totals (count, bytes) VALUES (0, 0)",
        ),
    ),
)

ROSTER: Final = Schema(
    "roster",
    (
        (
            """
            CREATE TABLE accounts (
                id TEXT PRIMARY KEY,          -- random, safe as a file name
                plugin TEXT NOT NULL,
                state TEXT NOT NULL,          -- an AccountState
                trouble TEXT,                 -- name of an error class
                commits INTEGER NOT NULL,     -- of the text index
                due_ms INTEGER,               -- when the next sync is due
                failures INTEGER NOT NULL     -- syncs in a row that ended in trouble
            ) WITHOUT ROWID
            """,
        ),
    ),
)

LEDGER: Final = Schema(
    "ledger",
    (
        (
            """
            CREATE TABLE calls (
                day TEXT NOT NULL,            -- YYYY-MM-DD, this computer's
                host TEXT NOT NULL,           -- empty: cut, the account is gone
                service TEXT NOT NULL,        -- the plugin's id
                account TEXT NOT NULL,
                purpose TEXT NOT NULL,
                calls INTEGER NOT NULL,
                bytes INTEGER NOT NULL,       -- sent and received
                PRIMARY KEY (day, host, service, account, purpose)
            ) WITHOUT ROWID
            """,
        ),
    ),
)

LIBRARY: Final = Schema(
    "library",
    (
        (
            """
            CREATE TABLE approved (
                plugin TEXT PRIMARY KEY,
                content_hash TEXT NOT NULL,   -- of all its files, when the person said yes
                at_ms INTEGER NOT NULL
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE receipts (           -- ids, counts, times and outcome; no address
                number INTEGER PRIMARY KEY,
                account TEXT NOT NULL,
                service TEXT NOT NULL,
                at_ms INTEGER NOT NULL,
                items INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                seconds REAL NOT NULL,
                outcome TEXT NOT NULL,        -- a RemoteOutcome
                left_over INTEGER NOT NULL    -- how many paths could not be deleted
            )
            """,
            """
            CREATE TABLE recent_searches (
                text TEXT PRIMARY KEY,
                at_ms INTEGER NOT NULL
            ) WITHOUT ROWID
            """,
        ),
    ),
)
