"""Imports one plugin and checks what it is. The only module that starts running plugin code.

It takes a snapshot, never a folder: whoever calls has looked at the hash of these bytes.
"""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.api import Connector
from jolidrive.api.manifest_reader import FILE_NAME, parse_manifest
from jolidrive.api.manifest_rules import readable
from jolidrive.errors import ManifestInvalidError, PluginCrashedError

from .contain import Contained, place_of
from .importing import import_module
from .trust import FolderRefusedError, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from jolidrive.api import Context
    from jolidrive.api.manifest import Manifest

    from .trust import Snapshot

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin ready to work."""

    manifest: Manifest
    folder: Path
    connector_class: type[Connector]

    def open(self, context: Context) -> Contained:
        """A connector for one account, contained.

        Raises:
            PluginCrashedError: it could not even be made.
        """
        return Contained(self.manifest.id, self.folder, self.connector_class, context)


def read_snapshot(folder: Path) -> tuple[Manifest, Snapshot]:
    """All of a folder, read once, and the manifest in it. Runs nothing.

    Raises:
        ManifestInvalidError: the folder cannot be trusted, or its manifest has problems.
        PluginTooNewError: it asks for a plugin API that is not spoken here.
    """
    try:
        snapshot = take_snapshot(folder)
    except FolderRefusedError as refusal:
        told = readable(f"the folder {refusal}")
        raise ManifestInvalidError(readable(folder.name), [told]) from None
    if FILE_NAME not in snapshot.files:
        raise ManifestInvalidError(folder.name, [f"the folder holds no {FILE_NAME}"])
    manifest = parse_manifest(snapshot.files[FILE_NAME], fallback_id=folder.name)
    missing = missing_module(manifest, snapshot)
    if missing:
        raise ManifestInvalidError(manifest.id, [missing])
    return manifest, snapshot


def missing_module(manifest: Manifest, snapshot: Snapshot) -> str | None:
    """What the entry needs and the folder does not hold, as one line."""
    if "__init__.py" not in snapshot.files:
        return "the folder holds no __init__.py"
    module = manifest.entry.partition(":")[0].replace(".", "/")
    if not {f"{module}.py", f"{module}/__init__.py"} & set(snapshot.files):
        return f"[plugin] entry: the folder holds no {module}.py"
    return None


def load_folder(folder: Path) -> Loaded:
    """Loads a folder the caller trusts: a shipped one, or an author's own under test.

    Raises:
        ManifestInvalidError: see `read_snapshot`; or the entry names no connector.
        PluginTooNewError: it asks for a plugin API that is not spoken here.
        PluginCrashedError: importing it raised something.
    """
    return load_snapshot(*read_snapshot(folder))


def load_snapshot(manifest: Manifest, snapshot: Snapshot) -> Loaded:
    """Imports the entry and checks that it is a connector.

    Raises:
        ManifestInvalidError: the entry names no connector.
        PluginCrashedError: importing it raised something.
    """
    module_name, _, class_name = manifest.entry.partition(":")
    module = _import(manifest.id, snapshot, module_name)
    found = vars(module).get(class_name)
    if not (isinstance(found, type) and issubclass(found, Connector)) or found is Connector:
        told = f"[plugin] entry: {manifest.entry} is no subclass of Connector"
        raise ManifestInvalidError(manifest.id, [told])
    if inspect.isabstract(found):
        unwritten = ", ".join(sorted(found.__abstractmethods__))
        told = f"[plugin] entry: {manifest.entry} does not say how to {unwritten}"
        raise ManifestInvalidError(manifest.id, [told])
    return Loaded(manifest, snapshot.folder, found)


def _import(plugin: str, snapshot: Snapshot, module: str) -> ModuleType:
    try:
        return import_module(plugin, snapshot, module)
    except (Exception, SystemExit) as untrusted:  # noqa: BLE001 - around plugin code
        kind = type(untrusted).__name__
        where = place_of(untrusted.__traceback__, str(snapshot.folder))
        if isinstance(untrusted, SyntaxError) and not where:
            where = f"line {untrusted.lineno}"
    _log.error("%s could not be imported: %s at %s", plugin, kind, where)
    raise PluginCrashedError(plugin, kind, where)
