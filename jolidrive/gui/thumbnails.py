"""Small pictures for the views: fetched and decoded off the main thread, the latest kept.

Asked for while painting: what is here is painted at once, what is not appears when it is ready.
The newest wish is served first, and wishes nobody looks at any more fall off the end.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tasks import Tasks

Key = tuple[str, str]
_KEPT_BYTES: Final = 96_000_000
_AT_ONCE: Final = 3
_MOST_WAITING: Final = 120
_LONGEST_SIDE: Final = 1024
_LEAST: Final = 256
"""What one that is not there takes: its place in the table."""


class Thumbnails(QObject):
    """Pictures by account and key."""

    ready = Signal(str, str)

    def __init__(
        self,
        fetch: Callable[[str, str], bytes | None],
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._tasks = tasks
        self._here: OrderedDict[Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._waiting: list[Key] = []
        self._running: set[Key] = set()

    def get(self, account: str, key: str) -> QPixmap | None:
        """The picture if it is here, else it comes later (`ready`). Null: there is none."""
        wish = (account, key)
        if wish in self._here:
            self._here.move_to_end(wish)
            return self._here[wish]
        if wish not in self._running:
            if wish in self._waiting:
                self._waiting.remove(wish)
            self._waiting.append(wish)
            del self._waiting[:-_MOST_WAITING]
            self._next()
        return None

    def forget(self, account: str) -> None:
        """Nothing of this account stays in memory."""
        for key in [key for key in self._here if key[0] == account]:
            self._bytes -= _weight(self._here.pop(key))
        self._waiting = [key for key in self._waiting if key[0] != account]
        self._running = {key for key in self._running if key[0] != account}

    def forget_missing(self, account: str) -> None:
        """Pictures that were not there may have come meanwhile."""
        for key, pixmap in list(self._here.items()):
            if key[0] == account and pixmap.isNull():
                self._bytes -= _weight(self._here.pop(key))

    def _next(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            wish = self._waiting.pop()
            self._running.add(wish)
            self._ask(wish)

    def _ask(self, wish: Key) -> None:
        self._tasks.run(
            lambda: _decode(self._fetch(*wish)),
            lambda image: self._arrived(wish, image),
            lambda _: self._arrived(wish, QImage()),
        )

    def _arrived(self, wish: Key, image: QImage) -> None:
        if wish not in self._running:
            return
        self._running.discard(wish)
        pixmap = QPixmap.fromImage(image) if not image.isNull() else QPixmap()
        self._here[wish] = pixmap
        self._bytes += _weight(pixmap)
        while self._bytes > _KEPT_BYTES and len(self._here) > 1:
            self._bytes -= _weight(self._here.popitem(last=False)[1])
        self.ready.emit(*wish)
        self._next()


def _decode(picture: bytes | None) -> QImage:
    """A picture from bytes nobody vouches for: anything odd is no picture."""
    if not picture:
        return QImage()
    image = QImage.fromData(picture)
    if max(image.width(), image.height()) > _LONGEST_SIDE:
        image = image.scaled(
            QSize(_LONGEST_SIDE, _LONGEST_SIDE),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    return image


def _weight(pixmap: QPixmap) -> int:
    return max(_LEAST, pixmap.width() * pixmap.height() * 4)
