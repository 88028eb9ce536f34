"""The one rule for words: folding text and cutting it into words.

The index, the query, the excerpt and every test use these functions, so that what is typed
meets what was stored. Question: where does a word end? Answer: at everything that is no letter,
digit or mark (`_` and `'` too), and at each change between Chinese, Japanese or Korean
characters and others.

Runs of CJK characters have no spaces to cut at; they are stored as overlapping pairs plus the
last character, so that two characters are one term, more are a phrase of pairs, and one is the
beginning of a pair. A run has no longest length: cutting it would lose what follows.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_WORD: Final = 100
"""Longer words are cut to this many characters, in the index and in the query alike."""

_CJK: Final = (
    "\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u3038-\u303b\u3041-\u3096\u3099-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3100-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_CJK_RUN: Final = re.compile(f"[{_CJK}]+")
_LONG: Final = re.compile(rf"(?<![^ ])[^ ]{{{MAX_WORD + 1},}}")
_RUN: Final = re.compile(r"[^ ]+")


class _Separators(dict[int, int]):
    """Maps every character that is no letter, digit or mark to a space; learns as it goes."""

    def __missing__(self, code: int) -> int:
        kept = code if unicodedata.category(chr(code))[0] in "LNM" else 32
        self[code] = kept
        return kept


class _Bare(dict[int, int | None]):
    """Drops every character of combining class above 0; learns as it goes."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        self[code] = kept
        return kept


_separators: Final = _Separators(
    {code: code if chr(code).isalnum() else 32 for code in range(128)}
)
_ASCII: Final = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256)
)
"""Folds and separates plain ASCII in one step: ten times as fast as `str.translate`."""
_bare: Final = _Bare({code: code for code in range(128)})


def _decompose(text: str) -> str:
    """Everything of folding but composing again; the same letter by letter as as a whole."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return decomposed.translate(_bare)


def fold(text: str) -> str:
    """Case and accents taken away; what is left is composed again, so Hangul stays whole."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _decompose(text))


def _cut(match: re.Match[str]) -> str:
    word = match[0]
    return word if is_cjk(word) else word[:MAX_WORD]


def _spaced(text: str) -> str:
    """The folded words of a text with spaces between (also at the ends, and several)."""
    if text.isascii():
        spaced = text.encode().translate(_ASCII).decode()
    else:
        spaced = fold(text).translate(_separators)
        if not spaced.isascii():
            spaced = _CJK_RUN.sub(r" \g<0> ", spaced)
    return _LONG.sub(_cut, spaced) if _may_be_long(spaced) else spaced


def _may_be_long(spaced: str) -> bool:
    """Whether some stretch of half the longest word has no space; far cheaper than a regex."""
    half = MAX_WORD // 2
    if len(spaced) <= MAX_WORD:
        return False
    full = range(0, len(spaced) - half + 1, half)
    return any(" " not in spaced[at : at + half] for at in full)


def words(text: str) -> list[str]:
    """The folded words of a text, in order; a CJK run is one word."""
    return _spaced(text).split()


def is_cjk(word: str) -> bool:
    """Whether a word (as cut by `words`) is a run of CJK characters."""
    return not word.isascii() and _CJK_RUN.match(word) is not None


def pairs(run: str) -> list[str]:
    """The terms a CJK run is stored as: overlapping pairs, then its last character."""
    return [run[i : i + 2] for i in range(len(run))]


def _paired(match: re.Match[str]) -> str:
    return " ".join(pairs(match[0]))


def index_text(text: str) -> str:
    """The terms of a text as the index stores them, in order, with spaces between."""
    spaced = _spaced(text)
    return spaced if spaced.isascii() else _CJK_RUN.sub(_paired, spaced)


def index_terms(text: str) -> list[str]:
    """The terms of a text as the index stores them, in order."""
    return index_text(text).split()


@dataclass(frozen=True, slots=True)
class Span:
    """A folded word and where it stands in the text as it was written.

    Args:
        word: as `words` gives it.
        start: first character in the original text.
        end: one after the last character, accents that follow it included.
        places: for a CJK run, the original place of each of its characters, then `end`.
    """

    word: str
    start: int
    end: int
    places: tuple[int, ...] = ()


def spans(text: str) -> Iterator[Span]:
    """The words of a text, the same as `words` gives, with their places in it."""
    if text.isascii():
        for match in _RUN.finditer(text.encode().translate(_ASCII).decode()):
            yield Span(match[0][:MAX_WORD], match.start(), match.end())
        return
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        piece = _decompose(character)
        pieces.append(piece)
        places.extend([place] * len(piece))
    spaced = "".join(pieces).translate(_separators)
    for run in _RUN.finditer(spaced):
        yield from _within(text, run, places)


def _within(text: str, run: re.Match[str], places: list[int]) -> Iterator[Span]:
    """Cuts what stands between two separators at each change between CJK and others."""
    at = run.start()
    while at < run.end():
        cjk = _CJK_RUN.match(run.string, at, run.end())
        other = None if cjk else _CJK_RUN.search(run.string, at, run.end())
        until = cjk.end() if cjk else other.start() if other else run.end()
        word = unicodedata.normalize("NFC", run.string[at:until])
        end = places[until - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if cjk:
            yield Span(word, places[at], end, (*_characters(word, at, places), end))
        else:
            yield Span(word[:MAX_WORD], places[at], end)
        at = until


def _characters(run: str, at: int, places: list[int]) -> Iterator[int]:
    """The original place of each character of a composed run."""
    for character in run:
        yield places[at]
        at += len(unicodedata.normalize("NFD", character))
