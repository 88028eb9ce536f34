"""Asks one index, in the cheapest of several ways that give the same answer.

Facets and the total come from one evaluation of the query. The first rows need another, with
weights; looking at every match for them costs more than anything else, and there are two ways
around it for a first page of a broad query:

- by match: a word in the title weighs so much that the best rows of a broad query nearly always
  have one. Only those are weighed (a tenth or less); that no other could be among the first is
  known from the heaviest any other could be, and where it is not, all are weighed.
- newest first: they are looked for among the newest few thousand of the index.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.model.query import Sort

from . import facets as counting
from .compile import Compiler
from .estimate import at_most
from .order import Ordering, Top

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import tantivy

    from jolidrive.model.query import Query
    from jolidrive.model.result import FacetName

    from .account import Asked, OpenAccount
    from .rank import Weights
    from .searcher import Wish

RECENT: Final = 2_000
"""Among how many of an index's newest items a first page is looked for."""
MANY: Final = 2_000
"""Where fewer items of an index can match, all are weighed at once."""
_FIRST_PAGES: Final = 250
_MARGIN: Final = 1.0001
_BROAD: Final = 5
"""A query that may match more than this part of an index is counted as a broad one."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one index answers."""

    account: OpenAccount
    top: Top
    total: int
    counts: counting.Counts


class Newest:
    """The months of the newest items of each index; asked once per commit seen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tantivy.Searcher, tuple[str, ...]]] = {}

    def months(self, one: Asked, ordering: Ordering) -> tuple[str, ...]:
        """The newest months of an index, none where it holds few items."""
        with self._lock:
            known = self._known.get(one.account.id)
        if known is None or known[0] is not one.searcher:
            known = (one.searcher, ordering.recent(RECENT))
            with self._lock:
                self._known[one.account.id] = known
        return known[1]

    def keep(self, accounts: Collection[str]) -> None:
        """Lets go of the indexes of all other accounts, whose files are to be gone at once."""
        with self._lock:
            for gone in self._known.keys() - set(accounts):
                del self._known[gone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One search, as each index is asked it."""

    query: Query
    wish: Wish
    weights: Weights | None
    planned: Mapping[Query, Sequence[FacetName]]
    schema: tantivy.Schema
    newest: Newest

    def ask(self, one: Asked) -> Part:
        """Everything wanted of one index."""
        plain = Compiler(one, self.schema)
        counts: counting.Counts = {}
        total: int | None = None
        for counted, facets in self.planned.items():
            if facets:
                broad = at_most(counted, one.searcher) * _BROAD > one.searcher.num_docs
                some, holding = counting.count(
                    one.searcher,
                    plain.compile(counted),
                    facets,
                    one.account.service,
                    broad=broad,
                )
                counts |= some
                if counted == self.query:
                    total = holding
        top = self._top(one, count=total is None)
        return Part(one.account, top, total or top.total or 0, counts)

    def _top(self, one: Asked, *, count: bool) -> Top:
        ordering = Ordering(one.searcher, self.schema)
        if self.weights is None:
            return self._sorted(one, ordering, count=count)
        most = self.wish.offset + self.wish.limit
        compiler = Compiler(one, self.schema, self.weights)
        if 0 < most <= _FIRST_PAGES and at_most(self.query, one.searcher) > MANY:
            leading = self._leading(compiler, ordering, most)
            if leading is not None:
                plain = Compiler(one, self.schema).compile(self.query)
                return Top(leading.rows, ordering.count(plain) if count else None)
        return ordering.best(compiler.compile(self.query), most, count=count)

    def _leading(self, compiler: Compiler, ordering: Ordering, most: int) -> Top | None:
        """The first rows, if they all have a word in their title for certain."""
        leading = compiler.leading(self.query)
        if leading is None:
            return None
        found = ordering.best(leading.query, most, count=False, added=leading.added)
        if len(found.rows) < most:
            return None
        least = found.rows[-1].score or 0.0
        return found if least > leading.ceiling * _MARGIN else None

    def _sorted(self, one: Asked, ordering: Ordering, *, count: bool) -> Top:
        wish = self.wish
        most = wish.offset + wish.limit
        compiled = Compiler(one, self.schema).compile(self.query)
        # Without words everything matches equally well: newest first.
        sort = Sort.NEWEST if wish.sort is Sort.BEST else wish.sort
        if sort is Sort.NEWEST and 0 < most <= _FIRST_PAGES:
            months = self.newest.months(one, ordering)
            lately = ordering.newest_within(months, compiled, most) if months else None
            if lately is not None:
                return Top(lately.rows, ordering.count(compiled) if count else None)
        return ordering.by(sort, compiled, most, count=count)
