"""OAuth 2 on requests-oauthlib: authorization code with PKCE, refresh, revocation.

Every request of it passes the gate too, under a permit of its own that knows the addresses of
the manifest's `[auth]` and never carries a token. Redirects are refused here: a code or a
refresh token goes to the declared address or nowhere. oauthlib reads `https://` only, so typed
loopback addresses are spelled so towards it, and only the gate sends them as they are.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, Protocol

import requests
from oauthlib.oauth2 import OAuth2Error
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth2Session

from jolidrive.errors import (
    ConsentRefusedError,
    JolidriveError,
    SignInNeededError,
    UnexpectedReplyError,
)
from jolidrive.model.receipt import RemoteOutcome

from .guard import Permit, bare
from .hosts import https_spelling, read_address
from .loopback import Listener
from .session import Limits
from .tokens import Client, TokenCredentials, TokenKeeping, TokenSet, token_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from requests import PreparedRequest, Response

    from jolidrive.api.manifest import Auth

    from .loopback import Callback
    from .session import Gate, GateSession

SIGN_IN_S: Final = 600.0
REVOKE_S: Final = 8.0
_TALK: Final = Limits(tries=3, hops=0, patience_s=20.0, within_s=30.0, body=1024 * 1024)
_BRIEF: Final = Limits(tries=1, hops=0, patience_s=0.0, within_s=REVOKE_S, body=64 * 1024)
_GRANT_GONE: Final = frozenset(
    {"invalid_grant", "bad_refresh_token", "invalid_token", "expired_token", "access_denied"}
)
_KNOWN: Final = _GRANT_GONE | {
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "server_error",
    "temporarily_unavailable",
    "unsupported_response_type",
    "bad_verification_code",
    "incorrect_client_credentials",
    "redirect_uri_mismatch",
}


class Browser(Protocol):
    """The person's browser."""

    def open(self, url: str) -> bool:
        """Opens the address; False when no browser could be started."""
        ...

    def show(self, url: str) -> None:
        """Shows the address, to be copied."""
        ...


def auth_permit(permit: Permit, auth: Auth) -> Permit:
    """The permit for signing in: the addresses of `[auth]`, POST, and no token."""
    urls = (auth.authorize_url, auth.token_url, auth.revoke_url, auth.register_url)
    entries = frozenset(read_address(url).entry for url in urls if url)
    return Permit(
        account=permit.account,
        service=permit.service,
        token_hosts=entries & permit.token_hosts,
        open_hosts=entries - permit.token_hosts,
        methods=frozenset({"POST"}),
        typed_loopback=permit.typed_loopback,
        pinned_fingerprint=permit.pinned_fingerprint,
        pace=permit.pace,
    )


def sign_in(
    auth: Auth,
    client: Client,
    gate: Gate,
    permit: Permit,
    browser: Browser,
    cancelled: Callable[[], bool],
) -> TokenSet:
    """Takes the person through the service's consent page and brings back a token.

    Raises:
        ConsentRefusedError: the person, or the service, said no.
        SignInTimedOutError: nobody came back within `SIGN_IN_S`.
        CancelledError: it was stopped.
        ServiceError: the service could not be asked, or answered nonsense.
        GuardError: an address of `[auth]` may not be asked.
    """
    own = auth_permit(permit, auth)
    asked_url = auth.authorize_url or ""
    own.check("GET", asked_url)
    state = secrets.token_urlsafe(32)
    with Listener(
        auth.redirect,
        auth.redirect_ports,
        state=state,
        state_returned=auth.state_returned,
        sign_ins=gate.sign_ins,
    ) as listener:
        flow = OAuth2Session(
            client.id,
            scope=auth.scope_separator.join(scope.name for scope in auth.scopes) or None,
            redirect_uri=listener.redirect_uri,
            state=state,
            pkce="S256",
        )
        page, _ = flow.authorization_url(https_spelling(asked_url), **auth.extra)
        page = asked_url[:8].partition("://")[0] + "://" + page.partition("://")[2]
        if not browser.open(page):
            browser.show(page)
        callback = listener.wait(cancelled, gate.timing, SIGN_IN_S)
    _refuse(callback, permit.service, read_address(asked_url).shown)
    talk = _talk(gate, own, _TALK, cancelled)
    untrusted = _fetch(
        flow,
        talk,
        auth,
        permit.service,
        lambda url: flow.fetch_token(
            url,
            code=callback.code,
            include_client_id=True,
            client_secret=client.secret,
        ),
    )
    return _checked(
        untrusted, (scope.name for scope in auth.scopes), callback.facts, gate, auth
    )


def renew(auth: Auth, client: Client, gate: Gate, permit: Permit, token: TokenSet) -> TokenSet:
    """The next pair. It is not cancelled half way: the old one may be used up by then.

    Raises:
        SignInNeededError: the refresh token is no longer accepted.
        ServiceError: no answer, or no usable one.
    """
    flow = OAuth2Session(client.id)
    talk = _talk(gate, auth_permit(permit, auth), _TALK, lambda: False)
    extra: dict[str, Any] = {"client_id": client.id}
    if client.secret is not None:
        extra["client_secret"] = client.secret
    try:
        untrusted = _fetch(
            flow,
            talk,
            auth,
            permit.service,
            lambda url: flow.refresh_token(url, refresh_token=token.refresh_token, **extra),
        )
    except ConsentRefusedError:
        gone = SignInNeededError(permit.service)
    else:
        return _checked(untrusted, token.scopes, token.grant, gate, auth)
    raise gone


def credentials(
    auth: Auth,
    client: Client,
    gate: Gate,
    permit: Permit,
    token: TokenSet,
    keeping: TokenKeeping,
) -> TokenCredentials:
    """Credentials that refresh themselves, for `Gate.session`."""
    return TokenCredentials(
        token,
        keeping,
        lambda saved: renew(auth, client, gate, permit, saved),
        gate.timing,
    )


def revoke(
    auth: Auth, client: Client, gate: Gate, permit: Permit, token: TokenSet
) -> RemoteOutcome:
    """Asks the service to forget the grant (RFC 7009); never raises for its answer."""
    if auth.revoke_url is None:
        return RemoteOutcome.NO_ENDPOINT
    session = _session(gate, auth_permit(permit, auth), _BRIEF, "revoke", lambda: False)
    held = {"refresh_token": token.refresh_token, "access_token": token.access_token}
    try:
        outcomes = [
            _revoke_one(session, auth.revoke_url, client, hint, value)
            for hint, value in held.items()
            if value is not None
        ]
    except JolidriveError:
        return RemoteOutcome.FAILED
    finally:
        session.close()
    # The refresh token, asked first, stands for the whole grant (RFC 7009, section 2.1);
    # only where it was gone before does the access token decide.
    return outcomes[-1] if outcomes[0] is RemoteOutcome.ALREADY else outcomes[0]


def _revoke_one(
    session: GateSession, url: str, client: Client, hint: str, value: str
) -> RemoteOutcome:
    form = {"token": value, "token_type_hint": hint, "client_id": client.id}
    if client.secret is not None:
        form["client_secret"] = client.secret
    reply = session.post(url, form=form, headers={"Accept": "application/json"})
    if 200 <= reply.status < 300:
        return RemoteOutcome.REVOKED
    try:
        said = reply.json()
    except UnexpectedReplyError:
        said = None
    gone = isinstance(said, dict) and said.get("error") in {"invalid_token", "invalid_grant"}
    return RemoteOutcome.ALREADY if gone else RemoteOutcome.FAILED


# ── talking to the token endpoint ────────────────────────────────────────────────────────


class _Talk(BaseAdapter):
    """The only adapter of an `OAuth2Session`: hands its requests to a session of the gate."""

    def __init__(self, session: GateSession) -> None:
        super().__init__()
        self._session = session
        self.url = ""
        self.status = 0

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the shape of every adapter
        timeout: object = None,  # noqa: ARG002 - the gate's own
        verify: object = True,  # noqa: ARG002, FBT002 - the gate's own
        cert: object = None,  # noqa: ARG002 - the gate's own
        proxies: object = None,  # noqa: ARG002 - the gate's own
    ) -> Response:
        """Sends to the declared address, in its own spelling."""
        copy = request.copy()
        copy.url = self.url
        reply = self._session.exchange(copy)
        self.status = reply.status
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update(reply.headers)
        response.url = request.url or ""
        response.request = request
        response.encoding = "utf-8"
        response._content = reply.body  # noqa: SLF001 - how requests itself fills a Response
        return response

    def close(self) -> None:
        """Closes the gate's connections."""
        self._session.close()


def _session(
    gate: Gate, permit: Permit, limits: Limits, purpose: str, stopping: Callable[[], bool]
) -> GateSession:
    return gate.session(permit, None, purpose=purpose, stopping=stopping, limits=limits)


def _talk(gate: Gate, permit: Permit, limits: Limits, stopping: Callable[[], bool]) -> _Talk:
    return _Talk(_session(gate, permit, limits, "connect", stopping))


def _fetch(
    flow: OAuth2Session,
    talk: _Talk,
    auth: Auth,
    service: str,
    ask: Callable[[str], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Asks the token endpoint; what goes wrong leaves without the frames that hold secrets."""
    flow.trust_env = False
    flow.adapters.clear()
    flow.mount("https://", talk)
    talk.url = auth.token_url or ""
    host = read_address(talk.url).shown
    try:
        return ask(https_spelling(talk.url))
    except JolidriveError as error:
        trouble: JolidriveError = bare(error)
    except OAuth2Error as error:
        trouble = _said_no(error.error or "", service, host, talk.status)
    except Warning as changed:
        token: Mapping[str, Any] | None = getattr(changed, "token", None)
        if token is not None:
            return token
        trouble = UnexpectedReplyError("token_reply", host=host, status=talk.status)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        trouble = UnexpectedReplyError("token_reply", host=host, status=talk.status)
    finally:
        flow.close()
    raise trouble


def _said_no(code: str, service: str, host: str, status: int) -> JolidriveError:
    if code in _GRANT_GONE:
        return ConsentRefusedError(service, code)
    reason = f"token_{code}" if code in _KNOWN else "no_token"
    return UnexpectedReplyError(reason, host=host, status=status)


def _refuse(callback: Callback, service: str, host: str) -> None:
    """Raises for a redirect that brought an error instead of a code."""
    if not callback.error:
        return
    if callback.error == "access_denied":
        raise ConsentRefusedError(service)
    code = callback.error if callback.error in _KNOWN else "error"
    raise UnexpectedReplyError(f"consent_{code}", host=host)


def _checked(
    untrusted: Mapping[str, Any],
    asked: Iterable[str],
    facts: Mapping[str, str],
    gate: Gate,
    auth: Auth,
) -> TokenSet:
    host = read_address(auth.token_url or "").shown
    return token_set(untrusted, asked=asked, now=gate.timing.now(), facts=facts, host=host)
