"""Every error is reached through the program itself, and says what to do in a sentence."""

from __future__ import annotations

import gzip
import re
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from jolidrive import errors as e
from jolidrive.cli.demo import HeadlessAsker
from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive
from jolidrive.drive.jobs import NobodyAsker
from jolidrive.net.oauth2 import SIGN_IN_S
from jolidrive.settings import write_settings
from jolidrive.vault.keyring import MemoryKeys
from jolidrive.wording import has_words, leaves
from tests.fake.letters import HOST, Letters, as_json, connect, letters
from tests.fake.reached import reaches, told
from tests.fake.wire import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.model.account import Account


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def service() -> Letters:
    return Letters(pages=[letters("a", "b"), letters("c")])


@pytest.fixture
def drive(profile: Path, service: Letters) -> Iterator[Drive]:
    with service.drive(profile) as opened:
        yield opened


@pytest.fixture
def account(drive: Drive) -> Account:
    return connect(drive)


def test_every_error_is_reached_and_worded() -> None:
    here = Path(__file__).parent
    told_of = "".join(path.read_text("utf-8") for path in here.glob("test_errors*.py"))
    reached = set(re.findall(r"^@reaches\(e\.(\w+)\)", told_of, re.MULTILINE))
    assert {kind.__name__ for kind in leaves()} == reached
    assert all(has_words(kind) for kind in leaves())


# ── accounts ─────────────────────────────────────────────────────────────────────────────


@reaches(e.SignInNeededError)
def test_a_refused_token(drive: Drive, account: Account, service: Letters) -> None:
    drive.sync(account)
    service.instead = lambda _: Said(401)
    with told(e.SignInNeededError, "letters", "Your items stay", "Sign in again"):
        drive.sync(account)
    assert drive.accounts()[0].state == "sign_in"
    assert drive.search("letter").total == 3


@reaches(e.ConsentRefusedError)
@pytest.mark.sockets
def test_somebody_says_no(profile: Path) -> None:
    write_settings(profile / "settings.toml", audience="demo")
    asker = HeadlessAsker(HeadlessBrowser(allow=False))
    with (
        DemoCloud(busy_every=0) as cloud,
        Drive.open(profile, keys=MemoryKeys()) as drive,
        told(e.ConsentRefusedError, "was not connected", "Nothing was stored"),
    ):
        drive.connect("demo_files", {"server": cloud.base}, asker=asker)


@reaches(e.WrongAccountError)
def test_the_same_account_twice(drive: Drive, account: Account) -> None:
    with told(e.WrongAccountError, "connected already", "u1 at Letters"):
        connect(drive)
    assert [one.account for one in drive.accounts()] == [account.id]


@reaches(e.UnknownAccountError)
@pytest.mark.parametrize("name", ["nobody", "../../etc", ""])
def test_an_account_that_is_not_there(drive: Drive, name: str) -> None:
    for ask in (drive.sync, drive.revoke, drive.overview, drive.history, drive.preview_revoke):
        with told(e.UnknownAccountError, f"no account “{name}”", "jolidrive accounts"):
            ask(name)


@reaches(e.OptionMissingError)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ("needs “token”", "--set token=")),
        ({"token": " "}, ("needs “token”",)),
        ({"token": "tökén"}, ("no access token",)),
        ({"token": "a\nb"}, ("too long or odd",)),
        ({"token": "t" * 5000}, ("too long or odd",)),
        ({"token": "t", "colour": "red"}, ("“colour”", "no such value")),
    ],
)
def test_a_value_that_is_missing_or_odd(
    drive: Drive, options: dict[str, str], words: tuple[str, ...]
) -> None:
    with told(e.OptionMissingError, *words):
        drive.connect("letters", options)


class LateAsker(NobodyAsker):
    """The person opens the page and forgets it."""

    def __init__(self, service: Letters) -> None:
        self._service = service
        self._is_open = False

    def open(self, url: str) -> bool:
        self._is_open = bool(url)
        return True

    def cancelled(self) -> bool:
        if self._is_open:
            self._service.time.seconds += SIGN_IN_S / 4
        return False


class GivesUp(NobodyAsker):
    """The person closes the sheet."""

    def cancelled(self) -> bool:
        return True


def registering(path: str) -> Said | None:
    return as_json({"client_id": "c", "client_secret": "s"}) if "apps" in path else None


@reaches(e.SignInTimedOutError)
def test_nobody_comes_back_from_the_browser(drive: Drive, service: Letters) -> None:
    service.instead = registering
    with told(e.SignInTimedOutError, "in 10 minutes", "Nothing was stored"):
        drive.connect("mastodon", {"server": "social.example"}, asker=LateAsker(service))
    assert "social.example" not in {contact.host for contact in drive.contacts()}


@reaches(e.CancelledError)
def test_somebody_stops_it(drive: Drive, account: Account) -> None:
    with told(e.CancelledError, "Stopped"):
        drive.connect("mastodon", {"server": "social.example"}, asker=GivesUp())
    stop = drive.new_stop(account)
    stop.ask()
    with told(e.CancelledError, "What was stored before stays"):
        drive.sync(account, stop=stop)
    assert drive.history(account)[0].outcome == "stopped"
    assert drive.accounts()[0].state == "ready"


# ── services ─────────────────────────────────────────────────────────────────────────────


@reaches(e.OfflineError)
@pytest.mark.parametrize(
    "answer",
    [
        requests.ConnectionError("no way"),
        requests.Timeout("too late"),
        Said(headers={"Content-Length": "900"}, body=b'{"cursor": 1'),
    ],
)
def test_no_way_to_the_service(
    drive: Drive, account: Account, service: Letters, answer: Said | Exception
) -> None:
    service.instead = lambda _: answer
    with told(e.OfflineError, f"{HOST} cannot be reached", "Search works as always"):
        drive.sync(account)
    assert drive.accounts()[0].state == "trouble"
    service.instead = None
    assert drive.sync(account).new == 3
    assert drive.accounts()[0].state == "ready"


@reaches(e.ServiceDownError)
def test_a_service_in_trouble(drive: Drive, account: Account, service: Letters) -> None:
    service.instead = lambda _: Said(502)
    with told(e.ServiceDownError, HOST, "502", "tries again later"):
        drive.sync(account)


@reaches(e.RateLimitedError)
def test_a_service_that_wants_patience(
    drive: Drive, account: Account, service: Letters
) -> None:
    service.instead = lambda _: Said(429, {"Retry-After": "7200"})
    with told(e.RateLimitedError, "asks for patience", "120 minutes"):
        drive.sync(account)
    assert drive.due() == []


@reaches(e.CursorRefusedError)
def test_a_cursor_that_is_always_refused(
    drive: Drive, account: Account, service: Letters
) -> None:
    drive.sync(account)
    service.instead = lambda _: Said(410)
    with told(e.CursorRefusedError, "lost its place", "reads all again"):
        drive.sync(account)
    assert drive.search("").total == 3


@reaches(e.UnexpectedReplyError)
@pytest.mark.parametrize(
    "body", [b"<html>Please sign in</html>", b'{"cursor": 1, "items": [', b"", b"\xff\xfe\x00"]
)
def test_an_answer_nobody_understands(
    drive: Drive, account: Account, service: Letters, body: bytes
) -> None:
    service.instead = lambda _: Said(body=body)
    with told(e.UnexpectedReplyError, HOST, "not_json", "connector needs an update"):
        drive.sync(account)


# ── the gate ─────────────────────────────────────────────────────────────────────────────


def asking(service: Letters, method: str, url: str) -> None:
    service.pages = [{"ask": [method, url]}]


@reaches(e.HostNotAllowedError)
def test_a_host_nobody_declared(drive: Drive, account: Account, service: Letters) -> None:
    asking(service, "GET", "https://tracker.example/x")
    with told(e.HostNotAllowedError, "tracker.example", "Nothing was sent there"):
        drive.sync(account)
    assert all(HOST in (request.url or "") for request in service.sent)


@reaches(e.InsecureAddressError)
def test_an_address_that_is_not_safe(drive: Drive, account: Account, service: Letters) -> None:
    asking(service, "GET", f"https://good@{HOST}/x")
    with told(e.InsecureAddressError, "a name or password", "Nothing was sent"):
        drive.sync(account)
    typed = {"server": "http://nas.example", "user": "u", "password": "p"}
    with told(e.InsecureAddressError, "nas.example", "Nothing was sent", "https://"):
        drive.connect("webdav", typed)
    assert all(HOST in (request.url or "") for request in service.sent)


@reaches(e.MethodNotAllowedError)
def test_a_plugin_that_would_delete(drive: Drive, account: Account, service: Letters) -> None:
    asking(service, "DELETE", f"https://{HOST}/letters/a")
    with told(e.MethodNotAllowedError, "DELETE", "Nothing was sent"):
        drive.sync(account)
    assert not any(request.method == "DELETE" for request in service.sent)


@reaches(e.ReplyTooLargeError)
def test_an_answer_that_is_too_large(drive: Drive, account: Account, service: Letters) -> None:
    bomb = gzip.compress(b"x" * (65 * 1024 * 1024), 1)
    service.instead = lambda _: Said(headers={"Content-Encoding": "gzip"}, body=bomb)
    with told(e.ReplyTooLargeError, HOST, "67,108,864 bytes"):
        drive.sync(account)


@reaches(e.CertificateUnknownError)
def test_a_certificate_nobody_vouches_for(drive: Drive, service: Letters) -> None:
    unknown = ssl.SSLCertVerificationError("self-signed")
    service.instead = lambda _: requests.exceptions.SSLError(unknown)
    with told(e.CertificateUnknownError, HOST, "Nothing was sent"):
        connect(drive)
