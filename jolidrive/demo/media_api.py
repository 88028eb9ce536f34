"""Demo Music & Video: offset paging with `changed_since`, as music services have it.

Each reply tells the revision it speaks of; asked with `changed_since`, removed things come as
tombstones. Cover pictures need the token like everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .wire import Answer, Request, json_answer, trouble

if TYPE_CHECKING:
    from jolidrive.model.item import Json

    from .shelf import Change
    from .world import World

_MOST: Final = 50
_LISTS: Final = ("tracks", "videos", "playlists")


class MediaApi:
    """`/media/v1/…`."""

    prefix = "/media/v1/"
    scope = "media.read"

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Answer:
        """`me`, the lists, and `<list>/<id>/cover`."""
        asked = request.path.removeprefix(self.prefix).split("/")
        if asked == ["me"]:
            owner = self._world.owner
            return json_answer({"user": {"id": owner.key, "name": owner.name}})
        if asked[0] in _LISTS and len(asked) == 1:
            return self._list(request, asked[0])
        if asked[0] in _LISTS and asked[2:] == ["cover"]:
            return self._cover(asked[0], asked[1])
        return trouble(404, "not_found")

    def _list(self, request: Request, name: str) -> Answer:
        shelf = self._world.shelf(name)
        since = request.number("changed_since", 0, 2**53)
        if since > shelf.revision:
            return trouble(400, "unknown_revision")
        changes = [c for c in shelf.since(since) if since or c.record is not None]
        start = request.number("offset", 0, len(changes))
        most = request.number("limit", _MOST, _MOST) or 1
        return json_answer(
            {
                "items": [_entry(c, name, request.base) for c in changes[start : start + most]],
                "offset": start,
                "total": len(changes),
                "revision": shelf.revision,
            }
        )

    def _cover(self, name: str, key: str) -> Answer:
        record = self._world.shelf(name).get(key)
        path = record.get("cover") if record else None
        if not isinstance(path, str):
            return trouble(404, "not_found")
        return Answer(200, self._world.content(path), {"Content-Type": "image/jpeg"})


def _entry(change: Change, name: str, base: str) -> Json:
    if change.record is None:
        return {"id": change.key, "removed": True}
    entry = {**change.record, "has_cover": "cover" in change.record}
    entry.pop("cover", None)
    entry.setdefault("link", f"{base}/view/{name}/{change.key}")
    return entry
