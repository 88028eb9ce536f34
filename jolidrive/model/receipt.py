"""The receipt of a revoke: both halves, the wipe here and the answer there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RemoteOutcome(StrEnum):
    """What the service answered."""

    REVOKED = "revoked"
    ALREADY = "already"
    NO_ENDPOINT = "no_endpoint"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Remote:
    """The service's half; `url` is where the person can look or finish it."""

    outcome: RemoteOutcome
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a revoke did. `seconds` counts the wipe, not the network.

    Args:
        items: items wiped (a running total of the account).
        bytes: size of the account's folder on disk.
        left: paths that could not be deleted; empty when everything is gone.
    """

    account: str
    service: str
    items: int
    bytes: int
    seconds: float
    remote: Remote
    left: tuple[str, ...] = ()
