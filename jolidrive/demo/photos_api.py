"""Demo Photos: albums and page tokens, as photo sites have it.

Addresses of small pictures are signed and end after a while, so a connector has to ask for a
fresh one; deletions are never told, so it has to list anew. Place and, for most pictures, the
date are told by the file's EXIF alone.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import secrets
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PIL import Image

from .wire import Answer, Request, json_answer, trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from jolidrive.model.item import Json

    from .shelf import Record, Shelf
    from .world import World

_MOST: Final = 50
_SMALL_LIFE_S: Final = 60
_SIDES: Final = (160, 320, 640)


class PhotosApi:
    """`/photos/v1/…`; `/photos/v1/small/…` is open to whoever has a signed address."""

    prefix = "/photos/v1/"
    open_prefix = "/photos/v1/small/"
    scope = "photos.read"

    def __init__(self, world: World, clock: Callable[[], float] = time.monotonic) -> None:
        self._world = world
        self._clock = clock
        self._photos = world.shelf("photos")
        self._albums = world.shelf("albums")
        self._seal_key = secrets.token_bytes(32)
        self._small = lru_cache(maxsize=128)(self._shrink)

    def answer(self, request: Request) -> Answer:
        """`profile`, `albums`, `items`, `items/<id>` and `items/<id>/original`."""
        asked = request.path.removeprefix(self.prefix).split("/")
        if asked == ["profile"]:
            owner = self._world.owner
            return json_answer({"id": owner.key, "name": owner.name})
        if asked == ["albums"]:
            albums: list[Json] = [dict(record) for record in self._albums.records()]
            return self._page(request, "albums", self._albums, albums)
        if asked == ["items"]:
            photos = [self._photo(record, request.base) for record in self._photos.records()]
            return self._page(request, "items", self._photos, photos)
        record = self._photos.get(asked[1]) if asked[0] == "items" and len(asked) > 1 else None
        if record is None:
            return trouble(404, "not_found")
        if asked[2:] == ["original"]:
            data = self._world.content(str(record["file"]))
            return Answer(200, data, {"Content-Type": str(record["mime"])})
        address = self._signed(request.base, str(record["id"]))
        return json_answer({"item": self._photo(record, request.base), "baseUrl": address})

    def answer_open(self, request: Request) -> Answer:
        """A small picture, for a signed address that has not ended: no token is needed."""
        key = request.path.removeprefix(self.open_prefix)
        expires = request.number("expires", 0, 2**53)
        good = hmac.compare_digest(self._seal(key, expires), request.query.get("sig", ""))
        record = self._photos.get(key)
        if not good or expires < self._clock() or record is None:
            return trouble(403, "link_expired")
        side = request.number("side", 320, _SIDES[-1])
        fitting = next(known for known in _SIDES if known >= side)
        small = self._small(str(record["file"]), fitting)
        return Answer(200, small, {"Content-Type": "image/jpeg"})

    def _page(self, request: Request, name: str, shelf: Shelf, values: list[Json]) -> Answer:
        revision = str(shelf.revision)
        token = request.query.get("pageToken", f"{revision}.0")
        known, _, number = token.partition(".")
        if known != revision or not number.isdigit():
            return trouble(410, "token_ended")  # the library changed in between
        start = int(number)
        most = request.number("pageSize", _MOST, _MOST) or 1
        reply: dict[str, Json] = {name: values[start : start + most], "total": len(values)}
        if start + most < len(values):
            reply["nextPageToken"] = f"{revision}.{start + most}"
        return json_answer(reply)

    def _photo(self, record: Record, base: str) -> Json:
        photo = {name: value for name, value in record.items() if name != "file"}
        return {**photo, "webUrl": f"{base}/view/photos/{record['id']}"}

    def _signed(self, base: str, key: str) -> str:
        expires = int(self._clock()) + _SMALL_LIFE_S
        return f"{base}{self.open_prefix}{key}?expires={expires}&sig={self._seal(key, expires)}"

    def _seal(self, key: str, expires: int) -> str:
        return hmac.new(self._seal_key, f"{key} {expires}".encode(), hashlib.sha256).hexdigest()

    def _shrink(self, path: str, side: int) -> bytes:
        out = io.BytesIO()
        with Image.open(io.BytesIO(self._world.content(path))) as picture:
            picture.draft("RGB", (side, side))
            picture.thumbnail((side, side))
            picture.convert("RGB").save(out, "JPEG", quality=82)
        return out.getvalue()
