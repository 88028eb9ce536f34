"""Imports a plugin from its snapshot: the bytes whose hash was approved, and no others.

No file of the folder is read for an import and no bytecode is read or written, so nothing can
change between the look at the hash and the run. Native modules cannot be imported this way;
a plugin is plain Python.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    from .trust import Snapshot

PACKAGE: Final = "jolidrive_plugins"


class _Parent(MetaPathFinder, InspectLoader):
    """The empty package all plugins live in."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The package itself, nothing else."""
        del path, target
        if fullname != PACKAGE:
            return None
        return ModuleSpec(PACKAGE, self, is_package=True)

    def get_source(self, fullname: str) -> str:
        """Nothing is in it."""
        del fullname
        return ""

    def is_package(self, fullname: str) -> bool:
        """It is one."""
        return fullname == PACKAGE


class SnapshotFinder(MetaPathFinder, InspectLoader):
    """Gives the modules of one plugin from its snapshot."""

    def __init__(self, plugin: str, snapshot: Snapshot) -> None:
        self.name = f"{PACKAGE}.{plugin}"
        self._snapshot = snapshot

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module of this plugin, where the snapshot has it."""
        del path, target
        file = self._file(fullname)
        if file is None:
            return None
        package = file.endswith("__init__.py")
        spec = ModuleSpec(
            fullname, self, origin=self.get_filename(fullname), is_package=package
        )
        spec.has_location = True
        spec.cached = None
        return spec

    def is_package(self, fullname: str) -> bool:
        """Whether it is a folder of modules."""
        return (self._file(fullname) or "").endswith("__init__.py")

    def get_source(self, fullname: str) -> str:
        """Its source, as it was hashed."""
        return importlib.util.decode_source(self._bytes(fullname))

    def get_code(self, fullname: str) -> CodeType:
        """Its code, compiled anew from the hashed bytes."""
        return compile(
            self._bytes(fullname), self.get_filename(fullname), "exec", dont_inherit=True
        )

    def get_filename(self, fullname: str) -> str:
        """The name shown in a traceback."""
        return str(self._snapshot.folder / (self._file(fullname) or ""))

    def _bytes(self, fullname: str) -> bytes:
        file = self._file(fullname)
        if file is None:
            raise ImportError("the plugin has no such module", name=fullname)
        return self._snapshot.files[file]

    def _file(self, fullname: str) -> str | None:
        if fullname == self.name:
            stem = ""
        elif fullname.startswith(f"{self.name}."):
            stem = fullname[len(self.name) + 1 :].replace(".", "/")
        else:
            return None
        names = [f"{stem}/__init__.py", f"{stem}.py"] if stem else ["__init__.py"]
        return next((name for name in names if name in self._snapshot.files), None)


def import_module(plugin: str, snapshot: Snapshot, module: str) -> ModuleType:
    """Imports `module` of the plugin as `jolidrive_plugins.<plugin>.<module>`.

    What was imported of an earlier snapshot of it is forgotten first.
    """
    forget_modules(plugin)
    if not any(isinstance(finder, _Parent) for finder in sys.meta_path):
        sys.meta_path.append(_Parent())
    finder = SnapshotFinder(plugin, snapshot)
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(f"{finder.name}.{module}")
    except BaseException:
        forget_modules(plugin)
        raise


def forget_modules(plugin: str) -> None:
    """Takes every module of the plugin out of the interpreter's list."""
    name = f"{PACKAGE}.{plugin}"
    for known in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
        del sys.modules[known]
    sys.meta_path[:] = [
        finder
        for finder in sys.meta_path
        if not (isinstance(finder, SnapshotFinder) and finder.name == name)
    ]
