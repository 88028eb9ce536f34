from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from jolidrive.errors import DiskFullError
from jolidrive.vault.sealed import SealBrokenError, new_key, replace_file, seal, unseal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "account"
    made.mkdir()
    return made


def test_what_was_sealed_opens_with_the_same_key_and_purpose() -> None:
    key = new_key()
    assert unseal(key, seal(key, b"token", b"a"), b"a") == b"token"


def test_sealing_twice_gives_two_texts() -> None:
    key = new_key()
    assert seal(key, b"token", b"a") != seal(key, b"token", b"a")


def test_another_key_another_purpose_and_any_changed_bit_do_not_open() -> None:
    key = new_key()
    sealed = seal(key, b"token", b"a")
    with pytest.raises(SealBrokenError):
        unseal(new_key(), sealed, b"a")
    with pytest.raises(SealBrokenError):
        unseal(key, sealed, b"b")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBrokenError):
            unseal(key, bytes(changed), b"a")
    for length in range(len(sealed)):
        with pytest.raises(SealBrokenError):
            unseal(key, sealed[:length], b"a")


def test_a_file_is_replaced_and_only_its_owner_may_read_it(folder: Path) -> None:
    file = folder / "x.sealed"
    replace_file(file, b"one")
    replace_file(file, b"two")
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["x.sealed"]


def test_what_a_killed_writer_left_beside_does_not_stay(folder: Path) -> None:
    file = folder / "x.sealed"
    (folder / "x.sealed.new").write_bytes(b"half of an older one, and longer")
    replace_file(file, b"two")
    assert [path.name for path in folder.iterdir()] == ["x.sealed"]
    assert file.read_bytes() == b"two"


@pytest.mark.parametrize(
    ("number", "raised"),
    [(errno.ENOSPC, DiskFullError), (errno.EDQUOT, DiskFullError), (errno.EIO, OSError)],
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, raised: type[Exception]
) -> None:
    file = folder / "x.sealed"
    replace_file(file, b"one")

    def fail(_descriptor: int) -> NoReturn:
        raise OSError(number, "as the system says")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(raised):
        replace_file(file, b"two")
    assert file.read_bytes() == b"one"
    assert [path.name for path in folder.iterdir()] == ["x.sealed"]


def test_a_folder_that_is_gone_is_not_made_again(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_file(folder / "gone" / "x.sealed", b"one")
    assert not (folder / "gone").exists()
