"""A query's fields in plain words and as facet choices: chips and checkboxes of one text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Kind, Relation
from jolidrive.model.result import FacetName
from jolidrive.search.chips import ChipState, chips
from jolidrive.search.edit import FACET_FIELDS, FacetMode, facet_modes, remove_part

from . import phrases
from .tokens import KIND_ICON, KIND_TONE, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.search.chips import Chip

NEXT: Final[Mapping[FacetMode, FacetMode]] = {
    FacetMode.OFF: FacetMode.INCLUDE,
    FacetMode.INCLUDE: FacetMode.EXCLUDE,
    FacetMode.EXCLUDE: FacetMode.OFF,
}
"""What a click makes of a facet's value."""

_ICONS: Final = {
    "kind": "image",
    "date": "calendar",
    "before": "calendar",
    "after": "calendar",
    "place": "map-pin",
    "near": "map-pin",
    "tag": "tag",
    "with": "user",
    "from": "user",
    "in": "folder",
    "type": "file-text",
    "size": "hard-drive",
    "is": "star",
    "has": "check",
    "service": "plug",
    "account": "plug",
}
_WORDS: Final = {
    "before": "before {}",
    "after": "after {}",
    "near": "near {}",
    "with": "with {}",
    "from": "from {}",
    "in": "in {}",
    "has": "has {}",
    "size": "size {}",
}
_RELATION_VALUES: Final = {
    "mine": Relation.MADE,
    "saved": Relation.SAVED,
    "received": Relation.RECEIVED,
}

Choices = dict[FacetName, dict[str | None, FacetMode]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipWords:
    """A chip: what it says, its icon, and the part of the text it stands for."""

    text: str
    icon: str
    tone: Tone
    state: ChipState
    index: int


def shown_chips(text: str, names: Mapping[str, str]) -> list[ChipWords]:
    """The chips of a query: fields, exclusions, and what was not understood."""
    return [
        _words_of(chip, index, names)
        for index, chip in enumerate(_chips(text))
        if chip.field is not None or chip.state is not ChipState.INCLUDED
    ]


def without_chips(text: str) -> str:
    """The bare words of a query: every chip that is shown is taken away."""
    while found := [words.index for words in shown_chips(text, {})]:
        shorter = remove_part(text, found[-1])
        if shorter == text:
            break
        text = shorter
    return text


def without_dates(text: str) -> str:
    """The query without the dates it includes."""
    while found := [
        index
        for index, chip in enumerate(_chips(text))
        if chip.field == "date" and chip.state is ChipState.INCLUDED
    ]:
        text = remove_part(text, found[-1])
    return text


def choices(text: str) -> Choices:
    """Which facet values a query includes and excludes."""
    if ":" not in text:
        return {}
    chosen = {facet: facet_modes(text, facet) for facet in FacetName}
    for chip in _chips(text):
        if chip.field == "date":
            excluded = chip.state is ChipState.EXCLUDED
            mode = FacetMode.EXCLUDE if excluded else FacetMode.INCLUDE
            years = [year for value in chip.values for year in _years(value)]
            chosen[FacetName.YEAR] |= dict.fromkeys(years, mode)
    return chosen


def value_words(facet: FacetName, value: str | None, names: Mapping[str, str]) -> str:
    """A facet's value as the panel shows it."""
    if value is None:
        return phrases.tr("None")
    return _value_words(FACET_FIELDS[facet], value, names)


@lru_cache(maxsize=64)
def _chips(text: str) -> tuple[Chip, ...]:
    """Read once for each text: field, chips, facets and sort all ask for the same one."""
    return chips(text)


def _words_of(chip: Chip, index: int, names: Mapping[str, str]) -> ChipWords:
    icon, tone = _ICONS.get(chip.field or "", "search"), Tone.ACCENT
    text = chip.label
    if chip.field is not None:
        values = [_value_words(chip.field, value, names) for value in chip.values]
        text = _WORDS.get(chip.field, "{}").format(phrases.tr(" or ").join(values))
        if chip.field == "kind" and chip.values[0] in set(Kind):
            kind = Kind(chip.values[0])
            icon, tone = KIND_ICON[kind], KIND_TONE[kind]
    if chip.state is ChipState.EXCLUDED:
        text = phrases.tr("not {}").format(text) if chip.field is not None else text
        icon, tone = "ban", Tone.TEXT_2
    elif chip.state is ChipState.ODD:
        icon, tone = "triangle-alert", Tone.WARNING
    return ChipWords(text=text, icon=icon, tone=tone, state=chip.state, index=index)


def _value_words(field: str, value: str, names: Mapping[str, str]) -> str:
    if field == "kind" and value in set(Kind):
        return phrases.tr(phrases.KIND_TITLES[Kind(value)])
    if field == "service":
        return names.get(value, value)
    if field == "is":
        relation = _RELATION_VALUES.get(value)
        return phrases.tr(phrases.RELATIONS[relation]) if relation else value
    return value


def _years(value: str) -> list[str]:
    """The years a range of whole years stands for."""
    first, dots, last = value.partition(" to ")
    years = first.isdigit() and last.isdigit() and len(first) == len(last) == 4
    if not (dots and years and 0 <= int(last) - int(first) < 100):
        return []
    return [str(year) for year in range(int(first), int(last) + 1)]
