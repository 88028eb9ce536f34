from __future__ import annotations

import http.client
import logging
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from jolidrive.api.manifest import Auth, Flow, RedirectStyle, RegisterStyle, Scope
from jolidrive.errors import (
    CancelledError,
    ConsentRefusedError,
    HostNotAllowedError,
    InsecureAddressError,
    JolidriveError,
    ServiceDownError,
    SignInNeededError,
    SignInTimedOutError,
    UnexpectedReplyError,
)
from jolidrive.model.receipt import RemoteOutcome
from jolidrive.net import oauth2
from jolidrive.net.guard import Permit
from jolidrive.net.hosts import typed_server
from jolidrive.net.ledger import Ledger, MemoryLedgerStore
from jolidrive.net.pace import Pacer, Timing
from jolidrive.net.register import register
from jolidrive.net.session import Gate
from jolidrive.net.tokens import Client, TokenKeeping, TokenSet, token_set
from jolidrive.net.wire import NetworkSettings
from tests.fake.oauth_server import OAuthServer, oauth_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sockets
CLIENT = Client(id="desk")
JSON = {"Content-Type": "application/json"}


class Visitor:
    """A browser that follows redirects and asks for /favicon.ico, as they all do."""

    def __init__(self, *, opens: bool = True) -> None:
        self.opens = opens
        self.shown: list[str] = []
        self.pages: list[tuple[int, str]] = []
        self.threads: list[threading.Thread] = []

    def open(self, url: str) -> bool:
        if self.opens:
            self.visit(url)
        return self.opens

    def show(self, url: str) -> None:
        self.shown.append(url)
        self.visit(url)

    def visit(self, url: str) -> None:
        thread = threading.Thread(target=self.walk, args=(url,))
        self.threads.append(thread)
        thread.start()

    def walk(self, url: str) -> None:
        status, headers, page = fetch(url)
        if status == 302:
            back = headers["Location"]
            favicon = f"http://{urlsplit(back).netloc}/favicon.ico"
            assert fetch(favicon)[0] == 404
            status, headers, page = fetch(back)
        self.pages.append((status, page))

    def wait(self) -> None:
        for thread in self.threads:
            thread.join()


def fetch(url: str) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read().decode()
    finally:
        connection.close()


class Desk:
    """Everything of ours that signs in at the server."""

    def __init__(self, server: OAuthServer, timing: Timing | None = None) -> None:
        self.server = server
        entry = typed_server(server.base).entry
        self.gate = Gate(
            NetworkSettings(), Ledger(MemoryLedgerStore()), Pacer(timing or Timing())
        )
        self.permit = Permit(
            account="a1",
            service="demo",
            token_hosts=frozenset({entry}),
            typed_loopback=frozenset({entry}),
            pace=0,
        )
        self.auth = Auth(
            flow=Flow.CODE,
            authorize_url=f"{server.base}/authorize",
            token_url=f"{server.base}/token",
            revoke_url=f"{server.base}/revoke",
            scopes=(Scope(name="read", reason="r"), Scope(name="profile", reason="p")),
        )
        self.visitor = Visitor()

    def sign_in(self, client: Client = CLIENT) -> TokenSet:
        try:
            return oauth2.sign_in(
                self.auth, client, self.gate, self.permit, self.visitor, lambda: False
            )
        finally:
            self.visitor.wait()

    def renew(self, token: TokenSet, client: Client = CLIENT) -> TokenSet:
        return oauth2.renew(self.auth, client, self.gate, self.permit, token)

    def revoke(self, token: TokenSet) -> RemoteOutcome:
        return oauth2.revoke(self.auth, CLIENT, self.gate, self.permit, token)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with oauth_server() as server:
        yield Desk(server)


def test_signing_in_brings_a_token_and_a_friendly_page(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = desk.sign_in()
    assert token.access_token in desk.server.access
    assert token.scopes == ("read", "profile")
    assert token.grant == {"hostname": "eu.example.org"}
    assert token.expires_at is not None
    ((status, page),) = desk.visitor.pages
    assert status == 200
    assert "Close this tab and go back to Jolidrive." in page
    assert token.access_token not in repr(token) + caplog.text
    assert str(token.refresh_token) not in repr(token) + caplog.text
    assert TokenSet.from_mapping(token.to_mapping()) == token


def test_an_address_is_shown_where_no_browser_opens(desk: Desk) -> None:
    desk.visitor.opens = False
    assert desk.sign_in().access_token
    (url,) = desk.visitor.shown
    assert url.startswith(desk.server.base)


@pytest.mark.parametrize(
    ("style", "word"),
    [
        (RedirectStyle.IP, "127.0.0.1"),
        (RedirectStyle.LOCALHOST, "localhost"),
        (RedirectStyle.EITHER, "127.0.0.1"),
    ],
)
def test_each_redirect_style_signs_in(desk: Desk, style: RedirectStyle, word: str) -> None:
    desk.auth = replace(desk.auth, redirect=style)
    assert desk.sign_in().access_token
    asked = dict(desk.server.seen)["/authorize"]
    assert urlsplit(asked["redirect_uri"]).hostname == word
    assert urlsplit(asked["redirect_uri"]).path == "/callback"


def test_a_service_that_drops_state_signs_in_when_the_manifest_says_so(desk: Desk) -> None:
    desk.server.drop_state = True
    desk.auth = replace(desk.auth, state_returned=False)
    assert desk.sign_in().access_token


def test_a_secret_goes_in_the_body(desk: Desk) -> None:
    desk.server.secret = "s3cret"
    client = Client(id="desk", secret="s3cret")
    assert "s3cret" not in repr(client)
    assert Client.from_mapping(client.to_mapping()) == client
    token = desk.sign_in(client)
    assert desk.renew(token, client).access_token != token.access_token


def test_fewer_scopes_than_asked_are_kept_as_granted(desk: Desk) -> None:
    desk.server.granted = "read"
    assert desk.sign_in().scopes == ("read",)


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        ("access_denied", ConsentRefusedError),
        ("server_error", UnexpectedReplyError),
        ("made up <b>", UnexpectedReplyError),
    ],
)
def test_a_no_is_told(desk: Desk, error: str, raised: type[Exception]) -> None:
    desk.server.refuse = error
    with pytest.raises(raised) as caught:
        desk.sign_in()
    assert "made up" not in str(caught.value)
    assert desk.visitor.pages[0][0] == 200


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ((200, JSON, b'{"error": "invalid_grant"}'), ConsentRefusedError),
        ((400, JSON, b'{"error": "invalid_client"}'), UnexpectedReplyError),
        ((200, JSON, b'{"error": "something_else", "x": 1}'), UnexpectedReplyError),
        ((200, {}, b"<html>sorry</html>"), UnexpectedReplyError),
        ((200, JSON, b"[1]"), UnexpectedReplyError),
        ((200, JSON, b"5"), UnexpectedReplyError),
        ((200, JSON, b""), UnexpectedReplyError),
        ((200, JSON, b'{"access_token": 5}'), UnexpectedReplyError),
        ((200, JSON, b'{"access_token": "a\\r\\nX: y"}'), UnexpectedReplyError),
        (
            (200, JSON, b'{"access_token": "a", "refresh_token": {"a": 1}}'),
            UnexpectedReplyError,
        ),
        ((200, JSON, b'{"access_token": "a", "scope": 5}'), UnexpectedReplyError),
        ((200, JSON, b"[" * 100_000), UnexpectedReplyError),
        ((302, {"Location": "/token"}, b""), UnexpectedReplyError),
        ((500, {}, b""), ServiceDownError),
    ],
)
def test_a_token_reply_that_is_none_is_named(
    desk: Desk, answer: tuple[int, dict[str, str], bytes], raised: type[JolidriveError]
) -> None:
    desk.server.token_answer = answer
    with pytest.raises(raised) as caught:
        desk.sign_in()
    assert caught.value.__context__ is None


def test_a_form_encoded_token_reply_is_read(desk: Desk) -> None:
    desk.server.token_answer = (200, {}, b"access_token=abc&scope=read&token_type=bearer")
    token = desk.sign_in()
    assert (token.access_token, token.refresh_token, token.expires_at) == ("abc", None, None)


def test_signing_in_can_be_cancelled_and_times_out(desk: Desk) -> None:
    class Nobody(Visitor):
        def visit(self, url: str) -> None:
            self.url = url

    nobody = Nobody()
    with pytest.raises(CancelledError):
        oauth2.sign_in(desk.auth, CLIENT, desk.gate, desk.permit, nobody, lambda: True)
    ticks = iter(range(0, 100_000, 400))
    hasty = Desk(desk.server, Timing(monotonic=lambda: float(next(ticks))))
    with pytest.raises(SignInTimedOutError):
        oauth2.sign_in(hasty.auth, CLIENT, hasty.gate, hasty.permit, nobody, lambda: False)
    back = parse_qs(urlsplit(nobody.url).query)["redirect_uri"][0]
    with pytest.raises(ConnectionError):
        fetch(back)


def test_the_consent_page_is_https_or_typed_loopback(desk: Desk) -> None:
    auth = replace(desk.auth, authorize_url="http://evil.example/authorize")
    with pytest.raises(InsecureAddressError):
        oauth2.sign_in(auth, CLIENT, desk.gate, desk.permit, Visitor(), lambda: False)


def test_the_permit_for_signing_in_knows_its_addresses_only(desk: Desk) -> None:
    own = oauth2.auth_permit(desk.permit, desk.auth)
    assert own.allowed == desk.permit.allowed
    with pytest.raises(HostNotAllowedError):
        own.check("POST", "https://evil.example/")


# ── refreshing ───────────────────────────────────────────────────────────────────────────


class Kept:
    """A saved token, and the order in which things happened."""

    def __init__(self, token: TokenSet | None) -> None:
        self.token = token
        self.log: list[str] = []

    @contextmanager
    def lock(self) -> Iterator[None]:
        self.log.append("lock")
        yield
        self.log.append("free")

    def load(self) -> TokenSet | None:
        self.log.append("load")
        return self.token

    def save(self, token: TokenSet) -> None:
        self.log.append("save")
        self.token = token

    @property
    def keeping(self) -> TokenKeeping:
        return TokenKeeping(lock=self.lock, load=self.load, save=self.save)


def credentials(desk: Desk, token: TokenSet, kept: Kept) -> Any:
    return oauth2.credentials(desk.auth, CLIENT, desk.gate, desk.permit, token, kept.keeping)


def test_a_pair_is_rotated_under_the_lock_and_saved_before_it_is_used(desk: Desk) -> None:
    token = desk.sign_in()
    kept = Kept(token)
    desk.server.access.clear()
    session = desk.gate.session(
        desk.permit, credentials(desk, token, kept), purpose="sync", stopping=lambda: False
    )
    assert session.get(f"{desk.server.base}/me").status == 200
    session.close()
    assert kept.log == ["lock", "load", "save", "free"]
    assert kept.token is not None
    assert kept.token.refresh_token != token.refresh_token
    assert kept.token.scopes == token.scopes
    assert kept.token.grant == token.grant
    paths = [path for path, _ in desk.server.seen]
    assert paths == ["/authorize", "/token", "/me", "/token", "/me"]


def test_a_pair_that_another_process_refreshed_is_taken(desk: Desk) -> None:
    token = desk.sign_in()
    kept = Kept(desk.renew(token))
    mine = credentials(desk, token, kept)
    headers: dict[str, str] = {}
    assert mine.refresh()
    mine.apply(headers)
    assert kept.log == ["lock", "load", "free"]
    assert kept.token is not None
    assert headers["Authorization"] == f"Bearer {kept.token.access_token}"
    assert kept.token.access_token not in repr(mine)


def test_an_account_that_is_gone_is_not_refreshed(desk: Desk) -> None:
    token = desk.sign_in()
    assert not credentials(desk, token, Kept(None)).refresh()
    assert not credentials(desk, token, Kept(replace(token, refresh_token=None))).refresh()


def test_a_used_refresh_token_means_signing_in_again(desk: Desk) -> None:
    token = desk.sign_in()
    desk.renew(token)
    with pytest.raises(SignInNeededError) as caught:
        desk.renew(token)
    assert caught.value.__context__ is None


def test_a_refresh_without_a_new_refresh_token_keeps_the_old_one(desk: Desk) -> None:
    token = desk.sign_in()
    desk.server.extra = {"refresh_token": None}
    desk.server.token_answer = (200, JSON, b'{"access_token": "n", "token_type": "bearer"}')
    assert desk.renew(token).refresh_token == token.refresh_token


def test_a_token_past_its_end_is_known_to_be_old(desk: Desk) -> None:
    token = desk.sign_in()
    old = replace(token, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert not credentials(desk, token, Kept(token)).stale()
    assert credentials(desk, old, Kept(old)).stale()
    assert not credentials(desk, replace(old, refresh_token=None), Kept(old)).stale()


@pytest.mark.parametrize("ends", [None, 0, -5, "soon", 1e12, float("nan"), [], True])
def test_an_end_that_makes_no_sense_is_none_or_soon(ends: object) -> None:
    now = datetime.now(UTC)
    made = token_set(
        {"access_token": "a", "expires_in": ends}, asked=(), now=now, facts={}, host="h"
    )
    assert made.expires_at in {None, now + timedelta(seconds=1)}


def test_public_facts_are_a_short_list() -> None:
    said = {"access_token": "a", "hostname": "h", "id_token": "secret", "locationid": 2}
    made = token_set(said, asked=("x",), now=datetime.now(UTC), facts={}, host="h")
    assert made.grant == {"hostname": "h", "locationid": "2"}
    assert made.scopes == ("x",)


# ── revoking and registering ─────────────────────────────────────────────────────────────


def test_revoking_forgets_both_tokens(desk: Desk) -> None:
    token = desk.sign_in()
    assert desk.revoke(token) is RemoteOutcome.REVOKED
    assert desk.server.access == set()
    assert desk.server.refresh == set()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((400, JSON, b'{"error": "invalid_token"}'), RemoteOutcome.ALREADY),
        ((400, JSON, b'{"error": "invalid_client"}'), RemoteOutcome.FAILED),
        ((403, {}, b"<html>"), RemoteOutcome.FAILED),
        ((503, {"Retry-After": "60"}, b""), RemoteOutcome.FAILED),
        ((302, {"Location": "/elsewhere"}, b""), RemoteOutcome.FAILED),
    ],
)
def test_what_a_service_answers_to_a_revoke_is_told(
    desk: Desk, answer: tuple[int, dict[str, str], bytes], outcome: RemoteOutcome
) -> None:
    token = desk.sign_in()
    desk.server.revoke_answer = answer
    assert desk.revoke(token) is outcome


def test_a_service_without_a_revoke_address_is_not_asked(desk: Desk) -> None:
    token = TokenSet(access_token="a")
    desk.auth = replace(desk.auth, revoke_url=None)
    assert desk.revoke(token) is RemoteOutcome.NO_ENDPOINT
    assert desk.server.seen == []


@pytest.mark.parametrize(
    ("style", "path", "client"),
    [
        (RegisterStyle.APPS, "/apps", Client(id="app-1", secret="app-secret")),
        (RegisterStyle.RFC7591, "/register", Client(id="dynamic-1")),
    ],
)
def test_a_client_is_registered_in_both_dialects(
    desk: Desk, style: RegisterStyle, path: str, client: Client
) -> None:
    auth = replace(desk.auth, register_url=f"{desk.server.base}{path}", register_style=style)
    assert register(auth, desk.gate, desk.permit, lambda: False) == client
    asked = dict(desk.server.seen)[path]
    assert "http://127.0.0.1/callback" in asked["redirect_uris"]


@pytest.mark.parametrize("path", ["/token", "/me"])
def test_a_registration_that_gives_no_client_is_named(desk: Desk, path: str) -> None:
    desk.server.token_answer = (200, JSON, b'{"client_id": ""}')
    auth = replace(desk.auth, register_url=f"{desk.server.base}{path}")
    with pytest.raises(UnexpectedReplyError):
        register(auth, desk.gate, desk.permit, lambda: False)
    desk.server.token_answer = (200, JSON, b"[]")
    with pytest.raises(UnexpectedReplyError):
        register(auth, desk.gate, desk.permit, lambda: False)
