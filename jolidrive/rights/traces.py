"""How a text can lie in bytes: the spellings that are looked for.

A text is looked for in UTF-8 and UTF-16, in capitals or not, with any of its letters written
as JSON escape, percent escape or HTML reference (mixed, as JSON mixes them), and in base64.

Question: why no regular expressions for all that? Answer: tried; one branch a letter reads
2 MB a second. Spelling the *bytes* plainly once and looking for plain text reads a hundred.
"""

from __future__ import annotations

import base64
import html
import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.model.words import fold, is_cjk, pairs, words

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CHARS: Final = 1_000
"""A text is cut there: whoever finds its beginning has found it."""

_MOST_CAPITALS: Final = 6
_ESCAPED: Final = re.compile(
    rb"[\\%&](?:u[0-9a-f]{4}(?:\\ud[c-f][0-9a-f]{2})?|[0-9a-f]{2}|#x?[0-9a-f]{1,7};"
    rb"|[a-z]{2,6};|[\"\\/nrt])"
)
"""Begins with one set of letters, which the engine skips to: 100 MB a second, else 3."""
_PLAIN: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_ALPHABETS: Final = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class Traces:
    """What to look for.

    Args:
        plain: of each text, its spellings as lower-case bytes, with the way they are written.
        coded: the same in base64, whose letters keep their case.
        longest: bytes the longest spelling can have.
        terms: of each text, the terms an index would hold.
        folded: of each text, the value an index would hold whole.
    """

    plain: tuple[tuple[str, bytes], ...]
    coded: tuple[bytes, ...]
    longest: int
    terms: tuple[tuple[str, ...], ...]
    folded: tuple[str, ...]

    def in_bytes(self, data: bytes | bytearray) -> list[str]:
        """How a text lies in these bytes; empty when it does not."""
        low = data.lower()
        ways = {how for how, form in self.plain if form in low}
        if "text" not in ways:
            spelled = _ESCAPED.sub(_spelled, low)
            if len(spelled) != len(low):
                spelled = spelled.lower()
                ways.update(f"escaped {how}" for how, form in self.plain if form in spelled)
        letters = data.translate(_ALPHABETS, b"\r\n\\")
        if any(form in letters for form in self.coded):
            ways.add("base64")
        return sorted(ways)


def traces_of(texts: Iterable[str]) -> Traces:
    """What to look for; empty texts are left out."""
    wanted = [text[:MOST_CHARS] for text in texts if text]
    spelled = _once(
        unicodedata.normalize(form, text) for text in wanted for form in ("NFC", "NFD")
    )
    spelled = _once([*wanted, *spelled])
    plain = [
        (how, form.encode(encoding, "surrogatepass").lower())
        for text in spelled
        for form in _capitals(text)
        for how, encoding in (
            ("text", "utf-8"),
            ("utf-16", "utf-16-le"),
            ("utf-16", "utf-16-be"),
        )
    ]
    coded = [form for text in spelled for form in _as_base64(text)]
    # The longest way to write a character: one whose capital is three, each as a reference.
    longest = max((48 * len(text) for text in spelled), default=0) + 64
    return Traces(
        plain=tuple(dict.fromkeys(plain)),
        coded=tuple(dict.fromkeys(coded)),
        longest=longest,
        terms=tuple(_terms(text) for text in wanted),
        folded=tuple(fold(text) for text in wanted),
    )


def _spelled(found: re.Match[bytes]) -> bytes:
    """What an escape stands for; bytes are lower-case already."""
    escape = found[0]
    if escape.startswith(b"&"):
        return html.unescape(escape.decode("ascii")).encode("utf-8", "replace")
    if escape.startswith(b"%"):
        return bytes((int(escape[1:], 16),)) if len(escape) == 3 else escape
    if len(escape) == 2:
        return _PLAIN.get(escape[1:], escape[1:])
    if not escape.startswith(b"\\u") or escape.endswith(b";"):
        return escape
    units = bytes.fromhex(escape.replace(b"\\u", b"").decode())
    return units.decode("utf-16-be", "surrogatepass").encode("utf-8", "replace")


def _terms(text: str) -> tuple[str, ...]:
    """As the index cuts it; the last letter of a CJK run stands alone only at its end."""
    terms: list[str] = []
    for word in words(text):
        terms.extend(pairs(word)[:-1] or [word] if is_cjk(word) else [word])
    return tuple(terms)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _capitals(text: str) -> list[str]:
    """The text with each letter beyond ASCII in either case (ASCII is compared without)."""
    whole = [text, text.lower(), text.upper(), text.title(), text.casefold()]
    choices = [
        _once((letter, letter.lower(), letter.upper())) if letter > "\x7f" else [letter]
        for letter in text
    ]
    if sum(len(choice) > 1 for choice in choices) <= _MOST_CAPITALS:
        whole.extend("".join(letters) for letters in itertools.product(*choices))
    return _once(whole)


def _as_base64(text: str) -> list[bytes]:
    """At each of the three places a text can begin at, without the letters neighbours share."""
    found: list[bytes] = []
    for form in _once((text, text.lower(), text.upper(), text.title())):
        raw = form.encode("utf-8", "surrogatepass")
        for before in range(3):
            letters = base64.b64encode(bytes(before) + raw)
            start = (before * 8 + 5) // 6
            end = (before + len(raw)) * 8 // 6
            # Shorter ones are found in any noise.
            if end - start >= 5:
                found.append(letters[start:end])
    return found
