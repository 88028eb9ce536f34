"""What the person chose of a service: kinds, and nothing older than a day.

Connectors may use the choice to ask for less; this is where it is held for all of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.api import Item, Page, Wanted

OTHER_KIND: Final = "of a kind you did not choose"
TOO_OLD: Final = "older than you chose"


def only_wanted(page: Page, wanted: Wanted) -> tuple[Page, Mapping[str, int]]:
    """The page without what was not chosen, and how much that was by reason.

    What is left out counts as gone, so that an earlier, wider choice leaves nothing behind.
    """
    if wanted.since is None and len(wanted.kinds) == len(Kind):
        return page, {}
    kept: list[Item] = []
    gone: list[str] = []
    reasons: Counter[str] = Counter()
    for item in page.items:
        reason = _why_not(item, wanted)
        if reason is None:
            kept.append(item)
        else:
            gone.append(item.key)
            reasons[reason] += 1
    return replace(page, items=tuple(kept), gone=(*page.gone, *gone)), reasons


def _why_not(item: Item, wanted: Wanted) -> str | None:
    if item.kind not in wanted.kinds:
        return OTHER_KIND
    made_at = item.created_at or item.changed_at
    if wanted.since is not None and made_at is not None and made_at < wanted.since:
        return TOO_OLD
    return None
