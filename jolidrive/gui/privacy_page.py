"""Privacy: what is held, counted from the stores, and who was contacted, from the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from . import phrases
from .bars import PartsBar, Swatch
from .label import ElidedLabel, IconLabel, Label, Panel, clear, hairline, panel, surface
from .tokens import KIND_TONE, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from jolidrive.model.item import Kind
    from jolidrive.model.overview import AccountOverview, Contact

    from .theme import Look

_SIDE_BY_SIDE = 900


class PrivacyPage(QWidget):
    """Two panels of counted facts."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        surface(self, Tone.WINDOW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        surface(head, Tone.CONTENT)
        words = QVBoxLayout(head)
        words.setContentsMargins(24, 14, 24, 14)
        words.setSpacing(2)
        words.addWidget(Label(phrases.tr("Privacy"), step="page", weight=600))
        nobody = phrases.tr(
            "Nobody else sees any of this. The numbers are counted from the files on this "
            "computer, just now."
        )
        words.addWidget(Label(nobody, tone=Tone.TEXT_2, wrap=True))
        column.addWidget(head)
        column.addWidget(hairline())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        surface(inside, Tone.WINDOW)
        body = QVBoxLayout(inside)
        body.setContentsMargins(24, 16, 24, 24)
        self._panels = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._panels.setSpacing(12)
        self._held = QVBoxLayout()
        self._contacted = QVBoxLayout()
        self._panels.addLayout(self._held, 1)
        self._panels.addLayout(self._contacted, 1)
        body.addLayout(self._panels)
        body.addStretch(1)
        area.setWidget(inside)
        column.addWidget(area, 1)

    def show_facts(
        self,
        accounts: Sequence[AccountOverview],
        contacts: Sequence[Contact],
        names: Mapping[str, str],
    ) -> None:
        """Fresh numbers."""
        clear(self._held)
        clear(self._contacted)
        self._held.addWidget(_held_panel(self._look, accounts, names))
        self._contacted.addWidget(_contacted_panel(self._look, contacts, names))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE
        way = QBoxLayout.Direction
        self._panels.setDirection(way.LeftToRight if wide else way.TopToBottom)


def _held_panel(
    look: Look, accounts: Sequence[AccountOverview], names: Mapping[str, str]
) -> Panel:
    frame = panel(4)
    tr = phrases.tr
    head = QHBoxLayout()
    head.addWidget(Label(tr("What is held"), step="section", weight=600))
    head.addStretch()
    items = sum(line.items for line in accounts)
    size = sum(line.disk.together for line in accounts)
    if accounts:
        words = f"{phrases.count(items, 'item', 'items')}, {phrases.size(size)}"
        head.addWidget(Label(words, tone=Tone.TEXT_2, step="caption"))
    frame.rows.addLayout(head)
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(2, 1)
    most = max((line.items for line in accounts), default=1) or 1
    for at, line in enumerate(sorted(accounts, key=lambda a: -a.items)):
        grid.addWidget(IconLabel.mark(look, line.service, 16), at, 0)
        name = names.get(line.service, line.service)
        grid.addWidget(Label(name), at, 1)
        parts = [
            (KIND_TONE[kind], number)
            for kind, number in sorted(line.by_kind.items(), key=lambda pair: -pair[1])
        ]
        said = f"{name}: {phrases.kinds(line.by_kind, 10)}"
        bar = PartsBar(look, parts, whole=most, high=12, name=said)
        bar.setToolTip(said)
        grid.addWidget(bar, at, 2, Qt.AlignmentFlag.AlignVCenter)
        for column, text, tone in (
            (3, phrases.number(line.items), Tone.TEXT),
            (4, phrases.size(line.disk.together), Tone.TEXT_2),
        ):
            label = Label(text, tone=tone)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, at, column)
        grid.setRowMinimumHeight(at, 26)
    frame.rows.addLayout(grid)
    if not accounts:
        nothing = tr("Nothing. No service is connected.")
        frame.rows.addWidget(Label(nothing, tone=Tone.TEXT_2))
    else:
        frame.rows.addSpacing(4)
        frame.rows.addWidget(hairline())
        frame.rows.addWidget(_legend(look, accounts))
    frame.rows.addStretch()
    return frame


def _legend(look: Look, accounts: Sequence[AccountOverview]) -> QWidget:
    held: list[Kind] = [
        kind for kind in phrases.KINDS if any(line.by_kind.get(kind) for line in accounts)
    ]
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 6, 0, 0)
    grid.setVerticalSpacing(4)
    for at, kind in enumerate(held):
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(Swatch(look, KIND_TONE[kind]))
        name = phrases.tr(phrases.KIND_TITLES[kind])
        row.addWidget(Label(name, tone=Tone.TEXT_2, step="caption"), 1)
        grid.addLayout(row, at // 5, at % 5)
    return holder


def _contacted_panel(
    look: Look, contacts: Sequence[Contact], names: Mapping[str, str]
) -> Panel:
    frame = panel(4)
    tr = phrases.tr
    frame.rows.addWidget(Label(tr("Who was contacted today"), step="section", weight=600))
    if not contacts:
        nobody = tr("Nobody. No host was contacted today.")
        frame.rows.addWidget(Label(nobody, tone=Tone.TEXT_2))
        frame.rows.addStretch()
        return frame
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 1)
    heads = (tr("Host"), tr("For"), tr("Requests"), tr("Received"))
    _add(grid, 0, heads, Tone.TEXT_3, head=True)
    contacts = _joined(contacts)
    for at, line in enumerate(contacts):
        grid.addWidget(hairline(), 2 * at + 1, 0, 1, len(heads))
        cells = (
            line.host,
            names.get(line.service, line.service),
            phrases.number(line.calls),
            phrases.size(line.received),
        )
        _add(grid, 2 * at + 2, cells, Tone.TEXT)
    last = 2 * len(contacts) + 2
    grid.addWidget(hairline(), last - 1, 0, 1, len(heads))
    hosts = phrases.count(len({line.host for line in contacts}), "host", "hosts")
    together = (
        hosts,
        "",
        phrases.number(sum(line.calls for line in contacts)),
        phrases.size(sum(line.received for line in contacts)),
    )
    _add(grid, last, together, Tone.TEXT, weight=600)
    frame.rows.addLayout(grid)
    frame.rows.addSpacing(4)
    frame.rows.addWidget(hairline())
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(IconLabel(look, "shield-check", 14, Tone.SUCCESS))
    words = tr("Each host a service declared. A request to any other host is stopped.")
    row.addWidget(Label(words, tone=Tone.TEXT_2, step="caption", wrap=True), 1)
    frame.rows.addLayout(row)
    frame.rows.addStretch()
    return frame


def _joined(contacts: Sequence[Contact]) -> list[Contact]:
    """One line for a host and a service, whatever it was asked for."""
    lines: dict[tuple[str, str], Contact] = {}
    for line in contacts:
        key = (line.host, line.service)
        before = lines.get(key)
        if before is None:
            lines[key] = line
            continue
        lines[key] = replace(
            before,
            calls=before.calls + line.calls,
            received=before.received + line.received,
        )
    return list(lines.values())


def _add(
    grid: QGridLayout,
    row: int,
    cells: Sequence[str],
    tone: Tone,
    *,
    head: bool = False,
    weight: int = 400,
) -> None:
    for at, cell in enumerate(cells):
        step = "caption" if head else "dense"
        label: Label
        if at == 0 and not head and weight == 400:
            label = ElidedLabel(cell, tone=tone, step=step)
        else:
            quiet = Tone.TEXT_2 if at == 1 and not head else tone
            label = Label(cell, tone=quiet, step=step, weight=500 if head else weight)
        side = Qt.AlignmentFlag.AlignRight if at >= 2 else Qt.AlignmentFlag.AlignLeft
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label, row, at)
    grid.setRowMinimumHeight(row, 26 if head else 28)
