from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jolidrive.api import Page
from jolidrive.errors import StoreDamagedError
from jolidrive.model.item import Item, Kind
from jolidrive.store import index_process
from jolidrive.store.account_store import AccountAbout, AccountStore
from jolidrive.store.erase import erase_folder
from jolidrive.store.index_process import IndexFollower
from jolidrive.store.text_index import IndexState, TextIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccountStore]:
    about = AccountAbout(label="a", identity="a", service="jsonl")
    store = AccountStore.create(tmp_path / "a1", about)
    yield store
    store.close()


def fill(store: AccountStore, count: int) -> None:
    first = store.last_seq()
    items = [
        Item(key=f"k{number}", kind=Kind.POST, title=f"post {number}")
        for number in range(first, first + count)
    ]
    store.save_page(Page(items=tuple(items)))


def follow_all(follower: IndexFollower) -> int:
    commits = 0
    while follower.follow():
        commits += 1
    return commits


def reached(store: AccountStore) -> int:
    return TextIndex.open(store.folder, "a1").step


def child_of(follower: IndexFollower) -> index_process._Child | None:
    return follower._child


def test_a_little_is_indexed_in_this_process(store: AccountStore) -> None:
    fill(store, 10)
    follower = IndexFollower(store.folder, store, account="a1")
    assert follow_all(follower) == 1
    assert child_of(follower) is None
    follower.close()
    assert reached(store) == 10


def test_much_is_indexed_by_a_child_until_the_end(store: AccountStore) -> None:
    fill(store, 30)
    follower = IndexFollower(store.folder, store, account="a1", many=20)
    assert follow_all(follower) == 1
    assert child_of(follower) is not None
    fill(store, 5)
    assert follow_all(follower) == 1
    assert not follower.follow()
    follower.close()
    assert reached(store) == 35
    fill(store, 1)
    again = IndexFollower(store.folder, store, account="a1")
    assert follow_all(again) == 1
    again.close()
    assert reached(store) == 36


def test_a_large_account_with_few_changes_needs_no_child(store: AccountStore) -> None:
    fill(store, 30)
    first = IndexFollower(store.folder, store, account="a1", many=20)
    follow_all(first)
    first.close()
    fill(store, 5)
    second = IndexFollower(store.folder, store, account="a1", many=20)
    follow_all(second)
    assert child_of(second) is None
    second.close()
    assert reached(store) == 35


def test_a_child_that_dies_is_replaced_by_this_process(store: AccountStore) -> None:
    fill(store, 30)
    follower = IndexFollower(store.folder, store, account="a1", many=20)
    follow_all(follower)
    child = child_of(follower)
    assert child is not None
    os.kill(child._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    child._process.wait()
    fill(store, 30)
    follow_all(follower)
    assert child_of(follower) is None
    follower.close()
    assert reached(store) == 60


def test_a_child_that_cannot_be_started_is_none(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_process, "_command", lambda: ["/nowhere/python"])
    fill(store, 30)
    follower = IndexFollower(store.folder, store, account="a1", many=20)
    follow_all(follower)
    follower.close()
    assert reached(store) == 30


def test_a_program_that_is_no_child_is_not_believed(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_process, "_command", lambda: [sys.executable, "-c", "print(1)"])
    fill(store, 30)
    follower = IndexFollower(store.folder, store, account="a1", many=20)
    follow_all(follower)
    follower.close()
    assert reached(store) == 30


def test_what_a_child_meets_is_told_as_our_own_error(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 30)
    say = """print('{"error": "StoreDamagedError", "told": ["index", "a1"]}', flush=True)"""
    monkeypatch.setattr(index_process, "_command", lambda: [sys.executable, "-c", say])
    follower = IndexFollower(store.folder, store, account="a1", many=20)
    with pytest.raises(StoreDamagedError) as told:
        follower.follow()
    assert told.value.account == "a1"
    follower.close()


def test_an_account_that_goes_is_not_brought_back(store: AccountStore) -> None:
    fill(store, 30)
    follower = IndexFollower(store.folder, store, account="a1", many=20)
    follow_all(follower)
    assert erase_folder(store.folder) == ()
    assert not follower.follow()
    follower.close()
    assert not store.folder.exists()


def test_a_child_ends_when_nobody_is_there_any_more(store: AccountStore) -> None:
    fill(store, 30)
    command = [*index_process._command(), str(store.folder), "a1"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as child:
        assert child.stdin is not None
        child.stdin.write("follow\n")
        child.stdin.close()
        assert child.wait(30) != 0
    follower = IndexFollower(store.folder, store, account="a1")
    follow_all(follower)
    follower.close()
    index = TextIndex.open(store.folder, "a1")
    assert (index.state, index.step) == (IndexState.READY, 30)


def test_an_abandoned_writer_does_nothing_more(store: AccountStore) -> None:
    fill(store, 30)
    near = IndexFollower(store.folder, store, account="a1")
    near.abandon()
    assert not near.follow()
    near.close()
    far = IndexFollower(store.folder, store, account="a1", many=20)
    follow_all(far)
    fill(store, 30)
    far.abandon()
    assert not far.follow()
    far.close()
    assert reached(store) == 30
