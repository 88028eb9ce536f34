"""Paints hits: as a card with a picture, or as a row with an excerpt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from . import phrases
from .grid_view import PADDING
from .painting import cover, draw_marked
from .result_model import HIT
from .title_marks import TitleMarks
from .tokens import KIND_ICON, KIND_TONE, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.model.result import Hit

    from .excerpts import Excerpts
    from .theme import Look
    from .thumbnails import Thumbnails

_Index = QModelIndex | QPersistentModelIndex
_VEIL = QColor(0, 0, 0, 184)
_STAR = QColor("#FFC947")


class TileDelegate(QStyledItemDelegate):
    """What cards and rows share."""

    def __init__(self, look: Look, thumbnails: Thumbnails, excerpts: Excerpts) -> None:
        super().__init__()
        self.look = look
        self.thumbnails = thumbnails
        self.excerpts = excerpts
        self.marks = TitleMarks()
        self.names: Mapping[str, str] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints one hit; a row that was not fetched yet stays an empty tile."""
        hit: Hit | None = index.data(HIT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, option, hit)
        painter.restore()

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit | None) -> None:
        """Each delegate's own picture."""
        raise NotImplementedError

    def picture(self, hit: Hit | None) -> QPixmap | None:
        """The small picture, if it is here."""
        if hit is None or not hit.has_thumbnail:
            return None
        pixmap = self.thumbnails.get(hit.account, hit.key)
        return None if pixmap is None or pixmap.isNull() else pixmap

    def draw_tile(
        self, painter: QPainter, box: QRectF, hit: Hit | None, icon_side: int
    ) -> bool:
        """Picture or kind icon in a box with round corners; True where it is a picture."""
        picture = self.picture(hit)
        ratio = painter.device().devicePixelRatioF()
        if picture is not None:
            size = QSize(round(box.width()), round(box.height()))
            painter.drawPixmap(box.topLeft(), cover(picture, size, ratio, 6))
            return True
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.color(Tone.SUNKEN))
        painter.drawRoundedRect(box, 6, 6)
        if hit is not None:
            icon = self.look.icons.icon(
                KIND_ICON[hit.kind], KIND_TONE[hit.kind], icon_side, ratio
            )
            at = box.center() - QPointF(icon_side / 2, icon_side / 2)
            painter.drawPixmap(QPointF(round(at.x()), round(at.y())), icon)
        return False

    def draw_origin(
        self, painter: QPainter, box: QRectF, hit: Hit, text: str, tone: Tone
    ) -> None:
        """The service's mark, 12 high, and a caption."""
        ratio = painter.device().devicePixelRatioF()
        mark = self.look.icons.mark(hit.service, 12, ratio, tone=Tone.TEXT_2)
        painter.drawPixmap(QPointF(box.left(), box.center().y() - 6), mark)
        font = self.look.font(-1)
        words = box.adjusted(17, 0, 0, 0)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, words.width())
        painter.setFont(font)
        painter.setPen(self.look.color(tone))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)

    def surface(self, option: QStyleOptionViewItem) -> Tone | None:
        """What lies behind a tile: selected, pointed at, or nothing."""
        state = QStyle.StateFlag
        if option.state & state.State_Selected:
            active = option.state & state.State_Active
            return Tone.SELECTION if active else Tone.SELECTION_IDLE
        return Tone.HOVER if option.state & state.State_MouseOver else None


class CardDelegate(TileDelegate):
    """A picture, its title, and where it is from."""

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit | None) -> None:
        """Draws a card."""
        box = QRectF(option.rect).adjusted(0, 0, 0, -4)
        surface = self.surface(option)
        if surface is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.look.color(surface))
            painter.drawRoundedRect(box, 8, 8)
        width = box.width() - 2 * PADDING
        picture = QRectF(
            box.left() + PADDING, box.top() + PADDING, width, (int(width) * 3) // 4
        )
        self.draw_tile(painter, picture, hit, 28)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.look.color(Tone.FOCUS), 2))
            painter.drawRoundedRect(picture.adjusted(-1, -1, 1, 1), 7, 7)
        if hit is not None:
            self._overlays(painter, picture, hit)
            self._captions(painter, picture, hit, Tone.TEXT_2 if selected else Tone.TEXT_3)

    def _captions(self, painter: QPainter, picture: QRectF, hit: Hit, tone: Tone) -> None:
        title = QRectF(picture.left(), picture.bottom() + 6, picture.width(), 17)
        font = self.look.font()
        draw_marked(
            painter, self.look, title, hit.title, self.marks.of(hit.title), font, Tone.TEXT
        )
        below = QRectF(title.left(), title.bottom() + 1, title.width(), 16)
        when = phrases.day(hit.created_at) if hit.created_at else ""
        self.draw_origin(painter, below, hit, when or self.names.get(hit.service, ""), tone)

    def _overlays(self, painter: QPainter, picture: QRectF, hit: Hit) -> None:
        if not hit.starred:
            return
        plate = QRectF(picture.right() - 24, picture.top() + 6, 18, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_VEIL)
        painter.drawRoundedRect(plate, 4, 4)
        ratio = painter.device().devicePixelRatioF()
        star = self.look.icons.filled("star", _STAR.name(), 12, ratio)
        painter.drawPixmap(plate.center() - QPointF(6, 6), star)


class RowDelegate(TileDelegate):
    """Tile, title, one line of excerpt, and where it lies."""

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit | None) -> None:
        """Draws a row."""
        box = QRectF(option.rect)
        surface = self.surface(option)
        if surface is not None:
            painter.fillRect(box, self.look.color(surface))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - 1, box.width(), 1),
            self.look.color(Tone.HAIRLINE),
        )
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.look.color(Tone.FOCUS), 2))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -3), 6, 6)
        tile = QRectF(box.left() + 16, box.top() + 11, 48, 48)
        self.draw_tile(painter, tile, hit, 20)
        if hit is None:
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        quiet = Tone.TEXT_2 if selected else Tone.TEXT_3
        column = QRectF(tile.right() + 12, box.top() + 9, 0, 18)
        column.setRight(box.right() - 16)
        self._first_line(painter, column, hit, quiet)
        self._excerpt(painter, column.translated(0, 18), hit)
        self.draw_origin(painter, column.translated(0, 36), hit, self._origin(hit), quiet)

    def _first_line(self, painter: QPainter, box: QRectF, hit: Hit, quiet: Tone) -> None:
        small = self.look.font(-1)
        when = phrases.day(hit.created_at) if hit.created_at else ""
        room = QFontMetricsF(small).horizontalAdvance(when) + (12 if when else 0)
        painter.setFont(small)
        painter.setPen(self.look.color(quiet))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, when)
        font = self.look.font(0, 500)
        title = box.adjusted(0, 0, -room - (18 if hit.starred else 0), 0)
        marks = self.marks.of(hit.title)
        width = draw_marked(painter, self.look, title, hit.title, marks, font, Tone.TEXT)
        if hit.starred:
            ratio = painter.device().devicePixelRatioF()
            star = self.look.icons.filled("star", self.look.hex(Tone.WARNING), 12, ratio)
            at = QPointF(title.left() + min(width, title.width()) + 6, box.center().y() - 6)
            painter.drawPixmap(at, star)

    def _excerpt(self, painter: QPainter, box: QRectF, hit: Hit) -> None:
        excerpt = self.excerpts.get(hit)
        if excerpt is None or not excerpt.text:
            return
        font = self.look.font(-0.5)
        draw_marked(painter, self.look, box, excerpt.text, excerpt.marks, font, Tone.TEXT_2)

    def _origin(self, hit: Hit) -> str:
        name = self.names.get(hit.service, hit.service)
        where = (hit.folder or "").replace("/", " / ") or ", ".join(hit.people[:2])
        return f"{name}, {where}" if where else name
