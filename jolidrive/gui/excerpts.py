"""Excerpts for the rows on screen, made off the main thread (they are read from the store)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from jolidrive.model.result import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable

    from jolidrive.model.result import Hit

    from .tasks import Tasks

_MOST_KEPT: Final = 2000
_NONE: Final = Excerpt()


class Excerpts(QObject):
    """Excerpts of the newest result."""

    ready = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._here: dict[tuple[str, str], Excerpt] = {}
        self._wishes: dict[tuple[str, str], Hit] = {}
        self._running = False
        self._round = 0

    def get(self, hit: Hit) -> Excerpt | None:
        """The excerpt if it is here; otherwise it comes soon (`ready`)."""
        key = (hit.account, hit.key)
        if key in self._here:
            return self._here[key]
        self._wishes[key] = hit
        self._next()
        return None

    def forget(self) -> None:
        """Another result: what was marked does not fit any more."""
        self._round += 1
        self._here.clear()
        self._wishes.clear()
        self._running = False

    def _next(self) -> None:
        if self._running or not self._wishes:
            return
        wishes, self._wishes = self._wishes, {}
        self._running = True
        this_round = self._round
        self._tasks.run(
            _make_all(list(wishes.values())),
            lambda made: self._arrived(this_round, made),
            lambda _: self._arrived(this_round, dict.fromkeys(wishes, _NONE)),
        )

    def _arrived(self, made_in: int, made: dict[tuple[str, str], Excerpt]) -> None:
        if made_in != self._round:
            return
        self._running = False
        if len(self._here) > _MOST_KEPT:
            self._here.clear()
        self._here |= made
        self.ready.emit()
        self._next()


def _make_all(hits: list[Hit]) -> Callable[[], dict[tuple[str, str], Excerpt]]:
    return lambda: {(hit.account, hit.key): hit.marked_excerpt for hit in hits}
