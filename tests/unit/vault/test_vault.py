from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

import pytest

from jolidrive.errors import (
    AccountGoneError,
    KeyLostError,
    KeyringMissingError,
    StoreDamagedError,
)
from jolidrive.vault.keyring import MemoryKeys
from jolidrive.vault.sealed import seal
from jolidrive.vault.vault import SECRETS_FILE, Secrets, Vault

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "planted-access-token"
SECRETS = Secrets(
    token={"access_token": TOKEN, "expires_at": 1.5, "scope": ["read"]},
    client={"id": "jolidrive", "secret": "planted-client-secret"},
    values={"password": "planted-password"},
)


class NoKeys:
    """A computer without a keyring: every question fails."""

    def get(self, _name: str) -> NoReturn:
        raise KeyringMissingError("fail")

    def put(self, _name: str, _key: bytes) -> NoReturn:
        raise KeyringMissingError("fail")

    def forget(self, _name: str) -> NoReturn:
        raise KeyringMissingError("fail")

    def export_keys(self) -> None:
        return None


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def vault(keys: MemoryKeys, tmp_path: Path) -> Vault:
    for account in ("a", "b"):
        (tmp_path / account).mkdir()
    return Vault(keys, lambda account: tmp_path / account, tmp_path / "clients")


def test_secrets_are_there_again(vault: Vault) -> None:
    assert vault.load("a") is None
    vault.save("a", SECRETS)
    assert vault.load("a") == SECRETS
    assert vault.load("b") is None


def test_a_refreshed_token_takes_the_place_of_the_older_under_the_same_key(
    vault: Vault, keys: MemoryKeys
) -> None:
    vault.save("a", SECRETS)
    key = keys.get("a")
    newer = Secrets(token={"access_token": "newer"})
    vault.update("a", newer)
    assert vault.load("a") == newer
    vault.save("a", SECRETS)
    assert vault.load("a") == SECRETS
    assert keys.get("a") == key


def test_a_token_of_six_kilobytes_fits_whatever_the_keyring_takes(vault: Vault) -> None:
    long = Secrets(token={"access_token": "t" * 6000, "refresh_token": "r" * 6000})
    vault.save("a", long)
    assert vault.load("a") == long


def test_no_secret_is_readable_in_the_file_or_when_printed(
    vault: Vault, keys: MemoryKeys, tmp_path: Path
) -> None:
    vault.save("a", SECRETS)
    data = (tmp_path / "a" / SECRETS_FILE).read_bytes()
    shown = repr(SECRETS) + repr(vault) + repr(keys) + str(SECRETS)
    assert b"planted" not in data
    assert "planted" not in shown
    assert vault.load("a") is not None


def test_forgetting_takes_key_and_file_and_may_be_repeated(
    vault: Vault, keys: MemoryKeys, tmp_path: Path
) -> None:
    vault.save("a", SECRETS)
    vault.forget("a")
    vault.forget("a")
    assert keys.get("a") is None
    assert vault.load("a") is None
    assert not list((tmp_path / "a").iterdir())


def test_an_old_copy_of_the_file_cannot_be_read_after_forgetting(
    vault: Vault, tmp_path: Path
) -> None:
    vault.save("a", SECRETS)
    backup = (tmp_path / "a" / SECRETS_FILE).read_bytes()
    vault.forget("a")
    (tmp_path / "a" / SECRETS_FILE).write_bytes(backup)
    with pytest.raises(KeyLostError):
        vault.load("a")
    vault.save("a", SECRETS)
    (tmp_path / "a" / SECRETS_FILE).write_bytes(backup)
    with pytest.raises(StoreDamagedError):
        vault.load("a")


def test_a_late_refresh_brings_back_no_key(vault: Vault, keys: MemoryKeys) -> None:
    vault.save("a", SECRETS)
    vault.forget("a")
    with pytest.raises(KeyLostError):
        vault.update("a", SECRETS)
    assert keys.get("a") is None


def test_a_folder_that_is_gone_is_not_made_again_and_gets_no_key(
    vault: Vault, keys: MemoryKeys, tmp_path: Path
) -> None:
    with pytest.raises(AccountGoneError):
        vault.save("gone", SECRETS)
    assert keys.get("gone") is None
    keys.put("gone", bytes(32))
    with pytest.raises(AccountGoneError):
        vault.update("gone", SECRETS)
    assert not (tmp_path / "gone").exists()


def test_a_crash_between_key_and_file_leaves_no_key_that_nobody_forgets(
    vault: Vault, keys: MemoryKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_self: object, _key: bytes, _content: object) -> NoReturn:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("jolidrive.vault.vault._Sealed._write", crash)
        with pytest.raises(MemoryError):
            vault.save("a", SECRETS)
    assert keys.get("a") is not None
    assert vault.load("a") is None
    vault.forget("a")
    assert keys.get("a") is None


def test_signing_in_again_after_the_key_was_lost_makes_a_new_one(
    vault: Vault, keys: MemoryKeys
) -> None:
    vault.save("a", SECRETS)
    keys.forget("a")
    with pytest.raises(KeyLostError):
        vault.load("a")
    vault.save("a", SECRETS)
    assert vault.load("a") == SECRETS


def test_an_account_without_secrets_never_asks_the_keyring(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    vault = Vault(NoKeys(), lambda _account: folder, tmp_path / "clients")
    vault.save("a", Secrets())
    assert vault.load("a") is None
    vault.forget("a")
    assert not list(folder.iterdir())
    with pytest.raises(KeyringMissingError):
        vault.save("a", SECRETS)


def test_saving_nothing_forgets_what_was_there(vault: Vault, keys: MemoryKeys) -> None:
    vault.save("a", SECRETS)
    vault.save("a", Secrets())
    assert vault.load("a") is None
    assert keys.get("a") is None


def test_the_file_of_one_account_does_not_open_as_anothers(
    vault: Vault, keys: MemoryKeys, tmp_path: Path
) -> None:
    vault.save("a", SECRETS)
    key = keys.get("a")
    assert key is not None
    keys.put("b", key)
    (tmp_path / "b" / SECRETS_FILE).write_bytes((tmp_path / "a" / SECRETS_FILE).read_bytes())
    with pytest.raises(StoreDamagedError) as caught:
        vault.load("b")
    assert caught.value.account == "b"


def test_a_damaged_file_is_told_and_a_new_sign_in_mends_it(
    vault: Vault, tmp_path: Path
) -> None:
    vault.save("a", SECRETS)
    file = tmp_path / "a" / SECRETS_FILE
    good = file.read_bytes()
    for bad in (good[:-1], good[:5], b"\0" * len(good), good + b"\0"):
        file.write_bytes(bad)
        with pytest.raises(StoreDamagedError):
            vault.load("a")
    vault.save("a", SECRETS)
    assert vault.load("a") == SECRETS


def test_a_file_that_cannot_be_read_is_damaged(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "a" / SECRETS_FILE).mkdir()
    with pytest.raises(StoreDamagedError):
        vault.load("a")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        json.dumps({"token": "x", "client": None, "values": {}}).encode(),
        json.dumps({"token": None, "client": {"id": 1}, "values": {}}).encode(),
        json.dumps({"token": None, "client": None}).encode(),
    ],
)
def test_what_opens_but_holds_no_secrets_is_damaged(
    content: bytes, vault: Vault, keys: MemoryKeys, tmp_path: Path
) -> None:
    keys.put("a", bytes(32))
    sealed = seal(bytes(32), content, b"Jolidrive secrets 1\na")
    (tmp_path / "a" / SECRETS_FILE).write_bytes(sealed)
    with pytest.raises(StoreDamagedError):
        vault.load("a")


def test_own_client_ids_lie_under_a_key_a_provider(
    vault: Vault, keys: MemoryKeys, tmp_path: Path
) -> None:
    assert vault.load_client("github") is None
    vault.save_client("github", {"id": "mine", "secret": "planted-client-secret"})
    vault.save_client("gitlab", {"id": "other"})
    assert vault.load_client("github") == {"id": "mine", "secret": "planted-client-secret"}
    assert keys.get("client:github") != keys.get("client:gitlab")
    assert all(b"planted" not in file.read_bytes() for file in tmp_path.glob("clients/*"))
    vault.forget_client("github")
    assert vault.load_client("github") is None
    assert vault.load_client("gitlab") == {"id": "other"}


@pytest.mark.parametrize("provider", ["", "../a", "A", "a/b", ".", "a" * 65])
def test_a_provider_is_named_by_a_short_word(provider: str, vault: Vault) -> None:
    with pytest.raises(ValueError, match="short word"):
        vault.save_client(provider, {"id": "x"})


def test_whether_keys_can_be_kept_is_known_before_anybody_signs_in(
    vault: Vault, tmp_path: Path
) -> None:
    vault.check()
    with pytest.raises(KeyringMissingError):
        Vault(NoKeys(), lambda _account: tmp_path, tmp_path / "clients").check()
