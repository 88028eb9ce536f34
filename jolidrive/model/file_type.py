"""The one rule for an item's type: the word people know a file by (`jpg`, `pdf`).

Question: the media type or the ending of the name? The media type, where it says something;
names lie (`holiday.final`), but `application/octet-stream` and `text/plain` say nothing that
an ending could not say better.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .words import fold

if TYPE_CHECKING:
    from .item import Item

_ENDING: Final = re.compile(r"\.([a-z0-9]{1,8})$")
_SUBTYPE: Final = re.compile(r"^(?:x-|vnd\.)?([a-z0-9]{1,8})(?:\+[a-z]+)?$")

_ALIASES: Final = {
    "jpeg": "jpg",
    "jpe": "jpg",
    "htm": "html",
    "tiff": "tif",
    "mpeg": "mpg",
    "yml": "yaml",
    "markdown": "md",
    "midi": "mid",
    "text": "txt",
}

_SAYS_NOTHING: Final = frozenset(
    {"application/octet-stream", "binary/octet-stream", "application/unknown", "text/plain"}
)

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."
_KNOWN: Final = {
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/x-wav": "wav",
    "image/svg+xml": "svg",
    "image/x-icon": "ico",
    "image/vnd.microsoft.icon": "ico",
    "video/mpeg": "mpg",
    "video/quicktime": "mov",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
    "application/epub+zip": "epub",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/javascript": "js",
    "text/javascript": "js",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/x-python": "py",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}presentationml.presentation": "pptx",
    f"{_OPEN}text": "odt",
    f"{_OPEN}spreadsheet": "ods",
    f"{_OPEN}presentation": "odp",
}


def normal_type(word: str) -> str:
    """A type as it is compared and shown: `.JPEG` and `jpg` are the same."""
    bare = fold(word).strip().lstrip(".")
    return _ALIASES.get(bare, bare)


def file_type(item: Item) -> str | None:
    """The type of an item, None where it is no file or nobody knows."""
    mime = item.mime.partition(";")[0].strip().lower() if item.mime else ""
    if mime and mime not in _SAYS_NOTHING and (told := _by_mime(mime)):
        return told
    if mime or item.size is not None:
        ending = _ENDING.search(item.title.lower())
        if ending and not ending[1].isdigit():
            return normal_type(ending[1])
    return "txt" if mime == "text/plain" else None


def _by_mime(mime: str) -> str | None:
    if mime in _KNOWN:
        return _KNOWN[mime]
    subtype = _SUBTYPE.match(mime.partition("/")[2])
    return normal_type(subtype[1]) if subtype else None
