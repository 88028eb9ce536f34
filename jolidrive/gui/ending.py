"""Ends the window cleanly when the system asks for it: everything opened is closed again.

A signal while the window runs ends its event loop; before and after that it unwinds what is
open, so that a throwaway profile never stays behind. Python only runs a handler once it is its
turn again, and Qt may sleep for long: the pipe wakes it.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP")
_TOLD = 128
"""A program ended by signal n tells 128 + n."""


class Ending:
    """Remembers the signal that came, and ends what runs.

    Args:
        app: the application whose event loop is ended.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._inside = False
        self.code: int | None = None

    def run(self) -> int:
        """The event loop, until it ends or a signal came; returns the exit code."""
        codes: list[int | None] = []
        if self.code is None:
            self._inside = True
            codes.append(self._app.exec())
            self._inside = False
        return next(code for code in (self.code, *codes) if code is not None)

    def came(self, number: int, _: object = None) -> None:
        """A signal, in the main thread. A second one changes nothing: it ends already."""
        if self.code is not None:
            return
        self.code = _TOLD + number
        if not self._inside:
            sys.exit(self.code)
        self._app.exit(self.code)


@contextmanager
def ends_on_signals(app: QApplication) -> Iterator[Ending]:
    """While entered, the signals that end a program end it by way of `Ending`."""
    ending = Ending(app)
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.signal(number, ending.came) for number in numbers}
    with _woken():
        try:
            yield ending
        finally:
            for number, handler in before.items():
                signal.signal(number, handler or signal.SIG_DFL)


@contextmanager
def _woken() -> Iterator[None]:
    """Wakes Qt's loop when a signal comes; where that cannot be, its next timer does."""
    if sys.platform == "win32":
        yield
        return
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: os.read(reading, 64))
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        notifier.setEnabled(False)
        os.close(reading)
        os.close(writing)
