"""The worker process: jobs on behalf of a window, one at a time for each account.

The window and the worker speak lines of JSON (see `wire`). The same jobs run from the command
line and, in threads, from a script. This module knows no service, opens no store: it is given
a `run` that does one account.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO

from jolidrive.log import places_of
from jolidrive.model.events import AccountConnected, AccountRevoked, Event

from .wire import event_line, read_command

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jolidrive.hub import Hub

    from .job import Stop

AT_ONCE: Final = 4
_log = logging.getLogger(__name__)


class Runner(Protocol):
    """Does one account's job; reports through the hub and raises nothing."""

    def new_stop(self, account: str) -> Stop:
        """What stops this job."""
        ...

    def run(self, account: str, stop: Stop, *, full: bool, content: bool) -> None:
        """Listing, then the second pass."""
        ...


class Worker:
    """Reads commands, runs jobs, writes events, until it is told to quit or its input ends."""

    def __init__(self, runner: Runner, hub: Hub, out: TextIO) -> None:
        self._runner = runner
        self._out = out
        self._writing = threading.Lock()
        self._lock = threading.Lock()
        self._running: dict[str, Stop] = {}
        self._after: dict[str, dict[str, Any]] = {}
        self._paused = self._ended = False
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
        hub.subscribe(Event, self._tell)

    def serve(self, lines: Iterable[str]) -> None:
        """Until `quit` or the end of `lines` (the window is gone): then every job stops."""
        try:
            for line in lines:
                if line.strip() and not self._obey(line):
                    break
        finally:
            self._ended = True
            self._stop_all()
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _obey(self, line: str) -> bool:
        try:
            command = read_command(line)
        except ValueError:
            _log.warning("a line that is no command was ignored")
            return True
        what = command.get("do")
        if what == "sync":
            self._begin(command)
        elif what == "stop":
            self._stop(str(command.get("account", "")))
        elif what in {"pause", "resume"}:
            self._pause(paused=what == "pause")
        return what != "quit"

    def _begin(self, command: dict[str, Any]) -> None:
        account = str(command.get("account", ""))
        with self._lock:
            running = self._running.get(account)
            if self._paused or running is not None:
                if running is not None and running.asked and not self._paused:
                    self._after[account] = command  # once the job that was stopped has ended
                return
            stop = self._running[account] = self._runner.new_stop(account)
        full, content = bool(command.get("full")), bool(command.get("content", True))
        self._pool.submit(self._run, account, stop, full=full, content=content)

    def _run(self, account: str, stop: Stop, *, full: bool, content: bool) -> None:
        try:
            self._runner.run(account, stop, full=full, content=content)
        except Exception as mistake:  # noqa: BLE001 - the top of this thread
            _log.error("the job of account %s: %s", account, places_of(mistake))
        finally:
            with self._lock:
                self._running.pop(account, None)
                after = self._after.pop(account, None)
        if after is not None and not self._ended:
            self._begin(after)

    def _stop(self, account: str) -> None:
        with self._lock:
            stop = self._running.get(account)
            self._after.pop(account, None)
        if stop is not None:
            stop.ask()

    def _pause(self, *, paused: bool) -> None:
        self._paused = paused
        if paused:
            self._stop_all()

    def _stop_all(self) -> None:
        with self._lock:
            stops = list(self._running.values())
            self._after.clear()
        for stop in stops:
            stop.ask()

    def _tell(self, event: Event) -> None:
        """What a job did; which accounts come and go the window sees by itself."""
        if isinstance(event, AccountConnected | AccountRevoked):
            return
        try:
            with self._writing:
                self._out.write(event_line(event) + "\n")
                self._out.flush()
        except OSError:
            self._stop_all()
