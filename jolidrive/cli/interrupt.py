"""Ctrl+C while a sync runs: a clean stop, with its balance; a second one ends at once.

What must not stay behind (the demo's profile) is cleared away on the other signals too.

Where signals belong to somebody else (another thread, a program that embeds the command line)
nothing is changed.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.sync.job import Stop


@contextmanager
def unwinds() -> Iterator[None]:
    """While entered, SIGTERM and SIGHUP unwind what is open instead of ending at once."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ended(number: int, _: object) -> None:
        for name in names:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {name: signal.signal(getattr(signal, name), ended) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler or signal.SIG_DFL)


class Interrupt:
    """Remembers that the person wants to end."""

    def __init__(self) -> None:
        self.came = False

    @contextmanager
    def asks(self, stop: Stop) -> Iterator[None]:
        """While entered, the first Ctrl+C asks the job to stop."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupted(*_: object) -> None:
            self.came = True
            stop.ask()
            signal.signal(signal.SIGINT, before or signal.default_int_handler)

        before = signal.signal(signal.SIGINT, interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before or signal.default_int_handler)
