"""Text, lines and boxes: labels that name their tone and size, and the hairlines between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from .tokens import Tone

if TYPE_CHECKING:
    from .theme import Look


class Label(QLabel):
    """Plain text by default. `step` is a name of `stylesheet.STEPS`."""

    def __init__(
        self,
        text: str = "",
        *,
        tone: Tone = Tone.TEXT,
        step: str = "",
        weight: int = 400,
        wrap: bool = False,
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("step", step)
        self.setProperty("weight", str(weight))
        self.setWordWrap(wrap)
        self.set_tone(tone)

    def set_tone(self, tone: Tone) -> None:
        """Changes the colour."""
        if self.property("tone") == tone.value:
            return
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)


class ElidedLabel(Label):
    """One line that ends in “…” where it does not fit; the tooltip then holds all of it."""

    def __init__(
        self, text: str = "", *, tone: Tone = Tone.TEXT, step: str = "", weight: int = 400
    ) -> None:
        super().__init__(text, tone=tone, step=step, weight=weight)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """May shrink to almost nothing."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws what fits."""
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), shown)
        painter.end()


class IconLabel(QWidget):
    """An icon that is only an ornament beside words."""

    def __init__(self, look: Look, icon: str, size: int = 16, tone: Tone = Tone.TEXT_2) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._tone = tone
        self._side = size
        self._service = False
        self.setFixedSize(size, size)

    @classmethod
    def mark(
        cls, look: Look, service: str, size: int = 16, tone: Tone = Tone.TEXT_2
    ) -> IconLabel:
        """A service's mark in one colour."""
        label = cls(look, service, size, tone)
        label._service = True
        return label

    def set_icon(self, icon: str, tone: Tone) -> None:
        """Another icon."""
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the icon."""
        painter = QPainter(self)
        icons, ratio = self._look.icons, self.devicePixelRatioF()
        if self._service:
            pixmap = icons.mark(self._icon, self._side, ratio, tone=self._tone)
        else:
            pixmap = icons.icon(self._icon, self._tone, self._side, ratio)
        painter.drawPixmap(0, 0, pixmap)
        painter.end()


class LogoTile(QWidget):
    """A service's mark in its own colour on a tile."""

    def __init__(self, look: Look, service: str, side: int = 40, mark: int = 22) -> None:
        super().__init__()
        self._look = look
        self._service = service
        self._mark = mark
        self._icon = ""
        self._tones = (Tone.SUNKEN, Tone.TEXT)
        self.setFixedSize(side, side)

    def set_icon(self, icon: str, surface: Tone, tone: Tone) -> None:
        """Shows an interface icon instead of the mark."""
        self._icon, self._tones = icon, (surface, tone)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws tile and mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color(self._tones[0]))
        painter.drawRoundedRect(self.rect(), 8, 8)
        icons, ratio = self._look.icons, self.devicePixelRatioF()
        if self._icon:
            pixmap = icons.icon(self._icon, self._tones[1], self._mark, ratio)
        else:
            pixmap = icons.brand(self._service, self._mark, ratio, Tone.SUNKEN)
        at = (self.width() - self._mark) // 2
        painter.drawPixmap(at, at, pixmap)
        painter.end()


def hairline() -> QFrame:
    """A line across."""
    line = QFrame()
    line.setProperty("line", "true")
    return line


def upright() -> QFrame:
    """A line downwards."""
    line = QFrame()
    line.setProperty("upright", "true")
    return line


def panel(spacing: int = 8, margins: tuple[int, int, int, int] = (16, 12, 16, 14)) -> Panel:
    """A box with a hairline around it."""
    return Panel(spacing, margins)


class Panel(QFrame):
    """A raised box; add to `rows`."""

    def __init__(self, spacing: int, margins: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.setProperty("panel", "true")
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(*margins)
        self.rows.setSpacing(spacing)


def surface(widget: QWidget, tone: Tone) -> None:
    """Gives a plain widget one of the surfaces as its background."""
    widget.setProperty("surface", tone.value)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def clear(layout: QVBoxLayout) -> None:
    """Takes everything out of a column."""
    while (entry := layout.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
