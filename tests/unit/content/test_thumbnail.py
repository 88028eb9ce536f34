from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from jolidrive.content.picture import PictureTooLargeError
from jolidrive.content.thumbnail import MAX_BYTES, make_thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable

    Picture = Callable[..., bytes]


def seen(data: bytes) -> Image.Image:
    assert len(data) <= MAX_BYTES
    with Image.open(io.BytesIO(data)) as found:
        assert found.format == "WEBP"
        assert "exif" not in found.info
        found.load()
        return found


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((2000, 1000), (512, 256)),
        ((300, 900), (171, 512)),
        ((40, 20), (40, 20)),
        ((1, 1), (1, 1)),
        ((9000, 1), (512, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_long_side_is_512_and_nothing_grows(
    picture: Picture, size: tuple[int, int], small: tuple[int, int], kind: str
) -> None:
    assert seen(make_thumbnail(picture(Image.new("RGB", size, "red"), kind))).size == small


def test_it_is_turned_as_seen_and_keeps_no_facts(picture: Picture) -> None:
    image = Image.new("RGB", (80, 40), "red")
    image.paste("blue", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "planted description"
    data = make_thumbnail(picture(image, "JPEG", exif))
    small = seen(data).convert("RGB")
    assert small.size == (40, 80)
    assert b"planted" not in data
    top, bottom = small.getpixel((20, 10)), small.getpixel((20, 70))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[2] > 200 > top[0]
    assert bottom[0] > 200 > bottom[2]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_has_a_thumbnail(picture: Picture, mode: str) -> None:
    image = Image.new("RGB", (30, 30), "white").convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = Image.frombytes("I;16", (30, 30), b"\0\x80" * 900)
    small = seen(make_thumbnail(picture(image, "PNG"))).convert("RGB")
    pixel = small.getpixel((15, 15))
    assert isinstance(pixel, tuple)
    wanted = 128 if mode == "I;16" else 255
    assert all(abs(part - wanted) < 8 for part in pixel)


def test_print_colours_and_grey_jpegs_have_a_thumbnail(picture: Picture) -> None:
    for mode in ("CMYK", "L"):
        small = seen(make_thumbnail(picture(Image.new(mode, (30, 30), 0), "JPEG")))
        assert small.size == (30, 30)


def test_what_is_transparent_stays_so(picture: Picture) -> None:
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    palette = Image.new("P", (100, 100), 0)
    for data in (picture(image, "PNG"), picture(palette, "PNG", transparency=0)):
        pixel = seen(make_thumbnail(data)).convert("RGBA").getpixel((50, 50))
        assert isinstance(pixel, tuple)
        assert pixel[3] == 0


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_noise_fits_too(picture: Picture, mode: str) -> None:
    noise = Image.frombytes(mode, (600, 600), os.urandom(600 * 600 * len(mode)))
    assert max(seen(make_thumbnail(picture(noise, "PNG"))).size) <= 512


def test_a_png_of_too_many_pixels_is_refused(picture: Picture) -> None:
    data = picture(Image.new("1", (8_000, 8_000)), "PNG")
    assert len(data) < 100_000
    with pytest.raises(PictureTooLargeError):
        make_thumbnail(data)


def test_a_large_photo_is_scaled_while_it_is_read(picture: Picture) -> None:
    data = picture(Image.new("L", (8_000, 8_000)), "JPEG")
    assert seen(make_thumbnail(data)).size == (512, 512)
    progressive = picture(Image.new("L", (8_000, 8_000)), "JPEG", progressive=True)
    with pytest.raises(PictureTooLargeError):
        make_thumbnail(progressive)
