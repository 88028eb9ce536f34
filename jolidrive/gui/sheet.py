"""A sheet over the window: a child widget on a scrim. Focus cannot leave it; Esc is no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from .label import ElidedLabel, Label, LogoTile, hairline, surface
from .tokens import Tone

if TYPE_CHECKING:
    from .theme import Look

_EDGE = 24


class Sheet(QWidget):
    """Head, body, foot. Fill `body` and `foot`, then `open()`."""

    closed = Signal()

    def __init__(self, look: Look, window: QWidget, service: str, width: int = 640) -> None:
        super().__init__(window)
        self._look = look
        self._window = window
        self._before: QWidget | None = None
        self._safe: QWidget | None = None
        self.card = _Card(look, self)
        self.card.setFixedWidth(width)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._make_head(look, service))
        column.addWidget(hairline())
        column.addWidget(self._make_body(), 1)
        column.addWidget(hairline())
        foot = QWidget()
        foot.setFixedHeight(60)
        self.foot = QHBoxLayout(foot)
        self.foot.setContentsMargins(24, 0, 24, 0)
        self.foot.setSpacing(8)
        column.addWidget(foot)
        self.hide()
        window.installEventFilter(self)

    def _make_head(self, look: Look, service: str) -> QWidget:
        head = QWidget()
        head.setFixedHeight(80)
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(14)
        self.logo = LogoTile(look, service)
        row.addWidget(self.logo)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch()
        self.title = ElidedLabel("", step="page", weight=600)
        self.sentence = Label("", tone=Tone.TEXT_2, wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        words.addStretch()
        row.addLayout(words, 1)
        self.corner = QHBoxLayout()
        row.addLayout(self.corner)
        return head

    def _make_body(self) -> QScrollArea:
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(24, 14, 24, 16)
        self.body.setSpacing(12)
        surface(self._inside, Tone.RAISED)
        self._area.setWidget(self._inside)
        return self._area

    def say(self, title: str, sentence: str) -> None:
        """The head."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.setAccessibleName(title)
        self.card.setAccessibleName(f"{title} {sentence}")

    def open(self, safe: QWidget) -> None:
        """Shows the sheet; the focus starts on the safe button."""
        self._before = QApplication.focusWidget()
        self._safe = safe
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.fit()
        safe.setFocus(Qt.FocusReason.TabFocusReason)
        self._app.focusChanged.connect(self._keep_focus)

    def fit(self) -> None:
        """As high as the body needs, and no higher than the window."""
        QTimer.singleShot(0, self, self._fit_now)
        self._fit_now()

    def close_sheet(self) -> None:
        """Takes the sheet away; the focus goes back to where it was."""
        if not self.isVisible():
            return
        self._app.focusChanged.disconnect(self._keep_focus)
        self.hide()
        before = self._before
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def cancel(self) -> None:
        """Esc and a click beside the sheet: the harmless way out."""
        self.close_sheet()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps the size of the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self._fit_now()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc means no; no other key reaches the window behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the scrim means no."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.cancel()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """The scrim."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color(Tone.SCRIM))
        painter.end()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's signature
        """Tab goes round inside the sheet."""
        stops = [w for w in self.card.findChildren(QWidget) if _takes_tab(w)]
        if not stops:
            return True
        here = QApplication.focusWidget()
        at = stops.index(here) if here in stops else -1
        stop = stops[(at + (1 if next else -1)) % len(stops)]
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        stop.setFocus(reason)
        return True

    @property
    def _app(self) -> QApplication:
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - there is a window, so there is one
        return app

    def _keep_focus(self, _: QWidget | None, widget: QWidget | None) -> None:
        """The focus cannot leave the sheet."""
        if widget is None:
            return
        inside = widget is self or self.isAncestorOf(widget)
        if self.isVisible() and not inside and widget.window() is self.window():
            safe = self._safe if self._safe is not None else self
            QTimer.singleShot(0, safe, safe.setFocus)

    def _fit_now(self) -> None:
        if not self.isVisible():
            return
        layout = self.body
        layout.activate()
        wide = self.card.width() - 2
        self._inside.setFixedWidth(wide)
        body = layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else -1
        body = max(body, layout.totalMinimumSize().height())
        high = min(body + 80 + 60 + 2 + 2, self.height() - 2 * _EDGE)
        self.card.setFixedHeight(max(high, 180))
        self.card.move(
            (self.width() - self.card.width()) // 2, (self.height() - self.card.height()) // 2
        )


class _Card(QWidget):
    """The sheet itself: raised, with a hairline around and round corners."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.color(Tone.HAIRLINE_STRONG), 1))
        painter.setBrush(self._look.color(Tone.RAISED))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 12, 12)
        painter.end()


def _takes_tab(widget: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isVisible() and widget.isEnabled()
