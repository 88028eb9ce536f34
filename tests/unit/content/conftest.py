"""Small files, made as needed: PDFs by hand, pictures by Pillow."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PIL import Image

Pdf = Callable[..., bytes]
Picture = Callable[..., bytes]


def build_pdf(*pages: bytes, coding: bytes = b"") -> bytes:
    """A PDF whose pages have these content streams (as they are, or already coded)."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
        )
        head = b"<< %s /Length %d >>\nstream\n" % (coding, len(content))
        objects.append(head + content + b"\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (size, table, size, len(out))
    )


def build_text_pdf(*pages: str) -> bytes:
    """A PDF with one line a page."""
    lines = [text.encode("cp1252") for text in pages]
    return build_pdf(*[b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % line for line in lines])


def build_pdf_bomb(unit: bytes, count: int) -> bytes:
    """A PDF of some kilobytes whose page is `unit` repeated."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(unit * 100_000) for _ in range(count // 100_000))
    return build_pdf(packed + packer.flush(), coding=b"/Filter /FlateDecode")


def build_picture(
    image: Image.Image, kind: str = "JPEG", exif: Image.Exif | None = None, **more: Any
) -> bytes:
    """The bytes of a picture."""
    file = io.BytesIO()
    if exif is not None:
        more["exif"] = exif
    image.save(file, kind, **more)
    return file.getvalue()


@pytest.fixture
def text_pdf() -> Pdf:
    return build_text_pdf


@pytest.fixture
def pdf_bomb() -> Pdf:
    return build_pdf_bomb


@pytest.fixture
def picture() -> Picture:
    return build_picture
