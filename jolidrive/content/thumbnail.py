"""A small picture: WebP, 512 pixels on the long side, at most 24 kB, nothing but pixels."""

from __future__ import annotations

import io
import math
from typing import Final

from PIL import Image, ImageOps

from .picture import BROKEN, open_picture, refuse_if_large

SIDE: Final = 512
MAX_BYTES: Final = 24 * 1024
_QUALITIES: Final = (80, 60, 40)


def make_thumbnail(data: bytes) -> bytes:
    """The thumbnail of a JPEG or PNG; raises `PictureTooLargeError` or one of `BROKEN`.

    Lower quality first, then a smaller picture. A transparent picture stays transparent.
    """
    with open_picture(data) as picture:
        refuse_if_large(picture)
        # A JPEG is decoded at an eighth, a quarter or a half where that is enough.
        picture.draft("RGB", (SIDE, SIDE))
        seen = _turned(picture)
        small = _plain(seen)
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _packed(small)


def _turned(picture: Image.Image) -> Image.Image:
    """As EXIF says it is held; a picture whose EXIF is broken stays as it lies."""
    picture.load()
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        return picture


def _plain(picture: Image.Image) -> Image.Image:
    """RGB or RGBA, whatever it was: palettes, grey, sixteen bits, print colours."""
    if picture.mode.startswith("I"):
        # Sixteen bits: converting would cut everything above 255 to white.
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _packed(small: Image.Image) -> bytes:
    packed = b""
    while True:
        for quality in _QUALITIES:
            packed = _as_webp(small, quality)
            if len(packed) <= MAX_BYTES:
                return packed
        # As much smaller as it is too large, within reason: each try takes time.
        share = min(0.85, max(0.4, math.sqrt(MAX_BYTES / len(packed))))
        width, height = small.size
        smaller = (max(1, int(width * share)), max(1, int(height * share)))
        small = small.resize(smaller, Image.Resampling.LANCZOS)


def _as_webp(small: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    small.save(
        file,
        "WEBP",
        quality=quality,
        alpha_quality=quality,
        method=4,
        exif=b"",
        xmp=b"",
        icc_profile=b"",
    )
    return file.getvalue()
