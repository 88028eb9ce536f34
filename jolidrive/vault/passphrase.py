"""Keys under a passphrase, for computers without a keyring: one sealed file in the profile.

The file is opened at the first use, so an account without secrets never asks for the
passphrase. Several processes may write it: each change is made on the file as it is then,
under a file lock.

Question: how is a wrong passphrase told from a damaged file? Answer: the passphrase gives two
halves, one seals, of the other a short check lies in the file. When the check fails the
passphrase is wrong; when it fits and the seal does not, the file was changed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from filelock import FileLock

from jolidrive.errors import KeyringLockedError, StoreDamagedError

from .keyring import keys_from_line, keys_to_line
from .sealed import SealBrokenError, replace_file, seal, unseal

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC: Final = b"Jolidrive keys 1\n"
_SALT_BYTES: Final = 16
_CHECK_BYTES: Final = 16
_HEAD_BYTES: Final = len(_MAGIC) + _SALT_BYTES + _CHECK_BYTES
_COST: Final = 2**16
"""scrypt's n with r = 8: 64 MB and a fifth of a second for each guess."""


class PassphraseKeys:
    """Keys in a file that a passphrase opens; the first `put` makes the file.

    Args:
        file: `keys.sealed` in the profile.
        passphrase: as typed; empty is `KeyringLockedError` at the first use.
    """

    def __init__(self, file: Path, passphrase: str) -> None:
        self._file = file
        # Composed: the same letters typed on another system give the same bytes.
        self._typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
        self._turn = threading.Lock()
        self._derived: tuple[bytes, bytes] | None = None

    def __repr__(self) -> str:
        return "PassphraseKeys()"

    def get(self, name: str) -> bytes | None:
        """The key, or None."""
        with self._turn:
            return self._read().get(name)

    def put(self, name: str, key: bytes) -> None:
        """Keeps the key."""
        self._change(name, key)

    def forget(self, name: str) -> None:
        """Takes the key away; the file is written anew without it."""
        self._change(name, None)

    def export_keys(self) -> str | None:
        """All keys as one line."""
        with self._turn:
            return keys_to_line(self._read())

    def _change(self, name: str, key: bytes | None) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._turn, FileLock(self._file.with_name(self._file.name + ".lock")):
            keys = self._read()
            if keys.get(name) == key:
                return
            if key is None:
                del keys[name]
            else:
                keys[name] = key
            self._write(keys)

    def _read(self) -> dict[str, bytes]:
        if not self._typed:
            raise KeyringLockedError
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            return {}
        head, sealed = data[:_HEAD_BYTES], data[_HEAD_BYTES:]
        if len(head) < _HEAD_BYTES or not head.startswith(_MAGIC):
            raise StoreDamagedError("keys")
        salt = head[len(_MAGIC) : -_CHECK_BYTES]
        key, check = self._derive(salt)
        if not hmac.compare_digest(check, head[-_CHECK_BYTES:]):
            raise KeyringLockedError
        try:
            return keys_from_line(unseal(key, sealed, head))
        except SealBrokenError:
            raise StoreDamagedError("keys") from None

    def _write(self, keys: dict[str, bytes]) -> None:
        salt = self._derived[0] if self._derived else secrets.token_bytes(_SALT_BYTES)
        key, check = self._derive(salt)
        head = _MAGIC + salt + check
        replace_file(self._file, head + seal(key, keys_to_line(keys).encode(), head))

    def _derive(self, salt: bytes) -> tuple[bytes, bytes]:
        """The sealing key and the check; kept as long as the salt stays the same."""
        if self._derived is None or self._derived[0] != salt:
            stretch = Scrypt(salt=salt, length=64, n=_COST, r=8, p=1)
            self._derived = (salt, stretch.derive(self._typed))
        both = self._derived[1]
        return both[:32], hashlib.sha256(both[32:]).digest()[:_CHECK_BYTES]
