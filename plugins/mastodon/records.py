"""Typed looks into untrusted JSON: what has another type than promised reads as nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from jolidrive.api import Json

Record: TypeAlias = "dict[str, Json]"


def as_record(untrusted: Json) -> Record:
    """The object, or an empty one."""
    return untrusted if isinstance(untrusted, dict) else {}


def as_list(untrusted: Json) -> list[Json]:
    """The list, or an empty one."""
    return untrusted if isinstance(untrusted, list) else []


def records_of(record: Record, name: str) -> list[Record]:
    """The objects in a list of this name."""
    return [one for one in as_list(record.get(name)) if isinstance(one, dict)]


def text_of(record: Record, name: str) -> str:
    """A text; a number is written out, for some servers give ids so."""
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def address_of(record: Record, name: str) -> str | None:
    """An address of the web."""
    value = record.get(name)
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return value
    return None


def count_of(record: Record, name: str) -> int:
    """A whole number that is not below zero."""
    value = record.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def number_of(record: Record, name: str) -> float | None:
    """A number that is not below zero."""
    value = record.get(name)
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if good and isinstance(value, int | float) and value >= 0 else None


def date_of(record: Record, name: str) -> datetime | None:
    """A date with its zone."""
    try:
        moment = datetime.fromisoformat(text_of(record, name))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
