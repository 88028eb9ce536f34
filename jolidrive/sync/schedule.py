"""Who is due, and how long to wait after trouble. Pure: times in, times out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jolidrive.errors import Advice, JolidriveError, RateLimitedError

FIRST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=6)


def next_after_success(now: datetime, interval: timedelta) -> datetime:
    """When an account that is up to date is looked at again."""
    return now + interval


def next_after_trouble(
    now: datetime, trouble: JolidriveError, failures: int, interval: timedelta
) -> datetime | None:
    """When to try again after `failures` troubles in a row; None: only when somebody asks.

    Waiting doubles with each failure, never shorter than what the service asked for.
    """
    if trouble.advice is Advice.SIGN_IN:
        return None
    doublings = min(max(failures - 1, 0), 10)
    wait = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    if trouble.advice is Advice.REPORT:
        wait = max(wait, interval)
    if isinstance(trouble, RateLimitedError) and trouble.retry_after_s is not None:
        wait = max(wait, timedelta(seconds=trouble.retry_after_s))
    return now + wait


def is_due(now: datetime, due_at: datetime | None) -> bool:
    """Whether it is time."""
    return due_at is not None and due_at <= now
