"""Opens JPEG and PNG, and nothing else, within limits.

Pillow's own `open` would try sixty formats and only warn about a picture of a billion pixels;
here the first bytes choose between two decoders, and sizes are looked at before any pixel is
decoded.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Final

from PIL import JpegImagePlugin, PngImagePlugin

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS: Final = 50_000_000
"""Decoded whole: 200 MB at four bytes a pixel."""
MAX_PIXELS_IN_STEPS: Final = 400_000_000
"""A baseline JPEG is decoded row by row, and scaled down while it is."""

BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MemoryError,
)
"""What Pillow raises for files that are not what they should be."""

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class PictureTooLargeError(Exception):
    """More pixels than we decode."""


def is_picture(data: bytes) -> bool:
    """Whether the first bytes are JPEG's or PNG's."""
    return data.startswith((_JPEG, _PNG))


def open_picture(data: bytes) -> Image.Image:
    """The picture, no pixel decoded yet; raises one of `BROKEN`."""
    file = io.BytesIO(data)
    if data.startswith(_PNG):
        return PngImagePlugin.PngImageFile(file)
    return JpegImagePlugin.JpegImageFile(file)


def refuse_if_large(picture: Image.Image) -> None:
    """`PictureTooLargeError` where decoding would take too much memory."""
    in_steps = picture.format == "JPEG" and not picture.info.get("progressive")
    most = MAX_PIXELS_IN_STEPS if in_steps else MAX_PIXELS
    if picture.width * picture.height > most:
        raise PictureTooLargeError
