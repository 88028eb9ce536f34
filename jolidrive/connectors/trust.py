"""What exactly a person approved: a hash over every byte of a plugin's folder.

Question: how can the code that runs be the code that was approved? Answer: the folder is read
once into a `Snapshot`; the hash is taken of these bytes, and `load` runs these bytes and reads
no file again, no bytecode either. May not run anything.

Symbolic links inside a folder are refused, for what they point to could change unseen.
`__pycache__` is left out: nothing in it is ever read.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_FILES: Final = 2_000
MAX_BYTES: Final = 50_000_000
_IGNORED: Final = "__pycache__"


class Approvals(Protocol):
    """Where approvals are kept (`store.library`)."""

    def approved(self, plugin: str, /) -> str | None:
        """The hash the person approved for this plugin, if they did."""
        ...

    def approve(self, plugin: str, content_hash: str, /) -> None:
        """Notes that the person approved this content."""
        ...


class FolderRefusedError(Exception):
    """The folder cannot be trusted as a whole; the reason is one readable line."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All files of a plugin's folder as they were read once.

    Args:
        folder: where they were read.
        files: path inside the folder (parts joined by `/`) to content.
    """

    folder: Path
    files: Mapping[str, bytes]

    @property
    def content_hash(self) -> str:
        """The same for the same names and bytes, in whatever order they were found."""
        whole = hashlib.sha256(b"jolidrive plugin 1\0")
        for name in sorted(self.files):
            for part in (name.encode("utf-8"), self.files[name]):
                whole.update(len(part).to_bytes(8, "big"))
                whole.update(part)
        return whole.hexdigest()


def take_snapshot(folder: Path) -> Snapshot:
    """Reads every file of the folder.

    Raises:
        FolderRefusedError: links, special files, names that are no text, or too much.
    """
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    try:
        root = folder.resolve(strict=True)
        for path in _walk(root):
            name = path.relative_to(root).as_posix()
            if not name.isprintable() or "\\" in name:
                raise FolderRefusedError("holds a file whose name is not plain text")
            files[name] = _read(path, name, left)
            left -= len(files[name])
            if len(files) > MAX_FILES:
                raise FolderRefusedError(f"holds more than {MAX_FILES} files")
    except OSError:
        raise FolderRefusedError("cannot be read") from None
    return Snapshot(folder=root, files=files)


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        if entry.is_symlink():
            raise FolderRefusedError(f"holds a symbolic link: {entry.name}")
        if entry.is_dir(follow_symlinks=False):
            if entry.name != _IGNORED:
                yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)


def _read(path: Path, name: str, left: int) -> bytes:
    """The content; refuses what became a link or a pipe since it was listed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FolderRefusedError(f"holds something that is no file: {name}")
        data = opened.read(left + 1)
    if len(data) > left:
        raise FolderRefusedError(f"is larger than {MAX_BYTES} bytes")
    return data
