from __future__ import annotations

from pathlib import Path

import pytest

from jolidrive.api import Page
from jolidrive.paths import Profile
from jolidrive.store import erase
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.erase import erase_folder, erase_lock_files, folder_bytes, sweep
from tests.fake.stored import a_store, an_item


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


def _account(profile: Profile, account: str) -> Path:
    store = a_store(profile.account_dir(account))
    store.save_page(Page(items=(an_item("a"),)))
    store.close()
    (store.folder / "index").mkdir()
    (store.folder / "index" / "meta.json").write_text("{}")
    return store.folder


def _nobody(account: str) -> bool:
    return False


def _names(profile: Profile) -> list[str]:
    return sorted(path.name for path in profile.accounts_dir.iterdir())


def _refuse(monkeypatch: pytest.MonkeyPatch, method: str, name: str, times: int) -> None:
    """The system refuses something for files of this name, a number of times."""
    real = getattr(Path, method)
    left = [times]

    def refusing(path: Path, *values: object) -> object:
        if path.name == name and left[0]:
            left[0] -= 1
            raise PermissionError(13, "in use", str(path))
        return real(path, *values)

    monkeypatch.setattr(Path, method, refusing)
    monkeypatch.setattr(erase, "_PAUSE_S", 0.001)


def test_a_folder_is_deleted_with_all_in_it(profile: Profile) -> None:
    folder = _account(profile, "acc1")
    assert folder_bytes(folder) > 10_000
    assert erase_folder(folder) == ()
    assert _names(profile) == []
    assert erase_folder(folder) == ()
    assert folder_bytes(folder) == 0


def test_a_folder_is_deleted_under_open_files(profile: Profile) -> None:
    _account(profile, "acc1")
    store = a_store(profile.account_dir("acc1"))
    assert store.item("a") is not None
    assert erase_folder(store.folder) == ()
    assert _names(profile) == []
    store.close()
    assert _names(profile) == []


def test_links_are_deleted_and_not_followed(profile: Profile, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("stays")
    folder = _account(profile, "acc1")
    (folder / "link").symlink_to(outside, target_is_directory=True)
    (folder / "file").symlink_to(outside / "precious")
    assert erase_folder(folder) == ()
    (profile.accounts_dir / "acc2").symlink_to(outside, target_is_directory=True)
    assert erase_folder(profile.account_dir("acc2")) == ()
    assert (outside / "precious").read_text() == "stays"


def test_where_the_rename_is_refused_files_go_one_by_one(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _account(profile, "acc1")
    _refuse(monkeypatch, "rename", "acc1", 99)
    assert erase_folder(folder) == ()
    assert _names(profile) == []


def test_what_is_refused_is_tried_again(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _account(profile, "acc1")
    _refuse(monkeypatch, "unlink", "items.db", 5)
    assert erase_folder(folder) == ()
    assert _names(profile) == []


def test_what_is_left_is_told(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _account(profile, "acc1")
    _refuse(monkeypatch, "unlink", "items.db", 10_000)
    left = erase_folder(folder, retry_s=0.01)
    assert Path(left[0]).name == "items.db"
    assert len(left) == 2
    monkeypatch.undo()
    assert sweep(profile, _nobody) == ()
    assert _names(profile) == []


def test_a_sweep_takes_what_no_line_claims(profile: Profile) -> None:
    for account in ("acc1", "acc2"):
        _account(profile, account)
        with AccountLock(profile, account):
            pass
    (profile.accounts_dir / "acc2.token.lock").touch()
    (profile.accounts_dir / "acc3.lock").touch()
    (profile.accounts_dir / "acc3.lock.holder").touch()
    (profile.accounts_dir / "Not an account").touch()
    (profile.accounts_dir / ".gone-1").mkdir()
    assert sweep(profile, lambda account: account == "acc1") == ()
    assert _names(profile) == ["Not an account", "acc1", "acc1.lock"]
    assert (profile.account_dir("acc1") / "items.db").exists()


def test_a_sweep_leaves_an_account_that_is_being_connected(profile: Profile) -> None:
    _account(profile, "acc1")
    with AccountLock(profile, "acc1", verb="connect"):
        assert sweep(profile, _nobody) == ()
        assert (profile.account_dir("acc1") / "items.db").exists()


def test_a_sweep_asks_the_roster_again_under_the_lock(profile: Profile) -> None:
    _account(profile, "acc1")
    answers = iter([False, True, True])
    assert sweep(profile, lambda account: (account, next(answers))[1]) == ()
    assert (profile.account_dir("acc1") / "items.db").exists()


def test_a_sweep_of_nothing_is_fine(profile: Profile) -> None:
    assert sweep(profile, _nobody) == ()


def test_lock_files_go_with_their_account(profile: Profile) -> None:
    with AccountLock(profile, "acc1"):
        erase_lock_files(profile, "acc1")
    with AccountLock(profile, "acc2"):
        pass
    erase_lock_files(profile, "acc2")
    assert _names(profile) == []


def test_what_vanishes_meanwhile_is_gone_too(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, walk = _account(profile, "acc1"), erase._walk
    monkeypatch.setattr(erase, "_walk", lambda place: (place / "ghost", *walk(place)))
    assert erase_folder(folder, retry_s=0.0) == ()
    assert not folder.exists()
