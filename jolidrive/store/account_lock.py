"""Who may write an account, across processes and threads.

A file lock beside the account's folder, held for a whole job and freed by the system when its
process dies. Beside it lies a small file that names the holder, only so that another program
can say who it waits for: it is never trusted to tell whether the lock is held.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from filelock import FileLock, Timeout

from jolidrive.errors import StoreBusyError, UnknownAccountError

if TYPE_CHECKING:
    from types import TracebackType

    from jolidrive.paths import Profile

HOLDER_SUFFIX: Final = ".holder"

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MOST: Final = 200
_POLL_S: Final = 0.01


def checked_id(untrusted_account: str) -> str:
    """An account's id, once it is safe as a file name.

    Raises:
        UnknownAccountError: no account could have this id.
    """
    if not _ID.fullmatch(untrusted_account):
        raise UnknownAccountError(untrusted_account)
    return untrusted_account


class AccountLock:
    """The lock of one account. One object is one holder: taking it twice is refused too.

    Args:
        profile: where the accounts are.
        account: whose lock.
        verb: what the holder does with it (`sync`, `revoke`), told to those who wait.
    """

    def __init__(self, profile: Profile, account: str, *, verb: str = "") -> None:
        self.account = checked_id(account)
        self._verb = verb
        path = self._path = profile.lock_file(account)
        self._holder_file = path.with_name(path.name + HOLDER_SUFFIX)
        self._lock = FileLock(path, thread_local=False, fallback_to_soft=False)

    def __enter__(self) -> Self:
        """Takes the lock without waiting."""
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Gives it back."""
        self.release()

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock.is_locked

    def acquire(self, wait_s: float = 0.0) -> None:
        """Takes the lock, waiting up to `wait_s` seconds for another holder.

        Raises:
            StoreBusyError: somebody else holds it; `holder` names them.
        """
        if self.held:
            raise StoreBusyError(self.account, self._holder())
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=wait_s, poll_interval=_POLL_S)
        except Timeout:
            raise StoreBusyError(self.account, self._holder()) from None
        with suppress(OSError):  # nothing depends on it
            self._holder_file.write_text(json.dumps([os.getpid(), self._verb]), "utf-8")

    def release(self) -> None:
        """Gives the lock back; fine when it is not held."""
        if self.held:
            with suppress(OSError):
                self._holder_file.unlink(missing_ok=True)
            self._lock.release()

    def _holder(self) -> str:
        """`sync, process 4711`, as far as is known."""
        try:
            untrusted_pid, untrusted_verb = json.loads(
                self._holder_file.read_text("utf-8")[:_MOST]
            )
            return f"{str(untrusted_verb) or 'jolidrive'}, process {int(untrusted_pid)}"
        except (OSError, ValueError, TypeError):
            return ""
