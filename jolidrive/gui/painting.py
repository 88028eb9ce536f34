"""Pictures cropped to a box, and text with its matches marked: what the delegates share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPixmap,
    QPixmapCache,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
)

from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFont

    from .theme import Look

Marks = tuple[tuple[int, int], ...]


def cover(picture: QPixmap, size: QSize, ratio: float, radius: float) -> QPixmap:
    """A picture filling a box with round corners, cropped evenly; kept in Qt's cache."""
    name = f"{picture.cacheKey()}:{size.width()}x{size.height()}@{ratio}r{radius}"
    found = QPixmap()
    if QPixmapCache.find(name, found):
        return found
    pixels = QSizeF(size) * ratio
    scaled = picture.scaled(
        pixels.toSize(),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    made = QPixmap(pixels.toSize())
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(QPointF(), QSizeF(made.size())), radius * ratio, radius * ratio)
    painter.setClipPath(path)
    painter.drawPixmap(
        (made.width() - scaled.width()) // 2, (made.height() - scaled.height()) // 2, scaled
    )
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(name, made)
    return made


def draw_marked(  # noqa: PLR0913, PLR0917 - one line of text needs all of these
    painter: QPainter,
    look: Look,
    box: QRectF,
    text: str,
    marks: Marks,
    font: QFont,
    tone: Tone,
) -> float:
    """One line, ended by “…” where it does not fit, its matches marked; returns its width."""
    strong = look.font(0, 600)
    strong.setPointSizeF(font.pointSizeF())
    spare = sum(
        QFontMetricsF(strong).horizontalAdvance(text[a:b])
        - QFontMetricsF(font).horizontalAdvance(text[a:b])
        for a, b in marks[:8]
    )
    metrics = QFontMetricsF(font)
    one_line = text.replace("\n", " ")
    shown = metrics.elidedText(one_line, Qt.TextElideMode.ElideRight, box.width() - spare)
    kept = _within(marks, len(shown) - (shown != one_line))
    layout = QTextLayout(shown, font)
    layout.setFormats(_formats(look, strong, kept))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(box.width() + 400)
    layout.endLayout()
    top = box.top() + (box.height() - line.height()) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color(Tone.MARK))
    for start, end in kept:
        left, right = _x(line, start), _x(line, end)
        tall = QRectF(box.left() + left - 1, top, right - left + 2, line.height())
        painter.drawRoundedRect(tall, 2, 2)
    painter.setPen(look.color(tone))
    layout.draw(painter, QPointF(box.left(), top))
    return line.naturalTextWidth()


def _x(line: QTextLine, at: int) -> float:
    """Where a character begins; told as a pair, though declared as a number."""
    found: object = line.cursorToX(at)
    if isinstance(found, tuple):
        found = found[0]
    return float(found) if isinstance(found, float | int) else 0.0


def _within(marks: Marks, length: int) -> Marks:
    return tuple((a, min(b, length)) for a, b in marks if a < length)


def _formats(
    look: Look, strong: QFont, marks: Sequence[tuple[int, int]]
) -> list[QTextLayout.FormatRange]:
    formats = []
    for start, end in marks:
        piece = QTextLayout.FormatRange()
        piece.start, piece.length = start, end - start
        style = QTextCharFormat()
        style.setFontWeight(strong.weight())
        style.setForeground(look.color(Tone.ON_MARK))
        piece.format = style
        formats.append(piece)
    return formats
