"""The strip at the bottom: what is being read, and who was contacted today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from . import phrases
from .button import Button, Role
from .label import IconLabel, Label, surface
from .state_shape import Shape, StateShape
from .tokens import STATUS, Tone

if TYPE_CHECKING:
    from .theme import Look


class Bar(QWidget):
    """Progress, 4 high. Shown only when the whole is known."""

    def __init__(self, look: Look, width: int) -> None:
        super().__init__()
        self._look = look
        self._part = 0.0
        self.setFixedSize(width, 4)
        self.setAccessibleName(phrases.tr("Progress"))

    def set_part(self, part: float) -> None:
        """From 0 to 1."""
        self._part = max(0.0, min(1.0, part))
        self.setAccessibleDescription(f"{self._part:.0%}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Track and what is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color(Tone.PRESSED))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        painter.setBrush(self._look.color(Tone.ACCENT))
        painter.drawRoundedRect(QRectF(0, 0, self.width() * self._part, 4), 2, 2)
        painter.end()


class StatusStrip(QWidget):
    """28 high, at the bottom of the window."""

    pause_wanted = Signal()
    go_on_wanted = Signal()
    ledger_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        surface(self, Tone.WINDOW)
        self.setFixedHeight(STATUS)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        self._shape = StateShape(look, Shape.UP_TO_DATE)
        self._words = Label("", tone=Tone.TEXT_2, step="caption")
        self._bar = Bar(look, 120)
        pause, go_on = phrases.tr("Pause"), phrases.tr("Go on")
        self._pause = Button(look, pause, role=Role.LINK, size="small", icon="pause")
        self._go_on = Button(look, go_on, role=Role.LINK, size="small", icon="play")
        self._pause.clicked.connect(self.pause_wanted)
        self._go_on.clicked.connect(self.go_on_wanted)
        for widget in (self._shape, self._words, self._bar, self._pause, self._go_on):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(IconLabel(look, "lock", 13, Tone.TEXT_3))
        self._today = Label("", tone=Tone.TEXT_2, step="caption")
        row.addWidget(self._today)
        self._show = Button(look, phrases.tr("Show them"), role=Role.LINK, size="small")
        self._show.clicked.connect(self.ledger_wanted)
        row.addWidget(self._show)
        row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.show_idle(0)
        self.show_today(0, 0)

    def show_idle(self, accounts: int) -> None:
        """Nothing is being read."""
        self._shape.setVisible(bool(accounts))
        self._shape.set_shape(Shape.UP_TO_DATE)
        words = phrases.tr("Nothing is syncing.") if accounts else ""
        self._words.setText(words)
        self._bar.hide()
        self._pause.hide()
        self._go_on.hide()

    def show_paused(self, accounts: int) -> None:
        """All is stopped by wish."""
        self._shape.show()
        self._shape.set_shape(Shape.PAUSED)
        waiting = phrases.count(accounts, "service is waiting", "services are waiting")
        self._words.setText(phrases.tr("Paused until you go on. {}.").format(waiting))
        self._bar.hide()
        self._pause.hide()
        self._go_on.show()

    def show_progress(self, words: str, part: float | None) -> None:
        """What is being read; no bar while the whole is unknown."""
        self._shape.show()
        self._shape.set_shape(Shape.SYNCING)
        self._words.setText(words)
        self._bar.setVisible(part is not None)
        if part is not None:
            self._bar.set_part(part)
        self._pause.show()
        self._go_on.hide()

    def show_today(self, hosts: int, received: int) -> None:
        """Who was contacted today."""
        if hosts:
            words = phrases.tr("Today: {} contacted, {} received").format(
                phrases.count(hosts, "host", "hosts"), phrases.size(received)
            )
        else:
            words = phrases.tr("Today: no host was contacted")
        self._today.setText(words)
        self._show.setVisible(bool(hosts))
