"""A query as Tantivy understands it, for one index.

Words look in one catch-all field; a word that is also in the title weighs more, where the
result is to be ordered by match. `service:` and `account:` are known before the index is
asked: they become *all* or *nothing*. A query that only excludes starts from everything, as
`NOT x` alone finds nothing in Tantivy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

import tantivy

from jolidrive.model.query import (
    And,
    Everything,
    Field,
    FieldName,
    Match,
    Not,
    Or,
    Phrase,
    Query,
    Word,
)
from jolidrive.model.words import is_cjk
from jolidrive.store import index_schema as to

from .fields import account_matches, compile_field
from .terms import beginnings, row, row_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .account import Asked
    from .rank import Weights

TITLE_WEIGHT: Final = 2.0
"""A word in the title counts three times as much as one elsewhere (once more for itself)."""

_SHORT: Final = 2
_LONG_WORD: Final = 8
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_Clause = tuple[tantivy.Occur, tantivy.Query]


def near_distance(word: str) -> int:
    """How many letters a near spelling may differ in (a swap of two counts as one)."""
    if len(word) <= _SHORT or is_cjk(word):
        return 0
    return 1 if len(word) < _LONG_WORD else 2


def everything(schema: tantivy.Schema) -> tantivy.Query:
    """All items: every document but the marker."""
    marker = tantivy.Query.term_query(schema, to.MARKER, to.MARKER_KEY)
    every = tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)
    return tantivy.Query.boolean_query([(_MUST, every), (_NOT, marker)])


def nothing() -> tantivy.Query:
    """No item."""
    return tantivy.Query.empty_query()


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(_SHOULD, query) for query in queries])


@dataclass(frozen=True, slots=True)
class Leading:
    """The items that lead a result: their query, what to add to its weights, and the rest.

    Args:
        query: finds and weighs them.
        added: what each weighs more than the query says.
        ceiling: no other item weighs more than this.
    """

    query: tantivy.Query
    added: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one account; `weights` only where the order depends on the match."""

    asked: Asked
    schema: tantivy.Schema
    weights: Weights | None = None

    def compile(self, query: Query) -> tantivy.Query:
        """The query for the account's index."""
        return self._joined(self._clauses(query))

    def leading(self, query: Query) -> Leading | None:
        """The same weights, for the items alone that one of the words weighs more in.

        None where the query has other parts that weigh, or no such word.
        """
        parts = query.parts if isinstance(query, And) else (query,)
        words = [part for part in parts if isinstance(part, Word)]
        others = [part for part in parts if not isinstance(part, Word)]
        if not all(isinstance(part, Field | Not) for part in others):
            return None
        if any(word.match is Match.NEAR or is_cjk(word.text) for word in words):
            return None
        heavier = [found for word in words for found in self._heavier(word)]
        if not heavier:
            return None
        musts = [clause for part in others for clause in self._clauses(part)]
        if len(words) > 1 or words[0].match is not Match.PREFIX:
            musts += [clause for word in words for clause in self._word(word)]
            added = 0.0
        else:
            added = 1.0  # what has the word heavier has it: no need to look it up again
        found = tantivy.Query.boolean_query([*musts, (_MUST, _any(heavier))])
        return Leading(found, added, sum(map(self._lightest, words)))

    def _lightest(self, word: Word) -> float:
        """The most a word weighs where it weighs no more than it must."""
        if word.match is Match.PREFIX:
            return 1.0
        # Without its boost, as Tantivy passes over what is too light only in a bare term.
        found = tantivy.Query.term_query(self.schema, to.WORDS, word.text)
        searcher = self.asked.searcher
        hits = searcher.search(found, 1, count=False).hits
        boost = self.weights.boost(searcher, to.WORDS, (word.text,)) if self.weights else 1.0
        return float(hits[0][0]) * boost if hits else 0.0

    def _joined(self, clauses: Sequence[_Clause]) -> tantivy.Query:
        if len(clauses) == 1 and clauses[0][0] is _MUST:
            return clauses[0][1]
        if not any(occur is _MUST for occur, _ in clauses):
            clauses = [(_MUST, everything(self.schema)), *clauses]
        return tantivy.Query.boolean_query(list(clauses))

    def _clauses(self, query: Query) -> list[_Clause]:
        match query:
            case Word():
                heavier = [(_SHOULD, found) for found in self._heavier(query)]
                return [*self._word(query), *heavier]
            case And():
                return [clause for part in query.parts for clause in self._clauses(part)]
            case Not():
                plain = Compiler(self.asked, self.schema)
                return [(_NOT, plain.compile(query.part))]
        return [(_MUST, self._one(query))]

    def _one(self, query: Everything | Phrase | Field | Or) -> tantivy.Query:
        match query:
            case Everything():
                return everything(self.schema)
            case Phrase():
                return self._phrase(query.words)
            case Field():
                return self._field(query)
            case Or():
                return self._any(query.parts)
        assert_never(query)

    def _any(self, parts: Sequence[Query]) -> tantivy.Query:
        if not parts:
            return nothing()
        return _any([self.compile(part) for part in parts])

    def _field(self, field: Field) -> tantivy.Query:
        if field.name in (FieldName.SERVICE, FieldName.ACCOUNT):
            meant = account_matches(field, self.asked.account)
            return everything(self.schema) if meant else nothing()
        found = compile_field(field, self.schema, self.asked.searcher)
        if found is None:
            return everything(self.schema)
        return tantivy.Query.const_score_query(found, 0.0)

    def _word(self, word: Word) -> list[_Clause]:
        text = word.text
        if is_cjk(text):
            if len(text) == 1:
                return [(_MUST, self._head(text))]
            return [(_MUST, self._phrase((text,)))]
        if word.match is Match.PREFIX:
            return self._prefix(text)
        distance = near_distance(text) if word.match is Match.NEAR else 0
        return [(_MUST, self._near(to.WORDS, text, distance))]

    def _prefix(self, text: str) -> list[_Clause]:
        found = self._head(text) if len(text) <= _SHORT else beginnings(to.WORDS, text)
        return [(_MUST, found)]

    def _heavier(self, word: Word) -> list[tantivy.Query]:
        """What a word weighs more: in the title, and exactly so where it need not be."""
        text = word.text
        if self.weights is None or is_cjk(text):
            return []
        distance = near_distance(text) if word.match is Match.NEAR else 0
        if word.match is not Match.PREFIX:
            titled = self._near(to.TITLE, text, distance)
        elif len(text) > _SHORT:
            titled = beginnings(to.TITLE, text)
        else:
            return []
        found = [tantivy.Query.boost_query(titled, TITLE_WEIGHT)]
        if distance or word.match is Match.PREFIX:
            found.append(self._term(to.WORDS, text))
        return found

    def _head(self, text: str) -> tantivy.Query:
        found = tantivy.Query.term_query(self.schema, to.HEADS, text)
        return tantivy.Query.const_score_query(found, 1.0)

    def _near(self, field: str, text: str, distance: int) -> tantivy.Query:
        if not distance:
            return self._term(field, text)
        return tantivy.Query.fuzzy_term_query(self.schema, field, text, distance)

    def _term(self, field: str, text: str) -> tantivy.Query:
        found = tantivy.Query.term_query(self.schema, field, text)
        return self._weighted(found, field, (text,))

    def _phrase(self, phrase: Sequence[str]) -> tantivy.Query:
        wanted = row(phrase)
        if len(wanted.terms) == 1 and wanted.open_end:
            return self._head(wanted.terms[0][1])
        found = row_query(self.schema, to.WORDS, wanted)
        terms = [term for _, term in wanted.terms]
        return found if wanted.open_end else self._weighted(found, to.WORDS, terms)

    def _weighted(
        self, found: tantivy.Query, field: str, terms: Sequence[str]
    ) -> tantivy.Query:
        if self.weights is None:
            return found
        boost = self.weights.boost(self.asked.searcher, field, terms)
        return tantivy.Query.boost_query(found, boost) if boost != 1.0 else found
