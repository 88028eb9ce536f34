"""Colours, fonts and icons for every widget, following the system's light or dark.

One `Look` is made at start and handed to each widget. Nothing keeps a colour: everything asks
while it paints, so a change of scheme needs a repaint and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette

from .icons import Icons
from .stylesheet import stylesheet
from .tokens import DARK, LIGHT, Tone, rgba

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

_LEAST_PT = 8.0


class Look(QObject):
    """How everything looks now."""

    changed = Signal()

    def __init__(self, app: QApplication, icons_dir: Path, scheme: str = "system") -> None:
        super().__init__()
        self._app = app
        self._scheme = scheme
        self._base = QFont(app.font())
        self.icons = Icons(icons_dir, self.hex)
        self.reduced_motion = False
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._table = self._choose()
        self.apply()

    @property
    def dark(self) -> bool:
        """Whether the dark table is in use."""
        return self._table is DARK

    @property
    def scheme(self) -> str:
        """`system`, `light` or `dark`, as chosen."""
        return self._scheme

    def set_scheme(self, scheme: str) -> None:
        """`system`, `light` or `dark`."""
        self._scheme = scheme
        self._follow_system()

    def hex(self, tone: Tone) -> str:
        """A colour as `#RRGGBB`."""
        return self._table[tone]

    def color(self, tone: Tone) -> QColor:
        """A colour to paint with."""
        return QColor(*rgba(self._table[tone]))

    def points(self, step: float) -> float:
        """Body size plus a step, never below 8 pt."""
        return max(_LEAST_PT, self._base.pointSizeF() + step)

    def font(self, step: float = 0, weight: int = 400) -> QFont:
        """The system's font, a step larger or smaller, with figures of one width."""
        font = QFont(self._base)
        font.setPointSizeF(self.points(step))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def apply(self) -> None:
        """Gives the application its palette, font and style sheet."""
        self._app.setFont(self.font())
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(stylesheet(self._table, self.points))

    def _choose(self) -> dict[Tone, str]:
        dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        if self._scheme != "system":
            dark = self._scheme == "dark"
        return DARK if dark else LIGHT

    def _follow_system(self) -> None:
        table = self._choose()
        if table is self._table:
            return
        self._table = table
        self.icons.forget()
        self.apply()
        self.changed.emit()

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        palette = QPalette()
        for target, tone in (
            (role.Window, Tone.WINDOW),
            (role.Base, Tone.CONTENT),
            (role.AlternateBase, Tone.WINDOW),
            (role.WindowText, Tone.TEXT),
            (role.Text, Tone.TEXT),
            (role.ButtonText, Tone.TEXT),
            (role.PlaceholderText, Tone.TEXT_3),
            (role.Button, Tone.RAISED),
            (role.Highlight, Tone.SELECTION),
            (role.HighlightedText, Tone.TEXT),
            (role.Accent, Tone.ACCENT_FILL),
            (role.Link, Tone.ACCENT),
            (role.LinkVisited, Tone.ACCENT),
            (role.Mid, Tone.HAIRLINE),
            (role.Dark, Tone.CONTROL),
            (role.ToolTipBase, Tone.TEXT),
            (role.ToolTipText, Tone.CONTENT),
            (role.BrightText, Tone.DANGER),
        ):
            palette.setColor(target, self.color(tone))
        idle, off = QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled
        palette.setColor(idle, role.Highlight, self.color(Tone.SELECTION_IDLE))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(off, target, self.color(Tone.TEXT_OFF))
        return palette
