"""Progress of a sync on a terminal: one line on standard error, at most ten times a second."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jolidrive.model.events import Event, PageStored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.drive import Drive

_EVERY_S: Final = 0.1
_WIDTH: Final = 60


@contextmanager
def progress(drive: Drive) -> Iterator[None]:
    """While entered, tells how far the jobs are; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    line = _Line()
    subscription = drive.hub.subscribe(Event, line.show)
    try:
        yield
    finally:
        subscription.close()
        line.clear()


class _Line:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown_at = 0.0

    def show(self, event: Event) -> None:
        if not isinstance(event, PageStored):
            return
        with self._lock:
            now = time.monotonic()
            if now - self._shown_at < _EVERY_S:
                return
            self._shown_at = now
            of = f" of {event.total:,}" if event.total else ""
            what = "read" if event.phase == "listing" else "contents read"
            text = f"{event.account}: {event.seen:,}{of} {what}"
            sys.stderr.write("\r" + text[:_WIDTH].ljust(_WIDTH))
            sys.stderr.flush()

    def clear(self) -> None:
        """Takes the line away."""
        sys.stderr.write("\r" + " " * _WIDTH + "\r")
        sys.stderr.flush()
