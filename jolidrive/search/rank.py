"""One order over many indexes: what a word weighs is counted over all accounts together.

Tantivy weighs a word by how rare it is in the index it asks. A word rare in one account and
common in another would so bring everything of the first to the top. Each word's query is
therefore boosted by the weight it has over all indexes, divided by the weight it has in this
one. (The average length of items stays the index's own: its effect is small.)

Ties: within an index Tantivy keeps the order of documents, which is newest first in each
segment; between indexes the newer item, then the account's id, then the item's number decide.
As each index's list only grows with the number asked for, and lists are merged by their heads,
the pages of one result never overlap.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tantivy


def rarity(holding: int, items: int) -> float:
    """The weight BM25 gives a word that `holding` of `items` items have."""
    return log(1 + (items - holding + 0.5) / (holding + 0.5))


class Weights:
    """Word statistics of all indexes of one search. Asked once per word."""

    def __init__(self, searchers: Sequence[tantivy.Searcher]) -> None:
        self._searchers = searchers
        self._items = [searcher.num_docs for searcher in searchers]
        self._everywhere = sum(self._items)
        self._known: dict[tuple[str, str], dict[int, float]] = {}

    def boost(self, searcher: tantivy.Searcher, field: str, terms: Sequence[str]) -> float:
        """What the words' own weight in one index is multiplied with."""
        if len(self._searchers) < 2:
            return 1.0
        here = sum(self._of(field, term).get(id(searcher), 0.0) for term in terms)
        overall = sum(self._of(field, term)[0] for term in terms)
        return overall / here if here > 0 else 1.0

    def _of(self, field: str, term: str) -> dict[int, float]:
        """The word's weight in each index by its searcher's identity; over all under 0."""
        found = self._known.get((field, term))
        if found is None:
            counts = [searcher.doc_freq(field, term) for searcher in self._searchers]
            found = {
                id(searcher): rarity(count, items)
                for searcher, count, items in zip(
                    self._searchers, counts, self._items, strict=True
                )
            }
            found[0] = rarity(sum(counts), max(self._everywhere, sum(counts)))
            self._known[field, term] = found
        return found
