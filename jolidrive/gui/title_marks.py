"""Which words of a title the query's bare words match, by the one rule for words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jolidrive.model.words import fold, is_cjk, words

if TYPE_CHECKING:
    from .painting import Marks

_FIELD: Final = re.compile(r'-?\w+:(?:"[^"]*"|\S*)|(?<!\S)-\S+')
_OPERATORS: Final = re.compile(r"\b(?:AND|OR|NOT)\b")
_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)


class TitleMarks:
    """Finds the matches of one query."""

    def __init__(self, query: str = "") -> None:
        bare = _OPERATORS.sub(" ", _FIELD.sub(" ", query))
        self._whole = set(words(bare))
        open_end = bool(bare) and bare[-1:].isalnum()
        last = words(bare)[-1:] if open_end else []
        starred = [word for part in re.findall(r"(\S+)\*", bare) for word in words(part)[-1:]]
        self._starts = tuple({*last, *starred})

    def of(self, title: str) -> Marks:
        """Places of the matched words."""
        if not self._whole:
            return ()
        found = [match.span() for match in _WORD.finditer(title) if self._meets(match[0])]
        return (*found, *self._inside_cjk(title)) if found else self._inside_cjk(title)

    def _meets(self, word: str) -> bool:
        folded = fold(word)
        if not folded.isascii() and any(is_cjk(piece) for piece in words(word)):
            return False
        return folded in self._whole or (bool(self._starts) and folded.startswith(self._starts))

    def _inside_cjk(self, title: str) -> Marks:
        """Runs without spaces: the piece that was asked for, wherever it stands."""
        pieces = [word for word in self._whole if is_cjk(word)]
        return tuple(
            (at, at + len(piece)) for piece in pieces if (at := title.find(piece)) >= 0
        )
