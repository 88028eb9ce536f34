"""What `jolidrive doctor` tells: versions, keyring, profile, indexes, plugins."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Final

from jolidrive import __version__
from jolidrive.connectors.catalog import EntryState
from jolidrive.errors import JolidriveError, KeyringMissingError, StoreError
from jolidrive.model.account import SEARCHABLE
from jolidrive.store.text_index import IndexState
from jolidrive.vault.vault import SECRETS_FILE
from jolidrive.wording import words_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .readers import Reader, Readers
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
        *_accounts(shared, readers),
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
    try:
        shared.keys.get("check")
        yield Finding("Keyring", _backend(shared) or type(shared.keys).__name__)
    except KeyringMissingError as trouble:
        # Accounts without secrets need none: nothing is wrong until one has some.
        told = f"{words_for(trouble).happened} No account here needs one."
        needed = _secrets_are_kept(shared)
        yield Finding("Keyring", words_for(trouble).happened if needed else told, not needed)
    except JolidriveError as trouble:
        yield Finding("Keyring", words_for(trouble).happened, fine=False)


def _secrets_are_kept(shared: Shared) -> bool:
    return any(
        (shared.profile.account_dir(line.id) / SECRETS_FILE).exists()
        for line in shared.roster.lines()
    )


def _backend(shared: Shared) -> str:
    names = getattr(shared.keys, "backend_names", None)
    return ", ".join(names()) if names else ""


def _accounts(shared: Shared, readers: Readers) -> Iterator[Finding]:
    for one in readers.unreadable():
        told = f"{one.line.plugin}, {words_for(one.trouble).happened}"
        yield Finding(f"Account {one.line.id}", told, fine=False)
    for line in shared.roster.lines():
        if line.state not in SEARCHABLE:
            told = f"{line.plugin}, found {line.state.value}: the next start tries again"
            yield Finding(f"Account {line.id}", told, fine=False)
    for reader in readers.all():
        name, plugin = f"Account {reader.line.id}", reader.line.plugin
        try:
            fine, told = _index_of(reader)
        except StoreError as trouble:
            fine, told = False, words_for(trouble).happened
        yield Finding(name, f"{plugin}, {told}", fine=fine)


def _index_of(reader: Reader) -> tuple[bool, str]:
    """Whether the index answers for all of the store, in words."""
    behind = reader.store.last_seq() - reader.index.step
    state = reader.index.state
    if behind == 0 and state is IndexState.READY:
        return True, "index in step"
    if behind == 0 and state is IndexState.ABSENT:
        return True, "nothing read yet"
    return False, f"index {state.value}, {behind} changes behind"


def _plugins(shared: Shared) -> Iterator[Finding]:
    for entry in shared.catalog.entries():
        told = "; ".join((entry.state.value, *entry.reasons))
        yield Finding(f"Plugin {entry.id}", told, fine=entry.state is EntryState.READY)
