"""The one rule for words: folding text and cutting it into words.

The index, the query, the excerpt and every test use these functions, so that what is typed
meets what was stored. Question: where does a word end? Answer: at everything that is no letter,
digit or mark (`_` and `'` too), and at each change between Chinese, Japanese or Korean
characters and others.

Runs of CJK characters have no spaces to cut at; they are stored as overlapping pairs plus the
last character, so that two characters are one term, more are a phrase of pairs, and one is the
beginning of a pair.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_WORD: Final = 100
"""Longer words are cut to this many characters, in the index and in the query alike."""

_CJK: Final = (
    "\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u3038-\u303b\u3041-\u3096\u3099-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3100-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_CJK_RUN: Final = re.compile(f"[{_CJK}]+")


class _Separators(dict[int, int]):
    """Maps every character that is no letter, digit or mark to a space; learns as it goes."""

    def __missing__(self, code: int) -> int:
        kept = code if unicodedata.category(chr(code))[0] in "LNM" else 32
        self[code] = kept
        return kept


_separators: Final = _Separators(
    {code: code if chr(code).isalnum() else 32 for code in range(128)}
)


def fold(text: str) -> str:
    """Case and accents taken away; what is left is composed again, so Hangul stays whole."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def words(text: str) -> list[str]:
    """The folded words of a text, in order; a CJK run is one word."""
    folded = fold(text).translate(_separators)
    if not folded.isascii():
        folded = _CJK_RUN.sub(r" \g<0> ", folded)
    return [word[:MAX_WORD] for word in folded.split()]


def is_cjk(word: str) -> bool:
    """Whether a word (as cut by `words`) is a run of CJK characters."""
    return not word.isascii() and _CJK_RUN.match(word) is not None


def pairs(run: str) -> list[str]:
    """The terms a CJK run is stored as: overlapping pairs, then its last character."""
    return [run[i : i + 2] for i in range(len(run))]


def index_terms(text: str) -> list[str]:
    """The terms of a text as the index stores them, in order."""
    found = words(text)
    if text.isascii():
        return found
    terms: list[str] = []
    for word in found:
        if is_cjk(word):
            terms.extend(pairs(word))
        else:
            terms.append(word)
    return terms
