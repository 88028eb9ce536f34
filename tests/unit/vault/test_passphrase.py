from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jolidrive.errors import KeyringLockedError, StoreDamagedError
from jolidrive.vault import passphrase
from jolidrive.vault.keyring import MemoryKeys
from jolidrive.vault.passphrase import PassphraseKeys
from jolidrive.vault.sealed import new_key

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(passphrase, "_COST", 2**4)
    return tmp_path / "profile" / "keys.sealed"


def test_keys_are_there_again_with_the_same_passphrase(file: Path) -> None:
    keys = PassphraseKeys(file, "Blaue Stühle")
    assert keys.get("a") is None
    keys.put("a", KEY)
    keys.put("b", new_key())
    keys.forget("b")
    again = PassphraseKeys(file, "Blaue Stu\u0308hle")
    assert again.get("a") == KEY
    assert again.get("b") is None


def test_a_wrong_or_empty_passphrase_is_locked_and_changes_nothing(file: Path) -> None:
    PassphraseKeys(file, "right").put("a", KEY)
    before = file.read_bytes()
    for typed in ("wrong", "", "right ", "\udcff"):
        keys = PassphraseKeys(file, typed)
        with pytest.raises(KeyringLockedError):
            keys.get("a")
        with pytest.raises(KeyringLockedError):
            keys.put("a", new_key())
        with pytest.raises(KeyringLockedError):
            keys.forget("a")
        with pytest.raises(KeyringLockedError):
            keys.export_keys()
    assert file.read_bytes() == before


def test_nothing_is_made_before_a_key_is_kept(file: Path) -> None:
    keys = PassphraseKeys(file, "right")
    keys.get("a")
    keys.forget("a")
    assert not file.exists()


def test_every_changed_or_missing_byte_is_noticed(file: Path) -> None:
    PassphraseKeys(file, "right").put("a", KEY)
    good = file.read_bytes()
    salt = range(len(passphrase._MAGIC), passphrase._HEAD_BYTES)
    for place in range(len(good)):
        changed = bytearray(good)
        changed[place] ^= 1
        file.write_bytes(changed)
        # A changed salt or check cannot be told from a wrong passphrase.
        told = KeyringLockedError if place in salt else StoreDamagedError
        with pytest.raises(told):
            PassphraseKeys(file, "right").get("a")
    for length in range(len(good)):
        file.write_bytes(good[:length])
        with pytest.raises(StoreDamagedError):
            PassphraseKeys(file, "right").get("a")


def test_neither_keys_nor_passphrase_are_readable(file: Path) -> None:
    keys = PassphraseKeys(file, "Blaue Stühle")
    keys.put("account-1", KEY)
    data = file.read_bytes()
    assert KEY not in data
    assert b"account-1" not in data
    assert "Blaue" not in repr(keys)


def test_a_forgotten_key_is_in_no_file_of_the_folder(file: Path) -> None:
    keys = PassphraseKeys(file, "right")
    keys.put("a", KEY)
    beside = file.with_name(file.name + ".new")
    beside.write_bytes(file.read_bytes())
    keys.forget("a")
    assert not beside.exists()
    assert PassphraseKeys(file, "right").get("a") is None


def test_two_processes_lose_no_key_of_each_other(file: Path) -> None:
    def keep(number: int) -> None:
        PassphraseKeys(file, "right").put(str(number), KEY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(12)))
    keys = PassphraseKeys(file, "right")
    assert all(keys.get(str(number)) == KEY for number in range(12))


def test_a_change_by_another_process_is_seen(file: Path) -> None:
    mine, yours = PassphraseKeys(file, "right"), PassphraseKeys(file, "right")
    mine.put("a", KEY)
    yours.put("b", KEY)
    assert mine.get("b") == KEY
    before = file.read_bytes()
    mine.put("b", KEY)
    assert file.read_bytes() == before


def test_its_keys_are_handed_to_a_worker(file: Path) -> None:
    keys = PassphraseKeys(file, "right")
    keys.put("a", KEY)
    line = keys.export_keys()
    assert line is not None
    assert MemoryKeys.from_line(line).get("a") == KEY


def test_the_cost_of_a_guess_is_what_we_say(tmp_path: Path) -> None:
    assert passphrase._COST >= 2**16
    PassphraseKeys(tmp_path / "keys.sealed", "right").put("a", KEY)
    assert PassphraseKeys(tmp_path / "keys.sealed", "right").get("a") == KEY
