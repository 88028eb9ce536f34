"""The directory of services: what can be connected, by purpose, easiest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from jolidrive.model.overview import ServiceNeeds, ServiceState
from jolidrive.model.words import fold

from . import phrases
from .button import draw_focus
from .chip import BADGES, ChoiceChip, draw_badge
from .label import Label, clear, hairline, surface
from .notice import EmptyState
from .pressable import Pressable
from .tokens import KIND_ICON, KIND_TONE, Tone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from jolidrive.model.overview import ServiceEntry

    from .theme import Look

_MOST_KINDS = 4
_BESIDE = 880
_LEAST_KINDS = 52
"""Room for one kind and how many more; with less, the kinds go down beside the badge."""
_BADGE_ROW = 24
_LOWER = 4
_EASIEST = {ServiceNeeds.NOTHING: 0, ServiceNeeds.OWN_KEY: 1, ServiceNeeds.EXPORT_FILE: 2}
_BROKEN = {
    ServiceState.BROKEN: "broken",
    ServiceState.UNAPPROVED: "unapproved",
    ServiceState.CHANGED: "unapproved",
}


class ServiceCard(Pressable):
    """One service: tile, name, kinds, badge."""

    def __init__(self, look: Look, entry: ServiceEntry, *, connected: bool) -> None:
        super().__init__()
        self._look = look
        self.entry = entry
        self._badge = _BROKEN.get(entry.state, entry.needs.value)
        if connected and entry.state is ServiceState.READY:
            self._badge = "connected"
        self.setText(entry.name)
        badge = phrases.tr(BADGES[self._badge][0])
        kinds = ", ".join(phrases.tr(phrases.KIND_TITLES[kind]) for kind in entry.kinds)
        self.setAccessibleName(f"{entry.name}. {badge}. {kinds}")
        self.setToolTip("\n".join(entry.problems) or entry.summary)
        self.setEnabled(entry.state is ServiceState.READY)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Its column decides how wide."""
        return QSize(240, 64)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box, ratio = self._look, QRectF(self.rect()), self.devicePixelRatioF()
        over = self.underMouse() and self.isEnabled()
        painter.setPen(QPen(look.color(Tone.HAIRLINE_STRONG if over else Tone.HAIRLINE), 1))
        painter.setBrush(look.color(Tone.HOVER if over else Tone.RAISED))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(Tone.SUNKEN))
        painter.drawRoundedRect(QRectF(12, 12, 40, 40), 8, 8)
        mark = look.icons.brand(self.entry.id, 22, ratio, Tone.SUNKEN)
        painter.drawPixmap(21, 21, mark)
        font = look.font(0, 500)
        lines = 1
        wish = QFontMetrics(font).horizontalAdvance(self.text())
        beside = self.width() - 63 - wish - 16
        high = 0 if beside >= _LEAST_KINDS else _BADGE_ROW
        if high:
            beside = self.width() - 63 - self._badge_width() - 12
            lines = 2 if wish > self.width() - 63 - 12 else 1
            high += _LOWER * (lines - 1)
        room = self._draw_kinds(painter, ratio, beside, high)
        painter.setFont(font)
        painter.setPen(look.color(Tone.TEXT if self.isEnabled() else Tone.TEXT_2))
        self._draw_name(painter, self.width() - 63 - (4 if high else room) - 8, lines)
        self._draw_badge(painter, 34 + _LOWER * (lines - 1))
        if self.hasFocus():
            draw_focus(painter, look, box, 8)
        painter.end()

    def _draw_kinds(self, painter: QPainter, ratio: float, room: int, high: int) -> int:
        """As many kinds as fit beside the name (or the badge); returns the width used."""
        kinds = list(self.entry.kinds)
        fitting = max(1, min(_MOST_KINDS, (room - 34) // 18))
        if len(kinds) <= min(_MOST_KINDS, (room - 12) // 18):
            fitting = len(kinds)
        rest = len(kinds) - fitting
        x = self.width() - 12
        if rest > 0:
            painter.setFont(self._look.font(-1))
            words = f"+{rest}"
            x -= QFontMetrics(painter.font()).horizontalAdvance(words)
            painter.setPen(self._look.color(Tone.TEXT_3))
            painter.drawText(x, 25 + high, words)
            x -= 5
        for kind in reversed(kinds[:fitting]):
            x -= 13
            icon = self._look.icons.icon(KIND_ICON[kind], KIND_TONE[kind], 13, ratio)
            painter.drawPixmap(x, 14 + high, icon)
            x -= 5
        return self.width() - x

    def _badge_width(self) -> int:
        text = phrases.tr(BADGES[self._badge][0])
        return QFontMetrics(self._look.font(-1.5, 500)).horizontalAdvance(text) + 29

    def _draw_name(self, painter: QPainter, room: int, lines: int) -> None:
        """In one line; in two small ones where it is long."""
        if lines > 1:
            painter.setFont(self._look.font(-1, 500))
            wraps = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(63, 3, room, 34), int(wraps), self.text())
            return
        shown = QFontMetrics(painter.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room
        )
        name = QRectF(63, 9, room, 22)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, shown)

    def _draw_badge(self, painter: QPainter, top: int) -> None:
        box = QRectF(63, top, self._badge_width(), 20)
        draw_badge(painter, self._look, box, self._badge)


class DirectoryPage(QWidget):
    """Finds a service by name, purpose and what it needs."""

    chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._entries: Sequence[ServiceEntry] = ()
        self._connected: Collection[str] = ()
        self._needs: ServiceNeeds | None = None
        self._columns = 0
        surface(self, Tone.CONTENT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(look))
        column.addWidget(hairline())
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        surface(inside, Tone.CONTENT)
        self._groups = QVBoxLayout(inside)
        self._groups.setContentsMargins(24, 8, 24, 24)
        self._groups.setSpacing(8)
        self._area.setWidget(inside)
        column.addWidget(self._area, 1)

    def show_entries(self, entries: Sequence[ServiceEntry], connected: Collection[str]) -> None:
        """The services, and which have an account."""
        if (list(entries), set(connected)) == (list(self._entries), set(self._connected)):
            return
        self._entries, self._connected = entries, connected
        self._count()
        self._fill()

    def card(self, service: str) -> ServiceCard | None:
        """A service's card, if it is shown (for the demo's walk and the tests)."""
        for card in self.findChildren(ServiceCard):
            if card.entry.id == service and card.isVisibleTo(self):
                return card
        return None

    def focus_search(self) -> None:
        """The field takes the focus."""
        self.finder.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More columns where there is room."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        beside = self.width() >= _BESIDE
        self._filters.setDirection(way.LeftToRight if beside else way.TopToBottom)
        if self._fitting() != self._columns:
            self._fill()

    def _head(self, look: Look) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(24, 16, 24, 12)
        column.setSpacing(2)
        column.addWidget(Label(phrases.tr("Add a service"), step="page", weight=600))
        reads = phrases.tr(
            "Jolidrive only reads. Nothing is contacted until you say yes on the next page."
        )
        column.addWidget(Label(reads, tone=Tone.TEXT_2, wrap=True))
        column.addSpacing(12)
        self._filters = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._filters.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.finder = QLineEdit()
        self.finder.setPlaceholderText(phrases.tr("Find a service"))
        self.finder.setAccessibleName(phrases.tr("Find a service"))
        self.finder.setClearButtonEnabled(False)
        self.finder.setMaximumWidth(260)
        self.finder.textChanged.connect(self._fill)
        self.finder.setMinimumWidth(160)
        self._filters.addWidget(self.finder, 1)
        self._filters.addLayout(row, 2)
        self._chips: dict[ServiceNeeds | None, ChoiceChip] = {}
        group = QButtonGroup(self)
        for needs, words, icon in (
            (None, phrases.tr("All"), ""),
            (ServiceNeeds.NOTHING, phrases.tr("Works at once"), "zap"),
            (ServiceNeeds.OWN_KEY, phrases.tr("Needs your own key"), "key-round"),
            (ServiceNeeds.EXPORT_FILE, phrases.tr("From an export file"), "box"),
        ):
            chip = ChoiceChip(look, words, icon=icon)
            chip.setCheckable(True)
            chip.setChecked(needs is None)
            chip.clicked.connect(lambda _=False, n=needs: self._filter(n))
            group.addButton(chip)
            self._chips[needs] = chip
            row.addWidget(chip)
        row.addStretch()
        column.addLayout(self._filters)
        return head

    def _filter(self, needs: ServiceNeeds | None) -> None:
        self._needs = needs
        self._fill()

    def _count(self) -> None:
        for needs, chip in self._chips.items():
            count = sum(needs in (None, entry.needs) for entry in self._entries)
            chip.note = phrases.number(count)
            chip.setAccessibleName(f"{chip.text()} {chip.note}")
            chip.setVisible(bool(count))
            chip.updateGeometry()

    def _fitting(self) -> int:
        width = self.width() + 1  # the line beside the sidebar counts
        return 4 if width >= 1056 else 3 if width >= 800 else 2

    def _fill(self) -> None:
        self._columns = self._fitting()
        clear(self._groups)
        wish = fold(self.finder.text().strip())
        shown = [
            entry
            for entry in self._entries
            if self._needs in (None, entry.needs)
            and wish in fold(f"{entry.name} {entry.summary} {entry.id}")
        ]
        order = list(phrases.GROUPS)
        groups = sorted(
            {entry.group for entry in shown},
            key=lambda g: order.index(g) if g in order else len(order),
        )
        for group in groups:
            name = phrases.tr(phrases.GROUPS.get(group, phrases.initial(group)))
            head = Label(name, step="section", weight=600)
            head.setContentsMargins(0, 8, 0, 0)
            self._groups.addWidget(head)
            self._groups.addWidget(self._cards([e for e in shown if e.group == group]))
        if not shown and self._entries:
            self._groups.addWidget(self._nothing())
        self._groups.addStretch()
        for at in range(self._groups.count()):
            entry_of_layout = self._groups.itemAt(at)
            widget = entry_of_layout.widget() if entry_of_layout is not None else None
            if widget is not None:
                widget.show()

    def _cards(self, entries: list[ServiceEntry]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for column in range(self._columns):
            grid.setColumnStretch(column, 1)
            grid.addWidget(QWidget(), 1 + len(entries) // self._columns, column)
        ranked = sorted(entries, key=lambda e: (_EASIEST[e.needs], e.name.casefold()))
        for at, entry in enumerate(ranked):
            card = ServiceCard(self._look, entry, connected=entry.id in self._connected)
            card.clicked.connect(lambda _=False, e=entry: self.chosen.emit(e))
            grid.addWidget(card, at // self._columns, at % self._columns)
        return holder

    def _nothing(self) -> EmptyState:
        empty = EmptyState(self._look)
        words = self.finder.text().strip()
        empty.say(
            "search",
            phrases.tr("No service is called “{}”").format(words),
            phrases.tr("A folder with a plugin of your own makes it one."),
            phrases.tr("Show all services"),
        )
        empty.pressed.connect(self._show_all)
        return empty

    def _show_all(self) -> None:
        self._needs = None
        self._chips[None].setChecked(True)
        self.finder.clear()
        self._fill()
