"""How far an account was read: what the cursor holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from jolidrive.api import CursorRefusedError

from .records import as_list, as_record, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.api import Cursor, Json

WHOLE_EVERY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far everything was read.

    Args:
        listed_at: when the whole listing began.
        min_id: the newest own post that was read.
        part: what a whole listing that is under way reads now; empty once it has ended.
        params: where this part goes on.
        tops: the newest posts of favourites and bookmarks, as they were.
    """

    listed_at: str
    min_id: str = "0"
    part: str = "statuses"
    params: Mapping[str, str] = field(default_factory=dict)
    tops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def as_cursor(self) -> Cursor:
        """The state as small JSON."""
        tops: dict[str, Json] = {name: [*ids] for name, ids in self.tops.items()}
        return {
            "listed_at": self.listed_at,
            "min_id": self.min_id,
            "part": self.part,
            "params": dict(self.params),
            "tops": tops,
        }

    @classmethod
    def of_cursor(cls, cursor: Cursor) -> State:
        """The state of a cursor, a new one for none.

        Raises:
            CursorRefusedError: it is too old, or none of ours.
        """
        now = datetime.now(UTC)
        if cursor is None:
            return cls(listed_at=now.isoformat())
        told = as_record(cursor)
        try:
            listed_at = datetime.fromisoformat(text_of(told, "listed_at"))
            is_old = now - listed_at > WHOLE_EVERY
        except (ValueError, TypeError):
            raise CursorRefusedError from None
        part = text_of(told, "part")
        if is_old and not part:
            raise CursorRefusedError
        params = {
            name: value
            for name, value in as_record(told.get("params")).items()
            if isinstance(value, str)
        }
        tops = {
            name: tuple(one for one in as_list(ids) if isinstance(one, str))
            for name, ids in as_record(told.get("tops")).items()
        }
        return cls(
            listed_at=listed_at.isoformat(),
            min_id=text_of(told, "min_id") or "0",
            part=part,
            params=params,
            tops=tops,
        )
