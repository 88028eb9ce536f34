"""The results in whichever view is wanted, or the words for when there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget

from . import phrases
from .button import Button
from .excerpts import Excerpts
from .grid_view import GridView
from .label import surface
from .list_view import ListView
from .notice import EmptyState
from .result_delegate import CardDelegate, RowDelegate, TileDelegate
from .title_marks import TitleMarks
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .answer_words import EmptyWords
    from .result_model import ResultModel
    from .tasks import Tasks
    from .theme import Look
    from .thumbnails import Thumbnails
    from .tile_view import TileView


class ResultsPane(QStackedWidget):
    """Grid and list over one model and one selection."""

    opened = Signal(QModelIndex)
    left_upwards = Signal()
    new_wanted = Signal()
    empty_pressed = Signal()
    current_changed = Signal(QModelIndex)

    def __init__(
        self, look: Look, model: ResultModel, thumbnails: Thumbnails, tasks: Tasks
    ) -> None:
        super().__init__()
        surface(self, Tone.CONTENT)
        self._excerpts = Excerpts(tasks, self)
        card = CardDelegate(look, thumbnails, self._excerpts)
        line = RowDelegate(look, thumbnails, self._excerpts)
        self._delegates: tuple[TileDelegate, ...] = (card, line)
        self.grid = GridView(model, card, phrases.tr("Results"))
        self.list = ListView(model, line, phrases.tr("Results"))
        self.list.setSelectionModel(self.grid.selectionModel())
        self.empty = EmptyState(look)
        self._name = "grid"
        for widget in (self.grid, self.list, self.empty):
            self.addWidget(widget)
        self._new = Button(look, "", icon="refresh-cw", size="small")
        self._new.setParent(self)
        self._new.hide()
        self._new.clicked.connect(self.new_wanted)
        self.empty.pressed.connect(self.empty_pressed)
        thumbnails.ready.connect(lambda *_: self.view.viewport().update())
        self._excerpts.ready.connect(self.list.viewport().update)
        selection = self.grid.selectionModel()
        selection.currentChanged.connect(lambda now, _: self.current_changed.emit(now))
        for view in (self.grid, self.list):
            view.opened.connect(self.opened)
            view.left_upwards.connect(self.left_upwards)

    @property
    def view(self) -> TileView:
        """The view that is wanted."""
        return self.list if self._name == "list" else self.grid

    @property
    def row(self) -> int:
        """The chosen row; -1 where none is."""
        return self.grid.selectionModel().currentIndex().row()

    @property
    def undisturbed(self) -> bool:
        """Whether rows may move: nothing is chosen and nothing was scrolled."""
        return self.row < 0 and not self.view.verticalOffset()

    @property
    def is_empty(self) -> bool:
        """Whether the words stand where the results would."""
        return self.currentWidget() is self.empty

    def show_view(self, name: str) -> None:
        """`grid` or `list`; the chosen item stays chosen."""
        index, focused = self.view.currentIndex(), self.view.hasFocus()
        self._name = name
        if not self.is_empty:
            self.setCurrentWidget(self.view)
        if index.isValid():
            self.view.setCurrentIndex(index)
        if focused:
            self.view.setFocus()

    def set_names(self, names: Mapping[str, str]) -> None:
        """Names of services by id."""
        for delegate in self._delegates:
            delegate.names = names

    def mark(self, query: str) -> None:
        """Another query: other words are marked."""
        self._excerpts.forget()
        marks = TitleMarks(query)
        for delegate in self._delegates:
            delegate.marks = marks

    def forget(self) -> None:
        """No excerpt stays in memory."""
        self._excerpts.forget()

    def show_results(self) -> None:
        """There are some."""
        if self.is_empty:
            self.setCurrentWidget(self.view)

    def show_empty(self, words: EmptyWords) -> None:
        """There are none."""
        self.empty.say(
            words.icon, words.title, words.sentence, words.button, primary=words.primary
        )
        self.setCurrentWidget(self.empty)

    def offer_new(self, count: int) -> None:
        """A bar instead of rows that move under the pointer; 0 takes it away."""
        self._new.setVisible(count > 0)
        if count <= 0:
            return
        words = phrases.count(count, "new result", "new results")
        self._new.setText(phrases.tr("{}, show").format(words))
        self._new.setAccessibleName(self._new.text())
        self._new.adjustSize()
        self._new.move((self.width() - self._new.width()) // 2, 8)
        self._new.raise_()

    def enter(self) -> None:
        """The focus goes to the results, to the chosen row or the first."""
        if self.is_empty:
            return
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.view.model().index(0, 0))
        self.view.setFocus()
