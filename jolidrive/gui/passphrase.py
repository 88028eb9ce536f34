"""Asks for the passphrase of the keys' file, where there is no keyring.

A thread that needs the keys waits here; the person answers in a sheet of the window.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from jolidrive.errors import KeyringLockedError

from .button import Button, Role
from .label import Label
from .notice import Notice
from .phrases import tr
from .sheet import Sheet
from .tokens import Tone

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from .port import DrivePort
    from .theme import Look


class PassphraseAsker(QObject):
    """What `Drive.open` is given. Its signal arrives in the main thread."""

    asked = Signal(bool)
    """True when the one before did not fit."""

    def __init__(self) -> None:
        super().__init__()
        self._answered = threading.Event()
        self._answer: str | None = None
        self._later = self._closed = False
        self.typed = 0

    def __call__(self, *, forced: bool) -> str | None:
        """The passphrase; None when none is needed or the person gave none.

        Who said “Not now” is left in peace until `allow`. One that fits is kept by whoever
        asked, so being asked again means that it did not fit.
        """
        here = threading.current_thread() is threading.main_thread()
        if not forced or here or self._later or self._closed:
            return None
        self._answered.clear()
        self.asked.emit(bool(self.typed))
        self._answered.wait()
        answer, self._answer = self._answer, None
        self._later = answer is None
        self.typed += answer is not None
        return answer

    def answer(self, passphrase: str | None) -> None:
        """What the person typed, or nothing."""
        self._answer = passphrase
        self._answered.set()

    def allow(self) -> None:
        """The person does something that may need the keys: they may be asked for again."""
        self._later = False

    def close(self) -> None:
        """Nobody is there any more; a thread that waits goes on without."""
        self._closed = True
        self.answer(None)


def opened_keys(drive: DrivePort, asker: PassphraseAsker | None) -> str | None:
    """The keys' line; asks again as long as something is typed that does not fit.

    Raises:
        KeyringLockedError: the person gave up.
    """
    while True:
        typed = asker.typed if asker is not None else 0
        try:
            return drive.export_keys()
        except KeyringLockedError:
            if asker is None or asker.typed == typed:
                raise


class PassphraseSheet(Sheet):
    """One field; cancelling leaves the keys closed."""

    answered = Signal(object)

    def __init__(self, look: Look, window: QWidget, *, again: bool = False) -> None:
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
        if again:
            wrong = tr("That passphrase does not open them. Nothing was changed.")
            self.body.addWidget(Notice(look, "warning", wrong))
        self.body.addWidget(label)
        self.body.addWidget(self.field)
        self.body.addStretch()
        self._later = Button(look, tr("Not now"))
        self._later.clicked.connect(self.cancel)
        self._go = Button(look, tr("Open"), role=Role.PRIMARY)
        self._go.clicked.connect(self._open)
        self._go.setEnabled(False)
        self.field.textChanged.connect(lambda text: self._go.setEnabled(bool(text)))
        note = Label(tr("Search works without it."), tone=Tone.TEXT_2, step="caption")
        self.foot.addWidget(note, 1)
        self.foot.addWidget(self._later)
        self.foot.addWidget(self._go)
        self.closed.connect(lambda: self.answered.emit(self._passphrase))

    def start(self) -> None:
        """Opens the sheet with the focus in the field."""
        self.open(self.field)

    def _open(self) -> None:
        if self.field.text():
            self._passphrase = self.field.text()
            self.close_sheet()
