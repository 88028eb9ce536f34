"""The contained connector: all that sync ever sees of a plugin.

Every call and every step of an iterator is watched. A `JolidriveError` of the program's own
tree keeps its meaning, `FileNotFoundError` from `open` and `thumbnail` too; anything else
becomes `PluginCrashedError` with the exception's name and the plugin's line. What the exception
says is never read: it may hold content.

This contains mistakes, not malice: a plugin is trusted code in this process.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NoReturn, TypeGuard, TypeVar

from jolidrive import errors
from jolidrive.api import Connector, Identity, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from jolidrive.api import Context, Cursor

T = TypeVar("T")
_log: Final = logging.getLogger(__name__)
_FILE_GONE: Final[tuple[type[Exception], ...]] = (FileNotFoundError,)
_KINDS: Final = frozenset(
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.JolidriveError)
)
"""The leaves wording knows; a plugin's own subclass is a crash like any other."""


class Contained(Connector):
    """One connector at work, with nothing of the plugin getting out but pages and bytes."""

    def __init__(
        self, plugin: str, folder: Path, make: type[Connector], context: Context
    ) -> None:
        super().__init__(context)
        self._plugin = plugin
        self._folder = str(folder)
        self._connector = self._watched(lambda: make(context))

    def identify(self) -> Identity:
        """Who has signed in."""
        untrusted: object = self._watched(lambda: self._connector.identify())  # noqa: PLW0108 - the look-up is plugin code too
        if isinstance(untrusted, Identity) and _is_text(untrusted.key, untrusted.label):
            return untrusted
        return self._crash("TypeError", "identify")

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Everything since `cursor`, page by page; closing it closes the plugin's iterator."""
        for untrusted in self._steps(lambda: self._connector.pull(cursor), ()):
            yield untrusted if _is_page(untrusted) else self._crash("TypeError", "pull")

    def open(self, key: str) -> Iterator[bytes]:
        """The content of one item, in pieces."""
        yield from self._pieces(lambda: self._connector.open(key), "open")

    def thumbnail(self, key: str, side: int) -> Iterator[bytes]:
        """A small picture of one item, in pieces."""
        yield from self._pieces(lambda: self._connector.thumbnail(key, side), "thumbnail")

    def _pieces(self, ask: Callable[[], Iterable[object]], where: str) -> Iterator[bytes]:
        for untrusted in self._steps(ask, _FILE_GONE):
            yield untrusted if isinstance(untrusted, bytes) else self._crash("TypeError", where)

    def _steps(
        self, ask: Callable[[], Iterable[object]], kept: tuple[type[Exception], ...]
    ) -> Iterator[object]:
        steps = self._watched(lambda: iter(ask()), kept)
        end = object()
        try:
            while (step := self._watched(lambda: next(steps, end), kept)) is not end:
                yield step
        finally:
            self._close(steps)

    def _close(self, steps: object) -> None:
        """Whatever the plugin does at the end, the reason for ending is what counts."""
        try:
            close = getattr(steps, "close", None)
            if close is not None:
                close()
        except (Exception, SystemExit) as untrusted:  # noqa: BLE001 - around plugin code
            where = self._where(untrusted.__traceback__)
            _log.warning("%s failed while closing: %s", self._plugin, where)

    def _watched(self, call: Callable[[], T], kept: tuple[type[Exception], ...] = ()) -> T:
        gone = False
        try:
            return call()
        except errors.JolidriveError as known:
            if type(known) in _KINDS:
                raise
            kind, where = type(known).__name__, self._where(known.__traceback__)
        except (Exception, SystemExit) as untrusted:  # noqa: BLE001 - around plugin code
            gone = isinstance(untrusted, kept)
            kind = type(untrusted).__name__
            where = self._where(untrusted.__traceback__)
        # Outside of the handlers, so that the plugin's exception is not carried along.
        if gone:
            raise FileNotFoundError
        return self._crash(kind, where)

    def _crash(self, kind: str, where: str) -> NoReturn:
        kind = kind[:80] if kind.isidentifier() else "Exception"
        _log.error("%s crashed: %s at %s", self._plugin, kind, where)
        raise errors.PluginCrashedError(self._plugin, kind, where)

    def _where(self, traceback: TracebackType | None) -> str:
        return place_of(traceback, self._folder)


def _is_page(untrusted: object) -> TypeGuard[Page]:
    """A page whose lists are lists; what is in them is for `sync.check` to look at."""
    return type(untrusted) is Page and all(
        isinstance(part, tuple | list)
        for part in (
            untrusted.items,
            untrusted.gone,
            untrusted.gone_below,
            untrusted.skipped,
            untrusted.folders,
        )
    )


def _is_text(*untrusted: object) -> bool:
    return all(isinstance(value, str) and value for value in untrusted)


def place_of(traceback: TracebackType | None, folder: str) -> str:
    """The last line inside the plugin's folder, as `connector.py:42`; empty if none is."""
    where = ""
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file.startswith(folder):
            inside = file[len(folder) :].lstrip("/\\").replace("\\", "/")
            where = f"{inside}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return where
