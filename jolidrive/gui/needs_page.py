"""Needs you: one place for every account that waits for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from jolidrive.model.account import AccountState

from . import phrases
from .label import Label, clear, hairline, surface
from .notice import EmptyState, Notice
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jolidrive.model.account import AccountSummary

    from .theme import Look


class NeedsPage(QWidget):
    """Tells for which account the person wants to sign in or try again."""

    sign_in_wanted = Signal(str)
    sync_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        surface(self, Tone.CONTENT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = Label(phrases.tr("Needs you"), step="page", weight=600)
        head.setContentsMargins(24, 18, 24, 18)
        column.addWidget(head)
        column.addWidget(hairline())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        surface(inside, Tone.CONTENT)
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(24, 16, 24, 24)
        self._rows.setSpacing(12)
        area.setWidget(inside)
        column.addWidget(area, 1)

    def show_accounts(
        self, accounts: Sequence[AccountSummary], names: Mapping[str, str]
    ) -> None:
        """Those that wait."""
        clear(self._rows)
        for line in accounts:
            name = names.get(line.service, line.service)
            if line.state is AccountState.SIGN_IN:
                self._rows.addWidget(self._sign_in(line, name))
            elif line.state is AccountState.TROUBLE:
                self._rows.addWidget(self._trouble(line, name))
        if not self._rows.count():
            empty = EmptyState(self._look)
            empty.say(
                "inbox",
                phrases.tr("Nothing needs you"),
                phrases.tr("Sign-ins, keys that end and changed plugins would be listed here."),
            )
            self._rows.addWidget(empty, 1)
            return
        self._rows.addStretch()

    def _sign_in(self, line: AccountSummary, name: str) -> Notice:
        items = phrases.count(line.items, "item stays as it is", "items stay as they are")
        title = phrases.tr("{} wants you to sign in").format(name)
        again = phrases.tr("Sign in again")
        notice = Notice(self._look, "warning", title, f"{items}.", button=again)
        notice.pressed.connect(lambda: self.sign_in_wanted.emit(line.account))
        return notice

    def _trouble(self, line: AccountSummary, name: str) -> Notice:
        title = phrases.tr("{} could not be read").format(name)
        words = line.trouble or phrases.tr("Your items stay and can be searched.")
        again = phrases.tr("Try again")
        notice = Notice(self._look, "danger", title, words, button=again)
        notice.pressed.connect(lambda: self.sync_wanted.emit(line.account))
        return notice
