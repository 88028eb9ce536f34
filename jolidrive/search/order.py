"""The first rows of one index in an order, with every tie decided.

Tantivy orders by one column. Where the last row wanted ties with the next one, the tied rows
are asked for again, ordered by the next column: so a page is the same whatever its neighbours,
newest first among equals, then by number. For the best match that cannot be asked (a score is
no column); there Tantivy's own order of equals is kept, see `rank`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import tantivy

from jolidrive.model.query import Sort
from jolidrive.store import index_schema as to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LAST: Final = (1, 0)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    order: tantivy.Order
    kind: tantivy.FieldType


_NEWEST: Final = _Column(to.CREATED, tantivy.Order.Desc, tantivy.FieldType.Integer)
_OLDEST: Final = _Column(to.CREATED, tantivy.Order.Asc, tantivy.FieldType.Integer)
_LARGEST: Final = _Column(to.SIZE, tantivy.Order.Desc, tantivy.FieldType.Unsigned)
_TITLE: Final = _Column(to.ORDER, tantivy.Order.Asc, tantivy.FieldType.Text)
_NUMBER: Final = _Column(to.NUMBER, tantivy.Order.Asc, tantivy.FieldType.Unsigned)

_COLUMNS: Final = {
    Sort.NEWEST: (_NEWEST, _NUMBER),
    Sort.OLDEST: (_OLDEST, _NUMBER),
    Sort.LARGEST: (_LARGEST, _NEWEST, _NUMBER),
    Sort.TITLE: (_TITLE, _NEWEST, _NUMBER),
}

Rank = tuple[Any, ...]  # compared only with ranks of the same sort
_Place = tuple[Any, tantivy.DocAddress]  # what Tantivy ordered by, and where it is


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one index: its number, its score, and what it is compared by."""

    number: int
    score: float | None
    rank: Rank


@dataclass(frozen=True, slots=True)
class Top:
    """The first rows of one index, and how many there are in all when that was counted."""

    rows: tuple[Row, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Ordering:
    """Asks one index for its first rows."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema

    def best(self, query: tantivy.Query, most: int, *, count: bool, added: float = 0.0) -> Top:
        """By match; `added` is what every item weighs more than the query says."""
        found = self.searcher.search(query, max(1, most), count=count)
        hits = found.hits[:most]
        places = [place for _, place in hits]
        scores = [float(score) + added for score, _ in hits]
        rows = [
            Row(number or 0, score, (-score, _falling(created)))
            for score, number, created in zip(
                scores,
                self._read(to.NUMBER, places),
                self._read(to.CREATED, places),
                strict=True,
            )
        ]
        return Top(tuple(rows), _count(found) if count else None)

    def count(self, query: tantivy.Query) -> int:
        """How many match."""
        return _count(self.searcher.search(query, 1, count=True))

    def by(self, sort: Sort, query: tantivy.Query, most: int, *, count: bool) -> Top:
        """By a column, equals newest first, then by number."""
        columns = _COLUMNS[sort]
        found = self.searcher.search(
            query,
            most + 1,
            count=count,
            order_by_field=columns[0].name,
            order=columns[0].order,
        )
        total = _count(found) if count else None
        settled = self._settled(query, columns, found.hits, most)
        rows = sorted(self._rows(columns[0], settled), key=lambda row: (row.rank, row.number))
        return Top(tuple(rows), total)

    def recent(self, most: int) -> tuple[str, ...]:
        """The months in which the newest items of the index were made; none when fewer."""
        months = self.searcher.terms_with_prefix(to.FLAGS, to.flag(to.MONTH, ""))
        newest: list[str] = []
        holding = 0
        for month, items in sorted(months, reverse=True):
            newest.append(month)
            holding += items
            if holding >= most:
                return tuple(newest)
        return ()

    def newest_within(
        self, months: Sequence[str], query: tantivy.Query, most: int
    ) -> Top | None:
        """The newest rows, when there are enough of them in the newest months; else None.

        Ordering every item of a broad query costs 12 ms a million more than counting them;
        looking at the newest few thousand alone costs a tenth of that.
        """
        lately = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.term_query(self.schema, to.FLAGS, month, "basic"),
                )
                for month in months
            ]
        )
        narrowed = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, lately)]
        )
        found = self.by(Sort.NEWEST, narrowed, most, count=False)
        return found if len(found.rows) == most else None

    def _settled(
        self,
        query: tantivy.Query,
        columns: Sequence[_Column],
        hits: list[_Place],
        most: int,
    ) -> list[_Place]:
        """The first rows, where the last ones tie chosen by the next column."""
        if len(hits) <= most or len(columns) < 2 or most == 0:
            return hits[:most]
        edge = hits[most - 1][0]
        if hits[most][0] != edge:
            return hits[:most]
        clear = [hit for hit in hits if hit[0] != edge]
        tied = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), self._equals(columns[0], edge)]
        )
        rest = most - len(clear)
        following = columns[1]
        again = self.searcher.search(
            tied,
            rest + 1,
            count=False,
            order_by_field=following.name,
            order=following.order,
        )
        settled = self._settled(tied, columns[1:], again.hits, rest)
        return clear + [(edge, place) for _, place in settled]

    def _equals(self, column: _Column, value: object) -> tuple[tantivy.Occur, tantivy.Query]:
        if value is None:
            return tantivy.Occur.MustNot, tantivy.Query.exists_query(column.name)
        if isinstance(value, int):
            found = tantivy.Query.range_query(
                self.schema, column.name, column.kind, value, value
            )
        else:
            found = tantivy.Query.term_query(self.schema, column.name, value)
        return tantivy.Occur.Must, found

    def _rows(self, column: _Column, settled: list[_Place]) -> Iterator[Row]:
        places = [place for _, place in settled]
        values = [value for value, _ in settled]
        numbers = self._read(to.NUMBER, places)
        created = self._read(to.CREATED, places)
        for number, value, moment in zip(numbers, values, created, strict=True):
            yield Row(number or 0, None, (_ranked(column, value), _falling(moment)))

    def _read(self, column: str, places: list[tantivy.DocAddress]) -> list[int | None]:
        values = self.searcher.fast_field_values(column, places)
        return [None if value is None else int(value) for value in values]


def _falling(value: int | None) -> tuple[int, int]:
    """Compares the larger first and nothing last."""
    return _LAST if value is None else (0, -value)


def _ranked(column: _Column, value: object) -> tuple[int, object]:
    if value is None:
        return _LAST
    if isinstance(value, int) and column.order == tantivy.Order.Desc:
        return (0, -value)
    return (0, value)


def _count(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # missing in the binding's stub
