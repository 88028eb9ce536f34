"""Dynamic registration: a server gives us a client id of its own (RFC 7591, or `apps`).

The reply is untrusted like any other; nothing of it is kept but id and secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jolidrive.api.manifest import RegisterStyle
from jolidrive.errors import UnexpectedReplyError

from .hosts import read_address
from .loopback import registered_redirects
from .oauth2 import auth_permit
from .session import Limits
from .tokens import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from jolidrive.api.manifest import Auth
    from jolidrive.model.item import Json

    from .guard import Permit
    from .reply import PlainReply
    from .session import Gate, GateSession

CLIENT_NAME: Final = "Jolidrive"
_LIMITS: Final = Limits(tries=3, hops=0, patience_s=20.0, within_s=30.0, body=1024 * 1024)


def register(auth: Auth, gate: Gate, permit: Permit, cancelled: Callable[[], bool]) -> Client:
    """Registers this installation with one server.

    Raises:
        ServiceError: the server could not be asked, or gave no client id.
        GuardError: its address may not be asked.
        CancelledError: it was stopped.
    """
    session = gate.session(
        auth_permit(permit, auth),
        None,
        purpose="connect",
        stopping=cancelled,
        limits=_LIMITS,
    )
    ask = _ask_apps if auth.register_style is RegisterStyle.APPS else _ask_rfc7591
    try:
        reply = ask(session, auth)
    finally:
        session.close()
    return _client(reply)


def _ask_rfc7591(session: GateSession, auth: Auth) -> PlainReply:
    redirects: list[Json] = list(registered_redirects(auth.redirect, auth.redirect_ports))
    return session.post(
        auth.register_url or "",
        json={
            "client_name": CLIENT_NAME,
            "application_type": "native",
            "redirect_uris": redirects,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "scope": " ".join(scope.name for scope in auth.scopes),
        },
    )


def _ask_apps(session: GateSession, auth: Auth) -> PlainReply:
    return session.post(
        auth.register_url or "",
        form={
            "client_name": CLIENT_NAME,
            "redirect_uris": "\n".join(
                registered_redirects(auth.redirect, auth.redirect_ports)
            ),
            "scopes": " ".join(scope.name for scope in auth.scopes),
        },
    )


def _client(reply: PlainReply) -> Client:
    host = read_address(reply.url).shown
    if reply.status not in {200, 201}:
        raise UnexpectedReplyError("not_registered", host=host, status=reply.status)
    untrusted = reply.json()
    if not isinstance(untrusted, dict):
        raise UnexpectedReplyError("not_registered", host=host, status=reply.status)
    name, secret = untrusted.get("client_id"), untrusted.get("client_secret")
    if not isinstance(name, str) or not 0 < len(name) <= 4096:
        raise UnexpectedReplyError("not_registered", host=host, status=reply.status)
    return Client(id=name, secret=secret if isinstance(secret, str) and secret else None)
