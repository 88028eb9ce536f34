"""Answers what a connecting thread asks, by asking the person in the main thread.

The connecting thread waits here for the answer; the main thread never waits for anything.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_S: Final = 0.1


class Asker(QObject):
    """One for each sign-in. Its signals arrive in the main thread."""

    opening = Signal(str)
    showing = Signal(str)
    trust_asked = Signal(str, str)
    name_asked = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given_up = threading.Event()
        self._answered = threading.Event()
        self._answer = False
        self.opening.connect(self._open_here)
        self.opens_browser = True

    # ── called from the connecting thread ──

    def open(self, url: str) -> bool:
        """Asks the main thread to open the browser; the address is shown as well."""
        self.opening.emit(url)
        return True

    def show(self, url: str) -> None:
        """The address, to be opened by hand."""
        self.showing.emit(url)

    def trust(self, host: str, fingerprint: str) -> bool:
        """Whether the person trusts a certificate nobody vouches for."""
        return self._wait_for(lambda: self.trust_asked.emit(host, fingerprint))

    def confirm(self, label: str) -> bool:
        """Whether the person is who the service says."""
        return self._wait_for(lambda: self.name_asked.emit(label))

    def cancelled(self) -> bool:
        """Whether the person gave up."""
        return self._given_up.is_set()

    # ── called from the main thread ──

    def give_up(self) -> None:
        """The person does not want it any more."""
        self._given_up.set()

    def answer(self, *, yes: bool) -> None:
        """The person's answer to the question that waits."""
        self._answer = yes
        self._answered.set()

    def _wait_for(self, ask: Callable[[], None]) -> bool:
        self._answered.clear()
        ask()
        while not self._answered.wait(_LOOK_S):
            if self._given_up.is_set():
                return False
        return self._answer

    def _open_here(self, url: str) -> None:
        if self.opens_browser:
            QDesktopServices.openUrl(QUrl(url))
        self.showing.emit(url)
