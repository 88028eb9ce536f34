"""How an item becomes a row and a row an item again; no SQL is run here.

`created_day` is the day on the clock where the thing was made when the service tells its
offset, else on this computer's: a time given in UTC says nothing about a clock, and counts as
*not told*. It is no part of the digest, so moving to another zone changes no item.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import zlib
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jolidrive.model.item import Item, Json, Kind, Marks, Person, Place, Relation, StoredItem

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIELDS: Final = """
    kind title text url people created_ms created_offset_s changed_ms changed_offset_s album
    mime size width height duration_s lat lon place tags reactions visibility content_hash
    thumbnail has_content extra
"""
FIELDS: Final = tuple(_FIELDS.split())
"""Columns of `items` that hold the service's own fields; the digest is made of these."""

KIND: Final = FIELDS.index("kind")
CREATED: Final = FIELDS.index("created_ms")

STORED: Final = f"""
    SELECT i.number, i.key, i.seq, i.relations, i.created_day, i.thumbnail_bytes,
           {", ".join(f"i.{name}" for name in FIELDS)},
           folder.path, folder.key, contents.text,
           marks.starred, marks.tags, marks.note,
           facts.item, facts.created_ms, facts.created_offset_s, facts.created_day,
           facts.width, facts.height, facts.lat, facts.lon, facts.place
      FROM items AS i
      LEFT JOIN folders AS folder ON folder.number = i.folder
      LEFT JOIN contents ON contents.item = i.number
      LEFT JOIN marks ON marks.key = i.key
      LEFT JOIN facts ON facts.item = i.number
"""
"""Selects whole items; `stored_item` reads its rows."""

encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
decode: Final = json.loads

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS: Final = 86_400_000
_UTC_NAMES: Final = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "Etc/UCT", "UCT"})
_NO_MARKS: Final = Marks()
_KINDS: Final = {kind.value: kind for kind in Kind}
_BITS: Final = {relation: 1 << place for place, relation in enumerate(Relation)}
_UNTOLD: Final = 1 << len(Relation)
_LONG_RAW: Final = 1000
_REPEATED: Final = 2048
"""People and tags come again and again; this many are kept as they were read."""


class Told(NamedTuple):
    """A time as it is kept: UTC milliseconds, and the offset where one was told."""

    ms: int | None
    offset_s: int | None


_UNTOLD_TIME: Final = Told(None, None)


def told(moment: datetime | None) -> Told:
    """The columns of a time with a zone; a time in UTC told no offset."""
    if moment is None:
        return _UNTOLD_TIME
    since = moment - _EPOCH
    ms = since.days * _DAY_MS + since.seconds * 1000 + since.microseconds // 1000
    zone = moment.tzinfo
    if zone is UTC or getattr(zone, "key", None) in _UTC_NAMES or zone == UTC:
        return Told(ms, None)
    offset = moment.utcoffset() or timedelta()
    return Told(ms, int(offset.total_seconds()))


def moment(ms: int | None, offset_s: int | None = None) -> datetime | None:
    """The time of two columns, on the clock it was told by."""
    if ms is None:
        return None
    utc = _EPOCH + timedelta(milliseconds=ms)
    return utc if offset_s is None else utc.astimezone(timezone(timedelta(seconds=offset_s)))


def now_ms() -> int:
    """This moment as it is kept."""
    return (datetime.now(UTC) - _EPOCH) // timedelta(milliseconds=1)


def day(ms: int | None, offset_s: int | None) -> str | None:
    """The day on the clock where it was made, else on this computer's."""
    if ms is None:
        return None
    if offset_s is not None:
        return (_EPOCH + timedelta(milliseconds=ms, seconds=offset_s)).date().isoformat()
    try:
        return date.fromtimestamp(ms // 1000).isoformat()  # noqa: DTZ012 - this computer's zone
    except (OSError, OverflowError, ValueError):  # Windows knows no zone before 1970
        return (_EPOCH + timedelta(milliseconds=ms)).date().isoformat()


def relation_bits(relations: Sequence[Relation]) -> int:
    """Relations as bits; *told nothing* has a bit of its own, to read back as nothing."""
    bits = 0
    for relation in relations:
        bits |= _BITS[relation]
    return bits or _UNTOLD


def _relations(bits: int) -> tuple[Relation, ...]:
    if bits == _UNTOLD:
        return ()
    if bits & _UNTOLD:
        bits |= _BITS[Relation.MADE]
    return tuple(relation for relation, bit in _BITS.items() if bits & bit)


_RELATIONS: Final = tuple(_relations(bits) for bits in range(2 * _UNTOLD))


def field_values(item: Item) -> tuple[Any, ...]:
    """The service's own fields in the order of `FIELDS`."""
    place = item.place
    return (
        item.kind.value,
        item.title,
        item.text,
        item.url,
        f"[{','.join(map(_person_json, item.people))}]" if item.people else None,
        *told(item.created_at),
        *told(item.changed_at),
        item.album,
        item.mime,
        item.size,
        item.width,
        item.height,
        item.duration_s,
        *((place.lat, place.lon, place.name) if place is not None else (None, None, None)),
        f"[{','.join(map(quoted, item.tags))}]" if item.tags else None,
        encode(dict(item.reactions)) if item.reactions else None,
        item.visibility,
        item.content_hash,
        item.thumbnail,
        int(item.has_content),
        encode(dict(item.extra)) if item.extra else None,
    )


def _person_json(person: Person) -> str:
    handle = "null" if person.handle is None else quoted(person.handle)
    return f"[{quoted(person.role)},{quoted(person.name)},{handle}]"


def digest(values: tuple[Any, ...]) -> bytes:
    """Sixteen bytes that differ when any of the values does.

    Of their bytes as `marshal` writes them, ten times as fast as JSON, and in its format 2, in
    which equal values are always equal bytes. Should a later Python write them otherwise, items
    count as changed once; nothing is ever read back.
    """
    return hashlib.blake2b(marshal.dumps(values, 2), digest_size=16).digest()


def content_marker(item: Item) -> str | None:
    """Changes when the content has to be read again; None: there is nothing to read."""
    if not item.has_content and item.thumbnail is None:
        return None
    version = item.content_hash or told(item.changed_at).ms or ""
    return f"{version}|{item.has_content:d}{item.thumbnail is not None:d}"


def packed_raw(raw: Json) -> str | bytes | None:
    """The service's reply as it is kept: JSON, squeezed where it is long."""
    if raw is None:
        return None
    text = encode(raw)
    return text if len(text) < _LONG_RAW else zlib.compress(text.encode(), 1)


def unpacked_raw(stored: str | bytes) -> Json:
    """The service's reply again."""
    raw: Json = decode(zlib.decompress(stored) if isinstance(stored, bytes) else stored)
    return raw


def stored_marks(starred: int | None, tags: str | None, note: str | None) -> Marks:
    """Marks from their three columns; None where the person left none."""
    if starred is None:
        return _NO_MARKS
    return Marks(starred=bool(starred), tags=tuple(decode(tags or "[]")), note=note or "")


def stored_item(row: Sequence[Any]) -> StoredItem:
    """A whole item from a row of `STORED`.

    Raises:
        ValueError: the row was not written by us.
    """
    number, key, seq, relations, created_day, thumbnail_bytes, *fields = row[:-15]
    folder, parent, content, starred, tags, note, fact, *facts = row[-15:]
    if fact is not None:
        created_day = _fill_gaps(fields, created_day, facts)
    return StoredItem(
        number=number,
        item=_item(key, fields, _RELATIONS[relations], folder, parent),
        content=content or "",
        created_day=created_day,
        marks=stored_marks(starred, tags, note) if starred is not None else _NO_MARKS,
        has_thumbnail=thumbnail_bytes is not None,
        seq=seq,
    )


_WIDTH: Final = FIELDS.index("width")
_PLACE: Final = FIELDS.index("lat")


def _fill_gaps(fields: list[Any], created_day: str | None, facts: list[Any]) -> str | None:
    """Puts facts found inside the file where the service told nothing."""
    if fields[CREATED] is None:
        fields[CREATED : CREATED + 2] = facts[:2]
        created_day = facts[2]
    if fields[_WIDTH] is None and fields[_WIDTH + 1] is None:
        fields[_WIDTH : _WIDTH + 2] = facts[3:5]
    if fields[_PLACE] is None and fields[_PLACE + 1] is None:
        fields[_PLACE : _PLACE + 2] = facts[5:7]
        fields[_PLACE + 2] = fields[_PLACE + 2] or facts[7]
    return created_day


def _item(
    key: str,
    fields: list[Any],
    relations: tuple[Relation, ...],
    folder: str | None,
    parent: str | None,
) -> Item:
    (
        kind, title, text, url, people, created_ms, created_offset, changed_ms, changed_offset,
        album, mime, size, width, height, duration_s, lat, lon, place, tags, reactions,
        visibility, content_hash, thumbnail, has_content, extra,
    ) = fields  # fmt: skip
    somewhere = lat is not None or lon is not None or place is not None
    return Item(
        key=key,
        kind=_KINDS.get(kind) or Kind(kind),
        title=title,
        text=text,
        url=url,
        people=_people(people) if people else (),
        relations=relations,
        created_at=moment(created_ms, created_offset),
        changed_at=moment(changed_ms, changed_offset),
        folder=folder,
        parent=parent,
        album=album,
        mime=mime,
        size=size,
        width=width,
        height=height,
        duration_s=duration_s,
        place=Place(lat=lat, lon=lon, name=place) if somewhere else None,
        tags=_tags(tags) if tags else (),
        reactions=decode(reactions) if reactions else {},
        visibility=visibility,
        content_hash=content_hash,
        thumbnail=thumbnail,
        has_content=bool(has_content),
        extra=decode(extra) if extra else {},
    )


@lru_cache(maxsize=_REPEATED)
def _tags(tags: str) -> tuple[str, ...]:
    return tuple(decode(tags))


@lru_cache(maxsize=_REPEATED)
def _people(people: str) -> tuple[Person, ...]:
    return tuple(
        Person(role=role, name=name, handle=handle) for role, name, handle in decode(people)
    )
