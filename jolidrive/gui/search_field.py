"""The search field: one line of text, its known fields tinted and its hints underlined.

It decides nothing: it tells what was typed, and that the person wants to go down or clear.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QKeyEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextEdit

from jolidrive.model.query import FieldName

from .button import icon_button
from .label import IconLabel
from .phrases import tr
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jolidrive.model.result import Hint

    from .theme import Look

_FIELDS: Final = re.compile(
    rf'(?<!\S)-?(?:{"|".join(FieldName)}):(?:"[^"]*"?|[^\s"])+', re.IGNORECASE
)
_HEIGHT: Final = 36
_LONGEST: Final = 2000


class _Highlighter(QSyntaxHighlighter):
    def __init__(self, edit: QTextEdit, look: Look) -> None:
        super().__init__(edit.document())
        self._look = look
        self.hints: Sequence[Hint] = ()

    def highlightBlock(self, text: str) -> None:
        field = QTextCharFormat()
        field.setBackground(self._look.color(Tone.ACCENT_SOFT))
        field.setForeground(self._look.color(Tone.ACCENT))
        field.setFontWeight(QFont.Weight.Medium)
        for match in _FIELDS.finditer(text):
            self.setFormat(match.start(), match.end() - match.start(), field)
        for hint in self.hints:
            odd = QTextCharFormat()
            odd.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            odd.setUnderlineColor(self._look.color(Tone.WARNING))
            self.setFormat(hint.start, max(1, hint.end - hint.start), odd)


class _Line(QTextEdit):
    """A text edit of one line: no line breaks, no scrolling, no formatted paste."""

    down = Signal()
    emptied_back = Signal()
    focused = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bare", "true")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.setFixedHeight(self.fontMetrics().height() + 2)

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 2)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split())[:_LONGEST])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.down.emit()
            return
        if event.key() == Qt.Key.Key_Up:
            return
        if event.key() == Qt.Key.Key_Backspace and not self.toPlainText():
            self.emptied_back.emit()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)  # noqa: FBT003 - a Qt signal's argument

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)  # noqa: FBT003 - a Qt signal's argument


class SearchField(QFrame):
    """The field with its icon and its × button."""

    edited = Signal(str)
    down = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("field", "true")
        self.setFixedHeight(_HEIGHT)
        self.line = _Line()
        self.line.setAccessibleName(tr("Search everything"))
        self.line.setPlaceholderText(tr("Search everything"))
        self._highlighter = _Highlighter(self.line, look)
        self._clear = icon_button(look, "x", tr("Clear the search"), size="small")
        self._clear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 4, 0)
        row.setSpacing(9)
        row.addWidget(IconLabel(look, "search", 16, Tone.TEXT_3))
        row.addWidget(self.line, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._clear)
        self._clear.hide()
        self.line.textChanged.connect(self._changed)
        self.line.focused.connect(self._focused)
        self.line.down.connect(self.down)
        self._clear.clicked.connect(self.clear)
        self._text = ""
        look.changed.connect(self._highlighter.rehighlight)
        self.setFocusProxy(self.line)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._text

    def set_text(self, text: str) -> None:
        """Changes the text as if it had been typed; the caret goes to its end."""
        if text == self._text:
            return
        self.line.setPlainText(text)
        cursor = self.line.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self.line.setTextCursor(cursor)

    def clear(self) -> None:
        """Takes all of the text away."""
        self.set_text("")
        self.line.setFocus()

    def show_hints(self, hints: Sequence[Hint]) -> None:
        """Underlines what was not understood."""
        if tuple(hints) == tuple(self._highlighter.hints):
            return
        self._highlighter.hints = hints
        self.line.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._highlighter.rehighlight()
        self.line.blockSignals(False)  # noqa: FBT003 - Qt's signature

    def changeEvent(self, event: QEvent) -> None:
        """Keeps the line as high as its font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.line.setFixedHeight(self.line.fontMetrics().height() + 2)

    def _changed(self) -> None:
        text = self.line.toPlainText().replace("\n", " ")
        self._clear.setVisible(bool(text))
        if text != self._text:
            self._text = text
            self.edited.emit(text)

    def _focused(self, focused: bool) -> None:  # noqa: FBT001 - a Qt signal's argument
        self.setProperty("focused", "true" if focused else "false")
        self.style().unpolish(self)
        self.style().polish(self)
