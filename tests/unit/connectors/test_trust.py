"""The hash covers every byte of a folder, and what cannot be trusted is refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jolidrive.connectors.trust import FolderRefusedError, Snapshot, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(name="folder")
def a_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "plugin"
    (folder / "data").mkdir(parents=True)
    (folder / "connector.py").write_text("x = 1\n")
    (folder / "data" / "names.txt").write_text("a\n")
    return folder


def test_the_hash_does_not_depend_on_the_order(folder: Path) -> None:
    taken = take_snapshot(folder)
    turned = Snapshot(taken.folder, dict(reversed(list(taken.files.items()))))
    assert taken.content_hash == turned.content_hash


@pytest.mark.parametrize(
    ("name", "text"),
    [("connector.py", "x = 2\n"), ("data/names.txt", "b\n"), ("new.bin", ""), (".hidden", "")],
)
def test_any_other_byte_is_another_hash(folder: Path, name: str, text: str) -> None:
    before = take_snapshot(folder).content_hash
    (folder / name).write_text(text)
    assert take_snapshot(folder).content_hash != before


def test_a_byte_cannot_wander_between_name_and_content(folder: Path) -> None:
    one = Snapshot(folder, {"ab": b"c", "d": b""})
    two = Snapshot(folder, {"a": b"bc", "d": b""})
    three = Snapshot(folder, {"ab": b"", "d": b"c"})
    assert len({one.content_hash, two.content_hash, three.content_hash}) == 3


def test_bytecode_left_by_python_does_not_count(folder: Path) -> None:
    before = take_snapshot(folder).content_hash
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "connector.cpython-311.pyc").write_bytes(b"evil")
    assert take_snapshot(folder).content_hash == before


def test_symbolic_links_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text("y = 1\n")
    (folder / "link.py").symlink_to(tmp_path / "elsewhere.py")
    with pytest.raises(FolderRefusedError, match=r"symbolic link: link\.py"):
        take_snapshot(folder)


def test_a_link_to_a_folder_inside_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "more").symlink_to(tmp_path)
    with pytest.raises(FolderRefusedError, match="symbolic link"):
        take_snapshot(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_refused_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(FolderRefusedError, match="no file"):
        take_snapshot(folder)


def test_a_folder_that_is_too_large_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jolidrive.connectors.trust.MAX_BYTES", 5)
    with pytest.raises(FolderRefusedError, match="larger"):
        take_snapshot(folder)
    monkeypatch.undo()
    monkeypatch.setattr("jolidrive.connectors.trust.MAX_FILES", 1)
    with pytest.raises(FolderRefusedError, match="more than 1 files"):
        take_snapshot(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderRefusedError, match="cannot be read"):
        take_snapshot(tmp_path / "nothing")
