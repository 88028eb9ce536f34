"""The line under the search field: how many, the query's fields as chips, sort and view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QWidget,
)

from jolidrive.model.query import Sort

from . import phrases
from .button import Button, Role, draw_focus
from .chip import Chip, ChoiceChip
from .label import Label
from .pressable import Pressable
from .tokens import CHIP_BAR, KIND_ICON, KIND_TONE, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jolidrive.model.item import Kind

    from .query_words import ChipWords
    from .theme import Look


class ViewSwitch(QWidget):
    """A row of joined buttons, one pressed in."""

    chosen = Signal(str)

    def __init__(self, look: Look, views: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Segment] = {}
        for at, (name, icon, words) in enumerate(views):
            edge = "left" if at == 0 else "right" if at == len(views) - 1 else "middle"
            button = _Segment(look, icon, edge)
            button.setAccessibleName(words)
            button.setToolTip(f"{words} (Ctrl+{at + 1})")
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)

    def show_view(self, name: str) -> None:
        """Presses one in."""
        self._buttons[name].setChecked(True)


class _Segment(Pressable):
    def __init__(self, look: Look, icon: str, edge: str) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._edge = edge
        self.setCheckable(True)
        self.setFixedSize(33, 30)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box = self._look, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setClipRect(self.rect())
        left = 0 if self._edge == "left" else 8
        right = 0 if self._edge == "right" else 8
        on = self.isChecked()
        fill = Tone.ACCENT_SOFT if on else Tone.HOVER if self.underMouse() else Tone.RAISED
        painter.setPen(QPen(look.color(Tone.HAIRLINE_STRONG), 1))
        painter.setBrush(look.color(fill))
        painter.drawRoundedRect(box.adjusted(-left, 0, right, 0), 6, 6)
        if self._edge != "left":
            painter.drawLine(0, 1, 0, self.height() - 2)
        tone = Tone.ACCENT if on else Tone.TEXT_2
        icon = look.icons.icon(self._icon, tone, 15, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - 15) // 2, (self.height() - 15) // 2, icon)
        if self.hasFocus():
            draw_focus(painter, look, QRectF(self.rect()), 6)
        painter.end()


class ChipBar(QWidget):
    """Tells what was clicked; decides nothing."""

    removed = Signal(int)
    cleared = Signal()
    kind_wanted = Signal(object)
    sort_chosen = Signal(object)
    view_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(CHIP_BAR)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self.total = Label("", weight=600)
        row.addWidget(self.total)
        row.addSpacing(4)
        self._box = QWidget()
        self._box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._chips: list[QWidget] = []
        self._more = Label("", tone=Tone.TEXT_3, step="caption")
        self._more.setParent(self._box)
        self._clear = Button(look, phrases.tr("Clear all"), role=Role.LINK, size="small")
        self._clear.setParent(self._box)
        self._clear.clicked.connect(self.cleared)
        row.addWidget(self._box, 1)
        self._sort_name = Label(phrases.tr("Sort"), tone=Tone.TEXT_3, step="caption")
        row.addWidget(self._sort_name)
        self.sort = Button(look, "", role=Role.GHOST, size="small", trailing="chevron-down")
        self.sort.clicked.connect(self._offer_sorts)
        row.addWidget(self.sort)
        self.views = ViewSwitch(
            look,
            (
                ("grid", "layout-grid", phrases.tr("Grid")),
                ("list", "list", phrases.tr("List")),
            ),
        )
        self.views.chosen.connect(self.view_chosen)
        row.addWidget(self.views)
        self._sort = Sort.NEWEST

    def show_sort(self, sort: Sort) -> None:
        """The order in use."""
        self._sort = sort
        words = phrases.tr(phrases.SORTS[sort])
        self.sort.setText(words)
        self.sort.setAccessibleName(phrases.tr("Sort: {}").format(words))
        self.sort.updateGeometry()

    def show_chips(self, chips: Sequence[ChipWords]) -> None:
        """The query's fields."""
        made: list[QWidget] = []
        for words in chips:
            chip = Chip(self._look, words)
            chip.removed.connect(lambda w=words: self.removed.emit(w.index))
            made.append(chip)
        self._replace(made)
        self._clear.setVisible(bool(chips))

    def offer_kinds(self, counts: Sequence[tuple[Kind, int]], rest: int) -> None:
        """The most frequent kinds, while the facets are closed and nothing is filtered."""
        made: list[QWidget] = []
        for kind, count in counts:
            chip = ChoiceChip(
                self._look,
                phrases.tr(phrases.KIND_TITLES[kind]),
                icon=KIND_ICON[kind],
                tone=KIND_TONE[kind],
                note=phrases.number(count),
            )
            chip.clicked.connect(lambda _=False, k=kind: self.kind_wanted.emit(k))
            made.append(chip)
        self._replace(made)
        self._clear.hide()
        if rest:
            kinds = phrases.count(rest, "more kind", "more kinds")
            self._more.setText(phrases.tr("and {}").format(kinds))
            self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows as many chips as fit."""
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        """As wide as the page."""
        return QSize(400, CHIP_BAR)

    def _replace(self, made: list[QWidget]) -> None:
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._chips = made
        for chip in made:
            chip.setParent(self._box)
        self._more.setText("")
        self._place()

    def _place(self) -> None:
        self._row.activate()
        x, hidden = 0, 0
        shown_clear = self._clear.isVisibleTo(self._box)
        room = self._box.width() - (self._clear.sizeHint().width() + 40 if shown_clear else 70)
        for chip in self._chips:
            wide = chip.sizeHint().width()
            fits = not hidden and x + wide <= max(room, 0)
            chip.setVisible(fits)
            hidden += not fits
            if fits:
                chip.setGeometry(x, (CHIP_BAR - 26) // 2, wide, 26)
                x += wide + 8
        if hidden:
            self._more.setText(f"+{hidden}")
        elif self._more.text().startswith("+"):
            self._more.setText("")
        self._more.setVisible(bool(self._more.text()))
        self._more.adjustSize()
        self._more.move(x, (CHIP_BAR - self._more.height()) // 2)
        x += self._more.width() + 8 if self._more.text() else 0
        self._clear.resize(self._clear.sizeHint())
        self._clear.move(x, (CHIP_BAR - self._clear.height()) // 2)

    def _offer_sorts(self) -> None:
        menu = QMenu(self)
        for sort, words in phrases.SORTS.items():
            action = menu.addAction(phrases.tr(words))
            action.setCheckable(True)
            action.setChecked(sort is self._sort)
            action.triggered.connect(lambda _=False, s=sort: self.sort_chosen.emit(s))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.sort.mapToGlobal(self.sort.rect().bottomLeft()))
