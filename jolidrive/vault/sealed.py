"""Sealing bytes, and files that are replaced in one step.

Why it is a module: account secrets, own client ids and the passphrase file are sealed and
written in exactly the same way, and only this way. It knows no keyring and no account.

Question: what does a reader find after the power went away while we wrote? Answer: the old
file or the new one, whole: written beside, synced, renamed over, and the folder synced.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jolidrive.errors import DiskFullError

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SealBrokenError(Exception):
    """Not sealed with this key for this purpose, or changed since. Callers name what it was."""


def new_key() -> bytes:
    """A random key nobody had before."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, purpose: bytes) -> bytes:
    """Encrypted and authenticated; opens only with the same key and purpose."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, purpose)


def unseal(key: bytes, sealed: bytes, purpose: bytes) -> bytes:
    """What `seal` was given, or `SealBrokenError`."""
    if len(sealed) < _NONCE_BYTES + 16:
        raise SealBrokenError
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose)
    except InvalidTag:
        raise SealBrokenError from None


def replace_file(path: Path, data: bytes) -> None:
    """Puts `data` in the place of the file, at once or not at all; only the owner reads it.

    The folder must exist (`FileNotFoundError`), and one caller at a time may write: whoever
    calls holds a lock. The name beside is always the same, so a killed writer leaves no pile.
    """
    beside = path.with_name(path.name + ".new")
    try:
        with open(beside, "wb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFullError from error
        raise
    _sync_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    # Windows opens no folders (and needs no sync of them): it answers with PermissionError.
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
