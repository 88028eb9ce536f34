"""The sidebar: kinds with totals, services with their state, and the ways to add and look.

Counts are totals and stand still while typing. Below 860 it becomes a rail of icons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from jolidrive.model.item import Kind

from . import phrases
from .brand import BrandMark
from .label import Label, hairline, surface
from .sidebar_row import ROW_HIGH, SidebarRow
from .state_shape import OF_STATE, Shape
from .tokens import KIND_ICON, KIND_TONE, RAIL, SIDEBAR, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent

    from jolidrive.model.account import AccountSummary

    from .theme import Look


class Sidebar(QWidget):
    """Tells where the person wants to go."""

    wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(phrases.tr("Sidebar"))
        surface(self, Tone.WINDOW)
        self._rows: dict[str, SidebarRow] = {}
        self._rail = False
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(0)
        column.addWidget(self._brand(look))
        middle = QWidget()
        surface(middle, Tone.WINDOW)
        self._middle = QVBoxLayout(middle)
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.setSpacing(0)
        self._add("everything", phrases.tr("Everything"), icon="hard-drive")
        for kind in Kind:
            label = phrases.tr(phrases.KIND_TITLES[kind])
            row = self._add(f"kind:{kind}", label, icon=KIND_ICON[kind])
            row.set_tone(KIND_TONE[kind])
        self._add_services_head()
        self._middle.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(middle)
        column.addWidget(area, 1)
        column.addWidget(hairline())
        column.addSpacing(6)
        for place, label, icon in (
            ("add", phrases.tr("Add a service"), "plus"),
            ("needs", phrases.tr("Needs you"), "inbox"),
            ("privacy", phrases.tr("Privacy"), "shield-check"),
        ):
            column.addWidget(self._make(place, label, icon=icon))
        column.addSpacing(6)
        self.set_rail(rail=False)

    def _add_services_head(self) -> None:
        self._middle.addSpacing(8)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(8, 0, 8, 0)
        self._head.setFixedHeight(ROW_HIGH)
        services = phrases.tr("Services")
        head.addWidget(Label(services, tone=Tone.TEXT_3, step="caption", weight=600))
        head.addStretch()
        self._number = Label("", tone=Tone.TEXT_3, step="caption")
        head.addWidget(self._number)
        self._middle.addWidget(self._head)
        self._services = QVBoxLayout()
        self._services.setSpacing(0)
        self._middle.addLayout(self._services)

    def set_rail(self, *, rail: bool) -> None:
        """Icons only, or icons and words."""
        self._rail = rail
        self.setFixedWidth(RAIL if rail else SIDEBAR)
        self._name.setVisible(not rail)
        self._head.setVisible(not rail and bool(self._number.text()))
        for row in self._rows.values():
            row.set_rail(rail=rail)
            if row.shape is None:
                row.setToolTip(row.text() if rail else "")
            row.update()

    def show_totals(self, totals: Mapping[Kind, int]) -> None:
        """How many items of each kind there are."""
        self._rows["everything"].set_note(phrases.number(sum(totals.values())))
        for kind in Kind:
            count = totals.get(kind, 0)
            row = self._rows[f"kind:{kind}"]
            row.set_note(phrases.number(count) if count else "")

    def show_accounts(
        self,
        accounts: Sequence[AccountSummary],
        names: Mapping[str, str],
        syncing: Mapping[str, str],
    ) -> None:
        """The services; `syncing` holds the progress word of those that are being read."""
        wanted = [f"account:{line.account}" for line in accounts]
        for place in [p for p in self._rows if p.startswith("account:") and p not in wanted]:
            row = self._rows.pop(place)
            row.hide()
            row.deleteLater()
        twice = [line.service for line in accounts]
        for line in accounts:
            place = f"account:{line.account}"
            name = names.get(line.service, line.service)
            if twice.count(line.service) > 1:
                name = f"{name}, {line.label}"
            if place not in self._rows:
                row = self._make(place, name, service=line.service)
                self._services.addWidget(row)
            self._rows[place].set_label(name)
            self._show_account(self._rows[place], line, syncing)
        self._number.setText(phrases.number(len(accounts)) if accounts else "")
        self.set_rail(rail=self._rail)
        needy = sum(OF_STATE[a.state] in (Shape.NEEDS_YOU, Shape.STOPPED) for a in accounts)
        self._rows["needs"].set_note(str(needy) if needy else "", badge=bool(needy))

    def show_place(self, place: str) -> None:
        """Marks where the person is."""
        for name, row in self._rows.items():
            row.setChecked(name == place)

    def row(self, place: str) -> SidebarRow | None:
        """A row by its place (for the demo's walk and the tests)."""
        return self._rows.get(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from row to row."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        rows = [r for r in self.findChildren(SidebarRow) if r.isVisible()]
        rows.sort(key=lambda r: r.mapTo(self, r.rect().topLeft()).y())
        here = self.focusWidget()
        if step is None or here not in rows:
            super().keyPressEvent(event)
            return
        rows[(rows.index(here) + step) % len(rows)].setFocus(Qt.FocusReason.TabFocusReason)

    def _show_account(
        self, row: SidebarRow, line: AccountSummary, syncing: Mapping[str, str]
    ) -> None:
        shape = OF_STATE[line.state]
        if line.account in syncing:
            shape, note = Shape.SYNCING, syncing[line.account]
        elif shape is Shape.PAUSED:
            note = phrases.tr("paused")
        elif shape is Shape.UP_TO_DATE and line.synced_at is not None:
            note = phrases.as_of(line.synced_at)
        else:
            note = ""
        row.set_note(note)
        row.set_shape(shape)

    def _add(self, place: str, label: str, *, icon: str) -> SidebarRow:
        row = self._make(place, label, icon=icon)
        self._middle.addWidget(row)
        return row

    def _make(self, place: str, label: str, *, icon: str = "", service: str = "") -> SidebarRow:
        row = SidebarRow(self._look, place, label, icon=icon, service=service)
        row.clicked.connect(lambda: self._clicked(row))
        self._rows[place] = row
        return row

    def _clicked(self, row: SidebarRow) -> None:
        row.setChecked(True)
        self.wanted.emit(row.place)

    def _brand(self, look: Look) -> QWidget:
        brand = QWidget()
        brand.setFixedHeight(56)
        row = QHBoxLayout(brand)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(9)
        row.addWidget(BrandMark(look, 22))
        self._name = Label(phrases.tr("Jolidrive"), step="section", weight=600)
        row.addWidget(self._name)
        row.addStretch()
        return brand
