"""Whoosh's query parser, set up for our language: text in, its syntax tree out.

Only `QueryParser.process` is used (its tagging, plugins and filters), never `parse()`. Whoosh's
own plugins read spaces, phrases, `word*` and `word~` and join what operators join; three parts
are ours, because theirs lose something in silence:

- `_Fields`: the value of a field takes several words along, which must be known before
  operators are, and an unknown field becomes a word with a hint;
- `_Brackets`: keeps where brackets stand, closes open ones at the end, stops at a depth Python
  can walk;
- `Join` and `Refuse`: an operator without operands becomes a word with a hint (Whoosh deletes
  it), also when its neighbour is an operator.

Whoosh has no types, so its classes are not derived from; its plugins are duck-typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from whoosh.qparser import plugins, syntax
from whoosh.qparser.default import QueryParser

from jolidrive.model.query import FieldName
from jolidrive.model.words import words

from . import parse_hints
from .parse_fields import FieldTerm, read_field
from .parse_operators import Join, Node, Operator, Refuse, word_node

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from jolidrive.model.result import Hint

MAX_DEPTH: Final = 60
"""Brackets in brackets beyond this are not read as such."""

_Filter: TypeAlias = "Callable[[Node, Node], Node]"

_WORD_START: Final = r"(?:(?<![^\s()\"])|(?<=[\s(]-)|(?<=^-))"
_WORD_STOP: Final = r"(?=[\s()\"]|$)"
_NAME: Final = re.compile(rf"{_WORD_START}([^\W\d]\w*):(?!//)")
_NOTHING: Final = "(?!)"


@dataclass(slots=True)
class Reading:
    """What one run knows and finds; hung on its parser, where every plugin sees it.

    Args:
        today: what dates are counted from.
        fields: the known fields, in the order typed, within brackets too.
        hints: what was odd.
    """

    today: date
    fields: list[FieldTerm] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)


class FieldNode:
    """A field with its values, as a node of Whoosh's tree."""

    has_boost = False

    def __init__(self, term: FieldTerm, text: str) -> None:
        self.term = term
        self.says_something = any(
            one.value is not None or words(text[one.start : one.end]) for one in term.written
        )
        self.startchar = term.start
        self.endchar = term.end

    def is_ws(self) -> bool:
        """Whether Whoosh may drop it as a space."""
        return False


class _Mark:
    """A bracket, until `_Brackets.nest` has made groups."""

    has_boost = False

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.startchar = start
        self.endchar = start + 1


class _Fields:
    """Tags `name:` together with the values that follow it."""

    def taggers(self, _parser: Node) -> list[tuple[_Fields, int]]:
        """Whoosh's protocol; before everything else, since values hold quotes and stars."""
        return [(self, -1)]

    def filters(self, _parser: Node) -> tuple[()]:
        """Whoosh's protocol."""
        return ()

    def match(self, parser: Node, text: str, pos: int) -> Node | None:
        """The field at `pos`; an unknown one is a word with a hint."""
        found = _NAME.match(text, pos)
        if found is None:
            return None
        name = _FIELD_NAMES.get(found[1].lower())
        if name is None:
            hint = parse_hints.unknown_field_hint(found[1], pos, found.end())
            parser.reading.hints.append(hint)
            return word_node(found[0], pos)
        term = read_field(text, pos, name, found.end(), parser.reading.today)
        parser.reading.fields.append(term)
        parser.reading.hints.extend(_value_hints(term))
        return FieldNode(term, text)


class _Brackets:
    """Groups in round brackets."""

    def taggers(self, _parser: Node) -> list[tuple[_Brackets, int]]:
        """Whoosh's protocol."""
        return [(self, 0)]

    def filters(self, _parser: Node) -> list[tuple[_Filter, int]]:
        """Whoosh's protocol: nest first, and drop what says nothing once spaces are gone."""
        return [(self.nest, 0), (drop_silent, 550)]

    def match(self, _parser: Node, text: str, pos: int) -> Node | None:
        """A bracket at `pos`."""
        return _Mark(text[pos], pos) if text[pos] in "()" else None

    def nest(self, parser: Node, flat: Node) -> Node:
        """Makes groups of what stands between brackets; an open one counts to the end."""
        hints = parser.reading.hints
        stack = [syntax.AndGroup()]
        for node in flat:
            if not isinstance(node, _Mark):
                stack[-1].append(node)
            elif node.text == "(" and len(stack) <= MAX_DEPTH:
                stack.append(syntax.AndGroup(opens=node.startchar))
            elif node.text == ")" and len(stack) > 1:
                group = stack.pop()
                group.kwargs["closes"] = node.endchar
                stack[-1].append(group)
            else:
                hints.append(parse_hints.lone_bracket_hint(node.startchar))
        while len(stack) > 1:
            group = stack.pop()
            hints.append(parse_hints.open_bracket_hint(group.kwargs["opens"]))
            stack[-1].append(group)
        return stack[0]


class _OpenQuote:
    """A quote that no phrase has taken is a space with a hint."""

    def taggers(self, _parser: Node) -> list[tuple[_OpenQuote, int]]:
        """Whoosh's protocol; after phrases."""
        return [(self, 1)]

    def filters(self, _parser: Node) -> tuple[()]:
        """Whoosh's protocol."""
        return ()

    def match(self, parser: Node, text: str, pos: int) -> Node | None:
        """A quote at `pos`."""
        if text[pos] != '"':
            return None
        parser.reading.hints.append(parse_hints.quote_hint(pos))
        return syntax.Whitespace().set_range(pos, pos + 1)


def syntax_tree(text: str, today: date) -> tuple[Node, Reading]:
    """Whoosh's tree of a text, and what was found on the way."""
    parser = QueryParser(None, None, plugins=_plugins())
    reading = parser.reading = Reading(today)
    return parser.process(text), reading


def drop_silent(parser: Node, group: Node) -> Node:
    """Takes away nodes without any word, so that operators see only what can be searched."""
    kept = group.empty_copy()
    for child in group:
        node = drop_silent(parser, child) if isinstance(child, syntax.GroupNode) else child
        if _says_something(node):
            kept.append(node)
    return kept


def _says_something(node: Node) -> bool:
    if isinstance(node, FieldNode):
        return node.says_something
    if isinstance(node, syntax.GroupNode):
        return any(not isinstance(child, Operator) or words(child.text) for child in node)
    return isinstance(node, Operator) or bool(words(node.text))


def _value_hints(term: FieldTerm) -> list[Hint]:
    """One for each value that makes no sense, or one for a field without any."""
    if not term.written:
        return [parse_hints.value_hint(term.name, term.start, term.end)]
    return [
        parse_hints.value_hint(term.name, term.start if position == 0 else bad.start, bad.end)
        for position, bad in enumerate(term.written)
        if bad.value is None
    ]


_FIELD_NAMES: Final = {str(name): name for name in FieldName}


@cache
def _plugins() -> tuple[Node, ...]:
    """Made once; none of them keeps anything of a run."""
    tag = plugins.OperatorsPlugin.OpTagger
    refuse = r"(?<![^\s()])(?:NOT(?=[\s(]|$)\s*|-(?=[^\s()-]|\())+"
    operators = [
        (tag(refuse, syntax.NotGroup, Refuse, leftassoc=False), 0),
        (tag(rf"(?<![^\s()\"])AND{_WORD_STOP}", syntax.AndGroup, Join), 0),
        (tag(rf"(?<![^\s()\"])OR{_WORD_STOP}", syntax.OrGroup, Join), 0),
    ]
    fuzzy = rf"(?<=[^\s\"()*~])~(?P<maxdist>{_NOTHING})?(?P<prefix>{_NOTHING})?{_WORD_STOP}"
    return (
        _Fields(),
        plugins.PhrasePlugin(rf'"(?P<text>[^"]*)"(?P<slop>{_NOTHING})?'),
        plugins.FuzzyTermPlugin(fuzzy),
        _Brackets(),
        plugins.OperatorsPlugin(operators, clean=True),
        plugins.PrefixPlugin(rf"(?<![^\s*\"()-])(?P<text>[^\s*\"()]+)[*]{_WORD_STOP}"),
        _OpenQuote(),
    )
