"""Secrets in the whole flow: small keyrings, open ones, none, a passphrase, a worker."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any, ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import PasswordDeleteError, PasswordSetError

from jolidrive.cli.demo import HeadlessAsker
from jolidrive.cli.main import run
from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive, open_worker
from jolidrive.drive.worker import HandedKeys
from jolidrive.errors import KeyringLockedError, KeyringMissingError
from jolidrive.settings import write_settings
from jolidrive.store.account_lock import AccountLock
from jolidrive.vault.keyring import MemoryKeys, SystemKeys, keys_to_line
from jolidrive.vault.passphrase import PassphraseKeys
from tests.fake.letters import Letters, connect, install, letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jolidrive.model.account import Account
    from jolidrive.net.session import Gate


class SmallKeyring(KeyringBackend):
    """Takes no value longer than Windows does."""

    priority: ClassVar[float] = 5
    most = 1_280

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's own
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password) > self.most:
            raise PasswordSetError("too long")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class PlaintextKeyring(SmallKeyring):
    """Keeps secrets where everybody reads them, as its name says."""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def backend() -> Iterator[SmallKeyring]:
    before, small = keyring.get_keyring(), SmallKeyring()
    keyring.set_keyring(small)
    yield small
    keyring.set_keyring(before)


def cli(profile: Path, *words: str) -> int:
    def no_window(_argument: str | None) -> int:
        raise AssertionError("no window was asked for")

    arguments = ["--profile", str(profile), *words]
    return run(arguments, open_window=no_window, window_demo=no_window)


def raw_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# ── keyrings ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.sockets
def test_tokens_of_six_kilobytes_pass_the_whole_flow_with_a_small_keyring(
    profile: Path, backend: SmallKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = "oauthlib.oauth2.rfc6749.tokens.random_token_generator"
    monkeypatch.setattr(tokens, lambda *_, **__: os.urandom(3_000).hex())
    write_settings(profile / "settings.toml", audience="demo")
    with (
        DemoCloud(busy_every=0, token_life_s=3600) as cloud,
        Drive.open(profile, keys=SystemKeys()) as drive,
    ):
        asker = HeadlessAsker(HeadlessBrowser())
        account = drive.connect("demo_social", {"server": cloud.base}, asker=asker)
        assert drive.sync(account).new > 0
        cloud.door.grants.expire_access()
        assert drive.sync(account).adds_up
        assert list(backend.kept) == [("Jolidrive", account.id)]
        sealed = profile / "accounts" / account.id / "secrets.sealed"
        assert sealed.stat().st_size > 12_000
        assert drive.revoke(account).remote.outcome == "revoked"
    assert backend.kept == {}


def test_a_typed_secret_of_four_kilobytes_lies_sealed_under_a_small_key(
    profile: Path, backend: SmallKeyring
) -> None:
    secret, service = "xyzzy-" * 650, Letters(pages=[letters("a")])
    with service.drive(profile, SystemKeys()) as drive:
        account = drive.connect("letters", {"token": secret})
        assert drive.sync(account).new == 1
        sent = {request.headers["Authorization"] for request in service.sent}
        assert sent == {f"Bearer {secret}"}
        assert b"xyzzy-xyzzy" not in raw_bytes(profile)
    with service.drive(profile, SystemKeys()) as drive:
        assert drive.sync(account).adds_up
        drive.revoke(account)
    assert backend.kept == {}


@pytest.mark.parametrize("bad", [NullKeyring, PlaintextKeyring])
def test_an_open_keyring_is_refused_and_what_needs_none_connects(
    profile: Path, backend: SmallKeyring, bad: type[KeyringBackend], tmp_path: Path
) -> None:
    keyring.set_keyring(bad())
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"key": "1", "kind": "post", "title": "a line"}))
    service = Letters(pages=[letters("a")])
    with service.drive(profile, SystemKeys()) as drive:
        with pytest.raises(KeyringMissingError):
            connect(drive)
        assert service.sent == []
        account = drive.connect("jsonl", {"path": str(file)})
        assert drive.sync(account).new == 1
        assert drive.revoke(account).left == ()
        told = next(finding for finding in drive.examine() if finding.what == "Keyring")
        assert "no keyring that keeps secrets safe" in told.found


# ── a passphrase ─────────────────────────────────────────────────────────────────────────


def test_a_passphrase_file_on_the_command_line(
    profile: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    service = Letters(pages=[letters("a", text="meadow")])
    monkeypatch.setattr("jolidrive.drive.shared.Shared.gate", property(gate_of(service)))
    install(profile)
    secret = tmp_path / "passphrase"
    secret.write_text("open sesame\r\nsecond line\n")
    with_file = ("--passphrase-file", str(secret))
    assert cli(profile, "plugin", "approve", "letters") == 0
    capsys.readouterr()
    assert cli(profile, *with_file, "connect", "letters", "--set", "token=t", "--json") == 0
    account = json.loads(capsys.readouterr().out)["account"]
    assert (profile / "keys.sealed").exists()
    assert cli(profile, *with_file, "sync", account) == 0
    capsys.readouterr()
    # Searching and marking need no secret, and ask for none.
    assert cli(profile, "search", "meadow", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total"] == 1
    assert cli(profile, "sync", account) == 1
    assert "keyring is locked" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\n"))
    assert cli(profile, "--passphrase-file", "-", "revoke", account, "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["left"] == []
    assert PassphraseKeys(profile / "keys.sealed", "open sesame").export_keys() == "{}"


def gate_of(service: Letters) -> Callable[[Any], Gate]:
    gates: dict[int, Gate] = {}
    return lambda shared: gates.setdefault(id(shared), service.gate(shared))


# ── the worker ───────────────────────────────────────────────────────────────────────────


def events_of(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def worked(profile: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Letters, Account, str]:
    """A connected account, and its keys as the window hands them over."""
    service, keys = Letters(pages=[letters("a"), letters("b")]), MemoryKeys()
    with service.drive(profile, keys) as drive:
        account = connect(drive)
        line = keys.export_keys()
        assert line is not None
    monkeypatch.setattr("jolidrive.drive.shared.Shared.gate", property(gate_of(service)))
    return service, account, json.dumps({"keys": json.loads(line)})


def until(out: io.StringIO, name: str) -> None:
    while name not in out.getvalue():
        pass


def test_a_worker_with_handed_keys_syncs_and_tells(
    profile: Path, worked: tuple[Letters, Account, str]
) -> None:
    _, account, keys = worked
    out = io.StringIO()

    def lines() -> Iterator[str]:
        yield '{"do": "resume"}\n'
        yield "no command\n"
        yield '{"keys": "nonsense"}\n'
        yield keys + "\n"
        yield json.dumps({"do": "sync", "account": account.id}) + "\n"
        until(out, "SyncFinished")
        yield '{"do": "quit"}\n'

    open_worker(profile, lines(), out)
    names = [event["event"] for event in events_of(out)]
    assert names[0] == "SyncStarted"
    assert names[-1] == "SyncFinished"
    assert "AccountConnected" not in names
    assert "a-token" not in out.getvalue()


def test_a_worker_tells_what_goes_wrong_before_a_job_begins(
    profile: Path, worked: tuple[Letters, Account, str]
) -> None:
    _, account, _ = worked
    out = io.StringIO()

    def lines() -> Iterator[str]:
        for name in ("nobody", "../../etc", account.id):
            yield json.dumps({"do": "sync", "account": name}) + "\n"
            until(out, f'"SyncFailed", "account": {json.dumps(name)}')

    open_worker(profile, lines(), out)
    failed = {e["account"]: e["error"] for e in events_of(out) if e["event"] == "SyncFailed"}
    assert failed["nobody"] == failed["../../etc"] == "UnknownAccountError"
    assert failed[account.id] in {"KeyringMissingError", "KeyringLockedError"}


def test_a_worker_whose_window_dies_stops_and_frees_the_lock(
    profile: Path, worked: tuple[Letters, Account, str]
) -> None:
    service, account, keys = worked
    out = io.StringIO()

    def lines() -> Iterator[str]:
        yield keys + "\n"
        yield json.dumps({"do": "sync", "account": account.id}) + "\n"
        until(out, "SyncStarted")

    service.pages = [letters(str(number)) for number in range(2_000)]
    open_worker(profile, lines(), out)
    assert events_of(out)[-1]["event"] == "SyncStopped"
    with Drive.open(profile) as drive, AccountLock(drive._shared.profile, account.id):
        assert drive.accounts()[0].state == "ready"


def test_a_worker_forgets_no_keys_it_does_not_hold(profile: Path) -> None:
    service, keys = Letters(pages=[letters("a")]), MemoryKeys()
    with service.drive(profile, keys) as drive:
        account = connect(drive)
        drive._shared.roster.set_state(account.id, drive.accounts()[0].state.REVOKING)
    open_worker(profile, [keys_to_line({})], io.StringIO())
    assert keys.get(account.id) is not None
    with service.drive(profile, keys) as drive:  # the window's own start goes on with it
        assert drive.accounts() == []
    assert keys.get(account.id) is None


def test_handed_keys_come_before_the_profiles_own() -> None:
    kept = MemoryKeys({"a": b"1" * 32, "b": b"2" * 32})
    handed = HandedKeys(lambda: kept)
    assert handed.take('{"keys": ' + keys_to_line({"a": b"3" * 32}) + "}")
    assert (handed.get("a"), handed.get("b"), handed.get("c")) == (b"3" * 32, b"2" * 32, None)
    handed.forget("a")
    assert (handed.get("a"), kept.get("a")) == (None, None)
    handed.put("c", b"4" * 32)
    assert kept.get("c") == b"4" * 32
    assert handed.export_keys() is None
    assert "3" * 32 not in repr(handed)


def test_a_wrong_passphrase_is_not_kept_and_the_next_use_asks_again(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    answers = iter(["right", "wrong", "right"])

    def ask(*, forced: bool) -> str | None:
        return next(answers)

    with Drive.open(profile, passphrase=ask) as drive:
        assert drive.key_place == "keyring"
        drive._shared.keys.put("client:example", bytes(32))
        assert drive.key_place == "file"
    with Drive.open(profile, passphrase=ask) as drive:
        with pytest.raises(KeyringLockedError):
            drive.export_keys()
        assert "client:example" in str(drive.export_keys())
