"""Interface icons (Lucide) and service marks, drawn in a colour of the table.

Files come from the resources folder. A missing icon is drawn as a plain ring and a missing
service mark as a rounded square with the first letter, so nothing ever shows a hole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .tokens import Tone, contrast

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HEX = re.compile(r"#[0-9A-Fa-f]{6}\b")


def _stroke(size: float) -> float:
    """Lucide's line gets finer as the icon grows."""
    return 1.6 if size >= 24 else 1.8 if size >= 18 else 2


class Icons:
    """Draws icons; keeps what it has drawn, by size and pixel ratio."""

    def __init__(self, folder: Path, colour_of: Callable[[Tone], str]) -> None:
        self._folder = folder
        self._colour_of = colour_of
        self._drawn: dict[tuple[str, str, float, float], QPixmap] = {}
        self._source = lru_cache(maxsize=512)(self._read)

    def forget(self) -> None:
        """Everything is drawn anew (the colours changed)."""
        self._drawn.clear()

    def icon(self, name: str, tone: Tone, size: float, ratio: float = 1) -> QPixmap:
        """An interface icon."""
        colour = self._colour_of(tone)
        key = (name, colour, size, ratio)
        if key not in self._drawn:
            self._drawn[key] = self._draw_icon(name, colour, size, ratio)
        return self._drawn[key]

    def filled(self, name: str, colour: str, size: float, ratio: float = 1) -> QPixmap:
        """An interface icon whose inside is filled too (a set star)."""
        key = (f"filled/{name}", colour, size, ratio)
        if key not in self._drawn:
            source = self._source(f"{name}.svg").replace('fill="none"', f'fill="{colour}"')
            self._drawn[key] = (
                _render(source.replace("currentColor", colour), size, ratio)
                if source
                else _ring(QColor(colour), size, ratio)
            )
        return self._drawn[key]

    def mark(self, service: str, size: float, ratio: float = 1, *, tone: Tone) -> QPixmap:
        """A service's mark in one colour of the table."""
        return self._mark(service, self._colour_of(tone), size, ratio)

    def brand(self, service: str, size: float, ratio: float, on: Tone) -> QPixmap:
        """A service's mark in its own colour, where that can be seen on the tile."""
        own = _HEX.search(self._source(f"services/{service}.svg"))
        colour = own.group() if own else ""
        if not colour or contrast(colour, self._colour_of(on)) < 3:
            colour = self._colour_of(Tone.TEXT)
        return self._mark(service, colour, size, ratio)

    def _mark(self, service: str, colour: str, size: float, ratio: float) -> QPixmap:
        key = (f"services/{service}", colour, size, ratio)
        if key not in self._drawn:
            source = self._source(f"services/{service}.svg")
            self._drawn[key] = (
                _render(_tint_mark(source, colour), size, ratio)
                if source
                else _letter(service, QColor(colour), self._colour_of(Tone.WINDOW), size, ratio)
            )
        return self._drawn[key]

    def _draw_icon(self, name: str, colour: str, size: float, ratio: float) -> QPixmap:
        source = self._source(f"{name}.svg")
        if not source:
            return _ring(QColor(colour), size, ratio)
        width = re.sub(r'stroke-width="[^"]*"', f'stroke-width="{_stroke(size)}"', source)
        return _render(width.replace("currentColor", colour), size, ratio)

    def _read(self, name: str) -> str:
        file = self._folder / name
        return file.read_text(encoding="utf-8") if file.is_file() else ""


def _tint_mark(source: str, colour: str) -> str:
    """One colour for the whole mark, whatever fills it names."""
    tinted = _HEX.sub(colour, source).replace("currentColor", colour)
    if "fill=" in tinted or "stroke=" in tinted:
        return tinted
    return tinted.replace("<svg", f'<svg fill="{colour}"', 1)


def _canvas(size: float, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _render(source: str, size: float, ratio: float) -> QPixmap:
    pixmap = _canvas(size, ratio)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _ring(colour: QColor, size: float, ratio: float) -> QPixmap:
    pixmap = _canvas(size, ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, size * _stroke(size) / 24))
    painter.drawEllipse(QRectF(0, 0, size, size).adjusted(2, 2, -2, -2))
    painter.end()
    return pixmap


def _letter(service: str, colour: QColor, ink: str, size: float, ratio: float) -> QPixmap:
    pixmap = _canvas(size, ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    box = QRectF(0, 0, size, size).adjusted(size / 24, size / 24, -size / 24, -size / 24)
    painter.drawRoundedRect(box, size * 5 / 24, size * 5 / 24)
    font = QFont(painter.font())
    font.setPixelSize(max(6, round(size * 14 / 24)))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, service[:1].upper())
    painter.end()
    return pixmap
