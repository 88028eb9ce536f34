"""The item: one photo, document, post, … as a service tells it and as the store keeps it.

Values only. A connector fills an `Item` with what the service said; `sync.check` is the place
where it stops being untrusted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class Kind(StrEnum):
    """What an item is. The order is the one people see."""

    PHOTO = "photo"
    VIDEO = "video"
    MUSIC = "music"
    DOCUMENT = "document"
    LINK = "link"
    PLACE = "place"
    POST = "post"
    ACTIVITY = "activity"
    EVENT = "event"
    PERSON = "person"


class Relation(StrEnum):
    """How the person is related to an item."""

    MADE = "made"
    SAVED = "saved"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody an item names.

    Args:
        role: `author` for who made it; any other short word (`with`, `mentioned`, `owner`, …).
        name: the name as shown.
        handle: the name at the service (`ines@example.social`), where there is one.
    """

    role: str = "author"
    name: str = ""
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it was made: degrees (WGS 84), a name, or both."""

    lat: float | None = None
    lon: float | None = None
    name: str | None = None


ASK: Final = "ask:"
"""For `Item.thumbnail`: the address expires, so `Connector.thumbnail` is asked by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing at a service.

    Args:
        key: the service's own stable id for it, unique within the account.
        kind: what it is.
        title: one line; a file's name, a post's first words.
        text: plain text that came with it (a post, a caption), not the content of a file.
        url: where the person can open it at the service (https).
        people: author and others.
        relations: how the person is related to it; empty means *made*.
        created_at: when it was made, with a zone; the service's own offset where it tells one.
        changed_at: when it last changed, with a zone.
        folder: path of the folder it lies in, parts joined by `/`, no leading slash.
        parent: instead of `folder`: the key of a folder told by `Page.folders`.
        album: name of an album or playlist.
        mime: media type, as `image/jpeg`.
        size: bytes.
        width: pixels.
        height: pixels.
        duration_s: seconds.
        place: where it was made.
        tags: the service's tags.
        reactions: name to count (`likes`, `comments`, `shares`).
        visibility: the service's own word (`public`, `private`, …).
        content_hash: changes when the content does (a hash or an etag).
        thumbnail: https address of a small picture, or `ASK`.
        has_content: `Connector.open` can give the content.
        raw: the service's own reply for this item.
        extra: more fields, shown and searchable as text is not.
    """

    key: str
    kind: Kind
    title: str
    text: str = ""
    url: str | None = None
    people: tuple[Person, ...] = ()
    relations: tuple[Relation, ...] = ()
    created_at: datetime | None = None
    changed_at: datetime | None = None
    folder: str | None = None
    parent: str | None = None
    album: str | None = None
    mime: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    place: Place | None = None
    tags: tuple[str, ...] = ()
    reactions: Mapping[str, int] = field(default_factory=dict)
    visibility: str | None = None
    content_hash: str | None = None
    thumbnail: str | None = None
    has_content: bool = False
    raw: Json = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of a service that gives folders ids; paths are computed from these."""

    key: str
    parent: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the person added. Lives in the account's folder and survives a re-sync."""

    starred: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """An item that is gone: the number it had, and the number of that change."""

    seq: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item as the store holds it.

    Args:
        number: the store's own row number, the key of its document in the text index.
        item: what the service said, relations joined over all listings, the folder's path.
        content: text found inside the file (second pass), empty where none.
        created_day: the day on the clock where it was made, `YYYY-MM-DD`.
        marks: the person's additions.
        has_thumbnail: a small picture is stored.
        seq: number of its last change.
    """

    number: int
    item: Item
    content: str = ""
    created_day: str | None = None
    marks: Marks = Marks()
    has_thumbnail: bool = False
    seq: int = 0
