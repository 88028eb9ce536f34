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
_OLD_PART = 20


class Histogram(QWidget):
    """Bars of equal width, the highest 34 high; many years share a bar."""

    chosen = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._bars: list[tuple[range, int]] = []
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
        self._bars = _bars(years)
        self._chosen = chosen
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A range begins."""
        bar = self._bar_at(event.position().x())
        if bar is not None:
            self._drag = (bar, bar)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A range grows; without a button, the years are told."""
        bar = self._bar_at(event.position().x())
        if bar is None:
            return
        if self._drag is not None:
            self._drag = (self._drag[0], bar)
            self.update()
            return
        years, count = self._bars[bar]
        first, last = years[0], years[-1]
        name = str(first) if first == last else f"{first} – {last}"
        text = f"{name}: {number(count)}"
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's signature
        """A range ends."""
        if self._drag is not None:
            first, last = sorted(self._drag)
            self._drag = None
            years = self._bars[first][0][0], self._bars[last][0][-1]
            self.chosen.emit(str(years[0]), str(years[1]))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the bars; chosen ones in accent."""
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        most = max(count for _, count in self._bars)
        wide = (self.width() - 2 * _MARGIN + _GAP) / len(self._bars)
        for at, (years, count) in enumerate(self._bars):
            high = max(2.0, 34 * count / most) if count else 1.0
            tone = Tone.ACCENT if self._is_lit(at, years) else Tone.HAIRLINE_STRONG
            painter.setBrush(self._look.color(tone))
            bar = QRectF(_MARGIN + at * wide, 35 - high, max(1.0, wide - _GAP), high)
            painter.drawRoundedRect(bar, 1, 1)
        painter.end()

    def _is_lit(self, at: int, years: range) -> bool:
        if self._drag is not None:
            first, last = sorted(self._drag)
            return first <= at <= last
        return any(year in years for year in self._chosen)

    def _bar_at(self, x: float) -> int | None:
        if not self._bars:
            return None
        wide = (self.width() - 2 * _MARGIN) / len(self._bars)
        return max(0, min(len(self._bars) - 1, int((x - _MARGIN) / wide)))


def _bars(years: Mapping[int, int]) -> list[tuple[range, int]]:
    """A bar a year, or one for several; the oldest twentieth shares the first bar."""
    if not years:
        return []
    last, few = max(years), sum(years.values()) // _OLD_PART
    first, older = min(years), 0
    while first < last and older + years.get(first, 0) <= few:
        older += years.get(first, 0)
        first += 1
    step = -(-(last - first + 1) // _MOST_BARS)
    spans = [
        range(begin, begin + step) for begin in range(last - step + 1, first - step, -step)
    ]
    spans[-1] = range(min(*years, spans[-1].start), spans[-1].stop)
    return [(span, sum(years.get(year, 0) for year in span)) for span in reversed(spans)]
