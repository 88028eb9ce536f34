"""Asks for the passphrase of the keys' file, where there is no keyring.

A thread that needs the keys waits here; the person answers in a sheet of the window.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from .button import Button, Role
from .label import Label
from .phrases import tr
from .sheet import Sheet
from .tokens import Tone

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from .theme import Look


class PassphraseAsker(QObject):
    """What `Drive.open` is given. Its signal arrives in the main thread."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._answered = threading.Event()
        self._answer: str | None = None

    def __call__(self, *, forced: bool) -> str | None:
        """The passphrase; None when none is needed or the person gave none."""
        if not forced or threading.current_thread() is threading.main_thread():
            return None
        self._answered.clear()
        self.asked.emit()
        self._answered.wait()
        answer, self._answer = self._answer, None
        return answer

    def answer(self, passphrase: str | None) -> None:
        """What the person typed, or nothing."""
        self._answer = passphrase
        self._answered.set()


class PassphraseSheet(Sheet):
    """One field; cancelling leaves the keys closed."""

    answered = Signal(object)

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(look, window, "", 480)
        self._passphrase: str | None = None
        self.logo.set_icon("lock", Tone.SUNKEN, Tone.TEXT_2)
        self.say(
            tr("Open your keys"),
            tr("They lie in a file that only your passphrase opens."),
        )
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Passphrase"))
        self.field.returnPressed.connect(self._open)
        label = Label(tr("Passphrase"), tone=Tone.TEXT_2)
        label.setBuddy(self.field)
        self.body.addWidget(label)
        self.body.addWidget(self.field)
        self.body.addStretch()
        self._later = Button(look, tr("Not now"))
        self._later.clicked.connect(self.cancel)
        self._go = Button(look, tr("Open"), role=Role.PRIMARY)
        self._go.clicked.connect(self._open)
        note = Label(tr("Search works without it."), tone=Tone.TEXT_2, step="caption")
        self.foot.addWidget(note, 1)
        self.foot.addWidget(self._later)
        self.foot.addWidget(self._go)
        self.closed.connect(lambda: self.answered.emit(self._passphrase))

    def start(self) -> None:
        """Opens the sheet with the focus in the field."""
        self.open(self.field)

    def _open(self) -> None:
        self._passphrase = self.field.text()
        self.close_sheet()
