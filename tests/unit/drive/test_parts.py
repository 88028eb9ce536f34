"""The seams of `Drive`: parts made once, followers, readers, a start that never fails."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jolidrive.drive import Drive, readers
from jolidrive.drive.once import Makes, once
from jolidrive.errors import DiskFullError, StoreDamagedError
from jolidrive.model.account import AccountState
from jolidrive.store import erase
from jolidrive.store.account_lock import AccountLock
from tests.fake.letters import Letters, connect, letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.model.account import Account


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def drive(profile: Path) -> Iterator[Drive]:
    with Letters(pages=[letters("a", "b", text="meadow")]).drive(profile) as opened:
        yield opened


@pytest.fixture
def account(drive: Drive) -> Account:
    made = connect(drive)
    drive.sync(made)
    return made


class Maker(Makes):
    made_times = 0

    @once
    def part(self) -> int:
        """A part."""
        self.made_times += 1
        threading.Event().wait(0.02)
        return self.made_times

    @once
    def other(self) -> int:
        """Needs the first."""
        return self.part + 1


def test_a_part_is_made_once_by_however_many_threads() -> None:
    maker, got = Maker(), list[int]()
    threads = [threading.Thread(target=lambda: got.append(maker.other)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, maker.made_times) == ([2] * 8, 1)
    assert maker.made("part")
    assert not Maker().made("part")
    assert Maker.part.__doc__ == "A part."


# ── marks and the index ──────────────────────────────────────────────────────────────────


def test_many_marks_take_one_thread_and_all_are_found(drive: Drive, account: Account) -> None:
    before = threading.active_count()
    most = 0
    for number in range(60):
        drive.mark(account, "a", add_tags=[f"t{number}"])
        most = max(most, threading.active_count() - before)
    assert most <= 1
    drive._followers.close()
    assert drive.search("tag:t0 tag:t59").total == 1


def test_a_mark_beside_a_holder_of_the_lock_is_found_after_it(
    drive: Drive, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jolidrive.drive.followers.WAIT_S", 0.0)
    with AccountLock(drive._shared.profile, account.id, verb="sync"):
        drive.mark(account, "a", add_tags=["late"])
        drive._followers.close()
        assert drive.search("tag:late").total == 0
    drive.sync(account)
    assert drive.search("tag:late").total == 1


def test_following_survives_a_full_disk_and_our_own_mistakes(
    drive: Drive, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for trouble in (DiskFullError(), ValueError("a title")):
        with monkeypatch.context() as patch:

            def fails(*_: object, error: Exception = trouble) -> bool:
                raise error

            patch.setattr("jolidrive.drive.followers._follow", fails)
            drive.mark(account, "a", add_tags=["kept"])
            drive._followers.close()
    drive.mark(account, "b", starred=True)
    drive._followers.close()
    assert drive.search("tag:kept").total == 1


@pytest.mark.parametrize("small", [0, 1_000])
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_an_index_that_is_no_good_is_built_again_at_the_start(
    profile: Path, small: int, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Letters(pages=[letters("a", "b", text="meadow")])
    with service.drive(profile) as drive:
        account = connect(drive)
        drive.sync(account)
    index = profile / "accounts" / account.id / "index"
    if how == "missing":
        shutil.rmtree(index)
    else:
        for path in index.iterdir():
            path.write_bytes(b"nothing of ours")
    monkeypatch.setattr(readers, "SMALL_LAG", small)
    with service.drive(profile) as drive:
        drive.accounts()
        drive._followers.close()
        assert drive.search("meadow").total == 2
        assert all(finding.fine for finding in drive.examine() if account.id in finding.what)


# ── readers ──────────────────────────────────────────────────────────────────────────────


def test_what_was_found_says_no_more_once_another_program_revoked_it(
    drive: Drive, account: Account, profile: Path
) -> None:
    hits = drive.search("meadow").hits
    assert hits[0].excerpt == "meadow"
    with Letters().drive(profile, drive._shared.keys) as other:
        other.revoke(account)
    assert (hits[0].excerpt, hits[1].excerpt) == ("meadow", "")
    assert drive.accounts() == []


def test_threads_that_read_while_an_account_goes_meet_only_named_errors(
    drive: Drive, account: Account
) -> None:
    going, surprises = threading.Event(), list[str]()

    def read() -> None:
        while not going.is_set():
            drive.accounts()
            drive.totals()
            for hit in drive.search("meadow", facets=["kind"]).hits:
                assert hit.excerpt in {"meadow", ""}

    def watched() -> None:
        try:
            read()
        except Exception as error:  # noqa: BLE001 - told to the test
            surprises.append(repr(error))

    threads = [threading.Thread(target=watched) for _ in range(3)]
    for thread in threads:
        thread.start()
    drive.revoke(account)
    going.set()
    for thread in threads:
        thread.join()
    assert surprises == []


# ── starts ───────────────────────────────────────────────────────────────────────────────


def test_a_start_never_fails_by_what_it_wants_to_tidy(
    profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"key": "1", "kind": "post", "title": "meadow"}))
    with Drive.open(profile) as drive:
        kept, going = (drive.connect("jsonl", {"path": str(p)}) for p in (file, copy_of(file)))
        drive.sync(kept)
        drive._shared.roster.set_state(going.id, AccountState.REVOKING)

    def refused(*_: object, **__: object) -> tuple[str, ...]:
        raise PermissionError

    for name, raising in (
        ("jolidrive.drive.facade.sweep", refused),
        ("jolidrive.accounts.revoke.erase_folder", lambda *_, **__: ("stays",)),
        ("jolidrive.drive.facade.sweep", lambda *_, **__: ("stays",)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(name, raising)
            with Drive.open(profile) as drive:
                assert drive.search("meadow").total == 1
    with Drive.open(profile) as drive:
        assert [one.account for one in drive.accounts()] == [kept.id]
        assert len(drive._shared.roster.lines()) == 1
    assert erase.GONE_PREFIX not in str(list((profile / "accounts").iterdir()))


def copy_of(file: Path) -> Path:
    return Path(shutil.copy(file, file.with_name("copy.jsonl")))


def test_a_profile_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreDamagedError):
        Drive.open(tmp_path / "file" / "profile")
