"""The panels of a service's page: kinds, disk use, syncs with their balances, what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from . import phrases
from .bars import PartsBar, Swatch
from .label import ElidedLabel, IconLabel, Label, Panel, hairline, panel
from .tokens import KIND_ICON, KIND_TONE, SERIES, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jolidrive.model.balance import Balance
    from jolidrive.model.item import Kind
    from jolidrive.model.overview import AccountOverview, DiskUse, SyncRecord

    from .theme import Look

_ROW = 24
_TABLE_ROW = 28


def kinds_panel(look: Look, items: int, by_kind: Mapping[Kind, int]) -> Panel:
    """Counts by kind, each with a bar."""
    frame = panel(2)
    frame.rows.addWidget(Label(phrases.tr("By kind"), step="section", weight=600))
    count = phrases.count(items, "item", "items")
    frame.rows.addWidget(Label(count, tone=Tone.TEXT_2, step="caption"))
    frame.rows.addSpacing(4)
    ranked = sorted(((n, k) for k, n in by_kind.items() if n), reverse=True)
    most = ranked[0][0] if ranked else 1
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(2, 1)
    for at, (number, kind) in enumerate(ranked):
        name = phrases.tr(phrases.KIND_TITLES[kind])
        grid.addWidget(IconLabel(look, KIND_ICON[kind], 14, KIND_TONE[kind]), at, 0)
        grid.addWidget(Label(name), at, 1)
        bar = PartsBar(look, [(KIND_TONE[kind], number)], whole=most, name=name)
        grid.addWidget(bar, at, 2, Qt.AlignmentFlag.AlignVCenter)
        words = Label(phrases.number(number))
        words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(words, at, 3)
        grid.setRowMinimumHeight(at, _ROW)
    frame.rows.addLayout(grid)
    if not ranked:
        nothing = phrases.tr("Nothing was read yet.")
        frame.rows.addWidget(Label(nothing, tone=Tone.TEXT_3, step="caption"))
    frame.rows.addStretch()
    return frame


def disk_panel(look: Look, disk: DiskUse) -> Panel:
    """What lies on this computer, by part."""
    frame = panel(4)
    tr = phrases.tr
    frame.rows.addWidget(Label(tr("On this computer"), step="section", weight=600))
    frame.rows.addSpacing(2)
    parts = (
        (tr("Thumbnails"), SERIES[0], disk.thumbnails),
        (tr("Details and texts"), SERIES[1], disk.details),
        (tr("Search index"), SERIES[2], disk.index),
        (tr("Other"), SERIES[5], disk.other),
    )
    bar = [(tone, amount) for _, tone, amount in parts]
    frame.rows.addWidget(PartsBar(look, bar, name=tr("Disk use by part")))
    for name, tone, amount in parts:
        if amount:
            frame.rows.addLayout(_legend(look, name, tone, phrases.size(amount)))
    frame.rows.addWidget(hairline())
    row = QHBoxLayout()
    row.addWidget(Label(tr("Together"), weight=600))
    row.addStretch()
    row.addWidget(Label(phrases.size(disk.together), weight=600))
    frame.rows.addLayout(row)
    frame.rows.addStretch()
    return frame


def _legend(look: Look, name: str, tone: Tone, amount: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 1, 0, 1)
    row.setSpacing(8)
    row.addWidget(Swatch(look, tone))
    row.addWidget(Label(name))
    row.addStretch()
    row.addWidget(Label(amount))
    return row


def syncs_panel(records: Sequence[SyncRecord], most: int = 8) -> Panel:
    """The latest syncs; every number of a balance, so that nothing is dropped in silence."""
    frame = panel(2)
    tr = phrases.tr
    head = QHBoxLayout()
    head.addWidget(Label(tr("Syncs"), step="section", weight=600))
    head.addStretch()
    rule = tr("seen = new + changed + unchanged + skipped + failed")
    head.addWidget(Label(rule, tone=Tone.TEXT_3, step="caption"))
    frame.rows.addLayout(head)
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(9, 1)
    names = ("When", "Took", "Seen", "New", "Changed", "Unchanged", "Skipped", "Failed", "")
    for at, name in enumerate((*names, "Why")):
        label = Label(tr(name) if name else "", tone=Tone.TEXT_3, step="caption", weight=500)
        side = Qt.AlignmentFlag.AlignRight if 0 < at < 8 else Qt.AlignmentFlag.AlignLeft
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label, 0, at)
    grid.setRowMinimumHeight(0, 26)
    for at, record in enumerate(records[:most]):
        grid.addWidget(hairline(), 2 * at + 1, 0, 1, 10)
        _add_sync(grid, 2 * at + 2, record)
    frame.rows.addLayout(grid)
    if not records:
        nothing = tr("The first sync has not ended yet.")
        frame.rows.addWidget(Label(nothing, tone=Tone.TEXT_3, step="caption"))
    frame.rows.addStretch()
    return frame


def _add_sync(grid: QGridLayout, row: int, record: SyncRecord) -> None:
    balance = record.balance
    skipped, failed = sum(balance.skipped.values()), sum(balance.failed.values())
    numbers = (
        balance.seen,
        balance.new,
        balance.changed,
        balance.unchanged,
        skipped,
        failed,
    )
    grid.addWidget(Label(phrases.when(record.started_at), step="dense"), row, 0)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    took = Label(phrases.took(balance.seconds), tone=Tone.TEXT_2, step="dense")
    took.setAlignment(right)
    grid.addWidget(took, row, 1)
    for at, number in enumerate(numbers):
        odd = at >= 4 and number
        tone = Tone.WARNING if odd else Tone.TEXT if number else Tone.TEXT_2
        weight = 600 if at == 0 or odd else 400
        cell = Label(phrases.number(number), tone=tone, step="dense", weight=weight)
        cell.setAlignment(right)
        grid.addWidget(cell, row, at + 2)
    grid.addWidget(ElidedLabel(_why(record), tone=Tone.TEXT_2, step="caption"), row, 9)
    grid.setRowMinimumHeight(row, _TABLE_ROW)


def _why(record: SyncRecord) -> str:
    balance = record.balance
    parts = [phrases.reasons(balance.skipped, balance.failed)]
    if balance.removed:
        parts.append(phrases.tr("{} removed").format(phrases.number(balance.removed)))
    if balance.content is not None:
        parts.append(_content(balance.content))
    if record.outcome == "stopped":
        parts.append(phrases.tr("stopped by you"))
    elif record.outcome != "finished":
        parts.append(phrases.tr("ended early"))
    return "; ".join(part for part in parts if part)


def _content(content: Balance) -> str:
    read = content.new + content.changed
    words = phrases.count(read, "file read", "files read") if read else ""
    odd = phrases.reasons(content.skipped, content.failed)
    return "; ".join(part for part in (words, odd) if part)


def reads_panel(look: Look, overview: AccountOverview) -> Panel:
    """Which kinds, from when, and which hosts."""
    frame = panel(6)
    tr = phrases.tr
    frame.rows.addWidget(Label(tr("What is read"), step="section", weight=600))
    kinds = QWidget()
    grid = QGridLayout(kinds)
    grid.setContentsMargins(0, 0, 0, 4)
    grid.setSpacing(4)
    for at, kind in enumerate(overview.kinds):
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel(look, KIND_ICON[kind], 14, KIND_TONE[kind]))
        row.addWidget(Label(tr(phrases.KIND_TITLES[kind])), 1)
        grid.addLayout(row, at // 3, at % 3)
    frame.rows.addWidget(kinds)
    since = phrases.day(overview.since) if overview.since else tr("Everything")
    rows = [(tr("From when"), since)]
    hosts = ", ".join(overview.hosts)
    rows.append((tr("Only contacts"), hosts or tr("Nobody: it is read from this computer")))
    for name, value in rows:
        frame.rows.addWidget(hairline())
        line = QHBoxLayout()
        label = Label(name, tone=Tone.TEXT_2)
        label.setFixedWidth(110)
        line.addWidget(label)
        line.addWidget(Label(value, wrap=True), 1)
        frame.rows.addLayout(line)
    frame.rows.addStretch()
    return frame
