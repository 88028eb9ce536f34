"""How often a host is asked, and for how long it wants to be left alone.

One `Pacer` serves a whole process: two accounts at one host share its pace. It never sends
anything. Whoever waits here looks every 250 ms whether the wait is still wanted.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from jolidrive.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOOK_S: Final = 0.25
_LONGEST_S: Final = 366 * 86_400.0
_EPOCH_FROM: Final = 1_000_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Clock, sleep and chance, to be replaced in tests.

    Args:
        monotonic: seconds that never go back.
        sleep: waits for seconds.
        now: the time of day, with its zone.
        chance: a number from 0 to 1, for jitter.
    """

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.SystemRandom().random


class Watch:
    """Whether a wait is still wanted: asks `stopping` at most every 250 ms.

    Args:
        stopping: True as soon as everything should end.
        timing: the clock.
        within_s: seconds from now after which `left_s` is nothing.
    """

    def __init__(self, stopping: Callable[[], bool], timing: Timing, within_s: float) -> None:
        self._stopping = stopping
        self._timing = timing
        self._ends = timing.monotonic() + within_s
        self._asked: float | None = None

    @property
    def left_s(self) -> float:
        """Seconds until the end; below zero afterwards."""
        return self._ends - self._timing.monotonic()

    def look(self) -> None:
        """Goes on, or raises.

        Raises:
            CancelledError: it was stopped.
        """
        now = self._timing.monotonic()
        if self._asked is None or now - self._asked >= LOOK_S:
            self._asked = now
            if self._stopping():
                raise CancelledError

    def extend(self, seconds: float) -> None:
        """Time spent waiting for our own pace is not the service's fault."""
        self._ends += seconds


class Pacer:
    """The pace of every host, shared by all sessions of a process."""

    def __init__(self, timing: Timing | None = None) -> None:
        self.timing = timing or Timing()
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def take(self, host: str, rate: float, watch: Watch) -> None:
        """Waits until the host may be asked again; `rate` in requests a second, 0: any."""
        with self._lock:
            now = self.timing.monotonic()
            at = max(now, self._free_at.get(host, now))
            self._free_at[host] = at + (1.0 / rate if rate > 0 else 0.0)
        self.rest(at - now, watch)

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks the host for so long: it said so."""
        with self._lock:
            until = self.timing.monotonic() + seconds
            self._free_at[host] = max(until, self._free_at.get(host, until))

    def rest(self, seconds: float, watch: Watch) -> None:
        """Waits in short steps.

        Raises:
            CancelledError: it was stopped meanwhile.
        """
        watch.extend(max(0.0, seconds))
        until = self.timing.monotonic() + seconds
        watch.look()
        while (left := until - self.timing.monotonic()) > 0:
            self.timing.sleep(min(left, LOOK_S))
            watch.look()


def wanted_wait_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long a reply asks us to wait, in seconds; None when it does not say.

    Reads Retry-After (seconds or an HTTP date), then X-RateLimit-Reset (an ISO date at
    Mastodon; seconds since 1970 or seconds from now elsewhere).
    """
    for name in ("Retry-After", "X-RateLimit-Reset", "RateLimit-Reset"):
        text = headers.get(name, "").strip()
        seconds = _seconds(text, now) if text else None
        if seconds is not None:
            return min(max(seconds, 0.0), _LONGEST_S)
    return None


def _seconds(text: str, now: datetime) -> float | None:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        number = float(text[:20])
        return number - now.timestamp() if number > _EPOCH_FROM else number
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(text)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            return (at - now).total_seconds()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
