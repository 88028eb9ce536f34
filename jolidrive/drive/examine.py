"""What `jolidrive doctor` tells: versions, keyring, profile, indexes, plugins."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Final

from jolidrive import __version__
from jolidrive.connectors.catalog import EntryState
from jolidrive.errors import JolidriveError
from jolidrive.store.text_index import IndexState
from jolidrive.wording import words_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .readers import Readers
    from .shared import Shared

_PARTS: Final = (
    "PySide6_Essentials",
    "tantivy",
    "Whoosh-Reloaded",
    "sqlite-utils",
    "requests-oauthlib",
    "keyring",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    what: str
    found: str
    fine: bool = True


def examine(shared: Shared, readers: Readers) -> list[Finding]:
    """Looks at everything, changes nothing."""
    return [
        *_program(),
        *_profile(shared),
        *_keys(shared),
        *_accounts(readers),
        *_plugins(shared),
    ]


def _program() -> Iterator[Finding]:
    yield Finding("Jolidrive", __version__)
    yield Finding("Python", platform.python_version())
    for name in _PARTS:
        try:
            yield Finding(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, "not installed", fine=False)


def _profile(shared: Shared) -> Iterator[Finding]:
    yield Finding("Profile", str(shared.profile.root))
    for problem in shared.settings.problems:
        yield Finding("Settings", problem, fine=False)


def _keys(shared: Shared) -> Iterator[Finding]:
    kind = type(shared.keys).__name__
    try:
        shared.keys.get("check")
        yield Finding("Keyring", _backend(shared) or kind)
    except JolidriveError as trouble:
        yield Finding("Keyring", words_for(trouble).happened, fine=False)


def _backend(shared: Shared) -> str:
    names = getattr(shared.keys, "backend_names", None)
    return ", ".join(names()) if names else ""


def _accounts(readers: Readers) -> Iterator[Finding]:
    for reader in readers.all():
        behind = reader.store.last_seq() - reader.index.step
        state = reader.index.state
        if state is IndexState.READY and behind == 0:
            yield Finding(f"Account {reader.line.id}", f"{reader.line.plugin}, index in step")
        elif state is IndexState.ABSENT and behind == 0:
            yield Finding(
                f"Account {reader.line.id}", f"{reader.line.plugin}, nothing read yet"
            )
        else:
            told = f"{reader.line.plugin}, index {state.value}, {behind} changes behind"
            yield Finding(f"Account {reader.line.id}", told, fine=False)


def _plugins(shared: Shared) -> Iterator[Finding]:
    for entry in shared.catalog.entries():
        if entry.state is EntryState.READY:
            continue
        told = "; ".join((entry.state.value, *entry.reasons))
        yield Finding(f"Plugin {entry.id}", told, fine=False)
