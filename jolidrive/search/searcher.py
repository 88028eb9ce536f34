"""Asks every open account and makes one page of what they answer.

A few threads ask the indexes side by side (Tantivy frees the interpreter). Each search sees
every index at one moment; an account that is dropped while a search runs is left out of its
answer, however far it was. Only the rows of the page are read from the stores.
"""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Final

from jolidrive.errors import CancelledError, StoreError
from jolidrive.model.query import Sort
from jolidrive.model.result import Excerpt, Hit, ResultPage
from jolidrive.store.index_schema import schema
from jolidrive.store.index_trouble import told_as_ours

from . import facets as counting
from .account import Asked
from .ask import Newest, Part, Question
from .excerpt import excerpt, wanted_words
from .parse import parse
from .rank import Weights
from .render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from jolidrive.model.item import StoredItem
    from jolidrive.model.query import Query
    from jolidrive.model.result import FacetName, FacetValue

    from .account import OpenAccount
    from .order import Row

MOST_THREADS: Final = 4


def _never() -> bool:
    return False


def _no_look() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page before its items are read."""

    total: int
    rows: tuple[tuple[OpenAccount, Row], ...]
    facets: dict[FacetName, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted of a result."""

    sort: Sort = Sort.BEST
    limit: int = 50
    offset: int = 0
    facets: tuple[FacetName, ...] = ()


class Searcher:
    """Holds the open accounts. Safe to use from several threads.

    Args:
        accounts: those to begin with.
        threads: how many ask side by side; 0 chooses.
        look: called before an excerpt is made, so that accounts gone meanwhile are dropped.
    """

    def __init__(
        self,
        accounts: Iterable[OpenAccount] = (),
        *,
        threads: int = 0,
        look: Callable[[], None] = _no_look,
    ) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._accounts = {account.id: account for account in accounts}
        self._newest = Newest()
        self._schema = schema()
        workers = threads or max(1, min(MOST_THREADS, os.cpu_count() or 1))
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="search")

    def add(self, account: OpenAccount) -> None:
        """From now on it is searched too; replaces one with the same id."""
        with self._lock:
            self._accounts[account.id] = account

    def drop(self, account: str) -> None:
        """From now on nothing of it is found, nor shown by what was found before."""
        with self._lock:
            self._accounts.pop(account, None)
            self._newest.keep(self._accounts)

    def accounts(self) -> tuple[OpenAccount, ...]:
        """What is searched, in the order of ids."""
        with self._lock:
            return tuple(self._accounts[id_] for id_ in sorted(self._accounts))

    def close(self) -> None:
        """Ends the threads and forgets every account."""
        with self._lock:
            self._accounts.clear()
            self._newest.keep(())
        self._pool.shutdown(cancel_futures=True)

    def search(
        self,
        text: str,
        wish: Wish | None = None,
        *,
        now: datetime | None = None,
        cancelled: Callable[[], bool] = _never,
    ) -> ResultPage:
        """Understands a text and gives a page of its result.

        Args:
            text: as typed.
            wish: order, page and facets.
            now: what *today* is for dates in the text.
            cancelled: looked at between indexes; true ends it with CancelledError.
        """
        began = time.perf_counter()
        wish = wish or Wish()
        parsed = parse(text, now=now)
        found = self.find(parsed.query, wish, cancelled=cancelled)
        # The best match always has a score: without words all match equally well.
        unscored = 0.0 if wish.sort is Sort.BEST else None
        hits = tuple(self._hits(parsed.query, found.rows, unscored))
        return ResultPage(
            query=text,
            understood=render(parsed.query),
            total=found.total,
            hits=hits,
            facets=found.facets,
            hints=parsed.hints,
            took_ms=(time.perf_counter() - began) * 1000,
        )

    def find(
        self, query: Query, wish: Wish, *, cancelled: Callable[[], bool] = _never
    ) -> Found:
        """Asks every index."""
        asked = [
            Asked(account, searcher)
            for account in self.accounts()
            if (searcher := account.index.searcher) is not None
        ]
        weights = None
        if wish.sort is Sort.BEST and any(not word.short for word in wanted_words(query)):
            weights = Weights([one.searcher for one in asked])
        question = Question(
            query=query,
            wish=wish,
            weights=weights,
            planned=counting.plan(query, wish.facets),
            schema=self._schema,
            newest=self._newest,
        )

        def ask(one: Asked) -> Part | None:
            if cancelled():
                return None
            try:
                with told_as_ours(one.account.id):
                    return question.ask(one)
            except StoreError:
                # Its index was damaged or taken away meanwhile; the others answer.
                return None

        answers = list(self._pool.map(ask, asked))
        still = {account.id: account for account in self.accounts()}
        self._newest.keep(still)
        if cancelled():
            raise CancelledError
        parts = [
            part for part in answers if part and still.get(part.account.id) is part.account
        ]
        return Found(
            total=sum(part.total for part in parts),
            rows=_page(parts, wish.offset, wish.limit),
            facets=counting.joined((part.counts for part in parts), wish.facets),
        )

    def _hits(
        self, query: Query, rows: Sequence[tuple[OpenAccount, Row]], unscored: float | None
    ) -> Iterator[Hit]:
        numbers: dict[str, list[int]] = {}
        accounts = {account.id: account for account, _ in rows}
        for account, row in rows:
            numbers.setdefault(account.id, []).append(row.number)
        stored: dict[tuple[str, int], StoredItem] = {}
        for id_, wanted in numbers.items():
            try:
                found = accounts[id_].store.items(wanted)
            except StoreError:
                continue
            stored.update({(id_, number): item for number, item in found.items()})
        for account, row in rows:
            item = stored.get((account.id, row.number))
            if item is not None:
                score = unscored if row.score is None else row.score
                yield _hit(account, item, score, self._excerpt_maker(query, account, row))

    def _excerpt_maker(
        self, query: Query, account: OpenAccount, row: Row
    ) -> Callable[[], Excerpt]:
        def make() -> Excerpt:
            self._look()
            with self._lock:
                here = self._accounts.get(account.id) is account
            if not here:
                return Excerpt()
            try:
                item = account.store.items([row.number]).get(row.number)
            except StoreError:
                return Excerpt()
            return excerpt(query, item) if item else Excerpt()

        return make


def _page(
    parts: Sequence[Part], offset: int, limit: int
) -> tuple[tuple[OpenAccount, Row], ...]:
    ordered = merge(
        *([(part.account, row) for row in part.top.rows] for part in parts),
        key=lambda pair: (pair[1].rank, pair[0].id, pair[1].number),
    )
    return tuple(islice(ordered, offset, offset + limit))


def _hit(
    account: OpenAccount,
    stored: StoredItem,
    score: float | None,
    make_excerpt: Callable[[], Excerpt],
) -> Hit:
    item = stored.item
    return Hit(
        account=account.id,
        service=account.service,
        key=item.key,
        kind=item.kind,
        title=item.title,
        people=tuple(person.name or person.handle or "" for person in item.people),
        created_at=item.created_at,
        url=item.url,
        score=score,
        size=item.size,
        mime=item.mime,
        folder=item.folder,
        starred=stored.marks.starred,
        has_thumbnail=stored.has_thumbnail,
        make_excerpt=make_excerpt,
    )
