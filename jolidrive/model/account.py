"""Accounts: one sign-in at one service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class AccountState(StrEnum):
    """Where an account stands.

    `connecting` and `revoking` are found only while that happens, or after a crash in it.
    """

    CONNECTING = "connecting"
    READY = "ready"
    SIGN_IN = "sign_in"
    PAUSED = "paused"
    TROUBLE = "trouble"
    REVOKING = "revoking"


SEARCHABLE = frozenset(
    {AccountState.READY, AccountState.SIGN_IN, AccountState.PAUSED, AccountState.TROUBLE}
)
"""States in which an account's items are found; all others are out of reach."""


@dataclass(frozen=True, slots=True)
class Account:
    """A connected account: id, service (the plugin's id) and the label people know it by."""

    id: str
    service: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """One line of `jolidrive accounts`. `bytes` counts what lies on this computer."""

    account: str
    service: str
    label: str
    state: AccountState
    items: int
    bytes: int
    synced_at: datetime | None
    trouble: str | None = None


def account_id(account: str | Account) -> str:
    """The id, wherever an account is an argument."""
    return account if isinstance(account, str) else account.id
