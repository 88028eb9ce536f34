"""Demo Files: everything comes from one delta, deletions included.

The pattern of file clouds: folders have ids, items name their parent, and one opaque cursor
tells what happened since. A refused cursor (410) makes Jolidrive list everything anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from jolidrive.api import (
    Connector,
    Cursor,
    CursorRefusedError,
    Folder,
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

_PAGE = "40"
_CONTENT_LIMIT = 20_000_000


class DemoFiles(Connector):
    """One account at Demo Files."""

    def identify(self) -> Identity:
        """Who has signed in."""
        me = _record(self.session.get(self._address("me")).json())
        return Identity(key=str(me["account_id"]), label=f"{me['display_name']} at Demo Files")

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """The delta since `cursor`, to its end."""
        reached = cursor
        more = True
        while more:
            params = {"limit": _PAGE}
            if isinstance(reached, str):
                params["cursor"] = reached
            reply = self.session.get(self._address("delta"), params=params)
            if reply.status == 410:
                raise CursorRefusedError
            delta = _record(reply.json())
            reached, more = delta["cursor"], delta["has_more"] is True
            yield _page(delta["entries"], reached)

    def open(self, key: str) -> Iterator[bytes]:
        """The file itself."""
        return self.session.stream(self._address(f"content/{key}"), limit=_CONTENT_LIMIT)

    def _address(self, path: str) -> str:
        return f"{self.context.options['server']}/files/v1/{path}"


def _page(entries: Json, cursor: Cursor) -> Page:
    gone: list[str] = []
    folders: list[Folder] = []
    items: list[Item] = []
    skipped: list[Skipped] = []
    for entry in entries if isinstance(entries, list) else ():
        try:
            record = _record(entry)
            if record.get("deleted") is True:
                gone.append(str(record["id"]))
            elif record["type"] == "folder":
                folders.append(_folder(record))
            else:
                items.append(_item(record))
        except (KeyError, ValueError, TypeError, UnexpectedReplyError):
            key = str(entry.get("id", "")) if isinstance(entry, dict) else ""
            skipped.append(Skipped(key=key, reason="malformed record"))
    return Page(
        items=tuple(items),
        gone=tuple(gone),
        folders=tuple(folders),
        skipped=tuple(skipped),
        cursor=cursor,
    )


def _folder(record: dict[str, Json]) -> Folder:
    parent = record.get("parent")
    return Folder(
        key=str(record["id"]), parent=str(parent) if parent else None, name=str(record["name"])
    )


def _item(record: dict[str, Json]) -> Item:
    mime = str(record["mime"])
    shared_by = record.get("shared_by")
    tags = record.get("tags")
    return Item(
        key=str(record["id"]),
        kind=Kind.PHOTO if mime.startswith("image/") else Kind.DOCUMENT,
        title=str(record["name"]),
        url=str(record["web_url"]),
        people=(Person(role="owner", name=str(shared_by)),) if shared_by else (),
        relations=(Relation.RECEIVED if shared_by else Relation.MADE,),
        created_at=datetime.fromisoformat(str(record["created"])),
        changed_at=datetime.fromisoformat(str(record.get("modified", record["created"]))),
        parent=str(record["parent"]) if record.get("parent") else None,
        mime=mime,
        size=int(str(record["size"])),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        content_hash=str(record["sha256"]),
        has_content=True,
        raw=record,
    )


def _record(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise UnexpectedReplyError("not_an_object")
    return value
