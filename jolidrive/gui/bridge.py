"""Events of the core, brought to the main thread: the one subscriber of the window.

Progress is joined to ten updates a second. Events are kept until the window says it is ready,
and their order stays as it was.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from jolidrive.model.events import Event, PageStored

if TYPE_CHECKING:
    from jolidrive.hub import Hub

PROGRESS_MS = 100


class Bridge(QObject):
    """Re-emits each event as `happened`."""

    happened = Signal(object)
    _woken = Signal()

    def __init__(self, hub: Hub) -> None:
        # No parent: a thread that is publishing keeps this alive until it is through.
        super().__init__()
        self._lock = threading.Lock()
        self._waiting: list[Event] = []
        self._ready = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PROGRESS_MS)
        self._pause.timeout.connect(self._flush)
        self._woken.connect(self._wake, Qt.ConnectionType.QueuedConnection)
        self._subscription = hub.subscribe(Event, self._heard)

    def ready(self) -> None:
        """The window can take events now; what waited comes first."""
        self._ready = True
        self._flush()

    def close(self) -> None:
        """No more events."""
        self._subscription.close()
        self._ready = False
        self._pause.stop()

    def _heard(self, event: Event) -> None:
        """In the publisher's thread."""
        with self._lock:
            if isinstance(event, PageStored):
                self._waiting = [e for e in self._waiting if not _older(e, event)]
            first = not self._waiting
            self._waiting.append(event)
            urgent = not isinstance(event, PageStored)
        if first or urgent:
            self._woken.emit()

    def _wake(self) -> None:
        if not self._ready:
            return
        with self._lock:
            urgent = any(not isinstance(event, PageStored) for event in self._waiting)
        if urgent or not self._pause.isActive():
            self._flush()

    def _flush(self) -> None:
        if not self._ready:
            return
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if waiting:
            self._pause.start()
        for event in waiting:
            self.happened.emit(event)


def _older(event: Event, newer: PageStored) -> bool:
    return (
        isinstance(event, PageStored)
        and event.account == newer.account
        and event.phase == newer.phase
    )
