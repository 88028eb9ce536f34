"""What is installed, what may run, and why not. One broken plugin harms nothing else.

Listing runs no plugin code. A plugin of the person's own runs only when the hash of exactly the
bytes that are run is the one that was approved.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jolidrive.api.manifest import Audience
from jolidrive.api.manifest_rules import readable
from jolidrive.errors import (
    ManifestInvalidError,
    PluginCrashedError,
    PluginNotApprovedError,
    PluginTooNewError,
    PluginUnknownError,
)

from .discover import Found, find_plugins
from .load import Loaded, load_snapshot, read_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jolidrive.api.manifest import Manifest

    from .trust import Approvals, Snapshot


class EntryState(StrEnum):
    """Whether a plugin may run."""

    READY = "ready"
    NEEDS_APPROVAL = "needs_approval"
    CHANGED = "changed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One plugin in the list.

    Args:
        id: the manifest's id, or the folder's name where the manifest cannot be read.
        manifest: None where it cannot be read.
        folder: where it lies.
        shipped: comes with the program.
        state: whether it may run.
        reasons: why it is broken, one line each.
        content_hash: of its folder now; empty for shipped and broken ones.
    """

    id: str
    folder: Path
    shipped: bool
    state: EntryState
    manifest: Manifest | None = None
    reasons: tuple[str, ...] = ()
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A folder as it was read once: an entry, and its bytes where it is not broken."""

    entry: Entry
    snapshot: Snapshot | None = None
    trouble: ManifestInvalidError | PluginTooNewError | None = None


class Catalog:
    """The plugins of one profile."""

    def __init__(
        self,
        shipped_dir: Path,
        user_dir: Path | None,
        approvals: Approvals,
        audience: Audience = Audience.EVERYONE,
    ) -> None:
        self._shipped_dir = shipped_dir
        self._user_dir = user_dir
        self._approvals = approvals
        self._audience = audience
        self._lock = threading.Lock()
        self._loaded: dict[str, tuple[str, Loaded]] = {}
        self._crashed: dict[str, tuple[str, str]] = {}

    def entries(self) -> tuple[Entry, ...]:
        """Every plugin this profile may see, shipped ones first, each by id."""
        with self._lock:
            entries = [self._told(read) for read in self._read()]
        return tuple(sorted(entries, key=lambda entry: (not entry.shipped, entry.id)))

    def manifest(self, plugin: str) -> Manifest:
        """A plugin's manifest, also of one that waits for approval. Runs nothing.

        Raises:
            PluginUnknownError: no such plugin.
            ManifestInvalidError: it is broken.
            PluginTooNewError: it asks for a plugin API that is not spoken here.
        """
        with self._lock:
            manifest, _, _ = self._usable(plugin)
        return manifest

    def approve(self, plugin: str) -> Entry:
        """Approves a plugin of the person's own as its folder is now.

        Raises:
            PluginUnknownError: no such plugin.
            ManifestInvalidError: it is broken.
            PluginTooNewError: it asks for a plugin API that is not spoken here.
        """
        with self._lock:
            manifest, snapshot, shipped = self._usable(plugin)
            if not shipped:
                self._approvals.approve(manifest.id, snapshot.content_hash)
        return next(entry for entry in self.entries() if entry.id == manifest.id)

    def load(self, plugin: str) -> Loaded:
        """Imports a plugin; the same one again as long as its bytes stay the same.

        Raises:
            PluginUnknownError: no such plugin.
            PluginNotApprovedError: it was not approved, or changed since.
            ManifestInvalidError: it is broken.
            PluginTooNewError: it asks for a plugin API that is not spoken here.
            PluginCrashedError: importing it raised something.
        """
        with self._lock:
            manifest, snapshot, shipped = self._usable(plugin)
            content_hash = snapshot.content_hash
            if not shipped:
                self._demand_approval(manifest.id, content_hash)
            known = self._loaded.get(plugin)
            if known and known[0] == content_hash:
                return known[1]
            try:
                loaded = load_snapshot(manifest, snapshot)
            except (PluginCrashedError, ManifestInvalidError) as trouble:
                self._crashed[plugin] = (content_hash, _line_of(trouble))
                raise
            self._loaded[plugin] = (content_hash, loaded)
            return loaded

    # ── inside ───────────────────────────────────────────────────────────────────────────

    def _demand_approval(self, plugin: str, content_hash: str) -> None:
        approved = self._approvals.approved(plugin)
        if approved != content_hash:
            raise PluginNotApprovedError(plugin, changed=approved is not None)

    def _usable(self, plugin: str) -> tuple[Manifest, Snapshot, bool]:
        found = [read for read in self._read() if read.entry.id == plugin]
        read = next((one for one in found if one.snapshot), found[0] if found else None)
        if read is None:
            raise PluginUnknownError(plugin)
        if read.trouble is not None:
            raise read.trouble
        if read.snapshot is None or read.entry.manifest is None:
            raise ManifestInvalidError(plugin, read.entry.reasons)
        return read.entry.manifest, read.snapshot, read.entry.shipped

    def _read(self) -> Iterator[_Read]:
        found = [*find_plugins(self._shipped_dir, shipped=True)]
        if self._user_dir is not None:
            found += find_plugins(self._user_dir, shipped=False)
        taken: dict[str, bool] = {}
        for one in found:
            read = self._read_one(one, taken)
            if read.entry.manifest is not None:
                taken.setdefault(read.entry.id, one.shipped)
            if self._visible(read.entry):
                yield read

    def _visible(self, entry: Entry) -> bool:
        audience = entry.manifest.audience if entry.manifest else Audience.EVERYONE
        return audience is Audience.EVERYONE or self._audience is Audience.DEMO

    def _read_one(self, found: Found, taken: dict[str, bool]) -> _Read:
        try:
            manifest, snapshot = read_snapshot(found.folder)
        except ManifestInvalidError as trouble:
            return _broken(found, readable(found.folder.name), trouble.problems, trouble)
        except PluginTooNewError as trouble:
            told = f"asks for plugin API {trouble.wanted[:20]}, this Jolidrive speaks 1"
            return _broken(found, readable(found.folder.name), (told,), trouble)
        if manifest.id in taken:
            whose = "a service that ships with Jolidrive" if taken[manifest.id] else "another"
            return _broken(found, manifest.id, (f"the id belongs to {whose} already",))
        content_hash = snapshot.content_hash
        state = EntryState.READY
        if not found.shipped:
            state = self._state(manifest.id, content_hash)
        entry = Entry(
            id=manifest.id,
            folder=found.folder,
            shipped=found.shipped,
            state=state,
            manifest=manifest,
            content_hash=content_hash,
        )
        return _Read(entry, snapshot)

    def _state(self, plugin: str, content_hash: str) -> EntryState:
        approved = self._approvals.approved(plugin)
        if approved is None:
            return EntryState.NEEDS_APPROVAL
        return EntryState.READY if approved == content_hash else EntryState.CHANGED

    def _told(self, read: _Read) -> Entry:
        """The entry; one that failed to load with these very bytes is broken."""
        entry = read.entry
        crashed = self._crashed.get(entry.id)
        if entry.state is EntryState.READY and crashed and crashed[0] == entry.content_hash:
            return Entry(
                id=entry.id,
                folder=entry.folder,
                shipped=entry.shipped,
                state=EntryState.BROKEN,
                manifest=entry.manifest,
                reasons=(crashed[1],),
                content_hash=entry.content_hash,
            )
        return entry


def _broken(
    found: Found,
    plugin: str,
    reasons: tuple[str, ...],
    trouble: ManifestInvalidError | PluginTooNewError | None = None,
) -> _Read:
    entry = Entry(
        id=plugin,
        folder=found.folder,
        shipped=found.shipped,
        state=EntryState.BROKEN,
        reasons=reasons,
    )
    return _Read(entry, trouble=trouble)


def _line_of(trouble: PluginCrashedError | ManifestInvalidError) -> str:
    if isinstance(trouble, ManifestInvalidError):
        return "; ".join(trouble.problems)
    return f"stopped while loading: {trouble.kind} at {trouble.where}"
