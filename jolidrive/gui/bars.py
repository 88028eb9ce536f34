"""Small charts: a bar of parts, and bars by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .theme import Look
    from .tokens import Tone


class PartsBar(QWidget):
    """Parts side by side, 1 px of surface between them. `whole` is what full width means."""

    def __init__(
        self,
        look: Look,
        parts: Sequence[tuple[Tone, int]],
        *,
        whole: int = 0,
        high: int = 10,
        name: str = "",
    ) -> None:
        super().__init__()
        self._look = look
        self._parts = [part for part in parts if part[1] > 0]
        self._whole = whole or sum(amount for _, amount in self._parts)
        self._high = high
        self.setFixedHeight(high)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(100, self._high)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the parts."""
        if not self._whole:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        total = sum(amount for _, amount in self._parts)
        wide = self.width() * total / self._whole
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(0, 0, max(wide, 2), self._high), 2, 2)
        painter.setClipPath(clip)
        x = 0.0
        for tone, amount in self._parts:
            part = max(1.0, self.width() * amount / self._whole)
            painter.setBrush(self._look.color(tone))
            painter.drawRect(QRectF(x, 0, max(1.0, part - 1), self._high))
            x += part
        painter.end()


class Swatch(QWidget):
    """A square of a chart's colour, in its legend."""

    def __init__(self, look: Look, tone: Tone) -> None:
        super().__init__()
        self._look, self._tone = look, tone
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color(self._tone))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        painter.end()
