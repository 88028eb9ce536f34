"""Which words of a text a query's words match: the reading that excerpts mark by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jolidrive.model.query import And, Match, Or, Phrase, Query, Word
from jolidrive.model.words import is_cjk

from .compile import near_distance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jolidrive.model.words import Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words in a row (mostly one), and how they are compared."""

    words: tuple[str, ...]
    match: Match = Match.WHOLE

    @property
    def short(self) -> bool:
        """One or two letters of a beginning: they say nothing about how well it matches."""
        word = self.words[0]
        return len(self.words) == 1 and (
            (self.match is Match.PREFIX and len(word) <= 2) or (is_cjk(word) and len(word) == 1)
        )


def wanted_words(query: Query) -> tuple[Wanted, ...]:
    """The words and phrases that a match can be found by, excluded ones left out."""
    return tuple(dict.fromkeys(_wanted(query)))


def _wanted(query: Query) -> Iterator[Wanted]:
    match query:
        case Word():
            yield Wanted((query.text,), query.match)
        case Phrase() if query.words:
            yield Wanted(query.words)
        case And() | Or():
            for part in query.parts:
                yield from _wanted(part)


def places_of(
    spans: Sequence[Span], wanted: Sequence[Wanted]
) -> Iterator[tuple[int, int, int]]:
    """Start and end of each match in the text, and which of the wanted words it is."""
    singles = [(which, one) for which, one in enumerate(wanted) if len(one.words) == 1]
    rows = [(which, one) for which, one in enumerate(wanted) if len(one.words) > 1]
    for span in spans:
        for which, one in singles:
            for start, end in _in_span(span, one.words[0], one.match):
                yield start, end, which
    for which, one in rows:
        for start, end in _in_a_row(spans, one.words):
            yield start, end, which


def _in_span(span: Span, word: str, match: Match) -> Iterator[tuple[int, int]]:
    if span.places and is_cjk(word):
        at = span.word.find(word)
        while at >= 0:
            yield span.places[at], _after(span, at + len(word))
            at = span.word.find(word, at + 1)
    elif matches(span.word, word, match):
        yield span.start, span.end


def _after(span: Span, at: int) -> int:
    """Where the character before place `at` of a run ends in the text."""
    return span.places[at]


def _in_a_row(spans: Sequence[Span], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for i in range(len(spans) - len(words) + 1):
        inside = spans[i : i + len(words)]
        last = len(words) - 1
        for j, (span, word) in enumerate(zip(inside, words, strict=True)):
            if not _fits(span.word, word, first=j == 0, last=j == last):
                break
        else:
            first_run, last_run = inside[0], inside[-1]
            start, end = first_run.start, last_run.end
            if first_run.places:
                start = first_run.places[len(first_run.word) - len(words[0])]
            if last_run.places:
                end = last_run.places[len(words[-1])]
            yield start, end


def _fits(word: str, wanted: str, *, first: bool, last: bool) -> bool:
    """A run at the beginning of a phrase may have begun earlier, at its end go on."""
    if not is_cjk(wanted):
        return word == wanted
    return (
        (first and word.endswith(wanted))
        or (last and word.startswith(wanted))
        or word == wanted
    )


def matches(word: str, wanted: str, match: Match) -> bool:
    """Whether a whole word of a text is what was asked for."""
    if match is Match.PREFIX:
        return word.startswith(wanted)
    if match is Match.NEAR:
        return within(word, wanted, near_distance(wanted))
    return word == wanted


def within(word: str, other: str, most: int) -> bool:
    """Whether few enough letters differ; swapping two neighbours counts as one."""
    if abs(len(word) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == its:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most
