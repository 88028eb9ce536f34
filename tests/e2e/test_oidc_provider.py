"""Signing in at a certified OpenID provider (npm oidc-provider) with a real browser.

Once before: `npm install --prefix tests/e2e/oidc` (git ignores what it installs).
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from jolidrive.api.manifest import Auth, Flow, RedirectStyle, Scope
from jolidrive.errors import ConsentRefusedError, SignInNeededError
from jolidrive.model.receipt import RemoteOutcome
from jolidrive.net import oauth2
from jolidrive.net.guard import Permit
from jolidrive.net.hosts import typed_server
from jolidrive.net.ledger import Ledger, MemoryLedgerStore
from jolidrive.net.pace import Pacer
from jolidrive.net.register import register
from jolidrive.net.session import Gate
from jolidrive.net.tokens import Client, TokenKeeping, TokenSet
from jolidrive.net.wire import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

HERE = Path(__file__).parent / "oidc"
INSTALL = "npm install --prefix tests/e2e/oidc"
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not (HERE / "node_modules" / "oidc-provider").is_dir(), reason=f"needs: {INSTALL}"
    ),
    pytest.mark.skipif(shutil.which("node") is None, reason="needs: apt-get install nodejs"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs: apt-get install chromium"),
]


class Mailbox:
    """A `Browser` that hands addresses to the thread that drives Chromium."""

    def __init__(self) -> None:
        self.urls: queue.Queue[str] = queue.Queue()

    def open(self, url: str) -> bool:
        self.urls.put(url)
        return True

    def show(self, url: str) -> None:
        raise AssertionError(url)


class Provider:
    """The provider's addresses, and everything of ours that talks to it."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        entry = typed_server(self.base).entry
        self.store = MemoryLedgerStore()
        self.gate = Gate(NetworkSettings(), Ledger(self.store), Pacer())
        self.permit = Permit(
            account="a1",
            service="oidc",
            token_hosts=frozenset({entry}),
            typed_loopback=frozenset({entry}),
            pace=0,
        )
        self.auth = Auth(
            flow=Flow.CODE,
            authorize_url=f"{self.base}/auth",
            token_url=f"{self.base}/token",
            revoke_url=f"{self.base}/token/revocation",
            register_url=f"{self.base}/reg",
            redirect=RedirectStyle.IP,
            scopes=(
                Scope(name="openid", reason="to know who you are"),
                Scope(name="offline_access", reason="to stay signed in"),
            ),
            extra={"prompt": "consent"},
        )


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with subprocess.Popen(
        ["node", "server.mjs"], cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        try:
            yield Provider(json.loads(process.stdout.readline())["port"])
        finally:
            process.terminate()


@pytest.fixture
def page() -> Iterator[Page]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            yield browser.new_page()
        finally:
            browser.close()


def say_yes(page: Page, url: str) -> None:
    page.goto(url)
    page.fill("input[name=login]", "maya")
    page.fill("input[name=password]", "any")
    page.click("button[type=submit]")
    page.click("button[type=submit]")
    page.wait_for_url("**/callback?*")


def say_no(page: Page, url: str) -> None:
    page.goto(url)
    page.click("a:has-text('Cancel')")
    page.wait_for_url("**/callback?*")


def signed_in(
    provider: Provider, page: Page, client: Client, act: Callable[[Page, str], None]
) -> tuple[TokenSet | Exception, str]:
    """What `sign_in` gives while the person does `act`, and the consent page's address."""
    mailbox, outcome = Mailbox(), queue.Queue[TokenSet | Exception]()
    gave_up = threading.Event()

    def run() -> None:
        try:
            outcome.put(
                oauth2.sign_in(
                    provider.auth,
                    client,
                    provider.gate,
                    provider.permit,
                    mailbox,
                    gave_up.is_set,
                )
            )
        except Exception as error:  # noqa: BLE001 - handed to the test
            outcome.put(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        url = mailbox.urls.get(timeout=20)
        act(page, url)
        result = outcome.get(timeout=20)
    finally:
        gave_up.set()
        thread.join()
    return result, url


class Kept:
    """Where a test keeps its token, noting the order of things."""

    def __init__(self, token: TokenSet) -> None:
        self.saved: list[TokenSet] = [token]

    @property
    def keeping(self) -> TokenKeeping:
        return TokenKeeping(
            lock=nullcontext, load=lambda: self.saved[-1], save=self.saved.append
        )


def test_a_browser_brings_a_token_that_is_refreshed_rotated_and_revoked(
    provider: Provider, page: Page
) -> None:
    client = Client(id="desk")
    token, url = signed_in(provider, page, client, say_yes)
    assert isinstance(token, TokenSet), token
    asked = {name: many[0] for name, many in parse_qs(urlsplit(url).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert set(token.scopes) == {"openid", "offline_access"}
    assert token.refresh_token is not None
    assert page.locator("h1").inner_text() == "Jolidrive has the answer."

    kept = Kept(token)
    credentials = oauth2.credentials(
        provider.auth, client, provider.gate, provider.permit, token, kept.keeping
    )
    session = provider.gate.session(
        provider.permit, credentials, purpose="sync", stopping=lambda: False
    )
    assert session.get(f"{provider.base}/me").json() == {"sub": "maya"}
    assert kept.saved == [token]

    # The provider ends access tokens after five seconds; until it does, nothing is refreshed.
    page.wait_for_timeout(5500)
    assert session.get(f"{provider.base}/me").json() == {"sub": "maya"}
    assert len(kept.saved) == 2
    renewed = kept.saved[-1]
    assert renewed.access_token != token.access_token
    assert renewed.refresh_token not in {None, token.refresh_token}

    # A used refresh token is refused, and by OAuth's rules the whole grant with it.
    with pytest.raises(SignInNeededError):
        oauth2.renew(provider.auth, client, provider.gate, provider.permit, token)
    with pytest.raises(SignInNeededError):
        credentials.refresh()

    again, _ = signed_in(provider, page, client, say_yes_signed_in)
    assert isinstance(again, TokenSet), again
    outcome = oauth2.revoke(provider.auth, client, provider.gate, provider.permit, again)
    assert outcome is RemoteOutcome.REVOKED
    with pytest.raises(SignInNeededError):
        oauth2.renew(provider.auth, client, provider.gate, provider.permit, again)
    session.close()

    provider.gate.ledger.flush()
    assert {row.purpose for row in provider.store.rows} == {"connect", "sync", "revoke"}
    assert {row.host for row in provider.store.rows} == {provider.base.removeprefix("http://")}


def say_yes_signed_in(page: Page, url: str) -> None:
    page.goto(url)
    page.click("button[type=submit]")
    page.wait_for_url("**/callback?*")


def test_a_person_who_says_no_connects_nothing(provider: Provider, page: Page) -> None:
    outcome, _ = signed_in(provider, page, Client(id="desk"), say_no)
    assert isinstance(outcome, ConsentRefusedError)
    assert page.locator("h1").inner_text() == "Nothing was connected."


def test_a_client_registered_by_itself_signs_in(provider: Provider, page: Page) -> None:
    client = register(provider.auth, provider.gate, provider.permit, lambda: False)
    assert client.id != "desk"
    token, _ = signed_in(provider, page, client, say_yes)
    assert isinstance(token, TokenSet), token
    assert token.access_token
