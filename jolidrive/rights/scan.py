"""Looks through a stream of bytes, and through everything compressed that begins in it.

Bytes come in pieces of any size; what is kept between two is as long as the longest match, so
memory stays flat. A zip member, a zlib or a gzip stream may begin at any byte: each place that
looks like one is tried, and noise fails within a few bytes.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .traces import Traces

PIECE: Final = 2**20
_DEPTH: Final = 3
_MOST_UNPACKED: Final = 2**30
_MOST_AT_ONCE: Final = 64
_HEAD: Final = 30
"""Bytes of a zip member's head before its name."""

_BEGIN: Final = re.compile(rb"[P\x1f\x78](?:K\x03\x04|\x8b\x08|[\x01\x5e\x9c\xda])")
"""One set of letters in front, which the engine skips to; what it is, `_opened` looks at."""
_PROBE: Final = 64


class Scanner:
    """Feeds on pieces; `found` grows with the ways a text was seen."""

    def __init__(self, traces: Traces, *, depth: int = _DEPTH) -> None:
        self.found: set[str] = set()
        self.is_whole = True
        self._traces = traces
        self._depth = depth
        self._keep = max(traces.longest, _HEAD)
        self._tail = b""
        self._unpackers: list[_Unpacker] = []

    def feed(self, piece: bytes) -> None:
        """Looks through the next bytes."""
        window = self._tail + piece
        self.found.update(self._traces.in_bytes(window))
        if self._depth:
            self._unpack(window, piece)
        self._tail = window[-self._keep :]

    def finish(self) -> None:
        """Tells that nothing more comes: what begins in the last bytes is tried too."""
        if self._depth:
            self._begin(self._tail, max(0, len(self._tail) - _HEAD), len(self._tail))
            for unpacker in self._unpackers:
                unpacker.inside.finish()
                self._take(unpacker)

    def _unpack(self, window: bytes, piece: bytes) -> None:
        for unpacker in self._unpackers:
            unpacker.feed(memoryview(piece))
            self._take(unpacker)
        # A head needs its thirty bytes: what begins later is left for the next piece.
        old = max(0, len(self._tail) - _HEAD)
        self._begin(window, old, max(old, len(window) - _HEAD))
        self._unpackers = [one for one in self._unpackers if one.is_open]

    def _begin(self, window: bytes, start: int, end: int) -> None:
        view = memoryview(window)
        for begin in _BEGIN.finditer(window, start, min(len(window), end + 3)):
            if begin.start() >= end:
                break
            if len(self._unpackers) >= _MOST_AT_ONCE:
                self.is_whole = False
                break
            unpacker = self._opened(view[begin.start() :])
            if unpacker is not None:
                self._take(unpacker)
                if unpacker.is_open:
                    self._unpackers.append(unpacker)

    def _opened(self, view: memoryview) -> _Unpacker | None:
        bits, skip = zlib.MAX_WBITS, 0
        head = bytes(view[:_HEAD])
        if head.startswith(b"\x1f\x8b"):
            bits += 16
        elif head.startswith(b"PK"):
            if len(head) < _HEAD or head[8:10] != b"\x08\0":
                return None
            bits = -bits
            skip = _HEAD + int.from_bytes(head[26:28], "little")
            skip += int.from_bytes(head[28:30], "little")
        if not _may_unpack(view[skip : skip + _PROBE], bits):
            return None
        unpacker = _Unpacker(Scanner(self._traces, depth=self._depth - 1), bits, skip)
        unpacker.feed(view)
        return unpacker

    def _take(self, unpacker: _Unpacker) -> None:
        inside = unpacker.inside
        self.found.update(f"compressed {how}" for how in inside.found)
        self.is_whole = self.is_whole and inside.is_whole and not unpacker.is_too_long


def _may_unpack(view: memoryview, bits: int) -> bool:
    """Noise that looks like a beginning fails within a few bytes."""
    try:
        zlib.decompressobj(bits).decompress(view, _PROBE)
    except zlib.error:
        return False
    return True


class _Unpacker:
    """One compressed stream, as far as it can be read."""

    def __init__(self, inside: Scanner, bits: int, skip: int) -> None:
        self.inside = inside
        self.is_open = True
        self.is_too_long = False
        self._stream = zlib.decompressobj(bits)
        self._skip = skip
        self._left = _MOST_UNPACKED

    def feed(self, piece: memoryview) -> None:
        """Unpacks a piece and has it looked through."""
        packed: memoryview | bytes = piece[self._skip :]
        self._skip = max(0, self._skip - len(piece))
        is_full = False
        while self.is_open and (packed or is_full):
            try:
                plain = self._stream.decompress(packed, PIECE)
            except zlib.error:
                self._end()
                return
            packed = self._stream.unconsumed_tail
            # All input may be taken while there is more to come out.
            is_full = len(plain) == PIECE
            self._left -= len(plain)
            self.is_too_long = self._left < 0
            self.inside.feed(plain)
            if self._stream.eof or self.is_too_long:
                self._end()

    def _end(self) -> None:
        self.is_open = False
        self.inside.finish()
