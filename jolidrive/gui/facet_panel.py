"""Facets beside the results: counted values to include, exclude, or leave.

The panel shows what the query says and tells what was clicked; the page writes it into the
text, and the text comes back here. While the pointer is over it, no row changes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from jolidrive.model.result import FacetName, FacetValue
from jolidrive.search.edit import FacetMode, under_shown_names

from . import phrases
from .button import Button, Role
from .facet_row import ROW_HIGH, FacetRow
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
        top.setFixedHeight(ROW_HIGH)
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
            self._rows[value].setText(value_words(self.facet, value, self._names))
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
        self._inside = inside
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
            shown = [value.value for value in values]
            modes = under_shown_names(facet, chosen.get(facet, {}), shown)
            self._groups[facet].show_values(values, modes, names, fixed=fixed)
        self._settle()

    def _settle(self) -> None:
        """Lays new rows out at once; else one frame shows them on top of each other."""
        parts: list[QWidget] = [*self._groups.values(), self._inside]
        for layout in (part.layout() for part in parts):
            if layout is not None:
                layout.activate()
        height = max(self._inside.sizeHint().height(), self.viewport().height())
        self._inside.resize(self.viewport().width(), height)

    def row(self, facet: FacetName, value: str | None) -> FacetRow | None:
        """The row of a value, if it is shown (for the demo's walk and the tests)."""
        return self._groups[facet]._rows.get(value)  # noqa: SLF001 - the same module
