"""Codes and tokens of the demo cloud, in memory, behind oauthlib's server side.

PKCE with S256 is enforced (`plain` and a missing method are refused), refresh tokens serve
once, and revoking either token of a grant ends the whole grant. Nothing here is written
anywhere, and tokens are never logged.
"""

# ruff: noqa: ANN401, ARG002 - oauthlib decides these signatures; its Request takes any attribute

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from oauthlib.common import generate_token
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    RefreshTokenGrant,
    RequestValidator,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLIENT_ID: Final = "jolidrive-demo"
_CODE_LIFE_S: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    grant: str
    scopes: tuple[str, ...]
    expires_at: float


class _S256Only(AuthorizationCodeGrant):
    _code_challenge_methods = {"S256": code_challenge_method_s256}  # noqa: RUF012 - oauthlib's own shape


class Grants(RequestValidator):
    """What oauthlib asks about clients, codes and tokens.

    Args:
        scopes: every scope the cloud knows.
        token_life_s: seconds an access token lives.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        scopes: frozenset[str],
        token_life_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scopes = scopes
        self._life_s = token_life_s
        self._clock = clock
        self._lock = Lock()
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, _Token] = {}
        self._refresh: dict[str, _Token] = {}

    def allows(self, token: str) -> tuple[str, ...] | None:
        """The scopes an access token opens, None where it opens nothing (any more)."""
        held = self._access.get(token)
        return held.scopes if held and held.expires_at > self._clock() else None

    def expire_access(self) -> None:
        """Ends every access token at once, as time does; refresh tokens stay."""
        with self._lock:
            self._access.clear()

    def end_all(self) -> None:
        """Ends every grant, as a person does on a service's own page."""
        with self._lock:
            self._access.clear()
            self._refresh.clear()

    @property
    def open_grants(self) -> int:
        """How many grants could still be refreshed."""
        return len(self._refresh)

    # ── the client ───────────────────────────────────────────────────────────────────────

    def validate_client_id(self, client_id: str, request: Any, *_a: Any, **_k: Any) -> bool:
        """Only the client id that Jolidrive ships."""
        return client_id == CLIENT_ID

    def client_authentication_required(self, request: Any, *_a: Any, **_k: Any) -> bool:
        """The client is public: it has no secret."""
        return False

    def authenticate_client_id(self, client_id: str, request: Any, *_a: Any, **_k: Any) -> bool:
        """A public client says its id, that is all."""
        request.client = _Client(client_id)
        return client_id == CLIENT_ID

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Any, *_a: Any, **_k: Any
    ) -> bool:
        """`http://<literal loopback address>:<any port>/callback`, as RFC 8252 says."""
        return is_loopback_callback(redirect_uri)

    def get_default_redirect_uri(
        self, client_id: str, request: Any, *_a: Any, **_k: Any
    ) -> str:
        """There is none: the port is the client's choice."""
        return ""

    def validate_response_type(
        self, client_id: str, response_type: str, *_a: Any, **_k: Any
    ) -> bool:
        """Codes only."""
        return response_type == "code"

    def validate_grant_type(self, client_id: str, grant_type: str, *_a: Any, **_k: Any) -> bool:
        """Codes and refreshing."""
        return grant_type in {"authorization_code", "refresh_token"}

    def validate_scopes(self, client_id: str, scopes: list[str], *_a: Any, **_k: Any) -> bool:
        """Scopes the cloud knows, at least one."""
        return bool(scopes) and self._scopes.issuperset(scopes)

    def get_default_scopes(
        self, client_id: str, request: Any, *_a: Any, **_k: Any
    ) -> list[str]:
        """None: who asks for nothing gets nothing."""
        return []

    # ── codes ────────────────────────────────────────────────────────────────────────────

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Always."""
        return True

    def save_authorization_code(
        self, client_id: str, code: Mapping[str, Any], request: Any, *_a: Any, **_k: Any
    ) -> None:
        """Keeps what the code stands for."""
        with self._lock:
            self._codes[code["code"]] = _Code(
                redirect_uri=request.redirect_uri,
                scopes=tuple(request.scopes),
                challenge=request.code_challenge,
                expires_at=self._clock() + _CODE_LIFE_S,
            )

    def validate_code(
        self, client_id: str, code: str, client: object, request: Any, *_a: Any, **_k: Any
    ) -> bool:
        """Taken out when first shown, so that even two requests at once use it once."""
        with self._lock:
            held = self._codes.pop(code, None)
        if held is None or held.expires_at <= self._clock():
            return False
        request.scopes = list(held.scopes)
        request.user = CLIENT_ID
        request.held_code = held
        return True

    def get_code_challenge(self, code: str, request: Any) -> str:
        """The challenge the code was asked with."""
        return _held(request).challenge

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        """S256; the authorize page lets nothing else through."""
        return "S256"

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: object, request: Any,
        *_a: Any, **_k: Any,
    ) -> bool:  # fmt: skip
        """The very address the code went to."""
        return hmac.compare_digest(_held(request).redirect_uri, redirect_uri)

    def invalidate_authorization_code(self, *_a: Any, **_k: Any) -> None:
        """Nothing left to do: `validate_code` took it out."""

    # ── tokens ───────────────────────────────────────────────────────────────────────────

    def save_bearer_token(
        self, token: Mapping[str, Any], request: Any, *_a: Any, **_k: Any
    ) -> str:
        """Keeps a new pair; with a refresh it carries on the grant the old one stood for."""
        old: _Token | None = getattr(request, "held_refresh", None)
        grant = old.grant if old else generate_token()
        scopes = tuple(request.scopes)
        with self._lock:
            self._access[token["access_token"]] = _Token(
                grant=grant, scopes=scopes, expires_at=self._clock() + self._life_s
            )
            self._refresh[token["refresh_token"]] = _Token(
                grant=grant, scopes=scopes, expires_at=float("inf")
            )
        return ""

    def save_token(self, token: Mapping[str, Any], request: Any, *_a: Any, **_k: Any) -> str:
        """What oauthlib calls; the cloud has bearer tokens only."""
        return self.save_bearer_token(token, request)

    def validate_refresh_token(
        self, refresh_token: str, client: object, request: Any, *_a: Any, **_k: Any
    ) -> bool:
        """Taken out when first shown: a second use is refused."""
        with self._lock:
            held = self._refresh.pop(refresh_token, None)
        if held is None:
            return False
        request.user = CLIENT_ID
        request.held_refresh = held
        return True

    def get_original_scopes(
        self, refresh_token: str, request: Any, *_a: Any, **_k: Any
    ) -> list[str]:
        """Scopes of the grant being refreshed."""
        held: _Token = request.held_refresh
        return list(held.scopes)

    def rotate_refresh_token(self, request: Any) -> bool:
        """Always."""
        return True

    def revoke_token(
        self, token: str, token_type_hint: str, request: Any, *_a: Any, **_k: Any
    ) -> None:
        """Ends the grant the token belongs to, whichever token of it was told (RFC 7009)."""
        with self._lock:
            held = self._access.get(token) or self._refresh.get(token)
            if held is None:
                return
            for kept in (self._access, self._refresh):
                for name in [name for name, one in kept.items() if one.grant == held.grant]:
                    del kept[name]


@dataclass(slots=True)
class _Client:
    client_id: str


def _held(request: Any) -> _Code:
    held: _Code = request.held_code
    return held


def is_loopback_callback(address: str) -> bool:
    """Whether an address is `/callback` on a literal loopback address, any port."""
    try:
        parts = urlsplit(address)
        literal = ip_address(parts.hostname or "")
        usable = parts.port is not None
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and parts.username is None
    return (
        usable
        and plain
        and parts.scheme == "http"
        and parts.path == "/callback"
        and str(literal) in {"127.0.0.1", "::1"}
    )


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The three doors of RFC 6749 and RFC 7009, on one set of grants."""

    authorize: AuthorizationEndpoint
    token: TokenEndpoint
    revoke: RevocationEndpoint


def endpoints(grants: Grants, token_life_s: float) -> Endpoints:
    """Puts oauthlib's parts together: code with S256, refresh with rotation, revocation."""
    bearer: Any = BearerToken(grants, expires_in=int(token_life_s))
    code = _S256Only(grants)
    refresh = RefreshTokenGrant(grants)
    kinds = {"authorization_code": code, "refresh_token": refresh}
    return Endpoints(
        AuthorizationEndpoint("code", bearer, {"code": code}),
        TokenEndpoint("authorization_code", bearer, kinds),
        RevocationEndpoint(grants),
    )
