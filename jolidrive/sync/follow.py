"""Lets the text index follow the store while a job runs: at least once a second.

Question: in the job's thread after each page, or beside it? Beside it: a page that waits for
the network would otherwise keep a mark, made meanwhile by another process, out of the index.
The index is always written from `items.db` in the order of change numbers, never from a page in
memory, so both sides need no more than the store between them.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

FOLLOW_EVERY_S: Final = 1.0
_FIRST_AFTER_S: Final = 0.25
"""A large load is known by then, and its index begins three quarters of a second earlier."""
_LOOK_EVERY_S: Final = 0.1
_log = logging.getLogger(__name__)


class IndexWriter(Protocol):
    """The index writer, as far as a job uses it. Held under the account's lock."""

    def follow(self) -> bool:
        """Brings the index nearer to the store; False when it is up to date with it."""
        ...

    def abandon(self) -> None:
        """Gives up what `follow` does in another thread; nothing is waited for any more."""
        ...

    def close(self) -> None:
        """Waits for merges and lets go."""
        ...


def _never() -> bool:
    return False


class Following:
    """While entered, the index follows; at the end it is up to date and its writer closed.

    Args:
        account: whose index.
        writer: of the index.
        on_commit: called after each commit.
        gone: whether the account is being revoked; then nothing is caught up nor waited for.
    """

    def __init__(
        self,
        account: str,
        writer: IndexWriter,
        on_commit: Callable[[], None],
        *,
        gone: Callable[[], bool] = _never,
    ) -> None:
        self._account = account
        self._writer = writer
        self._on_commit = on_commit
        self._gone = gone
        self._ended = threading.Event()
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"follow-{account}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        try:
            while self._thread.is_alive():
                if self._gone():
                    self._writer.abandon()
                self._thread.join(_LOOK_EVERY_S)
            if self._trouble is not None and error is None and not self._gone():
                raise self._trouble
        finally:
            self._writer.close()

    def _run(self) -> None:
        try:
            wait_s = _FIRST_AFTER_S
            while not self._ended.wait(wait_s):
                wait_s = FOLLOW_EVERY_S
                while self._follow() and not self._ended.is_set():
                    pass
            while self._follow():
                pass
        except Exception as trouble:  # noqa: BLE001 - carried to the job's own thread
            _log.warning("index of %s fell behind: %s", self._account, type(trouble).__name__)
            self._trouble = trouble

    def _follow(self) -> bool:
        committed = self._writer.follow()
        if committed:
            self._on_commit()
        return committed
