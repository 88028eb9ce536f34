"""Looks whether a text is left anywhere in a profile: the proof that revoking wipes.

Every file is read as bytes, whatever it is (so free pages, logs beside a database and torn
files are covered), and then as what it is: each column of each database, each word of each
index. Nothing is opened for writing, and no result holds the text itself.

What it cannot see: text that a page of free space holds only half of, several words in a row
of an item that was removed from an index but not yet merged away (each word alone is seen),
and text behind other compression or encryption than zip, gzip and zlib.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jolidrive.errors import StoreError
from jolidrive.model.words import fold
from jolidrive.store.inspect import SQLITE_HEAD, IndexWords, column_values

from .scan import PIECE, Scanner
from .traces import traces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .traces import Traces


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A place where a text lies, and how: `text`, `utf-16`, `compressed text`, `word`."""

    place: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found.

    Args:
        found: the places, in order; empty is the good news.
        unread: places that could not be read, or not wholly, as what they are.
        files: how many were read.
        bytes: how many those had.
    """

    found: tuple[Found, ...]
    unread: tuple[str, ...]
    files: int
    bytes: int


def verify_erasure(profile: Path, texts: Iterable[str]) -> Report:
    """Looks for each of the texts in everything the profile's folder holds."""
    search = _Search(profile, traces_of(texts))
    search.run()
    return Report(
        found=tuple(sorted(search.found)),
        unread=tuple(sorted(search.unread)),
        files=search.files,
        bytes=search.bytes,
    )


class _Search:
    def __init__(self, profile: Path, traces: Traces) -> None:
        self.found: set[Found] = set()
        self.unread: set[str] = set()
        self.files = 0
        self.bytes = 0
        self._profile = profile
        self._traces = traces

    def run(self) -> None:
        # Bytes before meaning: reading a database may tidy away the log beside it.
        databases = [path for path in self._paths() if self._look_at_file(path)]
        for path in databases:
            self._look_at_database(path)
        for folder in self._folders():
            if IndexWords.lie_in(folder):
                self._look_at_index(folder)

    def _folders(self) -> Iterator[Path]:
        for folder, _, _ in os.walk(self._profile, onerror=self._not_read):
            yield Path(folder)

    def _paths(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self._profile, onerror=self._not_read):
            for name in (*folders, *files):
                self._look_at(
                    os.fsencode(name), f"{self._place(Path(folder))}/", prefix="name "
                )
            for name in sorted(files):
                yield Path(folder, name)

    def _not_read(self, error: OSError) -> None:
        # What vanished meanwhile is gone, and gone is what is asked for.
        if not isinstance(error, FileNotFoundError):
            self.unread.add(self._place(Path(error.filename)))

    def _place(self, path: Path) -> str:
        return path.relative_to(self._profile).as_posix()

    def _note(self, place: str, ways: Iterable[str]) -> None:
        self.found.update(Found(place, how) for how in ways)

    def _look_at(self, value: bytes | bytearray, place: str, *, prefix: str = "") -> None:
        self._note(place, (prefix + how for how in self._traces.in_bytes(value)))

    def _look_at_file(self, path: Path) -> bool:
        """Looks through a file's bytes; whether it is a database."""
        place = self._place(path)
        if path.is_symlink() or not path.is_file():
            return False
        scanner, head = Scanner(self._traces), b""
        try:
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    head = head or piece[: len(SQLITE_HEAD)]
                    self.bytes += len(piece)
                    scanner.feed(piece)
        except OSError as error:
            self._not_read(error)
        scanner.finish()
        self.files += 1
        self._note(place, scanner.found)
        if not scanner.is_whole:
            self.unread.add(place)
        return head == SQLITE_HEAD

    def _look_at_database(self, path: Path) -> None:
        place = self._place(path)
        # Values are looked at many together: a million rows have thirty million of them.
        waiting: defaultdict[str, bytearray] = defaultdict(bytearray)
        try:
            for column, value in column_values(path):
                together = waiting[column]
                together += value + b"\0"
                if len(together) > PIECE:
                    self._look_at(together, f"{place}:{column}")
                    together.clear()
        except StoreError:
            if path.exists():
                self.unread.add(place)
        for column, together in waiting.items():
            self._look_at(together, f"{place}:{column}")

    def _look_at_index(self, folder: Path) -> None:
        place = self._place(folder)
        try:
            index = IndexWords(folder)
            for field in index.fields():
                if self._is_in(index, field):
                    self.found.add(Found(f"{place}:{field}", "word"))
        except StoreError:
            if folder.exists():
                self.unread.add(place)

    def _is_in(self, index: IndexWords, field: str) -> bool:
        """A word (also inside a longer one), a whole value, or words in a row."""
        single = [terms[0] for terms in self._traces.terms if len(terms) == 1]
        wanted = {text for text in (*single, *self._traces.folded) if text}
        if any(text in fold(term) for term in index.terms(field) for text in wanted):
            return True
        rows = (terms for terms in self._traces.terms if len(terms) > 1)
        return any(index.has_in_a_row(field, terms) for terms in rows)
