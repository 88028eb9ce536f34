"""The style sheet, made from the colour table: only what a palette and painting cannot say.

Widgets ask for it by property: `tone` (text colour), `step` (size), `weight`, `surface`.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STEPS = {"hint": -1.5, "caption": -1, "dense": -0.5, "section": 1, "page": 4, "welcome": 14}
"""Names of text sizes, as steps from the body size B."""

_TEXT_TONES = (
    Tone.TEXT,
    Tone.TEXT_2,
    Tone.TEXT_3,
    Tone.TEXT_OFF,
    Tone.ACCENT,
    Tone.DANGER,
    Tone.SUCCESS,
    Tone.WARNING,
)
_SURFACES = (
    Tone.WINDOW,
    Tone.CONTENT,
    Tone.RAISED,
    Tone.SUNKEN,
    Tone.DANGER_SOFT,
    Tone.WARNING_SOFT,
    Tone.SUCCESS_SOFT,
)

_SHEET = Template("""
QToolTip {
  background: $text; color: $content; border: 0; padding: 4px 8px; border-radius: 6px;
}
QLineEdit, QDateEdit {
  background: $content; color: $text; border: 1px solid $control; border-radius: 6px;
  padding: 0 9px; min-height: 30px; selection-background-color: $selection;
  selection-color: $text;
}
QLineEdit:focus, QDateEdit:focus { border: 2px solid $focus; padding: 0 8px; min-height: 28px; }
QLineEdit[wrong="true"] { border-color: $danger; }
QLineEdit:read-only { background: $sunken; border-color: $hairline; }
QLineEdit:disabled { color: $text_off; }
QPlainTextEdit {
  background: $content; color: $text; border: 1px solid $control; border-radius: 6px;
  padding: 4px;
}
QPlainTextEdit:focus { border: 2px solid $focus; padding: 3px; }
QMenu {
  background: $raised; color: $text; border: 1px solid $hairline_strong; border-radius: 8px;
  padding: 4px;
}
QMenu::item { min-height: 20px; padding: 4px 24px 4px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $text_off; }
QMenu::separator { height: 1px; background: $hairline; margin: 4px 0; }
QScrollArea { border: 0; background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $hairline_strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $hairline; }
QFrame[panel="true"] {
  background: $raised; border: 1px solid $hairline; border-radius: 8px;
}
QFrame[soft="true"] { border: 0; border-radius: 8px; }
QFrame[line="true"] { background: $hairline; border: 0; max-height: 1px; min-height: 1px; }
QFrame[upright="true"] { background: $hairline; border: 0; max-width: 1px; min-width: 1px; }
QFrame[field="true"] {
  background: $content; border: 1px solid $control; border-radius: 8px;
}
QFrame[field="true"][focused="true"] { border: 2px solid $focus; }
QTextEdit[bare="true"] {
  background: transparent; border: 0; color: $text; selection-background-color: $selection;
  selection-color: $text;
}
""")


def stylesheet(table: Mapping[Tone, str], points: Callable[[float], float]) -> str:
    """The sheet for one colour table and one body size."""
    names = {tone.name.lower(): colour for tone, colour in table.items()}
    parts = [_SHEET.substitute(names)]
    parts += [f'QLabel[tone="{tone}"] {{ color: {table[tone]}; }}' for tone in _TEXT_TONES]
    parts += [
        f'QLabel[step="{name}"], QLineEdit[step="{name}"] {{ font-size: {points(step)}pt; }}'
        for name, step in STEPS.items()
    ]
    parts += [
        f'QLabel[weight="{weight}"] {{ font-weight: {weight}; }}' for weight in (500, 600)
    ]
    parts += [
        f'QWidget[surface="{tone}"] {{ background: {table[tone]}; }}' for tone in _SURFACES
    ]
    return "\n".join(parts)
