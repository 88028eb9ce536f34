"""A facet's value with its count: empty, included or excluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from jolidrive.search.edit import FacetMode

from . import phrases
from .button import draw_focus
from .pressable import Pressable
from .tokens import Tone

if TYPE_CHECKING:
    from .theme import Look

ROW_HIGH = 24


class FacetRow(Pressable):
    """One value with its count."""

    def __init__(self, look: Look, label: str) -> None:
        super().__init__()
        self._look = look
        self.setText(label)
        self.mode = FacetMode.OFF
        self.count = 0
        self.setFixedHeight(ROW_HIGH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_count(self, count: int, mode: FacetMode) -> None:
        """Its count in the newest result, and what the query says of it."""
        self.count, self.mode = count, mode
        said = {
            FacetMode.OFF: phrases.tr("not chosen"),
            FacetMode.INCLUDE: phrases.tr("included"),
            FacetMode.EXCLUDE: phrases.tr("excluded"),
        }[mode]
        self.setAccessibleName(f"{self.text()}, {phrases.number(count)}, {said}")
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(120, ROW_HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Box, label, count."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box = self._look, QRectF(self.rect())
        fill = Tone.ACCENT_SOFT if self.mode is FacetMode.INCLUDE else None
        if fill is None and self.underMouse():
            fill = Tone.HOVER
        if fill is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(fill))
            painter.drawRoundedRect(box, 4, 4)
        draw_box(painter, look, QRectF(6, 5, 14, 14), self.mode)
        count = phrases.number(self.count)
        painter.setFont(look.font(-1))
        painter.setPen(
            look.color(Tone.TEXT_2 if self.mode is FacetMode.INCLUDE else Tone.TEXT_3)
        )
        room = QFontMetrics(painter.font()).horizontalAdvance(count)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(0, 0, -6, 0), Qt.AlignmentFlag.AlignRight | centre, count)
        font = look.font(-0.5, 500 if self.mode is FacetMode.INCLUDE else 400)
        font.setStrikeOut(self.mode is FacetMode.EXCLUDE)
        painter.setFont(font)
        painter.setPen(look.color(Tone.TEXT_3 if self.mode is FacetMode.EXCLUDE else Tone.TEXT))
        words = box.adjusted(27, 0, -room - 12, 0)
        shown = QFontMetrics(font).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, centre, shown)
        if self.hasFocus():
            draw_focus(painter, look, box, 4)
        painter.end()


def draw_box(painter: QPainter, look: Look, box: QRectF, mode: FacetMode) -> None:
    """A checkbox of 14: empty, filled with a check, or with a minus in danger."""
    edge = {
        FacetMode.OFF: Tone.CONTROL,
        FacetMode.INCLUDE: Tone.ACCENT_FILL,
        FacetMode.EXCLUDE: Tone.DANGER,
    }
    painter.setPen(QPen(look.color(edge[mode]), 1))
    filled = mode is FacetMode.INCLUDE
    painter.setBrush(look.color(Tone.ACCENT_FILL) if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    pen = QPen(look.color(Tone.ON_ACCENT if filled else Tone.DANGER), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    left, top, side = box.left(), box.top(), box.width()
    if mode is FacetMode.INCLUDE:
        points = [(0.28, 0.52), (0.44, 0.68), (0.74, 0.34)]
        painter.drawPolyline([QPointF(left + x * side, top + y * side) for x, y in points])
    elif mode is FacetMode.EXCLUDE:
        middle = top + side / 2
        painter.drawLine(QPointF(left + 4, middle), QPointF(left + side - 4, middle))
