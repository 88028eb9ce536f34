"""A row of the sidebar: icon, label, a word at the right, and perhaps a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from . import phrases
from .button import draw_focus
from .pressable import Pressable
from .state_shape import Shape, StateShape
from .tokens import SIDEBAR, Tone

if TYPE_CHECKING:
    from .theme import Look

ROW_HIGH = 26


class SidebarRow(Pressable):
    """Icon, label, a word at the right, and perhaps a state."""

    def __init__(
        self,
        look: Look,
        place: str,
        label: str,
        *,
        icon: str = "",
        tone: Tone = Tone.TEXT_2,
        service: str = "",
    ) -> None:
        super().__init__()
        self._look, self._icon, self._tone, self._service = look, icon, tone, service
        self.place = place
        self.note = ""
        self.badge = False
        self.rail = False
        self.setText(label)
        self.setAccessibleName(label)
        self.setCheckable(True)
        self.setFixedHeight(ROW_HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.shape: StateShape | None = None

    def set_label(self, label: str) -> None:
        """Other words: a service's name may be known later than its account."""
        if label != self.text():
            self.setText(label)
            self.setAccessibleName(f"{label} {self.note}".strip())
            self.update()

    def set_tone(self, tone: Tone) -> None:
        """The icon's colour."""
        self._tone = tone
        self.update()

    def set_rail(self, *, rail: bool) -> None:
        """The icon alone, or with its words."""
        self.rail = rail
        self._place_shape()

    def set_note(self, note: str, *, badge: bool = False) -> None:
        """The word at the right: a count, an as-of."""
        if (note, badge) != (self.note, self.badge):
            self.note, self.badge = note, badge
            self.setAccessibleName(f"{self.text()} {note}".strip())
            self.update()

    def set_shape(self, shape: Shape) -> None:
        """The state at the right end."""
        if self.shape is None:
            self.shape = StateShape(self._look, shape)
            self.shape.setParent(self)
            self.shape.show()
        self.shape.set_shape(shape)
        words = phrases.tr(phrases.SHAPES[shape])
        self.setAccessibleName(f"{self.text()}, {words} {self.note}".strip())
        self.setToolTip(f"{self.text()}: {words}")
        self._place_shape()

    def sizeHint(self) -> QSize:
        """As wide as the sidebar."""
        return QSize(SIDEBAR - 16, ROW_HIGH)

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        """The state keeps to the right."""
        self._place_shape()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box = self._look, QRectF(self.rect())
        on = self.isChecked()
        fill = Tone.SELECTION if on else Tone.HOVER if self.underMouse() else None
        if fill is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(fill))
            painter.drawRoundedRect(box, 6, 6)
        ratio = self.devicePixelRatioF()
        if self._service:
            icon = look.icons.mark(self._service, 16, ratio, tone=Tone.TEXT_2)
        else:
            icon = look.icons.icon(self._icon, self._tone, 16, ratio)
        left = (self.width() - 16) // 2 if self.rail else 8
        painter.drawPixmap(left, 5, icon)
        if not self.rail:
            self._draw_words(painter, box, on=on)
        if self.hasFocus():
            draw_focus(painter, look, box, 6)
        painter.end()

    def _draw_words(self, painter: QPainter, box: QRectF, *, on: bool) -> None:
        look, centre = self._look, Qt.AlignmentFlag.AlignVCenter
        right = box.adjusted(0, 0, -8 if self.shape is None else -29, 0)
        small = look.font(-1, 500 if on or self.badge else 400)
        room = QFontMetrics(small).horizontalAdvance(self.note)
        if self.badge:
            plate = QRectF(right.right() - room - 12, 4, room + 12, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(Tone.WARNING_SOFT))
            painter.drawRoundedRect(plate, 4, 4)
            right.adjust(0, 0, -6, 0)
        painter.setFont(small)
        painter.setPen(
            look.color(Tone.WARNING if self.badge else Tone.TEXT_2 if on else Tone.TEXT_3)
        )
        painter.drawText(right, Qt.AlignmentFlag.AlignRight | centre, self.note)
        font = look.font(0, 600 if on else 400)
        painter.setFont(font)
        painter.setPen(look.color(Tone.TEXT))
        words = box.adjusted(33, 0, 0, 0)
        words.setRight(right.right() - room - 8)
        shown = QFontMetrics(font).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, centre, shown)

    def _place_shape(self) -> None:
        if self.shape is not None:
            x = self.width() - 14 if self.rail else self.width() - 20
            self.shape.move(x, 12 if self.rail else 7)
