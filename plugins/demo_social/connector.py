"""Demo Social: several lists with a Link header, each read to its end every time.

The pattern of the fediverse: deletions are never told, so every list is a listing of its own
that ends with `complete`. A post both liked and bookmarked keeps one key; each list adds its
relation.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from jolidrive.api import (
    Connector,
    Cursor,
    Identity,
    Item,
    Json,
    Kind,
    Page,
    Person,
    Place,
    Relation,
    Reply,
    Skipped,
    UnexpectedReplyError,
    plain_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = "20"
_TITLE_LENGTH = 80
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')
_RELATIONS = {
    "posts": Relation.MADE,
    "likes": Relation.SAVED,
    "bookmarks": Relation.SAVED,
    "events": Relation.SAVED,
    "activity": Relation.RECEIVED,
    "people": Relation.SAVED,
}


class DemoSocial(Connector):
    """One account at Demo Social."""

    def identify(self) -> Identity:
        """Who has signed in."""
        account = _record(self.session.get(self._address("account")).json())
        return Identity(key=str(account["id"]), label=str(account["acct"]))

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Every list; the cursor names the list and the page a stopped pull goes on with."""
        names = list(_RELATIONS)
        name, address = names[0], None
        if isinstance(cursor, dict) and cursor.get("list") in names:
            name, address = str(cursor["list"]), cursor.get("next")
        for listing in names[names.index(name) :]:
            yield from self._listing(listing, str(address) if address else None)
            address = None

    def _listing(self, name: str, address: str | None) -> Iterator[Page]:
        reply = self.session.get(address or self._address(f"{name}?limit={_PAGE}"))
        while True:
            following = _following(reply)
            items, skipped = _items(_list(reply.json()), _RELATIONS[name])
            yield Page(
                items=items,
                skipped=skipped,
                cursor=_cursor(name, following),
                listing=name,
                complete=following is None,
            )
            if following is None:
                return
            reply = self.session.get(following)

    def _address(self, path: str) -> str:
        return f"{self.context.options['server']}/social/v1/{path}"


def _cursor(name: str, following: str | None) -> Cursor:
    """Where to go on: in this list, in the next one, or from the start when all are done."""
    if following is not None:
        return {"list": name, "next": following}
    rest = list(_RELATIONS)[list(_RELATIONS).index(name) + 1 :]
    return {"list": rest[0]} if rest else {}


def _following(reply: Reply) -> str | None:
    found = _NEXT.search(reply.headers.get("Link", ""))
    return found[1] if found else None


def _items(
    values: list[Json], relation: Relation
) -> tuple[tuple[Item, ...], tuple[Skipped, ...]]:
    items: list[Item] = []
    skipped: list[Skipped] = []
    for value in values:
        try:
            items.append(_item(_record(value), relation))
        except (KeyError, ValueError, TypeError, UnexpectedReplyError):
            key = str(value.get("id", "")) if isinstance(value, dict) else ""
            skipped.append(Skipped(key=key, reason="malformed record"))
    return tuple(items), tuple(skipped)


def _item(status: dict[str, Json], relation: Relation) -> Item:
    text = plain_text(str(status.get("content", "")))
    title = str(status.get("title") or "") or text.partition("\n")[0]
    return Item(
        key=str(status["id"]),
        kind=Kind(str(status.get("type", "post"))),
        title=title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1] + "…",
        text=text,
        url=str(status["url"]),
        people=_people(status),
        relations=(relation,),
        created_at=datetime.fromisoformat(str(status["created_at"])),
        place=_place(status.get("place")),
        tags=tuple(str(tag) for tag in _list(status.get("tags"))),
        reactions={
            name: int(str(count)) for name, count in _record(status.get("counts", {})).items()
        },
        visibility=str(status["visibility"]) if "visibility" in status else None,
        raw=status,
    )


def _people(status: dict[str, Json]) -> tuple[Person, ...]:
    author = _person("author", status["author"])
    named = (_person("mentioned", one) for one in _list(status.get("mentions")))
    return tuple(person for person in (author, *named) if person is not None)


def _person(role: str, value: Json) -> Person | None:
    if not isinstance(value, dict) or "name" not in value:
        return None
    return Person(role=role, name=str(value["name"]), handle=str(value.get("acct", "")) or None)


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
