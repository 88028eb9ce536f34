"""What a search sees of an account: its names, its index, and a way to read its items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import tantivy

    from jolidrive.model.item import StoredItem


class ItemReader(Protocol):
    """The store, as far as a search needs it."""

    def items(self, numbers: Iterable[int]) -> Mapping[int, StoredItem]:
        """The items with these numbers; what is gone is left out."""
        ...


class SearchableIndex(Protocol):
    """The text index, as far as a search needs it."""

    @property
    def searcher(self) -> tantivy.Searcher | None:
        """The items at one moment, None where the index cannot be asked."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class OpenAccount:
    """An account that can be searched."""

    id: str
    service: str
    label: str
    store: ItemReader
    index: SearchableIndex


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """An account during one search: all its questions see the same moment."""

    account: OpenAccount
    searcher: tantivy.Searcher
