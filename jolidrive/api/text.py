"""Text out of HTML, for connectors whose service sends HTML (posts, notes), and for files.

Question: why not the standard library's parser? Answer: the HTML comes from strangers. Its
time grows with the square of unclosed tags, and one long number entity makes it raise; nh3
hangs on half a million nested tags. This reads from left to right once, never goes back,
and never raises.
"""

from __future__ import annotations

import html as entities
import re
from typing import Final

_BLOCKS = """
    address article aside blockquote br dd div dl dt figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul
"""
_BREAKS: Final = frozenset(_BLOCKS.split())
_CELLS: Final = frozenset({"td", "th"})
_ENDS: Final = {
    tag: re.compile(f"</{tag}(?=[\\s/>])", re.IGNORECASE)
    for tag in ("script", "style", "template", "noscript", "title")
}
"""Tags whose content is hidden, each with where it ends."""
_TAG: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,20})")
_ENTITY: Final = re.compile(
    "&(?:#[0-9]{1,7}(?![0-9])|#[xX][0-9a-fA-F]{1,6}(?![0-9a-fA-F])|[a-zA-Z][a-zA-Z0-9]{1,31});?"
)


def plain_text(html: str) -> str:
    """The text of HTML: blocks become lines, scripts and styles vanish, entities are read."""
    pieces: list[str] = []
    at = 0
    while (start := html.find("<", at)) >= 0:
        pieces.append(html[at:start])
        at, shown = _after_tag(html, start)
        if at < 0:
            break
        pieces.append(shown)
    else:
        pieces.append(html[at:])
    text = _ENTITY.sub(lambda found: entities.unescape(found[0]), "".join(pieces))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _after_tag(html: str, start: int) -> tuple[int, str]:
    """Where reading goes on after the `<` at `start` (-1: nowhere), and what it shows as."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return (end + 3 if end >= 0 else -1), ""
    tag = _TAG.match(html, start)
    if tag is None and html[start + 1 : start + 2] not in {"!", "?", "/"}:
        return start + 1, "<"
    end = html.find(">", start)
    if end < 0:
        return -1, ""
    name = tag[1].lower() if tag else ""
    if name in _ENDS and html[start + 1] != "/":
        close = _ENDS[name].search(html, end)
        return (close.start() if close else -1), ""
    if name in _BREAKS:
        return end + 1, "\n"
    return end + 1, " " if name in _CELLS else ""
