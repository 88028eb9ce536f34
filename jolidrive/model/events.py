"""What happened, as frozen values in the past tense, given to `Hub.publish`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .balance import Balance
    from .receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to one account."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountConnected(Event):
    """A new account is ready."""

    service: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStateChanged(Event):
    """The account's state is another one now; `state` is an `AccountState` value."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStarted(Event):
    """A sync began; `phase` is `listing` or `content`."""

    phase: str = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStored(Event):
    """A page and its cursor are stored; `seen` so far, `total` if the service told one."""

    phase: str = "listing"
    seen: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncFinished(Event):
    """A sync ended well, with its balance."""

    balance: Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncFailed(Event):
    """A sync ended early; `error` names a JolidriveError class, `sentence` is its wording."""

    error: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStopped(Event):
    """A sync was paused or cancelled by wish; what it stored stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChanged(Event):
    """New items, marks or removals of this account can be searched now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRevoked(Event):
    """The account is gone; the receipt is None when another process did it."""

    receipt: Receipt | None = None
