"""Reads a JSON Lines file, page by page, with flat memory.

The cursor says how far the file was read and what it was like: a file that only grew is read
on from there, an unchanged one costs a look, any other is refused, so that everything is listed
anew and lines that are no longer there vanish.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from jolidrive.api import (
    Connector,
    CursorRefusedError,
    Identity,
    Item,
    OptionMissingError,
    Page,
    Skipped,
)

from .line import BadLineError, read_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.api import Cursor, Json

PAGE_LINES: Final = 1_000
MAX_LINE: Final = 4_000_000
"""Bytes of a line; a longer one is skipped without being held."""

TOLD_LINES: Final = 20
"""How many bad lines of one pull are told by their number."""

_END: Final = ord("\n")
_TOO_LONG: Final = b"["
_BLOCK: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a file was read.

    Args:
        offset: bytes read, always at the start of a line.
        line: lines read.
        crc: checksum of these bytes.
        size: the file's size when it was read to its end, else None.
        changed_ns: and its time of change.
    """

    offset: int = 0
    line: int = 0
    crc: int = 0
    size: int | None = None
    changed_ns: int | None = None

    def as_cursor(self) -> Cursor:
        """The position as small JSON."""
        return {
            "offset": self.offset,
            "line": self.line,
            "crc": self.crc,
            "size": self.size,
            "changed_ns": self.changed_ns,
        }

    @classmethod
    def of_cursor(cls, cursor: Cursor) -> Position:
        """The position of a cursor.

        Raises:
            CursorRefusedError: it is none of ours.
        """
        if cursor is None:
            return cls()
        if not isinstance(cursor, dict):
            raise CursorRefusedError
        known = {name: _number(cursor.get(name)) for name in cls.__slots__}
        if any(known[name] is None for name in ("offset", "line", "crc")):
            raise CursorRefusedError
        return cls(**{name: value for name, value in known.items() if value is not None})


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class JsonLines(Connector):
    """One file."""

    def identify(self) -> Identity:
        """The file itself."""
        path = self._path()
        return Identity(key=str(path), label=path.name)

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """The lines that are new since `cursor`."""
        position = Position.of_cursor(cursor)
        try:
            with self._path().open("rb") as file:
                yield from _pages(file, position)
        except OSError:
            raise OptionMissingError(
                "JSON Lines file", "path", problem="it cannot be read"
            ) from None

    def _path(self) -> Path:
        typed = self.context.options.get("path", "")
        if not typed:
            raise OptionMissingError("JSON Lines file", "path")
        try:
            path = Path(typed).expanduser().absolute()
            if path.is_file():
                return path
        except (OSError, RuntimeError, ValueError):
            self.context.log.debug("the path cannot be looked at")
        raise OptionMissingError("JSON Lines file", "path", problem="there is no such file")


def _pages(file: BinaryIO, position: Position) -> Iterator[Page]:
    told = Path(file.name).stat()
    if (position.size, position.changed_ns) == (told.st_size, told.st_mtime_ns):
        return
    _demand_same_beginning(file, position)
    file.seek(position.offset)
    reader = _Reader(file, position)
    while True:
        items, skipped = reader.page()
        ended = reader.ended
        after = reader.position
        if ended:
            after = replace(after, size=told.st_size, changed_ns=told.st_mtime_ns)
        yield Page(items=tuple(items), skipped=tuple(skipped), cursor=after.as_cursor())
        if ended:
            return


def _demand_same_beginning(file: BinaryIO, position: Position) -> None:
    left, crc = position.offset, 0
    while left > 0:
        block = file.read(min(left, _BLOCK))
        if not block:
            break
        crc = zlib.crc32(block, crc)
        left -= len(block)
    if left or crc != position.crc:
        raise CursorRefusedError


class _Reader:
    """Reads lines from where the file stands and remembers how far it came."""

    def __init__(self, file: BinaryIO, position: Position) -> None:
        self.ended = False
        self._file = file
        self._offset = position.offset
        self._line = position.line
        self._crc = position.crc
        self._bad = 0

    @property
    def position(self) -> Position:
        """The start of the first line that was not read whole."""
        return Position(offset=self._offset, line=self._line, crc=self._crc)

    def page(self) -> tuple[list[Item], list[Skipped]]:
        """The next lines, as items and as lines left out."""
        items: list[Item] = []
        skipped: list[Skipped] = []
        for number in range(self._line + 1, self._line + 1 + PAGE_LINES):
            line = self._next_line()
            if not line:
                break
            if line.isspace():
                continue
            try:
                items.append(read_line(line))
            except BadLineError as bad:
                skipped.append(self._left_out(number, bad))
        return items, skipped

    def _next_line(self) -> bytes:
        """A line; what is too long for one comes cut, and reads as none.

        A last line without its end is read, but not counted: it may still be growing.
        """
        if self.ended:
            return b""
        line = self._file.readline(MAX_LINE)
        if not line or (line[-1] != _END and len(line) < MAX_LINE):
            self.ended = True
            return line
        first = self._line == 0
        self._count(line)
        if line[-1] != _END:
            self._pass_over()
            return _TOO_LONG
        return line.removeprefix(_BOM) if first else line

    def _count(self, line: bytes) -> None:
        self._offset += len(line)
        self._crc = zlib.crc32(line, self._crc)
        self._line += 1

    def _pass_over(self) -> None:
        """The rest of a line that is too long to be held."""
        while rest := self._file.readline(MAX_LINE):
            self._offset += len(rest)
            self._crc = zlib.crc32(rest, self._crc)
            if rest[-1] == _END:
                return

    def _left_out(self, number: int, bad: BadLineError) -> Skipped:
        """The first ones by their number, so that a file of mistakes stays a short list."""
        self._bad += 1
        told = f"line {number}" if self._bad <= TOLD_LINES else "further lines"
        return Skipped(key=f"line {number}", reason=f"{told}: {bad}")
