"""Demo Music & Video: pages by offset; later only what changed, removals as tombstones.

The pattern of music services: the cursor holds one revision for each list that was read to
its end, and an offset while a list is being read.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from jolidrive.api import (
    ASK,
    Connector,
    Cursor,
    CursorRefusedError,
    Identity,
    Item,
    Json,
    Kind,
    Page,
    Person,
    Place,
    Relation,
    Skipped,
    UnexpectedReplyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = 25
_COVER_LIMIT = 2_000_000
_KINDS = {"tracks": Kind.MUSIC, "videos": Kind.VIDEO, "playlists": Kind.MUSIC}


class DemoMedia(Connector):
    """One account at Demo Music & Video."""

    def identify(self) -> Identity:
        """Who has signed in."""
        user = _record(_record(self.session.get(self._address("me")).json())["user"])
        return Identity(key=str(user["id"]), label=f"{user['name']} at Demo Music & Video")

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Each list since its revision."""
        reached = dict(cursor) if isinstance(cursor, dict) else {}
        for name in _KINDS:
            yield from self._changes(name, reached)

    def thumbnail(self, key: str, side: int) -> Iterator[bytes]:  # noqa: ARG002 - one size only
        """The cover."""
        name, _, number = key.partition(":")
        return self.session.stream(self._address(f"{name}/{number}/cover"), limit=_COVER_LIMIT)

    def _changes(self, name: str, reached: dict[str, Json]) -> Iterator[Page]:
        since = str(reached.get(name, 0))
        offset = int(str(reached.get("offset", 0))) if reached.get("reading") == name else 0
        while True:
            params = {"offset": str(offset), "limit": str(_PAGE), "changed_since": since}
            reply = self.session.get(self._address(name), params=params)
            if reply.status == 400:
                raise CursorRefusedError
            listed = _record(reply.json())
            if offset and listed["revision"] != reached.get("at"):
                offset = 0  # something changed while the list was read: offsets moved
                reached["at"] = listed["revision"]
                continue
            entries = _list(listed["items"])
            offset += _PAGE
            done = offset >= int(str(listed["total"])) or not entries
            if done:
                reached[name] = listed["revision"]
                for passing in ("reading", "offset", "at"):
                    reached.pop(passing, None)
            else:
                reached.update(reading=name, offset=offset, at=listed["revision"])
            if entries or done:
                yield _page(name, entries, dict(reached))
            if done:
                return

    def _address(self, path: str) -> str:
        return f"{self.context.options['server']}/media/v1/{path}"


def _page(name: str, entries: list[Json], cursor: Cursor) -> Page:
    items: list[Item] = []
    gone: list[str] = []
    skipped: list[Skipped] = []
    for entry in entries:
        try:
            record = _record(entry)
            key = f"{name}:{record['id']}"
            if record.get("removed") is True:
                gone.append(key)
            else:
                items.append(_item(key, _KINDS[name], record))
        except (KeyError, ValueError, TypeError, UnexpectedReplyError):
            number = str(entry.get("id", "")) if isinstance(entry, dict) else ""
            skipped.append(Skipped(key=f"{name}:{number}", reason="malformed record"))
    return Page(items=tuple(items), gone=tuple(gone), skipped=tuple(skipped), cursor=cursor)


def _item(key: str, kind: Kind, record: dict[str, Json]) -> Item:
    mine = record.get("mine") is True
    people = [Person(name=str(name)) for name in _list(record.get("artists"))]
    people += [Person(role="with", name=str(name)) for name in _list(record.get("cast"))]
    return Item(
        key=key,
        kind=kind,
        title=str(record["title"]),
        text=str(record.get("description", "")),
        url=str(record["link"]),
        people=tuple(people),
        relations=(Relation.MADE if mine else Relation.SAVED,),
        created_at=datetime.fromisoformat(str(record["added"])),
        album=str(record["album"]) if "album" in record else None,
        duration_s=float(str(record["seconds"])) if "seconds" in record else None,
        place=_place(record.get("place")),
        tags=tuple(str(tag) for tag in _list(record.get("tags"))),
        reactions={"plays": int(str(record["plays"]))} if "plays" in record else {},
        thumbnail=ASK if record.get("has_cover") is True else None,
        raw=record,
        extra={"year": record["year"]} if "year" in record else {},
    )


def _place(value: Json) -> Place | None:
    if not isinstance(value, dict):
        return None
    return Place(
        lat=float(str(value["lat"])), lon=float(str(value["lon"])), name=str(value["name"])
    )


def _record(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise UnexpectedReplyError("not_an_object")
    return value


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
