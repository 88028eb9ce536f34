"""Every error is reached through the program itself, and says what to do in a sentence."""

from __future__ import annotations

import gzip
import json
import sqlite3
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import requests

from jolidrive import errors as e
from jolidrive.cli.demo import HeadlessAsker
from jolidrive.cli.main import run
from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive
from jolidrive.drive.jobs import NobodyAsker
from jolidrive.net.oauth2 import SIGN_IN_S
from jolidrive.settings import write_settings
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.database import Database
from jolidrive.sync import job
from jolidrive.sync import run as running
from jolidrive.vault.keyring import MemoryKeys
from jolidrive.vault.passphrase import PassphraseKeys
from jolidrive.wording import has_words, leaves, sentence
from tests.fake.letters import HOST, MANIFEST, Letters, as_json, connect, install, letters
from tests.fake.wire import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jolidrive.model.account import Account

E = TypeVar("E", bound=e.JolidriveError)
Test = TypeVar("Test", bound="Callable[..., None]")
REACHED: set[type[e.JolidriveError]] = set()


def reaches(*kinds: type[e.JolidriveError]) -> Callable[[Test], Test]:
    """Notes which errors a test reaches."""
    REACHED.update(kinds)
    return lambda test: test


@contextmanager
def told(kind: type[E], *words: str) -> Iterator[None]:
    """The block ends with exactly this error, whose sentence holds these words."""
    with pytest.raises(kind) as caught:
        yield
    assert type(caught.value) is kind
    said = sentence(caught.value)
    assert said.endswith(".") or "--set" in said or "jolidrive" in said
    for word in words:
        assert word in said, said


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


def cli(profile: Path, *words: str) -> int:
    def no_window(_argument: str | None) -> int:
        raise AssertionError("no window was asked for")

    arguments = ["--profile", str(profile), *words]
    return run(arguments, open_window=no_window, window_demo=no_window)


def test_every_error_is_reached_and_worded() -> None:
    assert set(leaves()) == REACHED
    assert all(has_words(kind) for kind in REACHED)


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


# ── secrets ──────────────────────────────────────────────────────────────────────────────


@reaches(e.KeyringLockedError)
def test_a_wrong_passphrase_on_the_command_line(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("open barley\n")
    install(profile)
    PassphraseKeys(profile / "keys.sealed", "open sesame").put("other", b"k" * 32)
    assert cli(profile, "plugin", "approve", "letters") == 0
    for how in (("--passphrase-file", str(wrong)), ()):
        assert cli(profile, *how, "connect", "letters", "--set", "token=t") == 1
        assert "Your keyring is locked. Nothing was changed." in capsys.readouterr().err
        assert cli(profile, *how, "doctor") == 1
        assert "! Keyring: Your keyring is locked." in capsys.readouterr().out


@reaches(e.KeyringMissingError)
def test_no_keyring_and_no_passphrase(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(profile)
    assert cli(profile, "plugin", "approve", "letters") == 0
    assert cli(profile, "connect", "letters", "--set", "token=t") == 1
    said = capsys.readouterr().err
    assert "no keyring that keeps secrets safe" in said
    assert "--passphrase-file" in said
    assert not list(profile.glob("accounts/*"))


@reaches(e.KeyLostError)
def test_a_key_that_is_gone(profile: Path, service: Letters) -> None:
    keys = MemoryKeys()
    with service.drive(profile, keys) as drive:
        account = connect(drive)
        drive.sync(account)
        keys.forget(account.id)
        with told(e.KeyLostError, "Your items stay", "sign in again"):
            drive.sync(account)
        assert drive.accounts()[0].state == "sign_in"
        assert drive.search("").total == 3
        assert connect(drive).id == account.id
        assert drive.accounts()[0].state == "ready"
        assert drive.sync(account).adds_up


# ── stores ───────────────────────────────────────────────────────────────────────────────


@reaches(e.StoreBusyError)
def test_another_program_at_work(
    drive: Drive, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOCK_WAIT_S", 0.0)
    with (
        AccountLock(drive._shared.profile, account.id, verb="backup"),
        told(e.StoreBusyError, "backup, process", "Try again when it is done"),
    ):
        drive.sync(account)


@reaches(e.DiskFullError)
def test_a_full_disk(
    drive: Drive, account: Account, service: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Database._set_up

    def small(self: Database, conn: sqlite3.Connection) -> None:
        whole(self, conn)
        if self.path.name == "items.db":
            conn.execute("PRAGMA max_page_count = 60")

    service.pages = [
        letters(*(f"k{n}" for n in range(40))),
        letters("big", text="x " * 200_000),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(Database, "_set_up", small)
        with told(e.DiskFullError, "disk is full", "What was stored before stays"):
            drive.sync(account)
    assert drive.search("letter").total == 40
    assert drive.accounts()[0].trouble == "DiskFullError"
    assert drive.sync(account).new == 1
    assert drive.search("letter").total == 41


@reaches(e.StoreDamagedError)
@pytest.mark.parametrize("damage", [b"", b"no database at all " * 500])
def test_a_damaged_store_harms_no_other(profile: Path, damage: bytes, tmp_path: Path) -> None:
    service, file = Letters(pages=[letters("a")]), tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"key": "1", "kind": "post", "title": "letter of a line"}))
    with service.drive(profile) as drive:
        broken, other = connect(drive), drive.connect("jsonl", {"path": str(file)})
        drive.sync(broken)
        drive.sync(other)
    for path in (profile / "accounts" / broken.id).glob("items.db*"):
        path.unlink()
    (profile / "accounts" / broken.id / "items.db").write_bytes(damage)
    with service.drive(profile) as drive:
        assert [hit.account for hit in drive.search("letter").hits] == [other.id]
        summaries = {one.account: one for one in drive.accounts()}
        assert (summaries[broken.id].state, summaries[other.id].state) == ("trouble", "ready")
        assert summaries[broken.id].trouble == "StoreDamagedError"
        with told(e.StoreDamagedError, "items.db", "Revoke this account"):
            drive.item(broken, "a")
        outcome = drive.run_sync(broken)
        assert type(outcome.error) is e.StoreDamagedError
        assert any(broken.id in f.what and not f.fine for f in drive.examine())
        assert drive.preview_revoke(broken).items == 0
        assert drive.revoke(broken).left == ()
        assert [one.account for one in drive.accounts()] == [other.id]


def test_a_damaged_roster_is_told_as_the_profiles(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile.mkdir()
    (profile / "roster.db").write_bytes(b"no database at all " * 500)
    assert cli(profile, "accounts") == 1
    said = capsys.readouterr().err
    assert "roster.db" in said
    assert "Revoke" not in said


@reaches(e.StoreTooNewError)
def test_a_store_of_a_newer_program(drive: Drive, account: Account, profile: Path) -> None:
    path = profile / "accounts" / account.id / "items.db"
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    with told(e.StoreTooNewError, "99", "Update Jolidrive"):
        drive.sync(account)


@reaches(e.AccountGoneError)
def test_an_account_revoked_while_it_syncs(
    drive: Drive, account: Account, service: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "LOOK_EVERY_S", 0.0)
    revoking = threading.Thread(target=drive.revoke, args=(account,))

    def revoke_meanwhile(path: str) -> None:
        if path == "/page" and not revoking.is_alive():
            revoking.start()
            while drive._shared.roster.line(account.id).state != "revoking":
                pass

    service.instead = revoke_meanwhile
    with told(e.AccountGoneError, "was revoked", "All of it is gone"):
        drive.sync(account)
    revoking.join()
    assert drive.accounts() == []
    assert drive.search("").total == 0


@reaches(e.ItemUnknownError)
def test_an_item_that_is_not_there(drive: Drive, account: Account) -> None:
    for ask in (drive.item, drive.mark):
        with told(e.ItemUnknownError, "no item with this key"):
            ask(account, "nothing")


# ── plugins ──────────────────────────────────────────────────────────────────────────────


@reaches(e.ManifestInvalidError)
def test_a_manifest_with_mistakes_tells_them_all(drive: Drive, profile: Path) -> None:
    broken = MANIFEST.replace('"letters"', '"broken"').replace('"1.0"', "7")
    install(profile, broken.replace("pace = 1000", "pace = 0\nspeed = 3"))
    with told(e.ManifestInvalidError, "broken", "pace", "speed", "version", "Mend"):
        drive.connect("broken", {})
    entry = next(entry for entry in drive.services() if entry.id == "broken")
    assert entry.state == "broken"
    assert connect(drive).service == "letters"


@reaches(e.PluginTooNewError)
def test_a_plugin_for_a_later_jolidrive(drive: Drive, profile: Path) -> None:
    manifest = MANIFEST.replace('"letters"', '"later"').replace('api = "1"', 'api = "7"')
    install(profile, manifest)
    with told(e.PluginTooNewError, "later", "plugin API 7", "Update Jolidrive"):
        drive.connect("later", {})


@reaches(e.PluginCrashedError)
@pytest.mark.parametrize("page", [{"crash": True}, {"odd": 5}, {"odd": None}, {"items": [{}]}])
def test_a_plugin_that_stops_by_its_own_mistake(
    drive: Drive,
    account: Account,
    service: Letters,
    page: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    service.pages = [letters("a"), page]
    with told(e.PluginCrashedError, "letters", "tell its author"):
        drive.sync(account)
    assert drive.accounts()[0].trouble == "PluginCrashedError"
    assert drive.search("").total == 1
    assert "the words of a letter" not in caplog.text


@reaches(e.PluginUnknownError)
def test_a_service_nobody_installed(drive: Drive) -> None:
    with told(e.PluginUnknownError, "no service “telegraph”", "jolidrive services"):
        drive.connect("telegraph", {})


@reaches(e.PluginNotApprovedError)
def test_a_plugin_nobody_approved_or_that_changed(profile: Path, service: Letters) -> None:
    folder = install(profile)
    with Drive.open(profile, keys=MemoryKeys(), make_gate=service.gate) as drive:
        with told(e.PluginNotApprovedError, "not approved yet", "plugin approve letters"):
            connect(drive)
        drive.approve_plugin("letters")
        account = connect(drive)
        (folder / "connector.py").write_text("raise SystemExit")
        with told(e.PluginNotApprovedError, "has changed", "None of it was run"):
            drive.sync(account)


# ── the rest ─────────────────────────────────────────────────────────────────────────────


@reaches(e.QueryError)
@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"sort": "sideways"}, "newest"),
        ({"facets": ["mood"]}, "relation"),
        ({"limit": -1}, "page"),
        ({"offset": -1}, "page"),
    ],
)
def test_a_result_nobody_can_give(drive: Drive, wish: dict[str, Any], word: str) -> None:
    with told(e.QueryError, word):
        drive.search("letter", **wish)


class StubbornKeys(MemoryKeys):
    """A keyring that was locked in between."""

    locked = False

    def forget(self, name: str) -> None:
        if self.locked:
            raise e.KeyringLockedError
        super().forget(name)


@reaches(e.RevokeIncompleteError)
def test_a_key_that_cannot_be_forgotten_now(profile: Path, service: Letters) -> None:
    keys = StubbornKeys()
    with service.drive(profile, keys) as drive:
        account = connect(drive)
        drive.sync(account)
        keys.locked = True
        with told(e.RevokeIncompleteError, "still in the keyring", "out of reach", "Unlock"):
            drive.revoke(account)
        assert drive.search("").total == 0
        assert drive.accounts() == []
        assert any(account.id in finding.what for finding in drive.examine())
    with service.drive(profile, keys) as drive:  # a start never fails for it
        assert drive.accounts() == []
    assert keys.get(account.id) is not None
    keys.locked = False
    with service.drive(profile, keys) as drive:
        assert not any(account.id in finding.what for finding in drive.examine())
    assert keys.get(account.id) is None
    assert not list((profile / "accounts").iterdir())
