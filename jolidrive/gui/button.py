"""Buttons, painted by hand so that size, gaps and the focus ring are the same everywhere."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from .pressable import Pressable
from .tokens import Tone

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFont

    from .theme import Look


class Role(StrEnum):
    """What a button is for."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"
    DANGER_LINE = "danger_line"
    GHOST = "ghost"
    LINK = "link"


_HEIGHT = {"small": 28, "normal": 32, "welcome": 40}
_STEP = {"small": -1, "normal": 0, "welcome": 0}
_ICON = {"small": 14, "normal": 16, "welcome": 16}
_PAD = {"small": 10, "normal": 12, "welcome": 18}
_GAP = 7
_TEXT: dict[Role, Tone] = {
    Role.PLAIN: Tone.TEXT,
    Role.PRIMARY: Tone.ON_ACCENT,
    Role.DANGER: Tone.ON_DANGER,
    Role.DANGER_LINE: Tone.DANGER,
    Role.GHOST: Tone.TEXT,
    Role.LINK: Tone.ACCENT,
}


def draw_focus(
    painter: QPainter, look: Look, box: QRectF, radius: float, surface: Tone | None = None
) -> None:
    """The ring of the focused control: 2 px, with a gap of the surface on filled ones."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.color(Tone.FOCUS), 2))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
    if surface is not None:
        painter.setPen(QPen(look.color(surface), 1))
        painter.drawRoundedRect(box.adjusted(2.5, 2.5, -2.5, -2.5), radius - 2, radius - 2)


class Button(Pressable):
    """A button with words, an icon, or both."""

    def __init__(
        self,
        look: Look,
        text: str = "",
        *,
        icon: str = "",
        role: Role = Role.PLAIN,
        size: str = "normal",
        trailing: str = "",
    ) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._trailing = trailing
        self.role = role
        self.fills = False
        self._size = size
        self.setText(text)
        self.setAccessibleName(text.replace("…", ""))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if role is Role.LINK:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_icon(self, icon: str) -> None:
        """Another icon."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as icon, gap and words need."""
        height = 24 if self.role is Role.LINK else _HEIGHT[self._size]
        if not self.text():
            return QSize(height, height)
        pad = 0 if self.role is Role.LINK else _PAD[self._size]
        if self.role is Role.LINK:
            pad = 4
        width = QFontMetrics(self._font()).horizontalAdvance(self.text()) + 2 * pad + 2
        width += sum(_ICON[self._size] + _GAP for icon in (self._icon, self._trailing) if icon)
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws fill, border, ring and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        fill, border = self._fill_and_border()
        painter.setPen(QPen(border, 1) if border else Qt.PenStyle.NoPen)
        painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self.hasFocus():
            filled = self.role in (Role.PRIMARY, Role.DANGER)
            draw_focus(painter, self._look, box, 6, Tone.RAISED if filled else None)
        self._draw_content(painter)
        painter.end()

    def _font(self) -> QFont:
        strong = self.role in (Role.PRIMARY, Role.DANGER)
        return self._look.font(_STEP[self._size], 600 if strong else 500)

    def _fill_and_border(self) -> tuple[QColor | None, QColor | None]:
        color = self._look.color
        down, over = self.isDown(), self.underMouse() and self.isEnabled()
        if self.isCheckable() and self.isChecked():
            return color(Tone.ACCENT_SOFT), None
        if self.role is Role.PRIMARY and self.isEnabled():
            return color(Tone.ACCENT_HOVER if over else Tone.ACCENT_FILL), None
        if self.role is Role.DANGER and self.isEnabled():
            return color(Tone.DANGER_FILL).darker(110 if over else 100), None
        if self.role in (Role.GHOST, Role.LINK):
            if self.role is Role.LINK or not (down or over):
                return None, None
            return color(Tone.PRESSED if down else Tone.HOVER), None
        fill = Tone.PRESSED if down else Tone.HOVER if over else Tone.RAISED
        return color(fill), color(Tone.HAIRLINE_STRONG)

    def _tones(self) -> tuple[Tone, Tone]:
        if not self.isEnabled():
            return Tone.TEXT_OFF, Tone.TEXT_OFF
        if self.isCheckable() and self.isChecked():
            return Tone.ACCENT, Tone.ACCENT
        text = _TEXT[self.role]
        if self.role is Role.LINK and self.underMouse():
            text = Tone.ACCENT_HOVER
        quiet = self.role in (Role.PLAIN, Role.GHOST)
        return text, Tone.TEXT_2 if quiet else text

    def _draw_content(self, painter: QPainter) -> None:
        text_tone, icon_tone = self._tones()
        side = _ICON[self._size]
        font = self._font()
        words = QFontMetrics(font).horizontalAdvance(self.text()) if self.text() else 0
        icons = [name for name in (self._icon, self._trailing) if name]
        width = words + len(icons) * side + (_GAP * len(icons) if self.text() else 0)
        x = (self.width() - width) / 2
        y = (self.height() - side) / 2
        ratio = self.devicePixelRatioF()
        if self._icon:
            drawer = self._look.icons
            if self.fills and self.isChecked():
                colour = self._look.hex(Tone.KIND_EVENT)
                pixmap = drawer.filled(self._icon, colour, side, ratio)
            else:
                pixmap = drawer.icon(self._icon, icon_tone, side, ratio)
            painter.drawPixmap(round(x), round(y), pixmap)
            x += side + _GAP
        if self.text():
            painter.setFont(font)
            painter.setPen(self._look.color(text_tone))
            box = QRectF(x, 0, words + 2, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())
            x += words + _GAP
        if self._trailing:
            pixmap = self._look.icons.icon(self._trailing, icon_tone, side, ratio)
            painter.drawPixmap(round(x), round(y), pixmap)


def icon_button(look: Look, icon: str, name: str, *, size: str = "normal") -> Button:
    """A button without words: its name is told to the tooltip and to screen readers."""
    button = Button(look, icon=icon, role=Role.GHOST, size=size)
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
