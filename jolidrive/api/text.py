"""Text out of HTML, for connectors whose service sends HTML (posts, notes)."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS = """
    address article aside blockquote br dd div dl dt figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul
"""
_BREAKS: Final = frozenset(_BLOCKS.split())
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript", "head", "title"})
_BLANKS: Final = re.compile(r"[^\S\n]+")
_EMPTY_LINES: Final = re.compile(r"\n\s*\n+")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BREAKS:
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def plain_text(html: str) -> str:
    """The text of HTML: blocks become lines, scripts and styles vanish, entities are read."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    text = _BLANKS.sub(" ", "".join(parser.pieces))
    lines = (line.strip() for line in _EMPTY_LINES.sub("\n", text).split("\n"))
    return "\n".join(line for line in lines if line)
