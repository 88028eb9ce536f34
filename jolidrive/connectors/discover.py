"""Finds plugins: folders that hold a `plugin.toml`. Runs nothing of them.

Shipped services and the person's own are found by the same walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.api.manifest_reader import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

MAX_PLUGINS: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A folder that says it is a plugin."""

    folder: Path
    shipped: bool


def find_plugins(folder: Path, *, shipped: bool) -> tuple[Found, ...]:
    """The plugins in a folder, by name; none where the folder does not exist."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return ()
    found = [Found(one, shipped) for one in inside if _is_plugin(one)]
    return tuple(found[:MAX_PLUGINS])


def _is_plugin(folder: Path) -> bool:
    if folder.name.startswith((".", "__")):
        return False
    try:
        return folder.is_dir() and (folder / FILE_NAME).exists()
    except OSError:
        return False
