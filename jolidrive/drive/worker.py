"""The worker process joined: keys and commands in, one line each, events out."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Final, TextIO

from jolidrive.errors import JolidriveError, StoreDamagedError
from jolidrive.log import places_of
from jolidrive.model.events import SyncFailed
from jolidrive.paths import Profile
from jolidrive.wording import sentence

from .facade import Drive
from .shared import keys_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from jolidrive.sync.job import Stop
    from jolidrive.vault.keyring import Keys

    from .shared import AskPassphrase

KEYS: Final = "keys"
_log = logging.getLogger(__name__)


def open_worker(
    profile: Path,
    lines: Iterable[str],
    out: TextIO,
    *,
    passphrase: AskPassphrase | None = None,
) -> None:
    """Serves one window until it says `quit` or goes away."""
    from jolidrive.sync.worker import Worker  # noqa: PLC0415 - only here

    handed = HandedKeys(lambda: keys_of(Profile(profile), passphrase))
    with Drive.open(profile, keys=handed, tidy=False) as drive:
        commands = (line for line in lines if not handed.take(line))
        Worker(_Runner(drive), drive.hub, out).serve(commands)


class HandedKeys:
    """Keys the window handed over, line by line; for all others, where the profile keeps them.

    Args:
        find: where the profile keeps keys, asked for the first one that was not handed over.
    """

    def __init__(self, find: Callable[[], Keys]) -> None:
        self._find = find
        self._found: Keys | None = None
        self._handed: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"HandedKeys({len(self._handed)} keys)"

    def take(self, line: str) -> bool:
        """Takes the keys of a line; whether it was such a line."""
        from jolidrive.vault.keyring import keys_from_line  # noqa: PLC0415 - only here

        try:
            known = json.loads(line)
        except ValueError:
            return False
        if not isinstance(known, dict) or KEYS not in known:
            return False
        try:
            self._handed.update(keys_from_line(json.dumps(known[KEYS])))
        except StoreDamagedError:
            _log.warning("a line of keys could not be read")
        return True

    def get(self, name: str) -> bytes | None:
        """The key, or None."""
        return self._handed.get(name) or self._kept().get(name)

    def put(self, name: str, key: bytes) -> None:
        """Keeps the key where the profile keeps keys."""
        self._kept().put(name, key)

    def forget(self, name: str) -> None:
        """Takes the key away, here and there."""
        self._handed.pop(name, None)
        self._kept().forget(name)

    def export_keys(self) -> str | None:
        """None: nobody asks a worker."""
        return None

    def _kept(self) -> Keys:
        if self._found is None:
            self._found = self._find()
        return self._found


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
            self._failed(account, trouble)
        except Exception as mistake:  # noqa: BLE001 - the top of a job; the window must hear
            _log.error("the job of account %s: %s", account, places_of(mistake))
            self._failed(account, JolidriveError())

    def _failed(self, account: str, trouble: JolidriveError) -> None:
        error = type(trouble).__name__
        self._drive.hub.publish(
            SyncFailed(account=account, error=error, sentence=sentence(trouble))
        )
