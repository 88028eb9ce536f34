"""How many items of an index a query can match, by word counts alone.

It chooses between two ways to the same answer (count by posting list or by column, look among
titles first or not), so it may be far too high, and never costs more than a few look-ups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jolidrive.model.query import And, Match, Or, Phrase, Query, Word
from jolidrive.model.words import is_cjk
from jolidrive.store import index_schema as to

if TYPE_CHECKING:
    import tantivy


def at_most(query: Query, searcher: tantivy.Searcher) -> int:
    """No more items than this match."""
    every = int(searcher.num_docs)
    match query:
        case Word():
            return min(every, _word(query, searcher, every))
        case Phrase():
            plain = [Word(word) for word in query.words if not is_cjk(word)]
            return min([every, *(_word(word, searcher, every) for word in plain)])
        case And():
            return min([every, *(at_most(part, searcher) for part in query.parts)])
        case Or():
            return min(every, sum(at_most(part, searcher) for part in query.parts))
    return every


def _word(word: Word, searcher: tantivy.Searcher, every: int) -> int:
    if is_cjk(word.text) or word.match is Match.NEAR:
        return every
    if word.match is Match.PREFIX:
        return int(searcher.doc_freq(to.HEADS, word.text[:2]))
    return int(searcher.doc_freq(to.WORDS, word.text))
