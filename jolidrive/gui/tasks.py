"""Runs calls off the main thread and brings back a result or an error.

The main thread never waits: no disk, no network, no lock. A call belongs to a *lane* when only
its newest result matters (search as you type): a newer call makes the older ones stale, and a
stale result is never delivered, whatever order they end in.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_log = logging.getLogger(__name__)
_QUICK, _SLOW = 4, 8
"""Threads for short reads, and for what may wait long (a sign-in, a wipe)."""


class Task(Generic[T]):
    """One call. `cancel()` makes its result unwanted; one not begun yet never begins."""

    def __init__(
        self,
        call: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        self._call = call
        self._done = done
        self._failed = failed
        self._cancelled = threading.Event()
        self._result: list[T] = []
        self._error: Exception | None = None

    @property
    def cancelled(self) -> bool:
        """Whether nobody wants the result any more. May be asked from the call itself."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Nobody wants the result any more."""
        self._cancelled.set()

    def work(self) -> None:
        """Runs in a thread of the pool."""
        if self.cancelled:
            return
        try:
            self._result = [self._call()]
        except Exception as error:  # noqa: BLE001 - the one place at the top of this thread
            self._error = error

    def deliver(self) -> None:
        """Hands over what came of it, in the main thread."""
        if self.cancelled:
            return
        if self._error is None:
            self._done(self._result[0])
        elif self._failed is not None:
            self._failed(self._error)
        else:
            _log.error("a call failed: %s", type(self._error).__name__)


class Tasks(QObject):
    """Hands calls to threads. One pool for work that may wait long, one for quick reads."""

    _ended = Signal(object)

    def __init__(self) -> None:
        # No parent: a thread that still runs keeps this alive until it has told its end.
        super().__init__()
        self._quick = ThreadPoolExecutor(_QUICK, thread_name_prefix="read")
        self._slow = ThreadPoolExecutor(_SLOW, thread_name_prefix="wait")
        self._open: set[Task[Any]] = set()
        self._running: set[Future[None]] = set()
        self._lanes: dict[str, Task[Any]] = {}
        self._closed = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

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
        task = Task(call, done, failed)
        if lane:
            if lane in self._lanes:
                self._lanes[lane].cancel()
            self._lanes[lane] = task
        if self._closed:
            task.cancel()
            return task
        self._open.add(task)
        future = (self._slow if slow else self._quick).submit(self._work, task)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return task

    def close(self, wait_s: float = 0) -> None:
        """Cancels all; what runs ends by itself and is not delivered.

        Args:
            wait_s: how long to wait at most until nothing runs any more.
        """
        self._closed = True
        for task in self._open:
            task.cancel()
        self._quick.shutdown(wait=False, cancel_futures=True)
        self._slow.shutdown(wait=False, cancel_futures=True)
        wait(set(self._running), timeout=wait_s)

    @property
    def busy(self) -> bool:
        """Whether a call still runs whose result is wanted."""
        return any(not task.cancelled for task in self._open)

    def _work(self, task: Task[T]) -> None:
        task.work()
        if not self._closed:
            self._ended.emit(task)

    def _deliver(self, task: Task[Any]) -> None:
        self._open.discard(task)
        task.deliver()
