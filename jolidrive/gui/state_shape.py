"""The shapes of an account's state. Never by colour alone: each state has a form and words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from jolidrive.model.account import AccountState

from .tokens import Tone

if TYPE_CHECKING:
    from .theme import Look


class Shape(StrEnum):
    """What is seen of an account."""

    UP_TO_DATE = "up_to_date"
    SYNCING = "syncing"
    PAUSED = "paused"
    FROZEN = "frozen"
    NEEDS_YOU = "needs_you"
    STOPPED = "stopped"
    FROM_FILE = "from_file"
    DONE = "done"


OF_STATE = {
    AccountState.CONNECTING: Shape.SYNCING,
    AccountState.READY: Shape.UP_TO_DATE,
    AccountState.SIGN_IN: Shape.NEEDS_YOU,
    AccountState.PAUSED: Shape.PAUSED,
    AccountState.TROUBLE: Shape.STOPPED,
    AccountState.REVOKING: Shape.SYNCING,
}
_TURN_MS = 1200
_FRAME_MS = 40


def draw_shape(painter: QPainter, look: Look, shape: Shape, turn: float = 0) -> None:
    """Paints a shape into a square of 12 at the painter's origin; `turn` in degrees."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    _DRAW[shape](painter, look, turn)
    painter.restore()


def _disc(painter: QPainter, look: Look, _: float) -> None:
    painter.setBrush(look.color(Tone.SUCCESS))
    painter.drawEllipse(QPointF(6, 6), 3.2, 3.2)


def _arc(painter: QPainter, look: Look, turn: float) -> None:
    box = QRectF(2, 2, 8, 8)
    painter.setPen(QPen(look.color(Tone.HAIRLINE_STRONG), 2))
    painter.drawEllipse(box)
    pen = QPen(look.color(Tone.ACCENT), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    span = 180 if look.reduced_motion else 120
    painter.drawArc(box, round((90 - turn) * 16), -span * 16)


def _bars(painter: QPainter, look: Look, _: float) -> None:
    pen = QPen(look.color(Tone.TEXT_3), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for x in (4.2, 7.8):
        painter.drawLine(QPointF(x, 3), QPointF(x, 9))


def _star(painter: QPainter, look: Look, _: float) -> None:
    pen = QPen(look.color(Tone.KIND_PHOTO), 1.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(6, 1.5), QPointF(6, 10.5))
    painter.drawLine(QPointF(2.1, 3.75), QPointF(9.9, 8.25))
    painter.drawLine(QPointF(9.9, 3.75), QPointF(2.1, 8.25))


def _triangle(painter: QPainter, look: Look, _: float) -> None:
    painter.setBrush(look.color(Tone.WARNING))
    painter.drawPolygon(QPolygonF([QPointF(6, 1.2), QPointF(11.3, 10.6), QPointF(0.7, 10.6)]))
    pen = QPen(look.color(Tone.WINDOW), 1.3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(6, 4.4), QPointF(6, 7.2))
    painter.drawPoint(QPointF(6, 9))


def _diamond(painter: QPainter, look: Look, _: float) -> None:
    painter.setBrush(look.color(Tone.DANGER))
    painter.translate(6, 6)
    painter.rotate(45)
    painter.drawRoundedRect(QRectF(-3.8, -3.8, 7.6, 7.6), 1.5, 1.5)


def _square(painter: QPainter, look: Look, _: float) -> None:
    painter.setPen(QPen(look.color(Tone.TEXT_3), 1.5))
    painter.drawRoundedRect(QRectF(2.8, 2.8, 6.4, 6.4), 1, 1)


def _check(painter: QPainter, look: Look, _: float) -> None:
    pen = QPen(look.color(Tone.SUCCESS), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([QPointF(2, 6.4), QPointF(4.8, 9.2), QPointF(10, 3)]))


_DRAW = {
    Shape.UP_TO_DATE: _disc,
    Shape.SYNCING: _arc,
    Shape.PAUSED: _bars,
    Shape.FROZEN: _star,
    Shape.NEEDS_YOU: _triangle,
    Shape.STOPPED: _diamond,
    Shape.FROM_FILE: _square,
    Shape.DONE: _check,
}


class StateShape(QWidget):
    """A state as a small picture. The arc turns only while it can be seen."""

    def __init__(self, look: Look, shape: Shape = Shape.UP_TO_DATE, side: int = 12) -> None:
        super().__init__()
        self._look = look
        self._shape = shape
        self._turn = 0.0
        self.setFixedSize(side, side)
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._step)
        self.set_shape(shape)

    def set_shape(self, shape: Shape) -> None:
        """Shows another state."""
        self._shape = shape
        turns = shape is Shape.SYNCING and not self._look.reduced_motion
        if turns and self.isVisible():
            self._timer.start()
        elif not turns:
            self._timer.stop()
        self.update()

    def showEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        """Starts turning."""
        self.set_shape(self._shape)

    def hideEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        """Stops turning."""
        self._timer.stop()

    def _step(self) -> None:
        self._turn = (self._turn + 360 * _FRAME_MS / _TURN_MS) % 360
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws the shape."""
        painter = QPainter(self)
        painter.scale(self.width() / 12, self.height() / 12)
        draw_shape(painter, self._look, self._shape, self._turn)
        painter.end()
