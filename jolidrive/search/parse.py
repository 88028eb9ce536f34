"""From what a person types to a query: nothing is an error, nothing is dropped in silence.

The text goes through Whoosh's query parser (`parse_syntax`); what comes back is walked here.
Words are cut by `model.words`, so that what is typed meets what was stored. Whatever makes no
sense is searched as plain words and carries a hint (`parse_hints` has the rule). `render` is
the way back.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from whoosh.qparser import plugins, syntax

from jolidrive.model.query import And, Everything, Field, Match, Not, Or, Phrase, Query, Word
from jolidrive.model.words import words

from .parse_hints import MAX_TEXT, deep_hint, long_hint
from .parse_syntax import FieldNode, syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jolidrive.model.result import Hint

    from .parse_fields import FieldTerm
    from .parse_operators import Node

_MAX_TREE: Final = 24
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»", '"'))


@dataclass(frozen=True, slots=True)
class Part:
    """One condition at the top level and the characters it was read from.

    Args:
        start: first character.
        end: the character after the last.
        query: the condition.
        term: where it was read from one field, or not that field: its values as written.
    """

    start: int
    end: int
    query: Query
    term: FieldTerm | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as understood.

    Args:
        text: as typed.
        query: all of `parts`.
        hints: what was not understood, in the order typed.
        parts: the conditions that must all hold, in the order typed.
        fields: the known fields with their places, those within brackets too.
    """

    text: str
    query: Query
    hints: tuple[Hint, ...]
    parts: tuple[Part, ...]
    fields: tuple[FieldTerm, ...]


def parse(text: str, *, now: datetime | None = None) -> Parsed:
    """Reads a query. Never raises.

    Args:
        text: as typed, at any moment of typing.
        now: what *today* means; the computer's clock when left out.
    """
    today = (now or datetime.now().astimezone()).date()
    read = text[:MAX_TEXT].translate(_QUOTES)
    tree, reading = syntax_tree(read, today)
    hints = reading.hints
    walk = _Walk(text, read)
    parts = tuple(walk.parts(tree))
    query = conjunction([part.query for part in parts])
    if _depth(query) > _MAX_TREE:
        parts = tuple(walk.plain())
        query = conjunction([part.query for part in parts])
        hints = [deep_hint(0, len(read))]
    if len(text) > MAX_TEXT:
        hints.append(long_hint(len(text)))
    hints.sort(key=lambda hint: (hint.start, hint.end))
    return Parsed(text, query, tuple(hints), parts, tuple(reading.fields))


def conjunction(queries: Sequence[Query]) -> Query:
    """All of them, flat: no *and* in an *and*, none around one, *everything* for nothing."""
    flat: list[Query] = []
    for query in queries:
        flat.extend(query.parts if isinstance(query, And) else [query])
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _disjunction(queries: Sequence[Query]) -> Query:
    flat: list[Query] = []
    for query in queries:
        flat.extend(query.parts if isinstance(query, Or) else [query])
    return Or(tuple(flat))


def _negation(query: Query) -> Query:
    return query.part if isinstance(query, Not) else Not(query)


def _depth(query: Query) -> int:
    match query:
        case And(parts) | Or(parts):
            return 1 + max(map(_depth, parts))
        case Not(part):
            return 1 + _depth(part)
    return 0


class _Walk:
    """Our visitor over Whoosh's tree of one text."""

    def __init__(self, text: str, read: str) -> None:
        self._read = read
        self._half_typed = len(read) if _goes_on(text, read) else None

    def parts(self, node: Node, outer: tuple[int, int] | None = None) -> Iterator[Part]:
        """The conditions of the top level, brackets and AND taken apart.

        Args:
            node: where to begin.
            outer: the brackets around it, where there is nothing else in them.
        """
        if type(node) is syntax.AndGroup:
            around = (outer or _span(node)) if len(node) == 1 else None
            for child in node:
                yield from self.parts(child, around)
            return
        query = self._query(node)
        span = outer or _span(node)
        for part in query.parts if isinstance(query, And) else (query,):
            yield Part(*span, part, _term(node))

    def plain(self) -> Iterator[Part]:
        """Nothing but the words."""
        for word in self._words(self._read, len(self._read)):
            yield Part(0, len(self._read), word, None)

    def _query(self, node: Node) -> Query:
        if isinstance(node, FieldNode):
            return self._field(node.term)
        if isinstance(node, syntax.NotGroup):
            return _negation(self._query(node[0]))
        if isinstance(node, syntax.OrGroup):
            return _disjunction([self._query(child) for child in node])
        if isinstance(node, syntax.GroupNode):
            return conjunction([self._query(child) for child in node])
        return self._text(node)

    def _text(self, node: Node) -> Query:
        if isinstance(node, plugins.PhrasePlugin.PhraseNode):
            phrase = tuple(words(node.text))
            return Phrase(phrase) if len(phrase) > 1 else Word(phrase[0])
        last = None
        if isinstance(node, plugins.PrefixPlugin.PrefixNode):
            last = Match.PREFIX
        elif isinstance(node, plugins.FuzzyTermPlugin.FuzzyTermNode):
            last = Match.NEAR
        return conjunction(self._words(node.text, node.endchar, last))

    def _field(self, term: FieldTerm) -> Query:
        """The values that make sense, and the words of those that make none."""
        queries: list[Query] = [Field(term.name, term.values)] if term.values else []
        for bad in term.written:
            if bad.value is None:
                queries.extend(self._words(self._read[bad.start : bad.end], bad.end))
        return conjunction(queries)

    def _words(self, text: str, end: int, last: Match | None = None) -> list[Word]:
        """The words of a piece of text; the last one as told, else as typing has left it."""
        if last is None:
            last = Match.PREFIX if end == self._half_typed else Match.WHOLE
        found = words(text)
        return [Word(word) for word in found[:-1]] + [Word(word, last) for word in found[-1:]]


def _goes_on(text: str, read: str) -> bool:
    """Whether a word ends the text, so that it may still be growing."""
    if not read or len(text) > len(read):
        return False
    return bool(words(read[-1])) or unicodedata.category(read[-1]).startswith("M")


def _span(node: Node) -> tuple[int, int]:
    """From the first to the last character, brackets and signs included."""
    if not isinstance(node, syntax.GroupNode):
        tilde = isinstance(node, plugins.FuzzyTermPlugin.FuzzyTermNode)
        return node.startchar, node.endchar + tilde
    start = node.kwargs.get("opens")
    end = node.kwargs.get("closes")
    return (
        _span(node[0])[0] if start is None else start,
        _span(node[-1])[1] if end is None else end,
    )


def _term(node: Node) -> FieldTerm | None:
    while isinstance(node, syntax.GroupNode) and len(node) == 1:
        node = node[0]
    return node.term if isinstance(node, FieldNode) else None
