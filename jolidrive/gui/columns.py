"""Facets, results and details side by side; when narrow, the outer two float over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from .tokens import DETAILS, FACETS, RESULTS_LEAST, Tone

if TYPE_CHECKING:
    from .theme import Look

_GRAB = 8


class Grip(QWidget):
    """One pixel drawn, eight to grab."""

    moved = Signal(int)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._from: QPoint | None = None
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag begins."""
        self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag goes on."""
        if self._from is not None:
            now = event.globalPosition().toPoint()
            self.moved.emit(now.x() - self._from.x())
            self._from = now

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's signature
        """A drag ends."""
        self._from = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """The hairline."""
        painter = QPainter(self)
        painter.fillRect(_GRAB // 2, 0, 1, self.height(), self._look.color(Tone.HAIRLINE))
        painter.end()


class Columns(QWidget):
    """Places its three widgets by hand."""

    def __init__(self, look: Look, facets: QWidget, results: QWidget, details: QWidget) -> None:
        super().__init__()
        self.facets, self.results, self.details = facets, results, details
        self._wide = {"facets": FACETS, "details": DETAILS}
        self._docked = {"facets": True, "details": True}
        self._alone = False
        for widget in (results, facets, details):
            widget.setParent(self)
            widget.installEventFilter(self)
        self._grips = {"facets": Grip(look, self), "details": Grip(look, self)}
        self._grips["facets"].moved.connect(lambda by: self._resize("facets", by))
        self._grips["details"].moved.connect(lambda by: self._resize("details", -by))

    def dock(self, *, facets: bool, details: bool) -> None:
        """Which of the two stand beside the results; the others float over them."""
        self._docked = {"facets": facets, "details": details}
        self._place()

    def show_alone(self, *, alone: bool) -> None:
        """Nothing to filter and nothing to tell of: the results have all of the room."""
        if alone != self._alone:
            self._alone = alone
            self._place()

    def floats(self, name: str) -> bool:
        """Whether a column lies over the results."""
        return not self._docked[name]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Places again when a column is shown or hidden."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._place()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places again."""
        super().resizeEvent(event)
        self._place()

    def _resize(self, name: str, by: int) -> None:
        least, most = {"facets": (160, 260), "details": (272, 480)}[name]
        self._wide[name] = max(least, min(most, self._wide[name] + by))
        self._place()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        if self._alone:
            self.results.setGeometry(0, 0, width, height)
            self.results.raise_()
            for grip in self._grips.values():
                grip.hide()
            return
        left = self._taken("facets", self.facets)
        right = self._taken("details", self.details)
        if width - left - right < RESULTS_LEAST:
            right = min(right, max(0, width - left - RESULTS_LEAST))
        self.results.setGeometry(left, 0, max(0, width - left - right), height)
        wide = min(self._wide["facets"], width)
        self.facets.setGeometry(0, 0, wide, height)
        details_wide = right - 1 if right else min(self._wide["details"], width)
        self.details.setGeometry(width - details_wide, 0, details_wide, height)
        for name, widget, x in (
            ("facets", self.facets, wide),
            ("details", self.details, width - details_wide - 1),
        ):
            grip = self._grips[name]
            grip.setGeometry(x - _GRAB // 2, 0, _GRAB, height)
            grip.setVisible(widget.isVisibleTo(self))
            if self.floats(name):
                widget.raise_()
            grip.raise_()

    def _taken(self, name: str, widget: QWidget) -> int:
        shown = widget.isVisibleTo(self) and self._docked[name]
        return self._wide[name] + 1 if shown else 0
