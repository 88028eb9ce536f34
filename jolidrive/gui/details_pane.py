"""The chosen item: its picture, its fields, the person's own marks, and where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from . import phrases
from .button import Button, icon_button
from .detail_fields import FieldTable, kind_line
from .label import ElidedLabel, IconLabel, Label, clear, hairline, surface
from .painting import cover
from .tokens import KIND_ICON, KIND_TONE, Tone

if TYPE_CHECKING:
    from jolidrive.model.item import Kind, StoredItem
    from jolidrive.model.result import Hit

    from .theme import Look
    from .thumbnails import Thumbnails

_HIGHEST = 320


class Preview(QWidget):
    """The picture over the full width, at most 320 high; else the kind's icon."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._picture = QPixmap()
        self._kind: Kind | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: QPixmap | None, kind: Kind) -> None:
        """Another item."""
        self._picture = picture if picture is not None else QPixmap()
        self._kind = kind
        self._fit()
        self.update()

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        """As high as the picture is at this width."""
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draws it."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if not self._picture.isNull():
            painter.drawPixmap(0, 0, cover(self._picture, self.size(), ratio, 0))
        elif self._kind is not None:
            painter.fillRect(self.rect(), self._look.color(Tone.SUNKEN))
            icon = self._look.icons.icon(
                KIND_ICON[self._kind], KIND_TONE[self._kind], 28, ratio
            )
            at = QRectF(self.rect()).center()
            painter.drawPixmap(round(at.x() - 14), round(at.y() - 14), icon)
        painter.end()

    def _fit(self) -> None:
        high = 120
        if not self._picture.isNull():
            high = self.width() * self._picture.height() // max(1, self._picture.width())
        self.setFixedHeight(max(96, min(_HIGHEST, high)))


class DetailsPane(QScrollArea):
    """Shows one item; tells what the person wants done with it."""

    open_wanted = Signal()
    star_wanted = Signal()
    copy_wanted = Signal()
    place_wanted = Signal(str)

    def __init__(self, look: Look, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._look = look
        self._thumbnails = thumbnails
        self._hit: Hit | None = None
        self.setAccessibleName(phrases.tr("Details"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        inside = QWidget()
        surface(inside, Tone.CONTENT)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._preview = Preview(look)
        column.addWidget(self._preview)
        column.addWidget(self._head(look))
        self._line = hairline()
        column.addWidget(self._line)
        self._fields = FieldTable(look)
        column.addWidget(self._fields)
        column.addWidget(hairline())
        self._extra = QVBoxLayout()
        self._extra.setContentsMargins(16, 12, 16, 16)
        self._extra.setSpacing(10)
        column.addLayout(self._extra)
        column.addStretch()
        self._inside = inside
        self._nothing = Label(
            phrases.tr("Choose an item to see it here."), tone=Tone.TEXT_3, step="caption"
        )
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        whole = QWidget()
        surface(whole, Tone.CONTENT)
        both = QVBoxLayout(whole)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(inside)
        both.addWidget(self._nothing, 1)
        self.setWidget(whole)
        thumbnails.ready.connect(self._picture_came)
        self.show_nothing()

    def sizeHint(self) -> QSize:
        """Its column decides."""
        return QSize(304, 400)

    def show_nothing(self) -> None:
        """No item is chosen."""
        self._hit = None
        self._inside.hide()
        self._nothing.show()

    def show_hit(self, hit: Hit, service: str) -> None:
        """What the result knows already; the rest comes with `show_item`."""
        self._hit = hit
        self._nothing.hide()
        self._inside.show()
        self.verticalScrollBar().setValue(0)
        self._title.setText(hit.title)
        icon, tone = KIND_ICON[hit.kind], KIND_TONE[hit.kind]
        self._kind_icon.set_icon(icon, tone)
        self._kind.setText(kind_line(hit.kind, hit.mime, hit.size))
        self._open.setText(phrases.tr("Open at {}").format(service))
        self._open.setAccessibleName(self._open.text())
        self._open.updateGeometry()
        self._open.setVisible(hit.url is not None)
        self._copy.setVisible(hit.url is not None)
        self.show_star(starred=hit.starred)
        self._picture_came(hit.account, hit.key)
        self._fields.show_hit(hit, service)
        clear(self._extra)

    def show_star(self, *, starred: bool) -> None:
        """Whether the item is starred."""
        self._star.setChecked(starred)
        name = phrases.tr("Take the star away") if starred else phrases.tr("Star")
        self._star.setAccessibleName(name)
        self._star.setToolTip(f"{name} (S)")

    def show_item(self, stored: StoredItem, service: str) -> None:
        """All fields."""
        if self._hit is None or stored.item.key != self._hit.key:
            return
        item = stored.item
        self._kind.setText(
            kind_line(item.kind, item.mime, item.size, (item.width, item.height))
        )
        self.show_star(starred=stored.marks.starred)
        self._fields.show_item(stored, service)
        clear(self._extra)
        text = (item.text or stored.content).strip()
        if text:
            words = Label(text[:600] + ("…" if len(text) > 600 else ""), wrap=True)
            words.setProperty("step", "dense")
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._extra.addWidget(words)
        self._extra.addWidget(self._kept_here(stored, service))

    def _head(self, look: Look) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        self._title = Label("", step="section", weight=600, wrap=True)
        column.addWidget(self._title)
        line = QHBoxLayout()
        line.setSpacing(7)
        self._kind_icon = IconLabel(look, "image", 14)
        self._kind = ElidedLabel("", tone=Tone.TEXT_2)
        line.addWidget(self._kind_icon)
        line.addWidget(self._kind, 1)
        column.addLayout(line)
        column.addSpacing(6)
        self._open = Button(look, "", icon="external-link", size="small")
        self._star = icon_button(look, "star", phrases.tr("Star"), size="small")
        self._star.setCheckable(True)
        self._star.fills = True
        self._copy = icon_button(look, "link", phrases.tr("Copy link"), size="small")
        self._open.clicked.connect(self.open_wanted)
        self._star.clicked.connect(self.star_wanted)
        self._copy.clicked.connect(self.copy_wanted)
        actions = QHBoxLayout()
        actions.setSpacing(6)
        for button in (self._open, self._star, self._copy):
            actions.addWidget(button)
        actions.addStretch()
        column.addLayout(actions)
        return head

    def _kept_here(self, stored: StoredItem, service: str) -> QWidget:
        """The line that says what of it is on this computer."""
        parts = [phrases.tr("details")]
        if stored.content:
            parts.append(phrases.tr("its text"))
        if stored.has_thumbnail:
            parts.append(phrases.tr("a thumbnail"))
        kept = phrases.tr("On this computer: {}.").format(", ".join(parts))
        if stored.item.has_content:
            kept += " " + phrases.tr("The file stays at {}.").format(service)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        lock = IconLabel(self._look, "lock", 14, Tone.TEXT_3)
        row.addWidget(lock, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(kept, tone=Tone.TEXT_2, step="caption", wrap=True), 1)
        return line

    def _picture_came(self, account: str, key: str) -> None:
        hit = self._hit
        if hit is None or (hit.account, hit.key) != (account, key):
            return
        picture = self._thumbnails.get(account, key) if hit.has_thumbnail else None
        self._preview.show_picture(picture, hit.kind)
