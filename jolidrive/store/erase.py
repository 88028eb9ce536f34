"""Deletes an account's folder, and looks whether anything is left.

The folder is first renamed out of sight, which no reader's open file prevents on most systems;
where one does, its files are deleted one by one, and again for ten seconds. Links are deleted,
never followed. `sweep` does the same at every start for folders that no roster line claims.
"""

from __future__ import annotations

import os
import secrets
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jolidrive.errors import StoreBusyError, UnknownAccountError

from .account_lock import HOLDER_SUFFIX, AccountLock, checked_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jolidrive.paths import Profile

GONE_PREFIX: Final = ".gone-"
_RETRY_S: Final = 10.0
_PAUSE_S: Final = 0.1
_AT_ONCE: Final = 4
_LOCK_SUFFIXES: Final = (
    f".token.lock{HOLDER_SUFFIX}", f".lock{HOLDER_SUFFIX}", ".token.lock", ".lock",
)  # fmt: skip


def erase_folder(folder: Path, *, retry_s: float = _RETRY_S) -> tuple[str, ...]:
    """Deletes a folder and all in it.

    Args:
        folder: need not exist.
        retry_s: how long to try again what the system refuses, in seconds.

    Returns:
        Paths that are still there: empty when everything is gone.
    """
    until = time.monotonic() + retry_s
    hidden = _hide(folder)
    while left := [path for place in (folder, hidden) for path in _delete(place)]:
        if time.monotonic() >= until:
            return tuple(str(path) for path in left)
        time.sleep(_PAUSE_S)
    return ()


def erase_lock_files(profile: Profile, account: str) -> None:
    """Deletes the files by which an account was locked; what is refused stays for a sweep."""
    stem = checked_id(account)
    for suffix in _LOCK_SUFFIXES:
        with suppress(OSError):
            (profile.accounts_dir / f"{stem}{suffix}").unlink(missing_ok=True)


def folder_bytes(folder: Path) -> int:
    """Bytes of all files in a folder, without following links."""
    size = 0
    for path in _walk(folder):
        with suppress(FileNotFoundError):  # a log beside a database goes when it is closed
            told = path.lstat()
            size += 0 if stat.S_ISDIR(told.st_mode) else told.st_size
    return size


def sweep(
    profile: Profile, is_claimed: Callable[[str], bool], *, retry_s: float = 0.0
) -> tuple[str, ...]:
    """Erases what earlier processes left of accounts that no roster line claims.

    Args:
        profile: whose accounts.
        is_claimed: whether the roster has a line for this id; asked again under the lock,
            because an account is connected under its lock before its line is written.
        retry_s: how long to try again what the system refuses.

    Returns:
        Paths that are still there.
    """
    left: list[str] = []
    for name in _names(profile.accounts_dir):
        if name.startswith(GONE_PREFIX):
            left.extend(erase_folder(profile.accounts_dir / name, retry_s=retry_s))
    for account in sorted({_account(name) for name in _names(profile.accounts_dir)} - {""}):
        if not is_claimed(account):
            left.extend(_erase_unclaimed(profile, account, is_claimed, retry_s))
    return tuple(left)


def _erase_unclaimed(
    profile: Profile, account: str, is_claimed: Callable[[str], bool], retry_s: float
) -> tuple[str, ...]:
    lock = AccountLock(profile, account, verb="sweep")
    try:
        lock.acquire()
    except StoreBusyError:
        return ()
    try:
        if is_claimed(account):
            return ()
        left = erase_folder(profile.account_dir(account), retry_s=retry_s)
    finally:
        lock.release()
    erase_lock_files(profile, account)  # now: some systems delete no file that is locked
    return left


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return []


def _account(name: str) -> str:
    """The account a name in the accounts' folder belongs to; empty for none."""
    for suffix in _LOCK_SUFFIXES:
        if name.endswith(suffix):
            name = name.removesuffix(suffix)
            break
    try:
        return checked_id(name)
    except UnknownAccountError:
        return ""


def _hide(folder: Path) -> Path:
    """Renames a folder; where that is refused it stays under its own name."""
    if folder.name.startswith(GONE_PREFIX):
        return folder
    hidden = folder.with_name(GONE_PREFIX + secrets.token_hex(8))
    try:
        folder.rename(hidden)
    except OSError:
        return folder
    return hidden


def _delete(place: Path) -> list[Path]:
    """Deletes what can be deleted; what is left, deepest first.

    Files by a few threads: where a file system tells the disk of every freed block and waits
    for it (`discard`), a gigabyte takes a third of a second, and files overlap.
    """
    paths = list(_walk(place))
    folders = [path for path in paths if path.is_dir() and not path.is_symlink()]
    files = sorted(set(paths) - set(folders))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        refused = [
            path for path, gone in zip(files, pool.map(_try, files), strict=True) if not gone
        ]
    return [*refused, *(folder for folder in folders if not _try(folder))]


def _try(path: Path) -> bool:
    """Whether it is gone now."""
    try:
        _delete_one(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _delete_one(path: Path) -> None:
    if stat.S_ISDIR(path.lstat().st_mode):
        path.rmdir()
        return
    try:
        path.unlink()
    except PermissionError:
        path.chmod(stat.S_IWRITE)  # Windows refuses to delete what is read-only
        path.unlink()


def _walk(place: Path) -> Iterator[Path]:
    """Everything below a place and the place itself, deepest first, links not followed."""
    if not os.path.lexists(place):
        return
    if place.is_dir() and not place.is_symlink():
        for folder, folders, files in os.walk(place, topdown=False):
            yield from (Path(folder, name) for name in files)
            yield from (Path(folder, name) for name in folders)
    yield place
