"""Errors of this computer, reached through the program: secrets, stores, plugins, results."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest

from jolidrive import errors as e
from jolidrive.drive import Drive
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.database import Database
from jolidrive.sync import job
from jolidrive.sync import run as running
from jolidrive.vault.keyring import MemoryKeys
from jolidrive.vault.passphrase import PassphraseKeys
from tests.fake.letters import MANIFEST, Letters, connect, install, letters
from tests.fake.reached import cli, reaches, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
