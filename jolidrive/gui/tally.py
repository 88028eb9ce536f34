"""Tables of a sheet: an icon or check, words, and numbers at the right, hairlines between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from .label import IconLabel, Label, hairline
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .theme import Look

_ROW = 28


class Tally(QWidget):
    """Rows of cells; the last column, and those named in `right`, stand at the right."""

    def __init__(
        self, look: Look, heads: Sequence[str], *, right: Sequence[int], stretch: int
    ) -> None:
        super().__init__()
        self._look = look
        self._right = set(right)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(stretch + 1, 1)
        self._grid.setColumnMinimumWidth(0, 15)
        self._next = 0
        for at, head in enumerate(heads):
            label = Label(head, tone=Tone.TEXT_3, step="caption", weight=500)
            label.setFixedHeight(26)
            self._put(label, at)
        self._next = 1

    def add(
        self,
        cells: Sequence[str],
        *,
        icon: str = "",
        tone: Tone = Tone.TEXT_2,
        strong: bool = False,
    ) -> None:
        """One more row."""
        self._grid.addWidget(hairline(), self._next, 0, 1, self._grid.columnCount())
        self._next += 1
        if icon:
            mark = IconLabel(self._look, icon, 15, tone)
            self._grid.addWidget(mark, self._next, 0)
        for at, cell in enumerate(cells):
            first = at == 0
            label = Label(
                cell,
                step="" if first else "dense",
                weight=600 if strong else 500 if first else 400,
                tone=Tone.TEXT if first or at in self._right else Tone.TEXT_2,
            )
            label.setFixedHeight(_ROW)
            self._put(label, at)
        self._next += 1

    def _put(self, label: Label, at: int) -> None:
        side = Qt.AlignmentFlag.AlignRight if at in self._right else Qt.AlignmentFlag.AlignLeft
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, self._next, at + 1)
