"""What the fronts show of services and accounts: counted facts, never content.

`Drive` fills these; the window and the command line put them into words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from .account import AccountState
    from .balance import Balance
    from .item import Kind


class ServiceState(StrEnum):
    """Whether a service can be connected now."""

    READY = "ready"
    UNAPPROVED = "unapproved"
    CHANGED = "changed"
    BROKEN = "broken"


class ServiceNeeds(StrEnum):
    """What somebody needs before connecting: the badge in the directory."""

    NOTHING = "nothing"
    OWN_KEY = "own_key"
    EXPORT_FILE = "export_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionField:
    """A value the person types. `type` is `text`, `address`, `path` or `bool`."""

    name: str
    label: str
    type: str = "text"
    default: str = ""
    secret: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUse:
    """A host that will be contacted. `{server}` stands for the address the person types."""

    host: str
    signed_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry:
    """One service of the directory, with all that the consent sheet must say.

    Args:
        group: `files`, `photos`, `social`, `links`, `music`, …: where the directory lists it.
        kinds: each kind and what of it is read.
        flow: the name of the sign-in flow (`code`, `password`, `none`, …).
        hosts: who is contacted.
        reasons: each permission asked for, as its reason.
        options: what must be typed before, the password flow's two values included.
        keeps_secrets: whether a key goes to the keyring.
        problems: why the state is not ready, one line each.
    """

    id: str
    name: str
    summary: str
    group: str
    state: ServiceState
    needs: ServiceNeeds
    kinds: Mapping[Kind, str]
    flow: str
    hosts: tuple[HostUse, ...] = ()
    reasons: tuple[str, ...] = ()
    stays_out: str = ""
    options: tuple[OptionField, ...] = ()
    keeps_secrets: bool = True
    problems: tuple[str, ...] = ()
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUse:
    """Bytes on this computer, by part."""

    details: int = 0
    index: int = 0
    thumbnails: int = 0
    other: int = 0

    @property
    def together(self) -> int:
        """All parts."""
        return self.details + self.index + self.thumbnails + self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOverview:
    """All that a service's page shows besides its syncs. From running totals only."""

    account: str
    service: str
    label: str
    state: AccountState
    trouble: str | None = None
    items: int = 0
    by_kind: Mapping[Kind, int] = field(default_factory=dict)
    disk: DiskUse = DiskUse()
    hosts: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    since: datetime | None = None
    synced_at: datetime | None = None
    next_at: datetime | None = None
    manage_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRecord:
    """One line of a history; `outcome` is `finished`, `stopped` or the name of an error."""

    started_at: datetime
    balance: Balance
    outcome: str = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class WipePreview:
    """What a revoke will wipe: running totals, counted before anything happens."""

    account: str
    service: str
    label: str
    items: int
    by_kind: Mapping[Kind, int] = field(default_factory=dict)
    thumbnails: int = 0
    stars: int = 0
    notes: int = 0
    tags: int = 0
    syncs: int = 0
    disk: DiskUse = DiskUse()
    keeps_secrets: bool = True
    can_tell_service: bool = False
    manage_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One line of the ledger: a host, for a service, on a day. Never paths or queries."""

    day: date
    host: str
    service: str
    calls: int
    sent: int
    received: int
    account: str | None = None
    last_at: datetime | None = None
