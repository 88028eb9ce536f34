"""The index writer of a job: in this process for a little, in a child where much is waiting.

Question: why a child? Reading a million items in takes as much Python to store them as to make
documents of them, and in one process both share one interpreter: 3,200 items a second on two
cores against 7,100 with a child. It costs a third of a second to start, so it is started only
when thousands of changes are waiting. Everything stays as it is otherwise: the index is written
from `items.db` alone, by whoever works under the account's lock, and a child that dies is
replaced by this process.
"""

from __future__ import annotations

import json
import os
import subprocess  # noqa: TID251 - a second interpreter, see above
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from jolidrive import errors

from .index_child import CLOSE, FOLLOW
from .index_writer import TextIndexWriter

if TYPE_CHECKING:
    from pathlib import Path

    from .index_writer import ChangeFeed

MANY: Final = 2_000
"""Waiting changes that are worth a child."""

_PATIENCE_S: Final = 120.0
_TOLD: Final = {
    kind.__name__: kind
    for kind in (
        errors.AccountGoneError,
        errors.DiskFullError,
        errors.StoreBusyError,
        errors.StoreDamagedError,
        errors.StoreTooNewError,
    )
}


class IndexFollower:
    """Held for a job under the account's lock; `close` waits for merges and lets go.

    Args:
        folder: the account's.
        feed: its store.
        account: its id.
        many: how many waiting changes are worth a child.
    """

    def __init__(
        self, folder: Path, feed: ChangeFeed, *, account: str = "", many: int = MANY
    ) -> None:
        self._folder = folder
        self._account = account
        self._many = many
        self._near = TextIndexWriter(folder, feed, account=account)
        self._child: _Child | None = None
        self._abandoned = False
        self._alone = (os.cpu_count() or 1) < 2

    def follow(self) -> bool:
        """Brings the index up to the store, or, in a child, one commit nearer.

        Returns:
            Whether anything was committed; False means that it is up to date.
        """
        if self._child is None and not self._alone and self._near.behind() >= self._many:
            self._start()
        if self._child is not None:
            try:
                return self._child.follow()
            except _DiedError:
                self._leave_child()
        return not self._abandoned and self._near.follow()

    def abandon(self) -> None:
        """Gives up what `follow` does in another thread; nothing is waited for any more."""
        self._abandoned = True
        self._near.abandon()
        child = self._child
        if child is not None:
            child.kill()

    def close(self) -> None:
        """Waits for merges and lets go."""
        if self._child is not None:
            self._child.close()
            self._child = None
        self._near.close()

    def _start(self) -> None:
        self._near.close()
        try:
            self._child = _Child(self._folder, self._account)
        except OSError:
            self._alone = True
        if self._abandoned:
            self.abandon()  # it was wished while the child was made

    def _leave_child(self) -> None:
        child, self._child = self._child, None
        self._alone = True
        if child is not None:
            child.close()


class _DiedError(Exception):
    """The child ended without an answer."""


class _Child:
    """One child at work."""

    def __init__(self, folder: Path, account: str) -> None:
        self._busy = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [*_command(), str(folder), account],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            start_new_session=True,  # Ctrl+C is for us; we tell it to stop
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def follow(self) -> bool:
        """Waits for the next commit, or for the end."""
        if not self._busy:
            self._say(FOLLOW)
        self._busy = self._answer()
        return self._busy

    def kill(self) -> None:
        """Ends it at once; whoever waits for its answer hears that it died."""
        self._process.kill()

    def close(self) -> None:
        """Lets it end what it does, and waits."""
        with suppress(_DiedError):
            self._say(CLOSE)
        try:
            self._process.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def _say(self, command: str) -> None:
        if self._process.stdin is None:
            raise _DiedError
        try:
            self._process.stdin.write(f"{command}\n")
            self._process.stdin.flush()
        except OSError:
            raise _DiedError from None

    def _answer(self) -> bool:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        try:
            values: object = json.loads(line)
        except ValueError:
            raise _DiedError from None
        if not isinstance(values, dict):
            raise _DiedError
        if "error" not in values:
            return "step" in values
        kind, told = _TOLD.get(str(values["error"])), values.get("told")
        if kind is None or not isinstance(told, list):
            raise _DiedError
        raise kind(*told)


def _command() -> list[str]:
    """Our interpreter on the child's module; a frozen program is its own interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "follow-index"]
    # -P: the folder somebody stands in is no place to import from.
    return [sys.executable, "-P", "-m", "jolidrive.store.index_child"]
