"""Years as bars: a click chooses a year, a drag a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from .phrases import number, tr
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .theme import Look

_MARGIN = 6
_GAP = 2
_MOST_BARS = 40


class Histogram(QWidget):
    """Bars of equal width, the highest 34 high."""

    chosen = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._years: Mapping[int, int] = {}
        self._chosen: Collection[int] = ()
        self._drag: tuple[int, int] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Items by year; choose years in the list below"))

    def sizeHint(self) -> QSize:
        """34 high and a little air."""
        return QSize(100, 37)

    def show_years(self, years: Mapping[int, int], chosen: Collection[int]) -> None:
        """The newest counts."""
        self._years, self._chosen = years, chosen
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A range begins."""
        year = self._year_at(event.position().x())
        if year is not None:
            self._drag = (year, year)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A range grows; without a button, the year is told."""
        year = self._year_at(event.position().x())
        if year is None:
            return
        if self._drag is not None:
            self._drag = (self._drag[0], year)
            self.update()
        else:
            text = f"{year}: {number(self._years.get(year, 0))}"
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's signature
        """A range ends."""
        if self._drag is not None:
            first, last = sorted(self._drag)
            self._drag = None
            self.chosen.emit(str(first), str(last))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the bars; chosen ones in accent."""
        span = self._span()
        if not span:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        most = max(self._years.values())
        wide = (self.width() - 2 * _MARGIN + _GAP) / len(span)
        lit = set(self._chosen)
        if self._drag is not None:
            first, last = sorted(self._drag)
            lit = set(range(first, last + 1))
        for at, year in enumerate(span):
            count = self._years.get(year, 0)
            high = max(2.0, 34 * count / most) if count else 1.0
            tone = Tone.ACCENT if year in lit else Tone.HAIRLINE_STRONG
            painter.setBrush(self._look.color(tone))
            left = _MARGIN + at * wide
            bar = QRectF(left, 35 - high, max(1.0, wide - _GAP), high)
            painter.drawRoundedRect(bar, 1, 1)
        painter.end()

    def _span(self) -> range:
        if not self._years:
            return range(0)
        last = max(self._years)
        return range(max(min(self._years), last - _MOST_BARS + 1), last + 1)

    def _year_at(self, x: float) -> int | None:
        span = self._span()
        if not span:
            return None
        wide = (self.width() - 2 * _MARGIN) / len(span)
        at = int((x - _MARGIN) / wide)
        return span[max(0, min(len(span) - 1, at))]
