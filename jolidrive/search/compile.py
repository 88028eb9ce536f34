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


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one account; `weights` only where the order depends on the match."""

    asked: Asked
    schema: tantivy.Schema
    weights: Weights | None = None

    def compile(self, query: Query) -> tantivy.Query:
        """The query for the account's index."""
        return self._joined(self._clauses(query))

    def _joined(self, clauses: Sequence[_Clause]) -> tantivy.Query:
        if len(clauses) == 1 and clauses[0][0] is _MUST:
            return clauses[0][1]
        if not any(occur is _MUST for occur, _ in clauses):
            clauses = [(_MUST, everything(self.schema)), *clauses]
        return tantivy.Query.boolean_query(list(clauses))

    def _clauses(self, query: Query) -> list[_Clause]:
        match query:
            case Word():
                return self._word(query)
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
        return tantivy.Query.boolean_query([(_SHOULD, self.compile(part)) for part in parts])

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
        clauses = [(_MUST, self._near(to.WORDS, text, distance))]
        if distance and self.weights:
            clauses.append((_SHOULD, self._term(to.WORDS, text)))
        if self.weights:
            titled = self._near(to.TITLE, text, distance)
            clauses.append((_SHOULD, tantivy.Query.boost_query(titled, TITLE_WEIGHT)))
        return clauses

    def _prefix(self, text: str) -> list[_Clause]:
        if len(text) <= _SHORT:
            return [(_MUST, self._head(text))]
        clauses = [(_MUST, beginnings(to.WORDS, text))]
        if self.weights:
            titled = beginnings(to.TITLE, text)
            clauses.append((_SHOULD, tantivy.Query.boost_query(titled, TITLE_WEIGHT)))
            clauses.append((_SHOULD, self._term(to.WORDS, text)))
        return clauses

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
