"""What every button here has in common: Return and Enter press it, as the space bar does.

Qt leaves that to the platform, and most of them answer to the space bar alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Pressable(QAbstractButton):
    """A button that keys press. A key held down presses once."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Presses; other keys are Qt's."""
        if event.key() in _PRESSES:
            event.accept()
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)
