"""One conversation with the search: from text to rows, always the newest, never the stale.

Counts that come fast are asked with the first page; people, places and tags follow in a second
call, so that typing never waits for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from jolidrive.model.query import Sort

from .facet_panel import QUICK, SLOW
from .result_model import PAGE, ResultModel

if TYPE_CHECKING:
    from jolidrive.model.result import ResultPage

    from .port import DrivePort
    from .tasks import Tasks


class SearchSession(QObject):
    """Asks, keeps the model in step, and tells of each answer."""

    answered = Signal(object)
    counted = Signal(object)
    failed = Signal(object)
    more_there = Signal(int)

    def __init__(self, drive: DrivePort, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drive = drive
        self._tasks = tasks
        self.model = ResultModel(self)
        self.model.wanted.connect(self._fetch)
        self.text = ""
        self.sort = Sort.NEWEST
        self.page: ResultPage | None = None
        self._round = 0

    def ask(self, text: str, sort: Sort, *, quietly: bool = False) -> None:
        """Asks for the first page; what was asked before does not matter any more."""
        self.text, self.sort = text, sort
        self._round += 1
        this_round = self._round

        def answer(page: ResultPage) -> None:
            if this_round != self._round:
                return
            self.page = page
            if quietly:
                self.model.refresh(page)
            else:
                self.model.show(page)
            self.answered.emit(page)
            self._count(this_round)

        self._tasks.run(
            lambda: self._drive.search(
                text,
                sort=sort,
                limit=PAGE,
                facets=QUICK,
                cancelled=lambda: this_round != self._round,
            ),
            answer,
            self.failed.emit,
            lane="search",
        )

    def look_for_more(self) -> None:
        """Whether the same question has another answer now: tells how many there are."""
        text, sort, this_round = self.text, self.sort, self._round

        def compare(page: ResultPage) -> None:
            if this_round == self._round and self.page is not None:
                self.more_there.emit(page.total)

        self._tasks.run(
            lambda: self._drive.search(text, sort=sort, limit=1),
            compare,
            lambda _: None,
            lane="peek",
        )

    def _count(self, this_round: int) -> None:
        text, sort = self.text, self.sort

        def counted(page: ResultPage) -> None:
            if this_round == self._round:
                self.counted.emit(page)

        self._tasks.run(
            lambda: self._drive.search(
                text,
                sort=sort,
                limit=1,
                facets=SLOW,
                cancelled=lambda: this_round != self._round,
            ),
            counted,
            lambda _: None,
            lane="count",
        )

    def _fetch(self, number: int) -> None:
        text, sort, this_round = self.text, self.sort, self._round

        def arrived(page: ResultPage) -> None:
            if this_round == self._round:
                self.model.add(number, page.hits)

        def lost(_: Exception) -> None:
            if this_round == self._round:
                self.model.put_back(number)

        self._tasks.run(
            lambda: self._drive.search(text, sort=sort, limit=PAGE, offset=number * PAGE),
            arrived,
            lost,
        )
