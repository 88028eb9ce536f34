"""Demo Photos: albums and page tokens; nothing tells what was deleted, so it lists anew.

The pattern of photo sites: the addresses of small pictures end after a while, so items say
`ASK` and Jolidrive comes back for a fresh one. Dates and places are inside the originals.
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
    Relation,
    Skipped,
    UnexpectedReplyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = "20"
_LISTING = "library"
_PICTURE_LIMIT = 20_000_000
_SMALL_LIMIT = 1_000_000


class DemoPhotos(Connector):
    """One account at Demo Photos."""

    def identify(self) -> Identity:
        """Who has signed in."""
        profile = _record(self.session.get(self._address("profile")).json())
        return Identity(key=str(profile["id"]), label=f"{profile['name']} at Demo Photos")

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Every picture, page by page; a listing that was cut off goes on at its token."""
        albums = {
            str(album["id"]): str(album["title"])
            for reply in self._pages("albums", "")
            for album in _list(reply["albums"])
            if isinstance(album, dict) and "title" in album
        }
        token = cursor if isinstance(cursor, str) else ""
        for reply in self._pages("items", token):
            following = reply.get("nextPageToken")
            items, skipped = _items(_list(reply["items"]), albums)
            yield Page(
                items=items,
                skipped=skipped,
                cursor=following if following else {},
                total=int(str(reply["total"])),
                listing=_LISTING,
                complete=not following,
            )

    def open(self, key: str) -> Iterator[bytes]:
        """The original, with its EXIF."""
        return self.session.stream(self._address(f"items/{key}/original"), limit=_PICTURE_LIMIT)

    def thumbnail(self, key: str, side: int) -> Iterator[bytes]:
        """A small picture, by an address asked for just now."""
        reply = self.session.get(self._address(f"items/{key}"))
        if reply.status == 404:
            raise FileNotFoundError(key)
        address = str(_record(reply.json())["baseUrl"])
        return self.session.stream(f"{address}&side={side}", limit=_SMALL_LIMIT)

    def _pages(self, name: str, token: str) -> Iterator[dict[str, Json]]:
        while True:
            params = {"pageSize": _PAGE} | ({"pageToken": token} if token else {})
            answer = self.session.get(self._address(name), params=params)
            if answer.status == 410:  # the library changed since the token was given
                raise CursorRefusedError
            reply = _record(answer.json())
            yield reply
            token = str(reply.get("nextPageToken", ""))
            if not token:
                return

    def _address(self, path: str) -> str:
        return f"{self.context.options['server']}/photos/v1/{path}"


def _items(
    values: list[Json], albums: dict[str, str]
) -> tuple[tuple[Item, ...], tuple[Skipped, ...]]:
    items: list[Item] = []
    skipped: list[Skipped] = []
    for value in values:
        try:
            items.append(_item(_record(value), albums))
        except (KeyError, ValueError, TypeError, UnexpectedReplyError):
            key = str(value.get("id", "")) if isinstance(value, dict) else ""
            skipped.append(Skipped(key=key, reason="malformed record"))
    return tuple(items), tuple(skipped)


def _item(photo: dict[str, Json], albums: dict[str, str]) -> Item:
    taken = photo.get("takenAt")
    by = photo.get("sharedBy")
    relation = Relation.RECEIVED if by else Relation.MADE
    author = (Person(name=str(by)),) if by else ()
    return Item(
        key=str(photo["id"]),
        kind=Kind.PHOTO,
        title=str(photo.get("title") or photo["filename"]),
        text=str(photo.get("description", "")),
        url=str(photo["webUrl"]),
        people=author
        + tuple(Person(role="with", name=str(n)) for n in _list(photo.get("faces"))),
        relations=(relation, Relation.SAVED) if photo.get("favorite") is True else (relation,),
        created_at=datetime.fromisoformat(str(taken)) if taken else None,
        changed_at=datetime.fromisoformat(str(photo["uploadedAt"])),
        album=albums.get(str(photo.get("albumId", ""))),
        mime=str(photo["mime"]),
        size=int(str(photo["size"])),
        tags=tuple(str(tag) for tag in _list(photo.get("tags"))),
        content_hash=str(photo["sha256"]),
        thumbnail=ASK,
        has_content=True,
        raw=photo,
        extra={"file name": photo["filename"]},
    )


def _record(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise UnexpectedReplyError("not_an_object")
    return value


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
