"""Records with revisions: how every demo service knows what changed since when.

A record stays JSON on purpose: its readers are HTTP clients, nothing inside Jolidrive. The
shelf may not know what a record means.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.model.item import Json

Record: TypeAlias = "Mapping[str, Json]"


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of one record; `record` is None once it is gone."""

    revision: int
    key: str
    record: Record | None


class Shelf:
    """Records by key, each with the revision of its last change. Safe to use from threads."""

    def __init__(self) -> None:
        self._changes: dict[str, Change] = {}
        self._revision = 0
        self._lock = Lock()

    @property
    def revision(self) -> int:
        """The number of the newest change."""
        return self._revision

    def put(self, key: str, record: Record) -> None:
        """Adds a record, or lays new fields over the one that is there."""
        with self._lock:
            old = self._changes.get(key)
            whole = {**(old.record or {}), **record} if old else dict(record)
            self._note(key, whole)

    def drop(self, key: str) -> None:
        """Takes a record away and remembers that it was there."""
        with self._lock:
            if key in self._changes:
                self._note(key, None)

    def get(self, key: str) -> Record | None:
        """The record, None where there is none (any more)."""
        change = self._changes.get(key)
        return change.record if change else None

    def records(self) -> list[Record]:
        """All records, oldest change first."""
        with self._lock:
            return [
                change.record for change in self._changes.values() if change.record is not None
            ]

    def since(self, revision: int) -> list[Change]:
        """Every change after `revision`, oldest first, removals included."""
        with self._lock:
            return [change for change in self._changes.values() if change.revision > revision]

    def _note(self, key: str, record: Record | None) -> None:
        self._revision += 1
        self._changes.pop(key, None)  # so that the order of the dictionary is that of changes
        self._changes[key] = Change(self._revision, key, record)
