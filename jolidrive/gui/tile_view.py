"""A view of equal tiles in columns, whose geometry is computed, not stored.

Qt's own icon view keeps a record for each item; here a million rows cost what fifty cost.
`GridView` and `ListView` say how wide and high a tile is; a view decides nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyleOptionViewItem

if TYPE_CHECKING:
    from .result_delegate import TileDelegate
    from .result_model import ResultModel

_Index = QModelIndex | QPersistentModelIndex


class TileView(QAbstractItemView):
    """Rows of tiles, scrolled by pixels."""

    opened = Signal(QModelIndex)
    left_upwards = Signal()

    def __init__(self, model: ResultModel, delegate: TileDelegate, name: str) -> None:
        # Qt asks for geometry while it makes the view: what is asked must be there before.
        self._tile = QSize(100, 100)
        self._columns = 1
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setItemDelegate(delegate)
        self.setModel(model)
        self.doubleClicked.connect(self.opened)

    def measure(self, width: int) -> tuple[int, QSize]:
        """How many columns, and how large a tile, for a width. Each view answers."""
        raise NotImplementedError

    @property
    def margin(self) -> tuple[int, int]:
        """Space left of the first column and above the first row."""
        return (0, 0)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Also follows the model's resets."""
        super().setModel(model)
        if model is not None:
            model.modelReset.connect(self._place)

    def tile_rect(self, row: int) -> QRect:
        """Where a row lies in the whole, unscrolled."""
        line, column = divmod(row, self._columns)
        left, top = self.margin
        return QRect(
            QPoint(
                left + column * self._tile.width(),
                top + line * self._tile.height(),
            ),
            self._tile,
        )

    def rows_seen(self) -> range:
        """The rows that are at least partly in sight."""
        top = self.verticalOffset() - self.margin[1]
        first = max(0, top // self._tile.height()) * self._columns
        bottom = top + self.viewport().height()
        last = (bottom // self._tile.height() + 1) * self._columns
        return range(first, min(self._count(), last))

    def repaint_item(self, row: int) -> None:
        """Paints one row again, if it is in sight."""
        index = self.model().index(row, 0)
        self.viewport().update(self.visualRect(index))

    # ── what QAbstractItemView asks of its views ──

    def visualRect(self, index: _Index) -> QRect:
        """Where an index is seen."""
        if not index.isValid():
            return QRect()
        return self.tile_rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """What lies under a point."""
        left, top = self.margin
        x, y = point.x() - left, point.y() + self.verticalOffset() - top
        column = x // self._tile.width()
        if x < 0 or y < 0 or column >= self._columns:
            return QModelIndex()
        row = y // self._tile.height() * self._columns + column
        return self.model().index(row, 0) if row < self._count() else QModelIndex()

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Moves as little as needed."""
        box, bar = self.visualRect(index), self.verticalScrollBar()
        if hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + box.top())
        elif box.top() < 0:
            bar.setValue(bar.value() + box.top() - self.margin[1])
        elif box.bottom() > self.viewport().height():
            away = box.bottom() - self.viewport().height()
            bar.setValue(bar.value() + away + self.margin[1] + 1)

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,  # noqa: ARG002 - Qt's signature
    ) -> QModelIndex:
        """Arrows, pages and ends."""
        move = QAbstractItemView.CursorAction
        current = self.currentIndex()
        count = self._count()
        if not count:
            return QModelIndex()
        if not current.isValid():
            return self.model().index(next(iter(self.rows_seen()), 0), 0)
        screen = max(1, self.viewport().height() // self._tile.height()) * self._columns
        steps = {
            move.MoveLeft: -1,
            move.MovePrevious: -1,
            move.MoveRight: 1,
            move.MoveNext: 1,
            move.MoveUp: -self._columns,
            move.MoveDown: self._columns,
            move.MovePageUp: -screen,
            move.MovePageDown: screen,
            move.MoveHome: -count,
            move.MoveEnd: count,
        }
        wish = current.row() + steps[action]
        if action in (move.MoveUp, move.MoveDown) and not 0 <= wish < count:
            return current
        return self.model().index(max(0, min(count - 1, wish)), 0)

    def horizontalOffset(self) -> int:
        """Never scrolled sideways."""
        return 0

    def verticalOffset(self) -> int:
        """How far it is scrolled."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _Index) -> bool:  # noqa: ARG002 - Qt's signature
        """Nothing is hidden."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Selects what lies under the rectangle's centre (one at a time)."""
        index = self.indexAt(rect.center())
        picked = QItemSelection(index, index) if index.isValid() else QItemSelection()
        self.selectionModel().select(picked, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Where the selected tiles are."""
        region = QRegion()
        for index in selection.indexes():
            region += QRegion(self.visualRect(index))
        return region

    # ── painting and moving ──

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the tiles in sight."""
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        state = QStyle.StateFlag
        base = option.state | state.State_Active
        if not self.isActiveWindow():
            base &= ~state.State_Active
        under = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        over = under.row() if self.viewport().underMouse() else -1
        current = self.currentIndex().row() if self.hasFocus() else -1
        for row in self.rows_seen():
            index = self.model().index(row, 0)
            box = self.visualRect(index)
            if not box.intersects(event.rect()):
                continue
            option.rect = box
            option.state = base & ~(state.State_MouseOver | state.State_HasFocus)
            if self.selectionModel().isSelected(index):
                option.state |= state.State_Selected
            if row == over:
                option.state |= state.State_MouseOver
            if row == current:
                option.state |= state.State_HasFocus
            self.itemDelegate().paint(painter, option, index)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Computes the columns anew, and keeps the current tile in sight."""
        super().resizeEvent(event)
        self._place()

    def updateGeometries(self) -> None:
        """The scroll bar's range."""
        super().updateGeometries()
        lines = -(-self._count() // self._columns)
        whole = lines * self._tile.height() + 2 * self.margin[1]
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(24, self._tile.height() // 3))
        bar.setRange(0, max(0, whole - self.viewport().height()))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Moves what is painted already."""
        self.viewport().scroll(dx, dy)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Upwards and downwards; what is sideways is for others."""
        if event.angleDelta().y() == 0 and event.pixelDelta().y() == 0:
            event.ignore()
            return
        super().wheelEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Up from the first line goes back to the search field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            return
        if event.text().isprintable() and event.text().strip() and not _commanded(event):
            event.ignore()
            return
        upmost = self.currentIndex().row() < self._columns
        if event.key() == Qt.Key.Key_Up and upmost:
            self.left_upwards.emit()
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Keeps the current tile in sight."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.scrollTo(current)

    def _count(self) -> int:
        model = self.model()
        return model.rowCount() if model is not None else 0  # type: ignore[redundant-expr]

    def _place(self) -> None:
        width = self.viewport().width() - 2 * self.margin[0]
        self._columns, self._tile = self.measure(max(1, width))
        self.updateGeometries()
        self.viewport().update()


def _commanded(event: QKeyEvent) -> bool:
    """Whether Ctrl or Alt is held; a bare letter is one of the window's keys."""
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.modifiers() & held)
