"""A service's page: its state in a sentence, what it holds, its syncs, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from jolidrive.model.account import AccountState

from . import phrases
from .button import Button, Role
from .label import ElidedLabel, Label, LogoTile, clear, hairline, surface, upright
from .notice import Notice
from .service_panels import disk_panel, kinds_panel, reads_panel, syncs_panel
from .state_shape import OF_STATE, Shape, StateShape
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from jolidrive.model.account import AccountSummary
    from jolidrive.model.overview import AccountOverview, SyncRecord

    from .theme import Look

_TWO_COLUMNS = 840
_ANY_WIDTH = 16_777_215


class ServicePage(QWidget):
    """Shows one account; tells what the person wants done with it."""

    sync_wanted = Signal(str)
    stop_wanted = Signal(str)
    sign_in_wanted = Signal(str)
    revoke_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.account = ""
        self._panels: list[QWidget] = []
        surface(self, Tone.WINDOW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(look))
        column.addWidget(hairline())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        surface(inside, Tone.WINDOW)
        body = QVBoxLayout(inside)
        body.setContentsMargins(24, 16, 24, 24)
        body.setSpacing(12)
        self._notices = QVBoxLayout()
        body.addLayout(self._notices)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(12)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column_of_panels in (self._left, self._right):
            column_of_panels.setSpacing(12)
        self._columns.addLayout(self._left, 1)
        self._columns.addLayout(self._right)
        body.addLayout(self._columns)
        body.addStretch(1)
        area.setWidget(inside)
        column.addWidget(area, 1)

    def show_account(self, line: AccountSummary, name: str, progress: str | None) -> None:
        """The head: who it is and how it stands."""
        if line.account != self.account:
            self.account = line.account
            self._forget()
            self._swap_logo(line.service)
        self._name.setText(name)
        self._label.setText(line.label)
        shape = Shape.SYNCING if progress is not None else OF_STATE[line.state]
        self._shape.set_shape(shape)
        sentence = progress if progress is not None else phrases.state_sentence(line)
        self._sentence.setText(sentence)
        self._sync.setVisible(progress is None)
        self._sync.setEnabled(line.state is not AccountState.SIGN_IN)
        self._stop.setVisible(progress is not None)
        self._show_notice(line, name)

    def show_overview(self, overview: AccountOverview, records: Sequence[SyncRecord]) -> None:
        """The panels."""
        if overview.account != self.account:
            return
        self._forget_panels()
        look = self._look
        self._panels = [
            syncs_panel(records),
            kinds_panel(look, overview.items, overview.by_kind),
            reads_panel(look, overview),
            disk_panel(look, overview.disk),
        ]
        self._place()
        if overview.next_at is not None and OF_STATE[overview.state] is Shape.UP_TO_DATE:
            again = phrases.tr("Jolidrive looks again at {}.").format(
                phrases.clock(overview.next_at)
            )
            if self._stop.isHidden():
                self._sentence.setText(f"{self._sentence.text()} {again}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room."""
        super().resizeEvent(event)
        self._place()

    def _head(self, look: Look) -> QWidget:
        head = QWidget()
        surface(head, Tone.CONTENT)
        head.setFixedHeight(78)
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(12)
        self._row = row
        self._logo: QWidget = LogoTile(look, "", 48, 26)
        row.addWidget(self._logo)
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(8)
        self._name = Label("", step="page", weight=600)
        self._label = ElidedLabel("", tone=Tone.TEXT_2)
        first.addWidget(self._name)
        first.addWidget(self._label, 1)
        second = QHBoxLayout()
        second.setSpacing(8)
        self._shape = StateShape(look)
        self._sentence = ElidedLabel("", tone=Tone.TEXT_2)
        second.addWidget(self._shape)
        second.addWidget(self._sentence, 1)
        words.addStretch()
        words.addLayout(first)
        words.addLayout(second)
        words.addStretch()
        row.addLayout(words, 1)
        self._add_buttons(look, row)
        return head

    def _add_buttons(self, look: Look, row: QHBoxLayout) -> None:
        tr = phrases.tr
        self._sync = Button(look, tr("Sync now"), icon="refresh-cw")
        self._stop = Button(look, tr("Stop"), icon="pause")
        self.revoke_button = Button(look, tr("Revoke…"), icon="trash-2", role=Role.DANGER_LINE)
        self._sync.setToolTip("F5")
        self._sync.clicked.connect(lambda: self.sync_wanted.emit(self.account))
        self._stop.clicked.connect(lambda: self.stop_wanted.emit(self.account))
        self.revoke_button.clicked.connect(lambda: self.revoke_wanted.emit(self.account))
        row.addWidget(self._sync)
        row.addWidget(self._stop)
        line = upright()
        line.setFixedHeight(32)
        row.addWidget(line)
        row.addWidget(self.revoke_button)

    def _swap_logo(self, service: str) -> None:
        fresh = LogoTile(self._look, service, 48, 26)
        self._row.replaceWidget(self._logo, fresh)
        self._logo.deleteLater()
        self._logo = fresh

    def _show_notice(self, line: AccountSummary, name: str) -> None:
        clear(self._notices)
        tr = phrases.tr
        if line.state is AccountState.SIGN_IN:
            notice = Notice(
                self._look,
                "warning",
                tr("{} wants you to sign in").format(name),
                tr(
                    "It no longer accepts the key it gave. Your items stay; sign in again to "
                    "get new ones."
                ),
                button=tr("Sign in again"),
            )
            notice.pressed.connect(lambda: self.sign_in_wanted.emit(self.account))
            self._notices.addWidget(notice)
        elif line.state is AccountState.TROUBLE:
            title = tr("{} could not be read").format(name)
            words = line.trouble or tr("Your items stay and can be searched.")
            notice = Notice(self._look, "danger", title, words, button=tr("Try again"))
            notice.pressed.connect(lambda: self.sync_wanted.emit(self.account))
            self._notices.addWidget(notice)

    def _forget(self) -> None:
        self._forget_panels()
        clear(self._notices)

    def _forget_panels(self) -> None:
        for old in self._panels:
            old.hide()
            old.deleteLater()
        self._panels = []
        for column in (self._left, self._right):
            while column.takeAt(0) is not None:
                pass

    def _place(self) -> None:
        """Two columns of panels, or one below the other where it is narrow."""
        wide = self.width() >= _TWO_COLUMNS
        for column in (self._left, self._right):
            while column.takeAt(0) is not None:
                pass
        for at, shown in enumerate(self._panels):
            right = wide and at % 2 == 1
            (self._right if right else self._left).addWidget(shown)
            shown.setMinimumWidth(300 if right else 0)
            shown.setMaximumWidth(300 if right else _ANY_WIDTH)
            shown.show()
        self._left.addStretch()
        self._right.addStretch()
