from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from jolidrive.errors import StoreBusyError, UnknownAccountError
from jolidrive.paths import Profile
from jolidrive.store.account_lock import AccountLock, checked_id

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from jolidrive.paths import Profile
from jolidrive.store.account_lock import AccountLock
lock = AccountLock(Profile(Path(sys.argv[1])), "acc1", verb="sync")
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path)


def test_who_comes_second_is_told_who_holds_it(profile: Profile) -> None:
    with AccountLock(profile, "acc1", verb="sync") as first:
        for lock in (AccountLock(profile, "acc1"), first):
            with pytest.raises(StoreBusyError) as told:
                lock.acquire()
            assert told.value.account == "acc1"
            assert told.value.holder == f"sync, process {os.getpid()}"
    assert not first.held
    with AccountLock(profile, "acc1"):
        pass


def test_accounts_have_locks_of_their_own(profile: Profile) -> None:
    with AccountLock(profile, "acc1"), AccountLock(profile, "acc2"):
        pass


def test_it_waits_when_asked_to(profile: Profile) -> None:
    first = AccountLock(profile, "acc1")
    first.acquire()
    timer = threading.Timer(0.1, first.release)
    timer.start()
    second = AccountLock(profile, "acc1")
    second.acquire(wait_s=30)
    timer.join()
    second.release()
    second.release()


def test_a_process_that_dies_frees_it(profile: Profile) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(profile.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreBusyError) as told:
            AccountLock(profile, "acc1").acquire()
        assert told.value.holder == f"sync, process {child.pid}"
        child.kill()
        child.wait()
        with AccountLock(profile, "acc1"):
            pass


@pytest.mark.parametrize("untrusted", ["nonsense", "[1]", '["x", "y", "z"]', "[null, 2]", ""])
def test_a_strange_holder_file_does_no_harm(profile: Profile, untrusted: str) -> None:
    with AccountLock(profile, "acc1"):
        (profile.accounts_dir / "acc1.lock.holder").write_text(untrusted)
        with pytest.raises(StoreBusyError) as told:
            AccountLock(profile, "acc1").acquire()
        assert told.value.holder == ""


@pytest.mark.parametrize(
    "untrusted", ["", "..", "a/b", "../x", ".gone-1", "A", "a\\b", "a" * 65, "a\n"]
)
def test_ids_that_are_no_file_names_reach_no_file(profile: Profile, untrusted: str) -> None:
    with pytest.raises(UnknownAccountError):
        AccountLock(profile, untrusted)
    with pytest.raises(UnknownAccountError):
        checked_id(untrusted)
    assert list(profile.root.glob("accounts")) == []
