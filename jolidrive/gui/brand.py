"""Jolidrive's own mark, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from .tokens import Tone

if TYPE_CHECKING:
    from .theme import Look


class BrandMark(QWidget):
    """Jolidrive's own mark: two sliders on a tile."""

    def __init__(self, look: Look, side: int) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the mark."""
        painter = QPainter(self)
        painter.scale(self.width() / 24, self.height() / 24)
        draw_brand(painter, self._look)
        painter.end()


def draw_brand(painter: QPainter, look: Look) -> None:
    """Paints the mark into a square of 24."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill, ink = look.color(Tone.ACCENT_FILL), look.color(Tone.ON_ACCENT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(1, 1, 22, 22), 6, 6)
    painter.setBrush(ink)
    painter.drawRoundedRect(QRectF(5, 8.5, 14, 2), 1, 1)
    painter.drawRoundedRect(QRectF(5, 13.5, 14, 2), 1, 1)
    painter.drawEllipse(QRectF(6.4, 5.9, 7.2, 7.2))
    painter.drawEllipse(QRectF(10.9, 10.9, 7.2, 7.2))
    painter.setBrush(fill)
    painter.drawEllipse(QRectF(8.4, 7.9, 3.2, 3.2))
