"""A piece of text around the words that were found, with those words marked.

Tantivy's own marks no beginnings, near spellings or CJK words, and it knows only what is in
the index; this one uses the one rule for words on the item as the store has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jolidrive.model.result import Excerpt
from jolidrive.model.words import spans

from .match import Wanted, places_of, wanted_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jolidrive.model.item import StoredItem
    from jolidrive.model.query import Query

__all__ = ["excerpt", "title_marks", "wanted_words"]

LENGTH: Final = 200
_PIECE: Final = 20_000
_AROUND: Final = 40
_ELLIPSIS: Final = "…"

Mark = tuple[int, int, int]
"""Start and end in a text, and which of the wanted words it is."""


def title_marks(query: Query, title: str) -> tuple[tuple[int, int], ...]:
    """The places in a title that a query's words match."""
    found = _marks(title, wanted_words(query))
    return _without_overlaps((start, end) for start, end, _ in found)


def excerpt(query: Query, stored: StoredItem) -> Excerpt:
    """About 200 characters around the densest matches: of the text, the content, the rest."""
    wanted = wanted_words(query)
    texts = [text for text in _texts(stored) if text]
    if not texts:
        return Excerpt()
    for text in texts if wanted else ():
        piece, marks = _best_piece(text, wanted)
        if marks:
            return _cut(piece, marks)
    return _cut(texts[0][:_PIECE], ())


def _texts(stored: StoredItem) -> Iterator[str]:
    item = stored.item
    yield item.text
    yield stored.content
    yield stored.marks.note
    yield item.album or ""
    yield item.folder or ""
    yield item.place.name or "" if item.place else ""
    yield ", ".join((*item.tags, *stored.marks.tags))
    yield ", ".join(
        value for person in item.people for value in (person.name, person.handle) if value
    )


def _best_piece(text: str, wanted: Sequence[Wanted]) -> tuple[str, Sequence[Mark]]:
    """Long contents are looked through piece by piece until every word was seen together."""
    best: tuple[str, Sequence[Mark]] = ("", ())
    most = 0
    for at in range(0, len(text), _PIECE):
        piece = text[at : at + _PIECE + _AROUND]
        marks = _marks(piece, wanted)
        different = len({which for _, _, which in marks})
        if different > most:
            best, most = (piece, marks), different
        if most == len(wanted):
            break
    return best


def _marks(text: str, wanted: Sequence[Wanted]) -> list[Mark]:
    if not wanted or not text:
        return []
    return sorted(places_of(list(spans(text)), wanted))


def _cut(text: str, marks: Sequence[Mark]) -> Excerpt:
    """A window of the text, cut between words, with the marks that lie in it."""
    start = _window(marks) if len(text) > LENGTH else 0
    end = min(len(text), start + LENGTH)
    start = max(0, end - LENGTH)
    start, end = _between_words(text, start, end)
    shown = "".join(" " if c.isspace() else c for c in text[start:end])
    before = _ELLIPSIS if start else ""
    after = _ELLIPSIS if end < len(text) else ""
    shift = len(before) - start
    inside = (
        (first + shift, last + shift)
        for first, last, _ in marks
        if start <= first and last <= end
    )
    return Excerpt(f"{before}{shown}{after}", _without_overlaps(inside))


def _window(marks: Sequence[Mark]) -> int:
    """Where to begin, so that most different words, then most words, are inside."""
    best, chosen = (0, 0), 0
    last = 0
    for i, (start, _, _) in enumerate(marks):
        last = max(last, i)
        while last < len(marks) and marks[last][1] <= start + LENGTH - _AROUND:
            last += 1
        inside = marks[i:last]
        worth = (len({which for _, _, which in inside}), len(inside))
        if worth > best:
            best, chosen = worth, max(0, start - _AROUND)
    return chosen


def _between_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Moves both ends to a space, where one is near."""
    if start:
        space = text.find(" ", start, start + _AROUND // 2)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max(start, end - _AROUND // 2), end)
        end = space if space > start else end
    return start, end


def _without_overlaps(places: Iterator[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
