"""What a photo tells of itself: its size as seen, when and where it was taken.

EXIF is written by anybody: each value is checked alone, and one that makes no sense is none.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from PIL import ExifTags

from .outcome import Photo
from .picture import BROKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import Image

_DATE: Final = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET: Final = re.compile(r"([+-])(\d\d):(\d\d)")
_BASE: Final = ExifTags.Base
_DATES: Final = (
    (_BASE.DateTimeOriginal, _BASE.OffsetTimeOriginal),
    (_BASE.DateTimeDigitized, _BASE.OffsetTimeDigitized),
    (_BASE.DateTime, _BASE.OffsetTime),
)
_TURNED: Final = frozenset({5, 6, 7, 8})


def read_photo(picture: Image.Image) -> Photo:
    """Size, date and place. A PNG's pixels may be decoded for it: mind its size before."""
    tags = _tags(picture)
    width, height = picture.size
    if tags.get(_BASE.Orientation) in _TURNED:
        width, height = height, width
    return Photo(
        width=width, height=height, created_at=_taken_at(tags), place=_place(_gps(picture))
    )


def _tags(picture: Image.Image) -> dict[int, object]:
    """The main tags and those of the camera, in one."""
    try:
        exif = picture.getexif()
        return {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}
    except BROKEN:
        return {}


def _gps(picture: Image.Image) -> dict[int, object]:
    try:
        return dict(picture.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    except BROKEN:
        return {}


def _taken_at(tags: Mapping[int, object]) -> datetime | None:
    for date, offset in _DATES:
        found = _date(tags.get(date), tags.get(offset))
        if found is not None:
            return found
    return None


def _date(date: object, offset: object) -> datetime | None:
    """A date without a zone is on the clock of this computer: most people stay at home."""
    told = _DATE.match(date) if isinstance(date, str) else None
    if told is None:
        return None
    zone = _OFFSET.match(offset.strip()) if isinstance(offset, str) else None
    try:
        naive = datetime(*(int(part) for part in told.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - gets its zone below
        if zone is None:
            return naive.astimezone()
        ahead = timedelta(hours=int(zone[2]), minutes=int(zone[3]))
        return naive.replace(tzinfo=timezone(ahead if zone[1] == "+" else -ahead))
    except (ValueError, OverflowError, OSError):
        return None


def _place(gps: Mapping[int, object]) -> tuple[float, float] | None:
    lat = _degrees(
        gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "NS"
    )
    lon = _degrees(
        gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "EW"
    )
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    # Nothing but a camera without reception takes pictures at exactly zero and zero.
    return None if lat == lon == 0 else (lat, lon)


def _degrees(parts: object, side: object, sides: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    word = side.strip("\0 ").upper() if isinstance(side, str) else ""
    if word not in tuple(sides):
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except BROKEN:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return round(-value if word == sides[1] else value, 7)
