"""Tokens as values: what a token endpoint gave, checked, and what refreshes it.

No `repr` shows a token. `TokenCredentials` refreshes under the account's token lock, reads
the saved token again first (another process may have refreshed it), and saves a new pair
before anybody uses it: a refresh token may be good for one use only.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from jolidrive.errors import UnexpectedReplyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping
    from contextlib import AbstractContextManager

    from jolidrive.model.item import Json

    from .pace import Timing

_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,16384}")
_FACT: Final = re.compile(r"[^\x00-\x1f\x7f]{1,253}")
_LONGEST_S: Final = 10 * 366 * 86_400
FACTS: Final[tuple[str, ...]] = ("hostname", "locationid", "instance_url", "api_domain")
"""Public facts of a token reply that a manifest may name as `{grant.…}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who we are to a service."""

    id: str
    secret: str | None = field(default=None, repr=False)

    def to_mapping(self) -> dict[str, Json]:
        """For the vault."""
        return {"id": self.id, "secret": self.secret}

    @classmethod
    def from_mapping(cls, saved: Mapping[str, Any]) -> Client:
        """From the vault."""
        return cls(id=str(saved["id"]), secret=saved.get("secret"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSet:
    """What the person granted.

    Args:
        access_token: goes with each request.
        refresh_token: gets the next one, where the service gives one.
        expires_at: when the access token ends, if the service told.
        scopes: what was granted, which may be less than was asked.
        token_type: as the service spells it.
        grant: public facts told with the token (`hostname`, …).
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    token_type: str = "Bearer"  # noqa: S105 - the name of a type
    grant: Mapping[str, str] = field(default_factory=dict)

    def to_mapping(self) -> dict[str, Json]:
        """For the vault."""
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "scopes": list(self.scopes),
            "token_type": self.token_type,
            "grant": dict(self.grant),
        }

    @classmethod
    def from_mapping(cls, saved: Mapping[str, Any]) -> TokenSet:
        """From the vault."""
        ends = saved.get("expires_at")
        return cls(
            access_token=saved["access_token"],
            refresh_token=saved.get("refresh_token"),
            expires_at=datetime.fromisoformat(ends) if ends else None,
            scopes=tuple(saved.get("scopes", ())),
            token_type=saved.get("token_type", "Bearer"),
            grant=dict(saved.get("grant", {})),
        )


def token_set(
    untrusted: Mapping[str, Any],
    *,
    asked: Iterable[str],
    now: datetime,
    facts: Mapping[str, str],
    host: str,
) -> TokenSet:
    """Checks a token reply.

    Args:
        untrusted: the reply, parsed.
        asked: scopes that count as granted when the reply names none.
        now: when it came.
        facts: public facts from elsewhere (the redirect, the token before).
        host: for the error.

    Raises:
        UnexpectedReplyError: no usable token in it.
    """
    access, refresh = untrusted.get("access_token"), untrusted.get("refresh_token") or None
    if not _is_token(access) or not (refresh is None or _is_token(refresh)):
        raise UnexpectedReplyError("no_token", host=host)
    kind = untrusted.get("token_type")
    return TokenSet(
        access_token=str(access),
        refresh_token=refresh,
        expires_at=_ends_at(untrusted.get("expires_in"), now),
        scopes=_scopes(untrusted.get("scope")) or tuple(asked),
        token_type=kind[:50] if isinstance(kind, str) and kind else "Bearer",
        grant={**_facts(facts), **_facts(untrusted)},
    )


def _is_token(value: object) -> bool:
    return isinstance(value, str) and bool(_TOKEN.fullmatch(value))


def _ends_at(value: object, now: datetime) -> datetime | None:
    try:
        seconds = float(value) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return None
    return now + timedelta(seconds=seconds) if 0 < seconds <= _LONGEST_S else None


def _scopes(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"[\s,]+", value)
    if not isinstance(value, list | tuple):
        return ()
    return tuple(scope for scope in value if isinstance(scope, str) and scope)


def _facts(values: Mapping[str, Any]) -> dict[str, str]:
    found = ((name, values.get(name)) for name in FACTS)
    return {
        name: str(value)
        for name, value in found
        if isinstance(value, str | int) and _FACT.fullmatch(str(value))
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKeeping:
    """How a token is kept; given by whoever owns vault and locks.

    Args:
        lock: the account's token lock, held while a token is refreshed.
        load: the saved token, read again; None when the account is gone.
        save: keeps the new pair; must be durable when it returns.
    """

    lock: Callable[[], AbstractContextManager[object]]
    load: Callable[[], TokenSet | None]
    save: Callable[[TokenSet], None]


class TokenCredentials:
    """A token that is refreshed when it ends or is refused.

    Args:
        token: as saved now.
        keeping: lock, load, save.
        renew: gets the next pair from the service.
        timing: the clock.
    """

    def __init__(
        self,
        token: TokenSet,
        keeping: TokenKeeping,
        renew: Callable[[TokenSet], TokenSet],
        timing: Timing,
    ) -> None:
        self._token = token
        self._keeping = keeping
        self._renew = renew
        self._timing = timing
        self._here = threading.Lock()

    def __repr__(self) -> str:
        return "TokenCredentials(…)"

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Adds the access token."""
        headers["Authorization"] = f"Bearer {self._token.access_token}"

    def stale(self) -> bool:
        """Whether its end has passed and there is a way to the next one."""
        return self._ended(self._token) and self._token.refresh_token is not None

    def refresh(self) -> bool:
        """Gets the next pair, saved before it is used; False when there is none to be had.

        Raises:
            SignInNeededError: the service no longer accepts the refresh token.
            ServiceError: no answer, or no usable one.
        """
        used = self._token
        with self._here, self._keeping.lock():
            saved = self._keeping.load()
            if saved is None:
                return False
            if saved.access_token != used.access_token and not self._ended(saved):
                self._token = saved
                return True
            if saved.refresh_token is None:
                return False
            renewed = self._renew(saved)
            self._keeping.save(renewed)
            self._token = renewed
        return True

    def _ended(self, token: TokenSet) -> bool:
        ends = token.expires_at
        return ends is not None and self._timing.now().astimezone(UTC) >= ends
