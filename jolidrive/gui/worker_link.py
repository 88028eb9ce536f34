"""The worker process, from the window's side: `jolidrive work`, lines of JSON both ways.

Its events are published on the window's own hub, so nobody cares which process a sync ran in.
A worker that ends by itself is started again at the next wish.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, Signal

from jolidrive.sync.wire import read_event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jolidrive.hub import Hub
    from jolidrive.model.events import Event

    from .tasks import Tasks

_log = logging.getLogger(__name__)
_QUIT_MS = 3000
_LONGEST_LINE = 1_000_000


class WorkerLink(QObject):
    """Starts the worker, sends wishes, publishes what it tells.

    Args:
        arguments: what comes after `-m jolidrive` (profile options and `work`).
        keys: keys that lie in no system keyring, as one line of JSON, or None; asked off the
            main thread and told before anything else, and again when they changed.
    """

    ended = Signal(int)

    def __init__(
        self,
        hub: Hub,
        arguments: Sequence[str],
        *,
        tasks: Tasks | None = None,
        keys: Callable[[], str | None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hub = hub
        self._arguments = list(arguments)
        self._tasks = tasks
        self._keys = keys
        self._told: str | None = None
        self._rest = b""
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)

    def start(self) -> None:
        """Starts the process unless it runs."""
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            return
        self._rest = b""
        self._process.start(sys.executable, ["-m", "jolidrive", *self._arguments])
        self._told = None

    def sync(self, account: str, *, full: bool = False) -> None:
        """Reads the account now."""
        wish = {"do": "sync", "account": account, "full": full}
        if self._keys is None or self._tasks is None:
            self._send(wish)
            return

        def without(error: Exception) -> None:
            _log.warning("no keys for the worker: %s", type(error).__name__)
            self._send(wish)

        self._tasks.run(
            self._keys, lambda line: self._send_with_keys(line, wish), without, slow=True
        )

    def stop(self, account: str) -> None:
        """Stops what runs for the account."""
        self._send({"do": "stop", "account": account})

    def pause(self) -> None:
        """Stops all that runs, until the next wish."""
        self._send({"do": "pause"})

    def resume(self) -> None:
        """Takes wishes again."""
        self._send({"do": "resume"})

    def close(self) -> None:
        """Asks the worker to end; insists after three seconds."""
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._send({"do": "quit"})
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(_QUIT_MS):
            self._process.kill()
            self._process.waitForFinished(_QUIT_MS)

    def _send(self, wish: dict[str, object]) -> None:
        self.start()
        self._process.write(json.dumps(wish).encode() + b"\n")

    def _send_with_keys(self, line: str | None, wish: dict[str, object]) -> None:
        self.start()
        if line is not None and line != self._told:
            self._told = line
            self._process.write(json.dumps({"keys": json.loads(line)}).encode() + b"\n")
        self._send(wish)

    def _read(self) -> None:
        *lines, self._rest = (
            self._rest + bytes(self._process.readAllStandardOutput().data())
        ).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            self._rest = b""
        for line in lines:
            event = _event_of(line)
            if event is not None:
                self._hub.publish(event)

    def _finished(self, code: int) -> None:
        if code:
            _log.warning("the worker ended with %d", code)
        self.ended.emit(code)


def _event_of(line: bytes) -> Event | None:
    """What a line tells; a line that is no event tells nothing."""
    try:
        return read_event(line.decode(errors="replace"))
    except ValueError:
        return None
