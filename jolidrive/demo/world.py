"""What is in the demo: Maya's files, photos, posts and music, read from `resources/demo`.

The story lies in TOML files that a person can read and edit; this module turns them into
shelves. `days.toml` tells what happens on the days after the first. It may not invent
anything: the same files give the same world, every time.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jolidrive.model.item import Json

    from .shelf import Record

SHELVES: Final = (
    *("files", "albums", "photos"),
    *("posts", "likes", "bookmarks", "events", "activity", "people"),
    *("tracks", "videos", "playlists"),
)
_MIMES: Final = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "md": "text/markdown",
    "html": "text/html",
    "csv": "text/csv",
    "jpg": "image/jpeg",
    "png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """The invented person whose cloud this is."""

    key: str
    name: str
    handle: str


class World:
    """Everything the demo services hold, and the days that pass in it.

    Args:
        folder: `resources/demo`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.day = 1
        self.shelves = {name: Shelf() for name in SHELVES}
        story: dict[str, Any] = {}
        for part in ("story", "files", "photos", "social", "media"):
            story |= _read(folder / f"{part}.toml")
        self.owner = Owner(**story["owner"])
        for name in SHELVES:
            for record in story.get(name, ()):
                self._put(name, record)
        self._days: list[dict[str, Any]] = _read(folder / "days.toml").get("day", [])

    def shelf(self, name: str) -> Shelf:
        """One of `SHELVES`."""
        return self.shelves[name]

    def content(self, path: str) -> bytes:
        """The bytes of one of the world's files, named as in the story.

        Raises:
            FileNotFoundError: there is none, or the name leads out of the world.
        """
        found = (self._folder / path).resolve()
        if not found.is_relative_to(self._folder.resolve()) or not found.is_file():
            raise FileNotFoundError(path)
        return found.read_bytes()

    def advance(self) -> int:
        """Lets the next day happen: things appear, change and go. Returns how many.

        After the last day that the story tells, days pass without news.
        """
        self.day += 1
        news = self._days[self.day - 2] if self.day - 2 < len(self._days) else {}
        changed, gone = news.get("put", ()), news.get("drop", ())
        for entry in changed:
            fields = dict(entry)
            self._put(fields.pop("shelf"), fields)
        for entry in gone:
            self.shelves[entry["shelf"]].drop(entry["id"])
        return len(changed) + len(gone)

    def _put(self, shelf: str, record: Mapping[str, Json]) -> None:
        self.shelves[shelf].put(str(record["id"]), self._measured(record))

    def _measured(self, record: Mapping[str, Json]) -> Record:
        path = record.get("file")
        if not isinstance(path, str):
            return record
        data = self.content(path)
        return {
            **record,
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "mime": _MIMES[path.rpartition(".")[2]],
        }


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
