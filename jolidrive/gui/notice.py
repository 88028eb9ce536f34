"""Notices inside a page, and the middle of an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from .button import Button, Role
from .label import IconLabel, Label
from .tokens import Tone

if TYPE_CHECKING:
    from .theme import Look

_WIDE = 340
_TONES = {
    "danger": (Tone.DANGER_SOFT, Tone.DANGER, "triangle-alert"),
    "warning": (Tone.WARNING_SOFT, Tone.WARNING, "triangle-alert"),
    "success": (Tone.SUCCESS_SOFT, Tone.SUCCESS, "circle-check"),
}


class Notice(QFrame):
    """Soft fill, icon, title, one sentence, one button."""

    pressed = Signal()

    def __init__(
        self,
        look: Look,
        tone: str,
        title: str,
        sentence: str = "",
        *,
        button: str = "",
        icon: str = "",
    ) -> None:
        super().__init__()
        fill, ink, usual = _TONES[tone]
        self.setProperty("soft", "true")
        self.setProperty("surface", fill.value)
        self.setAccessibleName(f"{title}. {sentence}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(IconLabel(look, icon or usual, 16, ink), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(title, weight=500, wrap=True))
        if sentence:
            words.addWidget(Label(sentence, tone=Tone.TEXT_2, step="caption", wrap=True))
        row.addLayout(words, 1)
        if button:
            self.button = Button(look, button, size="small")
            self.button.clicked.connect(self.pressed)
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)


class EmptyState(QWidget):
    """An icon, a title, a sentence and what to do next."""

    pressed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 48)
        column.setSpacing(8)
        column.addStretch(2)
        self._icon = IconLabel(look, "plug", 28, Tone.TEXT_3)
        self.title = Label("", step="section", weight=600)
        self.sentence = Label("", tone=Tone.TEXT_2, wrap=True)
        self.sentence.setFixedWidth(_WIDE)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._icon, 0, middle)
        column.addSpacing(4)
        column.addWidget(self.title, 0, middle)
        column.addWidget(self.sentence, 0, middle)
        column.addSpacing(8)
        self.primary = Button(look, "", role=Role.PRIMARY)
        self.plain = Button(look, "", role=Role.PLAIN)
        for button in (self.primary, self.plain):
            button.clicked.connect(self.pressed)
            column.addWidget(button, 0, middle)
        column.addStretch(3)

    def say(
        self, icon: str, title: str, sentence: str, button: str = "", *, primary: bool = False
    ) -> None:
        """Other words."""
        self._icon.set_icon(icon, Tone.TEXT_3)
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setFixedHeight(max(0, self.sentence.heightForWidth(_WIDE)))
        for shown, widget in ((primary, self.primary), (not primary, self.plain)):
            widget.setText(button)
            widget.setAccessibleName(button)
            widget.set_icon("plus" if primary else "")
            widget.setVisible(bool(button) and shown)
            widget.updateGeometry()
