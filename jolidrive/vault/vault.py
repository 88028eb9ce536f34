"""The vault: tokens and typed passwords, sealed under the account's key in its folder.

The one place that knows a secret's file and its key together. It may not log, and nothing
here shows a secret when printed. Whoever saves holds the account's lock or its token lock.

Question: a crash between keeping a new key and writing the file would leave a key nobody
knows of. Answer: an empty file is made first; where the file is, a key may be, and `forget`
goes by the file. So an account without secrets never touches the keyring either.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jolidrive.errors import AccountGoneError, KeyLostError, StoreDamagedError

from .sealed import SealBrokenError, new_key, replace_file, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jolidrive.model.item import Json

    from .keyring import Keys

SECRETS_FILE: Final = "secrets.sealed"
_PROVIDER: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What one account must keep closed.

    Args:
        token: the token reply of the service, as it came.
        client: id and secret of the client the token belongs to (registered, or the person's).
        values: what the person typed: passwords, access tokens.
    """

    token: Mapping[str, Json] | None = field(default=None, repr=False)
    client: Mapping[str, str] | None = field(default=None, repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def are_empty(self) -> bool:
        """Nothing to keep: no key is needed."""
        return not (self.token or self.client or self.values)


class Vault:
    """Keeps and forgets secrets.

    Args:
        keys: where keys lie.
        folder_of: the folder of an account; the vault never makes it.
        clients_dir: where the person's own client ids lie, one file a provider.
    """

    def __init__(self, keys: Keys, folder_of: Callable[[str], Path], clients_dir: Path) -> None:
        self._keys = keys
        self._folder_of = folder_of
        self._clients_dir = clients_dir

    def __repr__(self) -> str:
        return f"Vault({type(self._keys).__name__})"

    def check(self) -> None:
        """Whether keys can be kept at all, asked before anybody signs in.

        Raises:
            SecretError: the keyring is closed, missing, or keeps secrets in the open.
        """
        self._keys.get("check")

    def load(self, account: str) -> Secrets | None:
        """The account's secrets; None when it has none. `KeyLostError` when its key is gone."""
        found = self._account(account).load()
        return None if found is None else _secrets_from(found, account)

    def save(self, account: str, secrets: Secrets) -> None:
        """Keeps what a sign-in brought; makes the account's key where there is none.

        The account's folder must exist, else `AccountGoneError`. Nothing to keep forgets what
        was there.
        """
        if secrets.are_empty:
            self.forget(account)
        else:
            self._account(account).save(_as_json(secrets))

    def update(self, account: str, secrets: Secrets) -> None:
        """Keeps what a refresh brought, in one step, and never makes a key.

        A key that is gone is `KeyLostError`: a refresh that comes late brings back nothing
        of what a revoke forgot.
        """
        self._account(account).update(_as_json(secrets))

    def forget(self, account: str) -> None:
        """Takes the key away; what it sealed can never be read again, in backups neither."""
        self._account(account).forget()

    def load_client(self, provider: str) -> Mapping[str, str] | None:
        """The person's own client id (and secret) at a provider; None when there is none."""
        found = self._client(provider).load()
        return None if found is None else _texts(found, provider)

    def save_client(self, provider: str, client: Mapping[str, str]) -> None:
        """Keeps the person's own client id (and secret) for a provider."""
        self._clients_dir.mkdir(parents=True, exist_ok=True)
        self._client(provider).save(dict(client))

    def forget_client(self, provider: str) -> None:
        """Takes key and file away."""
        self._client(provider).forget()

    def _account(self, account: str) -> _Sealed:
        return _Sealed(self._keys, account, self._folder_of(account) / SECRETS_FILE)

    def _client(self, provider: str) -> _Sealed:
        if not _PROVIDER.fullmatch(provider):
            raise ValueError("a provider's name is a short word")
        file = self._clients_dir / f"{provider}.sealed"
        return _Sealed(self._keys, f"client:{provider}", file)


class _Sealed:
    """One JSON object in one file under one key."""

    def __init__(self, keys: Keys, name: str, file: Path) -> None:
        self._keys = keys
        self._name = name
        self._file = file
        self._purpose = b"Jolidrive secrets 1\n" + name.encode()

    def load(self) -> dict[str, Json] | None:
        data = self._data()
        if not data:
            return None
        key = self._keys.get(self._name)
        if key is None:
            raise KeyLostError(self._name)
        try:
            found = json.loads(unseal(key, data, self._purpose))
        except (SealBrokenError, ValueError):
            raise StoreDamagedError("secrets", self._name) from None
        if not isinstance(found, dict):
            raise StoreDamagedError("secrets", self._name)
        return found

    def save(self, content: Mapping[str, Json]) -> None:
        try:
            self._write(self._key_or_new(), content)
        except FileNotFoundError:
            raise AccountGoneError(self._name) from None

    def update(self, content: Mapping[str, Json]) -> None:
        key = self._keys.get(self._name)
        if key is None:
            raise KeyLostError(self._name)
        try:
            self._write(key, content)
        except FileNotFoundError:
            raise AccountGoneError(self._name) from None

    def forget(self) -> None:
        """The key first; then the file is only noise, and goes too."""
        if self._file.exists():
            self._keys.forget(self._name)
            self._file.unlink(missing_ok=True)

    def _write(self, key: bytes, content: Mapping[str, Json]) -> None:
        replace_file(self._file, seal(key, json.dumps(content).encode(), self._purpose))

    def _key_or_new(self) -> bytes:
        if not self._file.exists():
            replace_file(self._file, b"")
        known = self._keys.get(self._name)
        if known is not None:
            return known
        key = new_key()
        self._keys.put(self._name, key)
        return key

    def _data(self) -> bytes:
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise StoreDamagedError("secrets", self._name) from error


def _as_json(secrets: Secrets) -> dict[str, Json]:
    token = None if secrets.token is None else dict(secrets.token)
    client: dict[str, Json] | None = None if secrets.client is None else dict(secrets.client)
    return {"token": token, "client": client, "values": dict(secrets.values)}


def _secrets_from(found: Mapping[str, Json], name: str) -> Secrets:
    token, client = found.get("token"), found.get("client")
    if token is not None and not isinstance(token, dict):
        raise StoreDamagedError("secrets", name)
    return Secrets(
        token=token,
        client=None if client is None else _texts(client, name),
        values=_texts(found.get("values"), name),
    )


def _texts(found: Mapping[str, Json] | Json, name: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    if not isinstance(found, dict):
        raise StoreDamagedError("secrets", name)
    for key, text in found.items():
        if not isinstance(text, str):
            raise StoreDamagedError("secrets", name)
        texts[key] = text
    return texts
