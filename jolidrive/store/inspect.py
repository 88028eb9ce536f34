"""Reads whatever lies in any database and any index, for those who look for traces.

It knows no table and no field of ours: a trace may lie in an old, a half-migrated or a
foreign one. It reads only. One row or one dictionary is in memory at a time.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Final

import tantivy

from jolidrive.errors import StoreDamagedError

from .index_trouble import told_as_ours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SQLITE_HEAD: Final = b"SQLite format 3\0"
_BUSY_S: Final = 10.0
_INFLATED: Final = 64 * 2**20


def column_values(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every text and blob of a database with `table.column`; what is zlib comes unpacked too.

    `StoreDamagedError` in the middle when the file does not read as a database.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.text_factory = bytes
            for table in _tables(connection):
                yield from _table_values(connection, table)
    except sqlite3.Error as error:
        raise StoreDamagedError(path.name) from error


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return [bytes(name).decode("utf-8", "replace") for (name,) in found.fetchall()]


def _table_values(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, bytes]]:
    quoted = table.replace('"', '""')
    rows = connection.execute(f'SELECT * FROM "{quoted}"')
    names = [f"{table}.{column[0]}" for column in rows.description]
    for row in rows:
        for name, value in zip(names, row, strict=True):
            if isinstance(value, bytes):
                yield name, value
                unpacked = _unpacked(value)
                if unpacked:
                    yield name, unpacked


def _unpacked(value: bytes) -> bytes:
    """What a zlib value holds, as far as it can be read; nothing for any other value."""
    if value[:1] != b"\x78":
        return b""
    try:
        return zlib.decompressobj().decompress(value, _INFLATED)
    except zlib.error:
        return b""


class IndexWords:
    """The dictionary of a text index. Words of removed items are in it until a merge.

    Raises:
        StoreDamagedError: the folder does not open as an index.
    """

    def __init__(self, folder: Path) -> None:
        with told_as_ours(folder.name):
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
        self._name = folder.name
        self._fields = _text_fields(folder)

    @staticmethod
    def lie_in(folder: Path) -> bool:
        """Whether a folder holds an index."""
        return (folder / "meta.json").is_file()

    def fields(self) -> tuple[str, ...]:
        """Every field with text in it."""
        return tuple(self._fields)

    def terms(self, field: str) -> list[str]:
        """Every term of a field, in order."""
        with told_as_ours(self._name):
            return [term for term, _ in self._searcher.terms_with_prefix(field, "")]

    def has_in_a_row(self, field: str, terms: Sequence[str]) -> bool:
        """Whether an item has these terms in a row; never where a field keeps no places."""
        if not self._fields[field]:
            return False
        with told_as_ours(self._name):
            query = tantivy.Query.phrase_query(self._index.schema, field, list(terms))
            return bool(self._searcher.search(query, 1).hits)


def _text_fields(folder: Path) -> dict[str, bool]:
    """The indexed text fields, each with whether it keeps the places of words."""
    try:
        entries = json.loads((folder / "meta.json").read_bytes())["schema"]
        return {
            str(entry["name"]): entry["options"]["indexing"]["record"] == "position"
            for entry in entries
            if entry["type"] == "text" and entry["options"].get("indexing")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise StoreDamagedError("index", folder.name) from None
