"""Check boxes and radio buttons, painted like the facets' boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from jolidrive.search.edit import FacetMode

from .button import draw_focus
from .facet_row import draw_box
from .tokens import Tone

if TYPE_CHECKING:
    from .theme import Look


class CheckBox(QAbstractButton):
    """A box, an icon and a word."""

    def __init__(
        self, look: Look, text: str, *, icon: str = "", tone: Tone = Tone.TEXT_2
    ) -> None:
        super().__init__()
        self._look, self._icon, self._tone = look, icon, tone
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """28 high."""
        words = QFontMetrics(self._look.font(0, 500)).horizontalAdvance(self.text())
        return QSize(14 + 8 + (23 if self._icon else 0) + words + 10, 28)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws box, icon and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = self._look
        top = (self.height() - 14) / 2
        mode = FacetMode.INCLUDE if self.isChecked() else FacetMode.OFF
        draw_box(painter, look, QRectF(2, top, 14, 14), mode)
        x = 24
        if self._icon:
            icon = look.icons.icon(self._icon, self._tone, 15, self.devicePixelRatioF())
            painter.drawPixmap(x, round((self.height() - 15) / 2), icon)
            x += 23
        painter.setFont(look.font(0, 500))
        painter.setPen(look.color(Tone.TEXT))
        words = QRectF(self.rect()).adjusted(x, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            draw_focus(painter, look, QRectF(self.rect()), 4)
        painter.end()


class RadioButton(QAbstractButton):
    """A circle and a word."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__()
        self._look = look
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """28 high."""
        words = QFontMetrics(self._look.font()).horizontalAdvance(self.text())
        return QSize(16 + 8 + words + 10, 28)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws circle and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, on = self._look, self.isChecked()
        circle = QRectF(2.5, (self.height() - 15) / 2, 15, 15)
        if on:
            painter.setPen(QPen(look.color(Tone.ACCENT_FILL), 5))
            painter.setBrush(look.color(Tone.ON_ACCENT))
            painter.drawEllipse(circle.adjusted(2, 2, -2, -2))
        else:
            painter.setPen(QPen(look.color(Tone.CONTROL), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle)
        painter.setFont(look.font())
        painter.setPen(look.color(Tone.TEXT))
        words = QRectF(self.rect()).adjusted(26, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            draw_focus(painter, look, QRectF(self.rect()), 4)
        painter.end()
