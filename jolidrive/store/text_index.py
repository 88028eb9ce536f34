"""An account's text index, to read: opened, reloaded, and found out whether it can be used.

Reading needs no lock. What cannot be read (not there yet, damaged, of another format) answers
nothing until whoever holds the account's lock has built it anew; `state` says which it is. The
writer is `index_writer`.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import tantivy

from jolidrive.errors import StoreError

from . import index_schema as to
from .index_trouble import told_as_ours

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "index"
"""Under the account's folder."""


class IndexState(StrEnum):
    """Whether an index can be asked."""

    READY = "ready"
    ABSENT = "absent"
    DAMAGED = "damaged"
    OTHER_FORMAT = "other_format"


def read_marker(searcher: tantivy.Searcher, schema: tantivy.Schema) -> tuple[int, int] | None:
    """Format and change number reached, as the last commit says."""
    query = tantivy.Query.term_query(schema, to.MARKER, to.MARKER_KEY)
    hits = searcher.search(query, 1, count=False).hits
    if not hits:
        return None
    values = searcher.doc(hits[0][1])[to.MARKER]
    numbers = [value for value in values if value != to.MARKER_KEY]
    format_, _, step = str(numbers[0]).partition(":") if numbers else ("", "", "")
    return (int(format_), int(step)) if format_.isdigit() and step.isdigit() else None


class TextIndex:
    """The index in one account's folder. Safe to use from several threads."""

    def __init__(self, folder: Path, account: str = "") -> None:
        self.account = account
        self._folder = folder / FOLDER
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._inode: tuple[int, int] | None = None
        self._searcher: tantivy.Searcher | None = None
        self._step = 0
        self._state = IndexState.ABSENT

    @classmethod
    def open(cls, folder: Path, account: str = "") -> TextIndex:
        """Opens the index in an account's folder; never fails, see `state`."""
        index = cls(folder, account)
        index.reload()
        return index

    @property
    def state(self) -> IndexState:
        """Whether it can be asked."""
        return self._state

    @property
    def step(self) -> int:
        """The change number its last commit reached; 0 where it cannot be asked."""
        return self._step

    @property
    def searcher(self) -> tantivy.Searcher | None:
        """The items as they were at the last `reload`, None where it cannot be asked."""
        return self._searcher

    def reload(self) -> bool:
        """Looks at the newest commit. Returns whether there is something new."""
        with self._lock:
            before = (self._state, self._step, self._inode)
            try:
                with told_as_ours(self.account):
                    self._look()
            except StoreError:
                self._forget(IndexState.DAMAGED)
            return before != (self._state, self._step, self._inode)

    def close(self) -> None:
        """Lets go of the files."""
        with self._lock:
            self._forget(IndexState.ABSENT)

    def _forget(self, state: IndexState) -> None:
        self._index = self._searcher = self._inode = None
        self._step = 0
        self._state = state

    def _look(self) -> None:
        if not (self._folder / "meta.json").exists():
            self._forget(IndexState.ABSENT)
            return
        about = self._folder.stat()
        inode = (about.st_dev, about.st_ino)
        if self._index is None or inode != self._inode:
            self._index = tantivy.Index.open(str(self._folder))
            self._index.config_reader("manual")
            self._inode = inode
        self._index.reload()
        searcher = self._index.searcher()
        marker = read_marker(searcher, self._index.schema)
        if marker is None:
            # The folder was made a moment ago and nothing is committed, or it is not ours.
            self._forget(IndexState.ABSENT)
        elif marker[0] != to.FORMAT:
            self._forget(IndexState.OTHER_FORMAT)
        else:
            self._searcher = searcher
            self._step = marker[1]
            self._state = IndexState.READY
