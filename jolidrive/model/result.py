"""What a search gives: a page of hits, facets and hints."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from .item import Kind


class FacetName(StrEnum):
    """The facets beside the results. Year's values are years as text."""

    SERVICE = "service"
    KIND = "kind"
    YEAR = "year"
    TYPE = "type"
    PEOPLE = "people"
    PLACE = "place"
    TAG = "tag"
    RELATION = "relation"


DEFAULT_FACETS = (FacetName.SERVICE, FacetName.KIND, FacetName.YEAR)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value and how many items of the result have it; `value` None means *none*."""

    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Hint:
    """Something in the query that was not understood, at characters `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of text around the matched words; `marks` are (start, end) within `text`."""

    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True, kw_only=True)
class Hit:
    """One item found. `score` is None unless the sort is best match.

    The excerpt is made when it is first read, kept then, and empty once the account is gone.
    """

    account: str
    service: str
    key: str
    kind: Kind
    title: str
    people: tuple[str, ...] = ()
    created_at: datetime | None = None
    url: str | None = None
    score: float | None = None
    size: int | None = None
    mime: str | None = None
    folder: str | None = None
    starred: bool = False
    has_thumbnail: bool = False
    make_excerpt: Callable[[], Excerpt] | None = field(default=None, repr=False, compare=False)
    _excerpt: Excerpt | None = field(default=None, repr=False, compare=False)

    @property
    def marked_excerpt(self) -> Excerpt:
        """The excerpt with the places of the matched words."""
        if self._excerpt is None:
            self._excerpt = self.make_excerpt() if self.make_excerpt else Excerpt()
        return self._excerpt

    @property
    def excerpt(self) -> str:
        """The excerpt as plain text."""
        return self.marked_excerpt.text


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of a result.

    Args:
        query: the text as given.
        understood: the query as understood, written back.
        total: exact number of items that match.
        hits: the rows asked for.
        facets: for each facet asked for, its values by falling count.
        hints: what was not understood.
        took_ms: milliseconds from query to page, excerpts left out.
    """

    query: str
    understood: str
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[FacetName, tuple[FacetValue, ...]]
    hints: tuple[Hint, ...]
    took_ms: float
