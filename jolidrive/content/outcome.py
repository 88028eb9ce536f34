"""What came of looking into a file: values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Trouble(StrEnum):
    """Why a file was not, or not wholly, read: one reason in the balance."""

    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    PDF_ENCRYPTED = "pdf_encrypted"
    PDF_CUT = "pdf_cut"
    PDF_BROKEN = "pdf_broken"
    NOT_TEXT = "not_text"
    PICTURE_TOO_LARGE = "picture_too_large"
    PICTURE_BROKEN = "picture_broken"

    @property
    def is_failure(self) -> bool:
        """Whether the file is at fault; otherwise it is one we leave out on purpose."""
        return self in {Trouble.PDF_BROKEN, Trouble.NOT_TEXT, Trouble.PICTURE_BROKEN}


@dataclass(frozen=True, slots=True)
class Extracted:
    """Text, and what stood in the way of more of it."""

    text: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """What a picture tells of itself. Sizes are as seen: turned as EXIF says."""

    width: int
    height: int
    created_at: datetime | None = None
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFound:
    """Everything found inside one file.

    Args:
        text: plain text, cleaned; empty where there is none.
        created_at: when a photo was taken, with a zone.
        place: latitude and longitude in degrees.
        width: pixels, as seen.
        height: pixels, as seen.
        thumbnail: a small WebP picture.
        trouble: why it was not, or not wholly, read.
    """

    text: str = ""
    created_at: datetime | None = None
    place: tuple[float, float] | None = None
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None
    trouble: Trouble | None = None
