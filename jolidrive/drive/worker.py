"""The worker process joined: keys from its first line, commands after it, events out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TextIO

from jolidrive.errors import JolidriveError
from jolidrive.model.events import SyncFailed
from jolidrive.wording import sentence

from .facade import Drive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jolidrive.sync.job import Stop

KEYS: Final = "keys"


def open_worker(profile: Path, lines: Iterable[str], out: TextIO) -> None:
    """Serves one window until it says `quit` or goes away."""
    from jolidrive.sync.worker import Worker  # noqa: PLC0415 - only here

    lines = iter(lines)
    first = next(lines, "")
    handed = _HandedKeys()
    is_keys = handed.take(first)
    with Drive.open(profile, keys=handed.keys if is_keys else None) as drive:
        rest = lines if is_keys else _with_first(first, lines)
        commands = (line for line in rest if not handed.take(line))
        Worker(_Runner(drive), drive.hub, out).serve(commands)


class _HandedKeys:
    """Keys that lie in no system keyring, handed over by the window line by line."""

    def __init__(self) -> None:
        from jolidrive.vault.keyring import MemoryKeys  # noqa: PLC0415 - only here

        self.keys = MemoryKeys({})

    def take(self, line: str) -> bool:
        """Takes the keys of a line; whether it was such a line."""
        from jolidrive.vault.keyring import keys_from_line  # noqa: PLC0415 - only here

        try:
            known = json.loads(line)
        except ValueError:
            return False
        if not isinstance(known, dict) or KEYS not in known:
            return False
        for name, key in keys_from_line(json.dumps(known[KEYS])).items():
            self.keys.put(name, key)
        return True


def _with_first(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


class _Runner:
    """Jobs for the worker: what goes wrong before a job begins is an event too."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive

    def new_stop(self, account: str) -> Stop:
        """What stops a job on this account."""
        return self._drive.new_stop(account)

    def run(self, account: str, stop: Stop, *, full: bool, content: bool) -> None:
        """Listing, then the second pass."""
        try:
            self._drive.run_sync(account, full=full, content=content, stop=stop)
        except JolidriveError as trouble:
            self._drive.hub.publish(
                SyncFailed(
                    account=account,
                    error=type(trouble).__name__,
                    sentence=sentence(trouble),
                )
            )
