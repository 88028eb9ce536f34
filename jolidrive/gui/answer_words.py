"""An answer in words: how many of what, and what to say and offer when there is nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Kind
from jolidrive.model.result import FacetName
from jolidrive.search.edit import FacetMode

from . import phrases
from .query_words import choices, shown_chips

if TYPE_CHECKING:
    from jolidrive.model.result import ResultPage

_LONGEST: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyWords:
    """What stands in the middle of an empty page."""

    icon: str
    title: str
    sentence: str
    button: str = ""
    primary: bool = False


def total_words(page: ResultPage) -> str:
    """“214 photos”, “126 results”, “55,865 items”."""
    chosen = choices(page.query).get(FacetName.KIND, {})
    only = [value for value, mode in chosen.items() if mode is FacetMode.INCLUDE and value]
    if len(only) == 1 and only[0] in set(Kind):
        return phrases.count(page.total, *phrases.KINDS[Kind(only[0])])
    if not page.query.strip():
        return phrases.count(page.total, "item", "items")
    return phrases.count(page.total, "result", "results")


def empty_words(text: str, accounts: int) -> EmptyWords:
    """Why nothing is shown, and what to do."""
    tr = phrases.tr
    words = text.strip()
    if words:
        short = words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
        filtered = bool(shown_chips(text, {}))
        return EmptyWords(
            icon="search",
            title=tr("Nothing matches “{}”").format(short),
            sentence=tr("Other words may find it, or fewer filters.")
            if filtered
            else tr("Other words may find it, or fewer of them."),
            button=tr("Clear all filters") if filtered else tr("Clear the search"),
        )
    if accounts:
        return EmptyWords(
            icon="plug",
            title=tr("Nothing here yet"),
            sentence=tr("What you have there shows up here as it arrives."),
        )
    return EmptyWords(
        icon="plug",
        title=tr("Nothing here yet"),
        sentence=tr("Connect a service, and what you have there shows up here as it arrives."),
        button=tr("Add a service"),
        primary=True,
    )
