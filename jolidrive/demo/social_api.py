"""Demo Social: lists with a Link header, newest first, as the fediverse has it.

Posts, likes, bookmarks, events and people are each a list that has to be read to its end; the
same post may be in several. Text is HTML. Deletions are never told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from .wire import Answer, Request, json_answer, trouble

if TYPE_CHECKING:
    from jolidrive.model.item import Json

    from .shelf import Record
    from .world import World

_MOST: Final = 40
_LISTS: Final = ("posts", "likes", "bookmarks", "events", "activity", "people")


class SocialApi:
    """`/social/v1/…`."""

    prefix = "/social/v1/"
    scope = "social.read"

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Answer:
        """`account` and the lists."""
        asked = request.path.removeprefix(self.prefix)
        if asked == "account":
            owner = self._world.owner
            return json_answer({"id": owner.key, "acct": owner.handle, "name": owner.name})
        return self._list(request, asked) if asked in _LISTS else trouble(404, "not_found")

    def _list(self, request: Request, name: str) -> Answer:
        records = sorted(self._world.shelf(name).records(), key=_age, reverse=True)
        before = request.query.get("before")
        if before is not None:
            records = [record for record in records if _age(record) < before]
        most = request.number("limit", _MOST, _MOST) or 1
        shown: list[Json] = [self._status(record, request.base) for record in records[:most]]
        headers = {}
        if most < len(records):
            query = urlencode({"limit": most, "before": _age(records[most - 1])})
            headers["Link"] = f'<{request.base}{request.path}?{query}>; rel="next"'
        return json_answer(shown, headers=headers)

    def _status(self, record: Record, base: str) -> Json:
        owner = self._world.owner
        author: Json = {"id": owner.key, "name": owner.name, "acct": owner.handle}
        status: dict[str, Json] = {"author": author, **record}
        status.setdefault("url", f"{base}/view/social/{record['id']}")
        return status


def _age(record: Record) -> str:
    """Sorts by time; the id tells apart what happened at once."""
    return f"{record.get('created_at', '')} {record['id']}"
