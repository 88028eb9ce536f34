"""AND, OR, NOT and the minus, as Whoosh's `OperatorsPlugin` calls them.

Whoosh's own operators delete themselves where they have nothing to work on, and take another
operator for an operand. These become plain words then, with a hint.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from whoosh.qparser import syntax

from jolidrive.model.words import words

from .parse_hints import operator_hint

Node: TypeAlias = Any  # whoosh ships no types


def word_node(text: str, start: int) -> Node:
    """A plain word in Whoosh's tree."""
    return syntax.WordNode(text).set_range(start, start + len(text))


class Operator:
    """What `OperatorsPlugin` calls to put an operator in place of its operands."""

    has_boost = False

    def __init__(self, text: str, grouptype: Node, leftassoc: object) -> None:
        self.text = text
        self.grouptype = grouptype
        self.leftassoc = leftassoc
        self.startchar = self.endchar = 0

    def set_range(self, start: int, end: int) -> Operator:
        """Whoosh tells where it stands."""
        self.startchar, self.endchar = start, end
        return self

    def is_ws(self) -> bool:
        """Whether Whoosh may drop it as a space."""
        return False

    def stand_alone(self, parser: Node, group: Node, position: int) -> int:
        """Becomes a plain word, and says so; a minus is no word and goes like a full stop."""
        text = self.text.rstrip()
        if not words(text):
            del group[position]
            return position
        hint = operator_hint(text, self.startchar, self.startchar + len(text))
        parser.reading.hints.append(hint)
        group[position] = word_node(text, self.startchar)
        return position + 1


class Join(Operator):
    """AND, OR: joins the nodes left and right of it."""

    def replace_self(self, parser: Node, group: Node, position: int) -> int:
        """Whoosh's protocol: changes the group, returns where to look on."""
        if not 0 < position < len(group) - 1:
            return self.stand_alone(parser, group, position)
        left, right = group[position - 1], group[position + 1]
        if isinstance(left, Operator) or isinstance(right, Operator):
            return self.stand_alone(parser, group, position)
        if isinstance(left, self.grouptype) and left.kwargs.get("joined"):
            left.append(right)
            del group[position : position + 2]
        else:
            group[position - 1 : position + 2] = [self.grouptype([left, right], joined=True)]
        return position


class Refuse(Operator):
    """NOT and the minus, also several in a row: takes the node after it."""

    def replace_self(self, parser: Node, group: Node, position: int) -> int:
        """Whoosh's protocol: changes the group, returns where to look on."""
        right = group[position + 1] if position + 1 < len(group) else None
        if right is None or isinstance(right, Operator):
            return self.stand_alone(parser, group, position)
        odd = (self.text.count("NOT") + self.text.count("-")) % 2
        group_type = syntax.NotGroup if odd else syntax.AndGroup
        group[position : position + 2] = [group_type([right], opens=self.startchar)]
        return position
