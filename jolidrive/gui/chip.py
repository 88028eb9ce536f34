"""Chips and badges: small rounded words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from jolidrive.search.chips import ChipState

from .button import draw_focus
from .phrases import tr
from .pressable import Pressable
from .tokens import Tone

if TYPE_CHECKING:
    from .query_words import ChipWords
    from .theme import Look

_HEIGHT = 26
_PAD = 9
_ICON = 13
_CROSS = 12
_CHIP_TONES: dict[ChipState, tuple[Tone | None, Tone]] = {
    ChipState.INCLUDED: (Tone.ACCENT_SOFT, Tone.ACCENT),
    ChipState.EXCLUDED: (None, Tone.TEXT_2),
    ChipState.ODD: (Tone.WARNING_SOFT, Tone.WARNING),
}


class Chip(Pressable):
    """A part of the query. A click on its × or Delete takes it away."""

    removed = Signal()

    def __init__(self, look: Look, words: ChipWords) -> None:
        super().__init__()
        self._look = look
        self._words = words
        self.setText(words.text)
        self.setAccessibleName(tr("Filter: {}").format(words.text))
        self.setAccessibleDescription(tr("Press Delete to take it away"))
        self.setToolTip(tr("Take “{}” away").format(words.text))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Icon, words, ×."""
        words = QFontMetrics(self._look.font(-1, 500)).horizontalAdvance(self.text())
        return QSize(_PAD + _ICON + 6 + words + 6 + _CROSS + _PAD, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace remove it."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the ×."""
        super().mouseReleaseEvent(event)
        if event.position().x() > self.width() - _PAD - _CROSS - 6:
            self.removed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Filled where included, outlined where excluded."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, look = QRectF(self.rect()), self._look
        fill, tone = _CHIP_TONES[self._words.state]
        if fill is None:
            painter.setPen(QPen(look.color(Tone.CONTROL), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(fill))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 12.5, 12.5)
        ratio = self.devicePixelRatioF()
        icon = look.icons.icon(self._words.icon, self._words.tone, _ICON, ratio)
        painter.drawPixmap(_PAD, (_HEIGHT - _ICON) // 2, icon)
        painter.setFont(look.font(-1, 500))
        painter.setPen(look.color(tone))
        words = box.adjusted(_PAD + _ICON + 6, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        cross = look.icons.icon("x", tone, _CROSS, ratio)
        painter.drawPixmap(self.width() - _PAD - _CROSS, (_HEIGHT - _CROSS) // 2, cross)
        if self.hasFocus():
            draw_focus(painter, look, box, 12)
        painter.end()


class ChoiceChip(Pressable):
    """An outlined chip that can be pressed: a filter, a kind with its count."""

    def __init__(
        self, look: Look, text: str, *, icon: str = "", tone: Tone = Tone.TEXT_2, note: str = ""
    ) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._tone = tone
        self.note = note
        self.setText(text)
        self.setAccessibleName(f"{text} {note}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Icon, words, count."""
        metrics = QFontMetrics(self._look.font(-1, 500))
        width = metrics.horizontalAdvance(self.text()) + 20
        width += _ICON + 6 if self._icon else 0
        width += metrics.horizontalAdvance(self.note) + 6 if self.note else 0
        return QSize(width, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Outlined; filled while pressed in."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, look, on = QRectF(self.rect()), self._look, self.isChecked()
        edge = Tone.ACCENT if on else Tone.HAIRLINE_STRONG
        painter.setPen(QPen(look.color(edge), 1))
        over = Tone.ACCENT_SOFT if on else Tone.HOVER
        filled = on or self.underMouse()
        painter.setBrush(look.color(over) if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 12.5, 12.5)
        x = 10
        if self._icon:
            tone = Tone.ACCENT if on else self._tone
            icon = look.icons.icon(self._icon, tone, _ICON, self.devicePixelRatioF())
            painter.drawPixmap(x, (_HEIGHT - _ICON) // 2, icon)
            x += _ICON + 6
        painter.setFont(look.font(-1, 500))
        painter.setPen(look.color(Tone.ACCENT if on else Tone.TEXT_2))
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(x, 0, 0, 0), centre, self.text())
        if self.note:
            x += QFontMetrics(painter.font()).horizontalAdvance(self.text()) + 6
            painter.setFont(look.font(-1, 400))
            painter.setPen(look.color(Tone.ACCENT if on else Tone.TEXT_3))
            painter.drawText(box.adjusted(x, 0, 0, 0), centre, self.note)
        if self.hasFocus():
            draw_focus(painter, look, box, 12)
        painter.end()


BADGES = {
    "nothing": ("Works at once", "zap", Tone.SUCCESS_SOFT, Tone.SUCCESS, Tone.SUCCESS),
    "own_key": ("Needs your own key", "key-round", Tone.SUNKEN, Tone.TEXT_2, Tone.KIND_EVENT),
    "export_file": (
        "From an export file",
        "box",
        Tone.SUNKEN,
        Tone.TEXT_2,
        Tone.KIND_DOCUMENT,
    ),
    "connected": ("Connected", "check", Tone.ACCENT_SOFT, Tone.ACCENT, Tone.ACCENT),
    "broken": ("Broken plugin", "triangle-alert", Tone.DANGER_SOFT, Tone.DANGER, Tone.DANGER),
    "unapproved": (
        "Waits for your approval",
        "shield-check",
        Tone.WARNING_SOFT,
        Tone.WARNING,
        Tone.WARNING,
    ),
}


class Badge(QWidget):
    """A plain word about a service."""

    def __init__(self, look: Look, kind: str) -> None:
        super().__init__()
        self._look = look
        self._kind = kind
        self.setAccessibleName(tr(BADGES[kind][0]))
        metrics = QFontMetrics(look.font(-1.5, 500))
        self.setFixedSize(metrics.horizontalAdvance(tr(BADGES[kind][0])) + 30, 20)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Soft fill, icon and word."""
        painter = QPainter(self)
        draw_badge(painter, self._look, QRectF(self.rect()), self._kind)
        painter.end()


def draw_badge(painter: QPainter, look: Look, box: QRectF, kind: str) -> None:
    """Paints a badge into a box of its size."""
    text, icon, fill, tone, icon_tone = BADGES[kind]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color(fill))
    painter.drawRoundedRect(box, 4, 4)
    ratio = painter.device().devicePixelRatioF()
    pixmap = look.icons.icon(icon, icon_tone, 12, ratio)
    painter.drawPixmap(box.topLeft().toPoint().x() + 6, round(box.center().y() - 6), pixmap)
    painter.setFont(look.font(-1.5, 500))
    painter.setPen(look.color(tone))
    painter.drawText(box.adjusted(22, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, tr(text))
