"""The result as a list for Qt: as long as the result, fetched page by page as one scrolls.

Rows that were not fetched yet are empty and ask for their page (`wanted`). The model never
calls the core itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtCore import Signal as QtSignal

from . import phrases

if TYPE_CHECKING:
    from jolidrive.model.result import Hit, ResultPage

PAGE: Final = 100
HIT: Final = int(Qt.ItemDataRole.UserRole) + 1
_NO_INDEX: Final = QModelIndex()
_KEPT_PAGES: Final = 40


class ResultModel(QAbstractListModel):
    """Hits of the newest result."""

    wanted = QtSignal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = 0
        self._pages: dict[int, tuple[Hit, ...]] = {}
        self._asked: set[int] = set()

    def show(self, page: ResultPage) -> None:
        """Another result: its first page."""
        self.beginResetModel()
        self._total = page.total
        self._pages = {0: page.hits}
        self._asked = {0}
        self.endResetModel()

    def refresh(self, page: ResultPage) -> None:
        """The same query asked again: keeps the place where nothing was added or removed."""
        if page.total != self._total:
            self.show(page)
            return
        self._pages, self._asked = {0: page.hits}, {0}
        if self._total:
            self.dataChanged.emit(self.index(0), self.index(self._total - 1))

    def add(self, number: int, hits: tuple[Hit, ...]) -> None:
        """A further page of the same result."""
        if number not in self._asked:
            return
        self._pages[number] = hits
        self._drop_far_from(number)
        last = min(self._total, number * PAGE + len(hits)) - 1
        if last >= number * PAGE:
            self.dataChanged.emit(self.index(number * PAGE), self.index(last))

    def put_back(self, number: int) -> None:
        """A page could not be fetched: the next look at it asks again."""
        self._asked.discard(number)

    def replace(self, row: int, hit: Hit) -> None:
        """A row changed here (a star)."""
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None or place >= len(page):
            return
        self._pages[number] = (*page[:place], hit, *page[place + 1 :])
        self.dataChanged.emit(self.index(row), self.index(row))

    def hit(self, row: int) -> Hit | None:
        """The hit of a row; asks for its page where it is not there yet."""
        if not 0 <= row < self._total:
            return None
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is not None:
            return page[place] if place < len(page) else None
        if number not in self._asked:
            self._asked.add(number)
            self.wanted.emit(number)
        return None

    def row_of(self, account: str, key: str) -> int | None:
        """The row of an item among the pages that are here."""
        for number, page in self._pages.items():
            for place, hit in enumerate(page):
                if hit.account == account and hit.key == key:
                    return number * PAGE + place
        return None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        """All rows of the result, fetched or not."""
        return 0 if parent.isValid() else self._total

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Title, spoken text, or the hit itself."""
        if not index.isValid():
            return None
        if role not in (HIT, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        hit = self.hit(index.row())
        if role == HIT or hit is None:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        return spoken(hit)

    def _drop_far_from(self, number: int) -> None:
        """Old pages make room; they are fetched again when one scrolls back."""
        while len(self._pages) > _KEPT_PAGES:
            far = max(self._pages, key=lambda other: abs(other - number))
            del self._pages[far]
            self._asked.discard(far)


def spoken(hit: Hit) -> str:
    """A hit in words for a screen reader."""
    parts = [hit.title, phrases.KINDS[hit.kind][0], hit.service]
    if hit.created_at is not None:
        parts.append(phrases.day(hit.created_at))
    if hit.starred:
        parts.append(phrases.tr("starred"))
    return ", ".join(parts)
