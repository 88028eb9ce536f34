"""One line → one item. Everything in the line is untrusted; a wrong type refuses the line."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, NoReturn

from jolidrive.api import Item, Kind, Person, Place, Relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from jolidrive.api import Json


class BadLineError(Exception):
    """The line is no item; the reason names the field, never what is in it."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_decode: Final = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode
_BLANKS: Final = " \t\r\n"
_KINDS: Final = {kind.value: kind for kind in Kind}
_NEEDED: Final = frozenset({"key", "kind", "title"})
_FIRST_YEAR: Final = 1677
_LAST_YEAR: Final = 2262
_FAR: Final = re.compile(r"(?:[+-]\d{4,6}|0000)-\d\d-\d\d(?:T|$)")
"""Years that Python's calendar has not got."""

_RELATIONS: Final = {relation.value: relation for relation in Relation}


def read_line(line: bytes) -> Item:
    """The item in a line.

    Raises:
        BadLineError: there is none.
    """
    fields: dict[str, Any] = {}
    extra: dict[str, Json] = {}
    told = _object(line)
    relation = told.pop("relation", None)
    if relation is not None:
        fields["relations"] = (_relation("relation", relation),)
    for name, value in told.items():
        if value is not None:
            _put(name, value, fields, extra)
    if extra:
        fields["extra"] = extra
    if not fields.keys() >= _NEEDED:
        raise BadLineError(f"no {min(_NEEDED - fields.keys())}")
    return Item(**fields)


def _put(name: str, value: Json, fields: dict[str, Any], extra: dict[str, Json]) -> None:
    """One value to its field; an unknown one to the further fields."""
    read = _READERS.get(name)
    if read is _text and isinstance(value, str):
        fields[name] = value  # what most are, without a call
    elif read is _date:
        _put_date(name, value, fields, extra)
    elif read is not None:
        fields[name] = read(name, value)
    elif name == "extra" and isinstance(value, dict):
        extra.update(value)
    else:
        extra[name] = value


def _object(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8").strip(_BLANKS)
        found, end = _decode(text)
    except UnicodeDecodeError:
        raise BadLineError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadLineError("not JSON") from None
    if end != len(text):
        raise BadLineError("not JSON")
    if not isinstance(found, dict):
        raise BadLineError("not an object")
    return found


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    raise BadLineError(f"{name} is no text")


def _key(name: str, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    key = _text(name, value)
    if not key:
        raise BadLineError(f"no {name}")
    return key


def _kind(_name: str, value: object) -> Kind:
    kind = _KINDS.get(value) if isinstance(value, str) else None
    if kind is None:
        raise BadLineError("unknown kind")
    return kind


def _relation(name: str, value: object) -> Relation:
    relation = _RELATIONS.get(value) if isinstance(value, str) else None
    if relation is None:
        raise BadLineError(f"{name} is unknown")
    return relation


def _relations(name: str, value: object) -> tuple[Relation, ...]:
    return tuple(_relation(name, one) for one in _list(value))


def _date(name: str, value: object) -> datetime | None:
    """None where the year is one that no store holds."""
    text = _text(name, value).upper()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if _FAR.match(text):
            return None
        raise BadLineError(f"{name} is no ISO 8601 date") from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment if moment.tzinfo else _on_this_clock(moment)


def _on_this_clock(moment: datetime) -> datetime:
    """A time without offset is this computer's, so that its day stays as it is written."""
    try:
        offset = moment.astimezone().utcoffset() or timedelta()
    except (OSError, OverflowError, ValueError):
        return moment.replace(tzinfo=UTC)
    whole = timedelta(minutes=round(offset.total_seconds() / 60))  # before 1900: odd seconds
    return moment.replace(tzinfo=timezone(whole))


def _put_date(name: str, value: Json, fields: dict[str, Any], extra: dict[str, Json]) -> None:
    """A date that no store holds stays as it is written, among the further fields."""
    moment = _date(name, value)
    if moment is None:
        extra[f"{name}_raw"] = value
    else:
        fields[name] = moment


def _count(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadLineError(f"{name} is no whole number")


def _number(name: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise BadLineError(f"{name} is too large") from None
    raise BadLineError(f"{name} is no number")


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _tags(name: str, value: object) -> tuple[str, ...]:
    return tuple(_text(name, one) for one in _list(value))


def _people(name: str, value: object) -> tuple[Person, ...]:
    return tuple(_person(name, one) for one in _list(value))


def _person(name: str, value: object) -> Person:
    if isinstance(value, str):
        return Person(name=value)
    if not isinstance(value, dict):
        raise BadLineError(f"{name} holds something that is no person")
    role, told, handle = value.get("role"), value.get("name"), value.get("handle")
    return Person(
        role="author" if role is None else _text(name, role),
        name="" if told is None else _text(name, told),
        handle=None if handle is None else _text(name, handle),
    )


def _place(name: str, value: object) -> Place:
    if isinstance(value, str):
        return Place(name=value)
    if not isinstance(value, dict):
        raise BadLineError(f"{name} is no place")
    lat, lon, told = value.get("lat"), value.get("lon"), value.get("name")
    return Place(
        lat=None if lat is None else _number(name, lat),
        lon=None if lon is None else _number(name, lon),
        name=None if told is None else _text(name, told),
    )


def _reactions(name: str, value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise BadLineError(f"{name} is no object")
    return {reaction: _count(name, count) for reaction, count in value.items()}


def _anything(_name: str, value: Json) -> Json:
    return value


# `thumbnail`, `parent` and `has_content` are not read: a file has no host to ask, no folders
# with ids and no content to open. They land in `extra` like other unknown fields.
_READERS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "key": _key,
    "kind": _kind,
    "title": _text,
    "text": _text,
    "url": _text,
    "people": _people,
    "relations": _relations,
    "created_at": _date,
    "changed_at": _date,
    "folder": _text,
    "album": _text,
    "mime": _text,
    "size": _count,
    "width": _count,
    "height": _count,
    "duration_s": _number,
    "place": _place,
    "tags": _tags,
    "reactions": _reactions,
    "visibility": _text,
    "content_hash": _text,
    "raw": _anything,
}
