"""Runs calls off the main thread and brings back a result or an error.

The main thread never waits: no disk, no network, no lock. A call belongs to a *lane* when only
its newest result matters (search as you type): a newer call makes the older ones stale, and a
stale result is never delivered, whatever order they end in.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Task(QRunnable, Generic[T]):
    """One call. `cancel()` makes its result unwanted; one not begun yet never begins."""

    def __init__(
        self,
        home: Tasks,
        call: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._home = home
        self._call = call
        self._done = done
        self._failed = failed
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether nobody wants the result any more. May be asked from the call itself."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Nobody wants the result any more."""
        self._cancelled.set()

    def run(self) -> None:
        """Qt calls this in a thread of the pool."""
        outcome: _Outcome[T] = _Outcome(self)
        if not self.cancelled:
            try:
                outcome.result = [self._call()]
            except Exception as error:  # noqa: BLE001 - the one place at the top of this thread
                outcome.error = error
        self._home.ended.emit(outcome)

    def deliver(self, outcome: _Outcome[T]) -> None:
        """Hands over what came of it, in the main thread."""
        if self.cancelled:
            return
        if outcome.error is None:
            self._done(outcome.result[0])
        elif self._failed is not None:
            self._failed(outcome.error)
        else:
            _log.error("a call failed: %s", type(outcome.error).__name__)


@dataclass(slots=True)
class _Outcome(Generic[T]):
    task: Task[T]
    result: list[T]
    error: Exception | None

    def __init__(self, task: Task[T]) -> None:
        self.task = task
        self.result = []
        self.error = None


class Tasks(QObject):
    """Hands calls to threads. One pool for work that may wait long, one for quick reads."""

    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quick = QThreadPool(self)
        self._quick.setMaxThreadCount(4)
        self._slow = QThreadPool(self)
        self._slow.setMaxThreadCount(8)
        self._open: set[Task[object]] = set()
        self._lanes: dict[str, Task[object]] = {}
        self.ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        call: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        lane: str = "",
        slow: bool = False,
    ) -> Task[T]:
        """Runs `call` in a thread; `done` or `failed` is called in the main thread."""
        task = Task(self, call, done, failed)
        if lane:
            if lane in self._lanes:
                self._lanes[lane].cancel()
            self._lanes[lane] = task  # type: ignore[assignment] - lanes hold tasks of any result
        self._open.add(task)  # type: ignore[arg-type] - as above
        (self._slow if slow else self._quick).start(task)
        return task

    def close(self, wait_ms: int = 2000) -> None:
        """Cancels all, and waits a moment for what runs."""
        for task in self._open:
            task.cancel()
        self._quick.clear()
        self._slow.clear()
        self._quick.waitForDone(wait_ms)
        self._slow.waitForDone(wait_ms)

    @property
    def busy(self) -> bool:
        """Whether a call still runs whose result is wanted."""
        return any(not task.cancelled for task in self._open)

    def _deliver(self, outcome: _Outcome[object]) -> None:
        self._open.discard(outcome.task)
        outcome.task.deliver(outcome)
