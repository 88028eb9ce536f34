"""Demo Files: a folder tree with one delta cursor, as file clouds have it.

Folders and files carry ids and a parent's id; the delta tells changes and deletions in the
order they happened; a cursor of another life of the server is refused with 410.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .wire import Answer, Request, json_answer, trouble

if TYPE_CHECKING:
    from jolidrive.model.item import Json

    from .shelf import Change
    from .world import World

_MOST: Final = 100
_EPOCH: Final = "w1"


class FilesApi:
    """`/files/v1/…`."""

    prefix = "/files/v1/"
    scope = "files.read"

    def __init__(self, world: World) -> None:
        self._world = world
        self._shelf = world.shelf("files")

    def answer(self, request: Request) -> Answer:
        """`me`, `delta` and `content/<id>`."""
        asked = request.path.removeprefix(self.prefix)
        if asked == "me":
            owner = self._world.owner
            return json_answer({"account_id": owner.key, "display_name": owner.name})
        if asked == "delta":
            return self._delta(request)
        key = request.tail(f"{self.prefix}content/")
        return self._content(key) if key else trouble(404, "not_found")

    def _delta(self, request: Request) -> Answer:
        cursor = request.query.get("cursor", "")
        epoch, _, number = cursor.partition(".")
        if cursor and (epoch != _EPOCH or not number.isdigit()):
            return trouble(410, "reset")
        after = int(number) if cursor else 0
        changes = [
            change
            for change in self._shelf.since(after)
            if cursor or change.record is not None  # a first listing tells no deletions
        ]
        most = request.number("limit", _MOST, _MOST) or 1
        shown = changes[:most]
        reached = shown[-1].revision if shown else after
        return json_answer(
            {
                "entries": [self._entry(change, request.base) for change in shown],
                "cursor": f"{_EPOCH}.{reached}",
                "has_more": len(changes) > most,
            }
        )

    def _entry(self, change: Change, base: str) -> Json:
        if change.record is None:
            return {"id": change.key, "deleted": True}
        hidden = {"file"}
        entry = {name: value for name, value in change.record.items() if name not in hidden}
        return {**entry, "web_url": f"{base}/view/files/{change.key}"}

    def _content(self, key: str) -> Answer:
        record = self._shelf.get(key)
        path = record.get("file") if record else None
        if record is None or not isinstance(path, str):
            return trouble(404, "not_found")
        headers = {"Content-Type": str(record["mime"]), "ETag": f'"{record["sha256"]}"'}
        return Answer(200, self._world.content(path), headers)
