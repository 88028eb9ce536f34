"""A job on one account: how it is stopped, and the balance it keeps.

A job is asked to stop by wish (pause, cancel, a closing program), or must give up because its
account is being revoked, in whatever process. It looks at both before each page, file and
retry; the session looks every 250 ms while it waits for the network.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jolidrive.errors import AccountGoneError, CancelledError
from jolidrive.model.balance import Balance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LOOK_EVERY_S: Final = 0.05
MOST_REASONS: Final = 200
OTHERS: Final = "more of the same kind"


class JobState(StrEnum):
    """How a job ended, or that it runs; found `running` at a start, it was cut off."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Stop:
    """Tells a job to stop. `is_reachable` looks at the account's line in the roster."""

    def __init__(self, account: str, is_reachable: Callable[[], bool]) -> None:
        self.account = account
        self._wish = threading.Event()
        self._is_reachable = is_reachable
        self._is_gone = False
        self._looked_at = 0.0

    def ask(self) -> None:
        """The person, or a closing program, wants it to stop."""
        self._wish.set()

    @property
    def asked(self) -> bool:
        """Whether somebody wished it to stop."""
        return self._wish.is_set()

    def stopping(self) -> bool:
        """Whether to stop; cheap enough to be asked at any time, from any thread."""
        return self._wish.is_set() or self.gone()

    def check(self) -> None:
        """Goes on, or ends the job.

        Raises:
            CancelledError: somebody wished it.
            AccountGoneError: the account is being revoked.
        """
        if self.gone():
            raise AccountGoneError(self.account)
        if self._wish.is_set():
            raise CancelledError

    def gone(self) -> bool:
        """Whether the account is being revoked, in whatever process."""
        now = time.monotonic()
        if not self._is_gone and now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            self._is_gone = not self._is_reachable()
        return self._is_gone


class Tally:
    """Counts while a job runs; `balance()` at its end. Distinct reasons are bounded."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self.new = self.changed = self.unchanged = self.removed = 0
        self._skipped: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    @contextmanager
    def timed(self) -> Iterator[None]:
        """While entered, time counts."""
        began_at = time.monotonic()
        try:
            yield
        finally:
            self._seconds += time.monotonic() - began_at

    @property
    def seen(self) -> int:
        """Records seen so far."""
        kept = self.new + self.changed + self.unchanged
        return kept + self._skipped.total() + self._failed.total()

    def skip(self, reasons: Mapping[str, int]) -> None:
        """Left out on purpose."""
        _add(self._skipped, reasons)

    def fail(self, reasons: Mapping[str, int]) -> None:
        """Could not be read."""
        _add(self._failed, reasons)

    def balance(self, content: Balance | None = None) -> Balance:
        """The balance so far."""
        return Balance(
            seen=self.seen,
            new=self.new,
            changed=self.changed,
            unchanged=self.unchanged,
            removed=self.removed,
            skipped=dict(self._skipped.most_common()),
            failed=dict(self._failed.most_common()),
            seconds=round(self._seconds, 3),
            content=content,
        )


def _add(counts: Counter[str], reasons: Mapping[str, int]) -> None:
    for reason, count in reasons.items():
        known = reason in counts or len(counts) < MOST_REASONS
        counts[reason if known else OTHERS] += count
