"""The balance every sync ends with: nothing is dropped in silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """seen = new + changed + unchanged + skipped + failed; removed counts apart.

    Args:
        skipped: reason to count: what was left out on purpose.
        failed: reason to count: what could not be read.
        seconds: how long it took.
        content: the second pass's own balance, None where it did not run.
    """

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    content: Balance | None = None

    @property
    def adds_up(self) -> bool:
        """Whether every record seen is accounted for."""
        accounted = self.new + self.changed + self.unchanged
        return self.seen == accounted + sum(self.skipped.values()) + sum(self.failed.values())
