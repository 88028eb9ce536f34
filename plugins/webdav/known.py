"""The folders seen so far, with their etags: the memory of an etag walk, small enough to keep.

It holds at most `MOST` folders and `MOST_LETTERS` letters; beyond that the deepest level is
forgotten, and a folder at the edge is walked whole whenever its etag changed.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jolidrive.api import Json

MOST: Final = 3_000
MOST_LETTERS: Final = 120_000


class Known:
    """A folder's etag as of its last whole walk, and the folders in it by name.

    Args:
        etag: a checksum; empty while the folder was not walked to its end.
        inside: folders in it, by name; those of a forgotten level are not here.
    """

    __slots__ = ("etag", "inside")

    def __init__(self, etag: str = "") -> None:
        self.etag = etag
        self.inside: dict[str, Known] = {}

    def child(self, name: str) -> Known:
        """The folder of this name, made when it is not known yet."""
        return self.inside.setdefault(name, Known())

    def as_json(self) -> Json:
        """`[etag, {name: …}]`, or the etag alone where there is no folder in it."""
        if not self.inside:
            return self.etag
        return [self.etag, {name: one.as_json() for name, one in self.inside.items()}]

    @classmethod
    def of_json(cls, told: Json) -> Known:
        """What `as_json` gave; an empty memory for anything else."""
        if isinstance(told, str):
            return cls(told)
        if not isinstance(told, list) or len(told) != 2:
            return cls()
        etag, inside = told
        if not isinstance(etag, str) or not isinstance(inside, dict):
            return cls()
        known = cls(etag)
        known.inside = {name: cls.of_json(one) for name, one in inside.items()}
        return known

    def forget_beyond(self, most: int = MOST, letters: int = MOST_LETTERS) -> bool:
        """Forgets the deepest levels until it is small enough; whether it had to."""
        levels: list[list[Known]] = [[self]]
        folders, length = 1, len(self.etag)
        while inside := [pair for one in levels[-1] for pair in one.inside.items()]:
            folders += len(inside)
            length += sum(len(name) + len(one.etag) + 12 for name, one in inside)
            if folders > most or length > letters:
                for one in levels[-1]:
                    one.inside = {}
                return True
            levels.append([one for _, one in inside])
        return False


def check_of(etag: str) -> str:
    """A short checksum of an etag; empty for none."""
    return f"{zlib.crc32(etag.encode()):x}" if etag else ""
