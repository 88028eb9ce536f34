"""What a part of the window says, as a person reads it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from jolidrive.gui.notice import Notice


def words_of(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    notices = [n.accessibleName() for n in widget.findChildren(Notice)]
    return " | ".join([*labels, *notices])
