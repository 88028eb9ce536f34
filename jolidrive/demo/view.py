"""The page an item has at the demo cloud, for *Open at service*.

It shows a title and a line, nothing else; a real service would ask to be signed in, this one
says that it is the demo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .wire import Answer, Request, page, trouble

if TYPE_CHECKING:
    from .world import World

_SERVICES: Final = {
    "files": ("Demo Files", ("files",)),
    "photos": ("Demo Photos", ("photos", "albums")),
    "social": (
        "Demo Social",
        ("posts", "likes", "bookmarks", "events", "activity", "people"),
    ),
    "tracks": ("Demo Music & Video", ("tracks",)),
    "videos": ("Demo Music & Video", ("videos",)),
    "playlists": ("Demo Music & Video", ("playlists",)),
}


def view(request: Request, world: World) -> Answer | None:
    """The page of `/view/<service>/<id>`, None for any other path."""
    tail = request.tail("/view/")
    if tail is None or request.method != "GET":
        return None
    service, _, key = tail.partition("/")
    name, shelves = _SERVICES.get(service, ("", ()))
    found = (world.shelf(shelf).get(key) for shelf in shelves)
    record = next((record for record in found if record is not None), None)
    if record is None:
        return trouble(404, "not_found")
    title = next(
        (str(record[field]) for field in ("title", "name", "filename") if field in record), name
    )
    values = {"title": title, "service": name, "owner": world.owner.name}
    return page(world.content("view.html").decode(), values)
