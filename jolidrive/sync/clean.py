"""Cleaning of single values that a connector gave; used by `check` alone.

Each function gives the value itself when there is nothing to clean, a cleaned one, or None when
it cannot be used.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeGuard
from urllib.parse import urlsplit

from jolidrive.api import ASK, Json, Kind, Person, Place, Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_KEY: Final = 1_000
MAX_TITLE: Final = 1_000
MAX_TEXT: Final = 1_000_000
MAX_WORDS: Final = 400
MAX_LIST: Final = 200
MAX_ADDRESS: Final = 4_000
MAX_JSON: Final = 256_000
EARLIEST: Final = datetime(1677, 9, 22, tzinfo=UTC)
LATEST: Final = datetime(2262, 4, 11, tzinfo=UTC)
_FIRST_YEAR: Final = EARLIEST.year + 1
_LAST_YEAR: Final = LATEST.year - 1
"""Years that are inside by any clock."""

_HARMFUL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BLANKS: Final = re.compile(r"\s+")
_PLAIN_ADDRESS: Final = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:[/?#][!-~]*)?")
_LARGEST: Final = 2**53


def clean_text(value: str, limit: int = MAX_TEXT) -> str:
    """Text without control characters and half characters; line breaks stay."""
    if len(value) > limit:
        value = value[:limit]
    if value.isprintable() or not _HARMFUL.search(value):
        return value
    return _HARMFUL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))


def is_key(value: object) -> TypeGuard[str]:
    """Whether it can be an item's key: one line of 1 to `MAX_KEY` printable characters."""
    return isinstance(value, str) and 0 < len(value) <= MAX_KEY and value.isprintable()


def _text(value: object) -> str | None:
    return clean_text(value) if isinstance(value, str) else None


def line(value: object, limit: int = MAX_TITLE) -> str | None:
    """One line of text, blanks joined, at most `limit` characters."""
    if not isinstance(value, str):
        return None
    plain = len(value) <= limit and value.isprintable()
    if plain and "  " not in value and value == value.strip():
        return value
    return _BLANKS.sub(" ", clean_text(value, limit * 2)).strip()[:limit]


def short(value: object) -> str | None:
    """A line as long as a name."""
    return line(value, MAX_WORDS)


def _kind(value: object) -> Kind | None:
    if isinstance(value, Kind):
        return value
    return Kind(value) if isinstance(value, str) and value in set(Kind) else None


def _address(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > MAX_ADDRESS or not value.isprintable():
        return None
    if _PLAIN_ADDRESS.fullmatch(value):
        return value  # what nearly all are, at a fifth of the time
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    usable = parts.scheme in {"https", "http"} and parts.hostname and "@" not in parts.netloc
    return value if usable else None


def _thumbnail(value: object) -> str | None:
    return value if value == ASK and isinstance(value, str) else _address(value)


def path(value: object) -> str | None:
    """A folder's path: parts joined by one `/`, none at the ends."""
    whole = line(value, MAX_TITLE * 2)
    if whole is None:
        return None
    if whole.startswith("/") or whole.endswith("/") or "//" in whole:
        whole = "/".join(part for part in whole.split("/") if part)
    return whole or None


def _date(value: object) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    if value.tzinfo is None or value.utcoffset() is None:
        value = value.replace(tzinfo=UTC)
    if _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return value
    try:
        return value if EARLIEST <= value <= LATEST else None
    except OverflowError:
        return None


def count(value: object) -> int | None:
    """A whole number from 0 that every database can hold."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _LARGEST else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < _LARGEST else None  # neither of infinity nor of no number


def _degrees(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -most <= value <= most else None


def _place(value: object) -> Place | None:
    if not isinstance(value, Place):
        return None
    lat, lon, name = _degrees(value.lat, 90), _degrees(value.lon, 180), short(value.name)
    if lat is None or lon is None:
        lat = lon = None
    if lat is None and not name:
        return None
    name = name or None
    same = lat is value.lat and lon is value.lon and name is value.name
    return value if same else Place(lat=lat, lon=lon, name=name)


def _person(value: object) -> Person | None:
    if not isinstance(value, Person):
        return None
    role, name, handle = short(value.role), short(value.name), short(value.handle)
    if not name and not handle:
        return None
    role, name, handle = role or "with", name or "", handle or None
    same = role is value.role and name is value.name and handle is value.handle
    return value if same else Person(role=role, name=name, handle=handle)


def _each(value: object, clean: Callable[[Any], Any]) -> tuple[Any, ...]:
    if not isinstance(value, tuple | list):
        return ()
    if len(value) == 1 and isinstance(value, tuple) and clean(value[0]) is value[0]:
        return value if value[0] else ()
    kept: dict[Any, None] = {}
    for one in value[:MAX_LIST]:
        cleaned = clean(one)
        if cleaned:
            kept[cleaned] = None
    result = tuple(kept)
    return value if isinstance(value, tuple) and result == value else result


def _relation(value: object) -> Relation | None:
    if isinstance(value, Relation):
        return value
    return Relation(value) if isinstance(value, str) and value in set(Relation) else None


def _reactions(value: object) -> Mapping[str, int]:
    if not isinstance(value, dict):
        return {}
    if not value:
        return value
    told = ((short(name), count(times)) for name, times in list(value.items())[:MAX_LIST])
    clean = {name: times for name, times in told if name and times is not None}
    return value if clean == value else clean


def plain_json(value: Json) -> Json:
    """The value when it is plain JSON of bounded size, cleaned.

    Raises:
        ValueError: it is not.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, RecursionError) as trouble:
        raise ValueError("not plain JSON") from trouble
    if len(text) > MAX_JSON:
        raise ValueError("too large")
    if not _HARMFUL.search(text):
        return value
    cleaned: Json = json.loads(_HARMFUL.sub(" ", text))
    return cleaned


def _raw(value: Json) -> Json:
    try:
        return plain_json(value)
    except ValueError:
        return None


def _extra(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        return {}
    if not value:
        return value
    clean = _raw(value)
    return clean if isinstance(clean, dict) else {}


def _flag(value: object) -> bool:
    return bool(value)


def _identity(value: object) -> object:
    return value


CLEANERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "key": _identity,
    "kind": _kind,
    "title": line,
    "text": _text,
    "url": _address,
    "people": lambda value: _each(value, _person),
    "relations": lambda value: _each(value, _relation),
    "created_at": _date,
    "changed_at": _date,
    "folder": path,
    "parent": lambda value: value if is_key(value) else None,
    "album": short,
    "mime": short,
    "size": count,
    "width": count,
    "height": count,
    "duration_s": _seconds,
    "place": _place,
    "tags": lambda value: _each(value, short),
    "reactions": _reactions,
    "visibility": short,
    "content_hash": short,
    "thumbnail": _thumbnail,
    "has_content": _flag,
    "raw": _raw,
    "extra": _extra,
}
