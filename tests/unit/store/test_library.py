from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jolidrive.model.receipt import Receipt, Remote, RemoteOutcome
from jolidrive.store.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path / "profile" / "library.db")
    yield made
    made.close()


def test_a_plugin_is_approved_by_its_content(library: Library) -> None:
    assert library.approved("mine") is None
    library.approve("mine", "hash 1")
    library.approve("mine", "hash 2")
    assert library.approved("mine") == "hash 2"
    library.disapprove("mine")
    assert library.approved("mine") is None


def test_a_receipt_is_kept_without_address_and_paths(library: Library, tmp_path: Path) -> None:
    receipt = Receipt(
        account="acc1",
        service="webdav",
        items=7,
        bytes=8,
        seconds=0.5,
        remote=Remote(RemoteOutcome.FAILED, "https://cloud.example.org/settings"),
        left=("/home/maya/left",),
    )
    library.add_receipt(receipt)
    (kept,) = library.receipts()
    assert (kept.account, kept.service, kept.items, kept.bytes) == ("acc1", "webdav", 7, 8)
    assert (kept.outcome, kept.left_over) == (RemoteOutcome.FAILED, 1)
    library.truncate()
    for path in (tmp_path / "profile").iterdir():
        assert b"example.org" not in path.read_bytes()
        assert b"maya" not in path.read_bytes()


def test_recent_searches_are_newest_first_once_and_few(library: Library) -> None:
    for number in range(60):
        library.remember_search(f"search {number}")
    library.remember_search("search 50")
    recent = library.recent_searches()
    assert recent[:3] == ("search 50", "search 59", "search 58")
    assert len(recent) == 50


def test_cleared_searches_are_in_no_file_after_truncating(
    library: Library, tmp_path: Path
) -> None:
    library.remember_search("unmistakable")
    library.clear_recent()
    assert library.recent_searches() == ()
    assert library.truncate()
    for path in (tmp_path / "profile").iterdir():
        assert b"unmistakable" not in path.read_bytes()
