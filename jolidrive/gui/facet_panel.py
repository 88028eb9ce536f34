"""Facets beside the results: counted values to include, exclude, or leave.

The panel shows what the query says and tells what was clicked; the page writes it into the
text, and the text comes back here. While the pointer is over it, no row changes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from jolidrive.model.result import FacetName, FacetValue
from jolidrive.search.edit import FacetMode

from . import phrases
from .button import Button, Role, draw_focus
from .histogram import Histogram
from .label import Label, surface
from .query_words import NEXT, Choices, value_words
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .theme import Look

QUICK: Final = (
    FacetName.SERVICE,
    FacetName.KIND,
    FacetName.YEAR,
    FacetName.TYPE,
    FacetName.RELATION,
)
SLOW: Final = (FacetName.PLACE, FacetName.PEOPLE, FacetName.TAG)
ORDER: Final = (
    FacetName.SERVICE,
    FacetName.KIND,
    FacetName.YEAR,
    FacetName.PLACE,
    FacetName.PEOPLE,
    FacetName.TYPE,
    FacetName.TAG,
    FacetName.RELATION,
)
FEW: Final = 5
_ROW: Final = 24


class FacetRow(QAbstractButton):
    """One value with its count."""

    def __init__(self, look: Look, label: str) -> None:
        super().__init__()
        self._look = look
        self.setText(label)
        self.mode = FacetMode.OFF
        self.count = 0
        self.setFixedHeight(_ROW)
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
        return QSize(120, _ROW)

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


class FacetGroup(QWidget):
    """One facet: its head, its rows, and how many more there are."""

    clicked = Signal(object, object)
    range_chosen = Signal(str, str)

    def __init__(self, look: Look, facet: FacetName) -> None:
        super().__init__()
        self._look = look
        self.facet = facet
        self._rows: dict[str | None, FacetRow] = {}
        self._order: list[str | None] = []
        self._all = False
        self.setAccessibleName(phrases.tr(phrases.FACETS[facet]))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 7)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 6, 0)
        title = phrases.tr(phrases.FACETS[facet])
        head.addWidget(Label(title, tone=Tone.TEXT_2, step="caption", weight=600))
        head.addStretch()
        self._span = Label("", tone=Tone.TEXT_3, step="caption")
        head.addWidget(self._span)
        top = QWidget()
        top.setFixedHeight(_ROW)
        top.setLayout(head)
        column.addWidget(top)
        self._histogram: Histogram | None = None
        if facet is FacetName.YEAR:
            self._histogram = Histogram(look)
            self._histogram.chosen.connect(self.range_chosen)
            column.addWidget(self._histogram)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        self._more = Button(look, "", role=Role.LINK, size="small")
        self._more.clicked.connect(self._show_all)
        column.addWidget(self._more)
        self._values: Sequence[FacetValue] = ()
        self._modes: Mapping[str | None, FacetMode] = {}
        self._names: Mapping[str, str] = {}
        self._fixed = False

    def show_values(
        self,
        values: Sequence[FacetValue],
        modes: Mapping[str | None, FacetMode],
        names: Mapping[str, str],
        *,
        fixed: bool,
    ) -> None:
        """The newest counts; `fixed` keeps rows where they are."""
        self._values, self._modes, self._names, self._fixed = values, modes, names, fixed
        self._refill()

    def _refill(self) -> None:
        counts = {entry.value: entry.count for entry in self._values if entry.count}
        shown = self._pick(counts)
        if self._fixed:
            shown = [v for v in self._order if v in shown or v in counts] + [
                v for v in shown if v not in self._order
            ]
        if shown != self._order:
            self._place(shown)
        for value in shown:
            mode = self._modes.get(value, FacetMode.OFF)
            self._rows[value].show_count(counts.get(value, 0), mode)
        rest = len(counts) - len([v for v in shown if v in counts])
        self._more.setText(phrases.tr("{} more").format(rest))
        self._more.setAccessibleName(f"{self.accessibleName()}: {self._more.text()}")
        self._more.updateGeometry()
        self._more.setVisible(rest > 0)
        self._show_histogram(counts)
        self.setVisible(bool(shown))

    def _pick(self, counts: Mapping[str | None, int]) -> list[str | None]:
        """The values shown: the most frequent, and all that are chosen."""
        ranked = sorted(counts, key=lambda v: (v is None, -counts[v], v or ""))
        few = ranked if self._all else ranked[:FEW]
        chosen = [v for v, mode in self._modes.items() if mode is not FacetMode.OFF]
        if self.facet is not FacetName.YEAR:
            return few + [v for v in chosen if v not in few]
        if any(v in counts for v in chosen) and not self._all:
            few = [v for v in few if v in chosen] or few
        both = {*few, *(v for v in chosen if v in counts)}
        return sorted(both, key=lambda v: v or "", reverse=True)

    def _place(self, shown: list[str | None]) -> None:
        for value in set(self._rows) - set(shown):
            row = self._rows.pop(value)
            row.hide()
            row.deleteLater()
        for at, value in enumerate(shown):
            if value not in self._rows:
                self._rows[value] = self._make(value)
            self._list.insertWidget(at, self._rows[value])
        self._order = shown

    def _make(self, value: str | None) -> FacetRow:
        row = FacetRow(self._look, value_words(self.facet, value, self._names))
        row.clicked.connect(lambda: self.clicked.emit(value, NEXT[row.mode]))
        return row

    def _show_histogram(self, counts: Mapping[str | None, int]) -> None:
        if self._histogram is None:
            return
        years = {int(v): n for v, n in counts.items() if v is not None and v.isdigit()}
        chosen = {int(v) for v, mode in self._modes.items() if v and mode is FacetMode.INCLUDE}
        self._histogram.show_years(years, chosen)
        self._histogram.setVisible(len(years) > 1)
        span = f"{min(years)}–{max(years)}" if len(years) > 1 else ""
        self._span.setText(span)

    def _show_all(self) -> None:
        self._all = True
        self._refill()


class FacetPanel(QScrollArea):
    """All facets, one below the other."""

    changed = Signal(object, object, object)
    range_chosen = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setAccessibleName(phrases.tr("Filters"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        surface(inside, Tone.CONTENT)
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(0)
        self._groups = {facet: FacetGroup(look, facet) for facet in ORDER}
        for facet, group in self._groups.items():
            column.addWidget(group)
            group.clicked.connect(
                lambda value, mode, facet=facet: self.changed.emit(facet, value, mode)
            )
            group.range_chosen.connect(self.range_chosen)
            group.hide()
        column.addStretch()
        self.setWidget(inside)

    def show_facets(
        self,
        facets: Mapping[FacetName, Sequence[FacetValue]],
        chosen: Choices,
        names: Mapping[str, str],
    ) -> None:
        """Counts of the newest result; facets that are not named stay as they are."""
        fixed = self.underMouse()
        for facet, values in facets.items():
            modes = chosen.get(facet, {})
            self._groups[facet].show_values(values, modes, names, fixed=fixed)

    def row(self, facet: FacetName, value: str | None) -> FacetRow | None:
        """The row of a value, if it is shown (for the demo's walk and the tests)."""
        return self._groups[facet]._rows.get(value)  # noqa: SLF001 - the same module
