"""One file of a server → one item, and the way between an item's key and its address.

Question: a file's number (`oc:fileid`) would survive a rename, its path does not; which is the
key? Answer: the path. `open` is given the key alone, only some servers number their files, and
none of them must answer *where is number 7*. The number is kept in `extra`; a rename is one
item gone and another new.
"""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from jolidrive.api import Item, Kind, Person

if TYPE_CHECKING:
    from .reply import Member, Parts

_UNKNOWN: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_MORE: Final = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".rst": "text/x-rst",
    ".heic": "image/heic",
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".mkv": "video/x-matroska",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/opus",
    ".m4a": "audio/mp4",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_KINDS: Final = {"image": Kind.PHOTO, "video": Kind.VIDEO, "audio": Kind.MUSIC}


class _Types(mimetypes.MimeTypes):
    """Media types by ending: Python's own list, the same on every machine."""

    def __init__(self) -> None:
        super().__init__()
        for ending, mime in _MORE.items():
            self.add_type(mime, ending)


_types: Final = _Types()


def key_of(path: Parts) -> str:
    """The key of a path: the path itself, with `%` and what cannot be printed escaped."""
    whole = "/".join(path)
    if whole.isprintable() and "%" not in whole:
        return whole
    return "".join(one if one.isprintable() and one != "%" else quote(one) for one in whole)


def path_of(key: str) -> Parts:
    """The path of a key; an empty one is the top."""
    return () if not key else tuple(unquote(part) for part in key.split("/"))


def address_of(root: str, path: Parts) -> str:
    """The address of a path below `root` (which has no slash at its end)."""
    return "/".join((root, *(quote(part, safe="") for part in path)))


def mime_of(name: str, told: str) -> str:
    """What the server says, or what the ending says where the server does not know."""
    if told not in _UNKNOWN:
        return told
    return _types.guess_type(f"file:{quote(name)}")[0] or told or "application/octet-stream"


def file_item(member: Member, folder: Parts, root: str) -> Item:
    """The item of a file that lies in `folder`."""
    path = (*folder, member.name)
    mime = mime_of(member.name, member.mime)
    told = [one for one in (member.created_at, member.changed_at) if one is not None]
    extra: dict[str, str | bool] = {}
    if member.fileid:
        extra["fileid"] = member.fileid
    if member.favorite:
        extra["favorite"] = True
    return Item(
        key=key_of(path),
        kind=_KINDS.get(mime.partition("/")[0], Kind.DOCUMENT),
        title=member.name,
        url=_url(member, path, root),
        people=(Person(role="owner", name=member.owner),) if member.owner else (),
        created_at=min(told) if told else None,
        changed_at=member.changed_at,
        folder="/".join(folder) or None,
        mime=mime,
        size=member.size,
        content_hash=member.etag or _look(member),
        has_content=True,
        extra=extra,
    )


def _url(member: Member, path: Parts, root: str) -> str:
    """Where a browser opens it: Nextcloud and ownCloud have a short page for each number."""
    site, dav, _ = root.partition("/remote.php/")
    if dav and member.fileid.isascii() and member.fileid.isdigit():
        return f"{site}/f/{member.fileid}"
    return address_of(root, path)


def _look(member: Member) -> str | None:
    """What stands for the content where the server has no etag."""
    if member.changed_at is None:
        return None
    return f"{member.changed_at.timestamp():.0f}-{member.size}"
