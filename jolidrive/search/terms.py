"""From folded words to the terms they are stored as, and to Tantivy's queries for them.

A run of CJK characters is stored as overlapping pairs and its last character, so a run asked
for is a row of pairs, and one character is the beginning of a term. Tantivy wants at least two
terms in a phrase (one makes it panic), which is taken care of here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import tantivy

from jolidrive.model.words import is_cjk
from jolidrive.store import index_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

OR_LONGER: Final = ".*"
"""What makes a regular expression of a word its beginnings; words hold nothing special."""


@dataclass(frozen=True, slots=True)
class Row:
    """Terms at their distance from the first; the last may be the beginning of one."""

    terms: tuple[tuple[int, str], ...]
    open_end: bool = False


def row(words: Sequence[str], *, prefix: bool = False) -> Row:
    """The row of terms that words in a row are stored as.

    Args:
        words: folded words, as `words.words` cuts them.
        prefix: the last word may go on.
    """
    found: list[tuple[int, str]] = []
    at = 0
    open_end = prefix
    for place, word in enumerate(words, 1):
        if not is_cjk(word):
            found.append((at, word))
            at += 1
            continue
        if len(word) == 1:
            found.append((at, word))
        else:
            found.extend((at + i, word[i : i + 2]) for i in range(len(word) - 1))
        at += len(word)
        if place == len(words):
            open_end = len(word) == 1
        elif len(word) > 1:
            found.append((at - 1, word[-1]))  # stored where a run ends, which it must here
    return Row(tuple(found), open_end)


@lru_cache(maxsize=32)
def beginnings(field: str, text: str) -> tantivy.Query:
    """Terms of a field that begin so. Kept: making one takes 0.25 ms an index."""
    return tantivy.Query.regex_query(index_schema.schema(), field, text + OR_LONGER)


def row_query(schema: tantivy.Schema, field: str, wanted: Row) -> tantivy.Query:
    """The query for a row in a field with positions."""
    terms = wanted.terms
    if not terms:
        return tantivy.Query.empty_query()
    if len(terms) == 1:
        term = terms[0][1]
        if wanted.open_end:
            return beginnings(field, term)
        return tantivy.Query.term_query(schema, field, term)
    if wanted.open_end:
        last_at, last = terms[-1]
        patterns = [*terms[:-1], (last_at, last + OR_LONGER)]
        return tantivy.Query.regex_phrase_query(schema, field, list(patterns))
    return tantivy.Query.phrase_query(schema, field, list(terms))
