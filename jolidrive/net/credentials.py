"""What proves who asks, apart from OAuth's rotating tokens (those are in `oauth2`).

Only the guard calls `apply`, on the copy that goes out. Nothing here shows itself in a `repr`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping


class PasswordCredentials:
    """A user name and an app password, as HTTP Basic."""

    __slots__ = ("_password", "_user")

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password

    def __repr__(self) -> str:
        return "PasswordCredentials(…)"

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Adds the pair, in UTF-8 (RFC 7617)."""
        pair = f"{self._user}:{self._password}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")

    def stale(self) -> bool:
        """A password does not age."""
        return False

    def refresh(self) -> bool:
        """There is no other one."""
        return False


class StaticToken:
    """A token the person pasted."""

    __slots__ = ("_token",)

    def __init__(self, token: str) -> None:
        self._token = token.strip()

    def __repr__(self) -> str:
        return "StaticToken(…)"

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Adds it as a bearer token."""
        headers["Authorization"] = f"Bearer {self._token}"

    def stale(self) -> bool:
        """Nobody knows."""
        return False

    def refresh(self) -> bool:
        """There is no other one."""
        return False
