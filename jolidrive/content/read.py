"""The one entry: looks into one file and says what was found.

The file is held in memory, never in a temporary file, which would escape the wipe. Whatever
is wrong with it is an outcome; exceptions come only from the source of the bytes.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from .extract import MAX_BYTES, extract_text, major_of, may_hold_text
from .outcome import ContentFound, Photo, Trouble
from .photo import read_photo
from .picture import BROKEN, PictureTooLargeError, is_picture, open_picture, refuse_if_large
from .thumbnail import make_thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterator

_PICTURES = frozenset({"image/jpeg", "image/jpg", "image/pjpeg", "image/png"})
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png")


@runtime_checkable
class _Closable(Protocol):
    def close(self) -> None: ...


def why_not(*, mime: str | None, name: str, size: int | None) -> Trouble | None:
    """Why a file need not be fetched at all; None when it is worth looking into."""
    if size is not None and size > MAX_BYTES:
        return Trouble.TOO_LARGE
    if may_hold_text(mime, name) or _may_be_picture(mime, name):
        return None
    return Trouble.UNSUPPORTED


def read_content(
    pieces: Iterator[bytes],
    *,
    mime: str | None,
    name: str,
    size: int | None = None,
    wants_thumbnail: bool = True,
) -> ContentFound:
    """What is inside a file.

    Args:
        pieces: its bytes; not begun when `why_not` has a reason, closed in the end.
        mime: the media type the service told.
        name: the file's name.
        size: as the service told; the bytes are counted all the same.
        wants_thumbnail: also make a small picture.
    """
    reason = why_not(mime=mime, name=name, size=size)
    data = None if reason else _collected(pieces)
    if data is None:
        return ContentFound(trouble=reason or Trouble.TOO_LARGE)
    if is_picture(data):
        with warnings.catch_warnings():
            # Pillow warns about odd EXIF; nobody can do anything about it.
            warnings.simplefilter("ignore")
            return _look_at_picture(data, wants_thumbnail=wants_thumbnail)
    found = extract_text(data, mime=mime, name=name)
    broken = found.trouble is Trouble.UNSUPPORTED and _may_be_picture(mime, name)
    return ContentFound(
        text=found.text, trouble=Trouble.PICTURE_BROKEN if broken else found.trouble
    )


def _may_be_picture(mime: str | None, name: str) -> bool:
    said = (mime or "").partition(";")[0].strip().lower()
    by_name = major_of(mime) in {"", "application"} and name.lower().endswith(_PICTURE_ENDINGS)
    return said in _PICTURES or by_name


def _collected(pieces: Iterator[bytes]) -> bytes | None:
    """All bytes, or None as soon as there are too many."""
    held = bytearray()
    try:
        for piece in pieces:
            held += piece
            if len(held) > MAX_BYTES:
                return None
    finally:
        if isinstance(pieces, _Closable):
            pieces.close()
    return bytes(held)


def _look_at_picture(data: bytes, *, wants_thumbnail: bool) -> ContentFound:
    """Facts and thumbnail; what fails later does not take away what was found before."""
    photo: Photo | None = None
    thumbnail: bytes | None = None
    trouble: Trouble | None = None
    try:
        with open_picture(data) as picture:
            photo = Photo(width=picture.width, height=picture.height)
            refuse_if_large(picture)
            photo = read_photo(picture)
        if wants_thumbnail:
            thumbnail = make_thumbnail(data)
    except PictureTooLargeError:
        trouble = Trouble.PICTURE_TOO_LARGE
    except BROKEN:
        trouble = Trouble.PICTURE_BROKEN
    return ContentFound(
        created_at=photo.created_at if photo else None,
        place=photo.place if photo else None,
        width=photo.width if photo else None,
        height=photo.height if photo else None,
        thumbnail=thumbnail,
        trouble=trouble,
    )
