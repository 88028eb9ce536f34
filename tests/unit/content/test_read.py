from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from PIL import ExifTags, Image

from jolidrive.content.extract import MAX_BYTES
from jolidrive.content.outcome import ContentFound, Trouble
from jolidrive.content.read import read_content, why_not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Picture = Callable[..., bytes]


def pieces(data: bytes, side: int = 1000) -> Iterator[bytes]:
    return (data[at : at + side] for at in range(0, len(data), side))


def test_text_is_found_in_pieces_cut_anywhere() -> None:
    data = "Grüße aus Köln".encode()
    for side in (1, 3, 100):
        found = read_content(pieces(data, side), mime="text/plain", name="a")
        assert found == ContentFound(text="Grüße aus Köln")
    assert read_content(iter(()), mime=None, name="a") == ContentFound()


def test_a_photo_tells_size_date_place_and_has_a_thumbnail(picture: Picture) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.DateTime] = "2019:06:01 18:30:05"
    gps = {1: "S", 2: (1.0, 30.0, 0.0), 3: "E", 4: (2.0, 0.0, 0.0)}
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    data = picture(Image.new("RGB", (40, 20), "red"), "JPEG", exif)
    for mime, name in (("image/jpeg", "a"), (None, "A.JPG"), ("text/plain", "a.txt")):
        found = read_content(pieces(data), mime=mime, name=name)
        assert (found.width, found.height) == (20, 40)
        assert found.place == (-1.5, 2.0)
        assert found.created_at is not None
        assert found.created_at.year == 2019
        assert found.thumbnail is not None
        assert found.text == ""
        assert found.trouble is None
    bare = read_content(pieces(data), mime=None, name="a.jpg", wants_thumbnail=False)
    assert bare.thumbnail is None
    assert bare.width == 20


@pytest.mark.parametrize(
    ("mime", "name", "size", "reason"),
    [
        ("video/mp4", "a", 10, Trouble.UNSUPPORTED),
        ("image/heic", "a.heic", 10, Trouble.UNSUPPORTED),
        ("text/plain", "a", MAX_BYTES + 1, Trouble.TOO_LARGE),
        ("text/plain", "a", MAX_BYTES, None),
        ("image/PNG; x=y", "a", None, None),
        ("application/octet-stream", "a.jpeg", None, None),
    ],
)
def test_a_file_not_worth_fetching_is_not_begun(
    mime: str, name: str, size: int | None, reason: Trouble | None
) -> None:
    begun: list[int] = []

    def told() -> Iterator[bytes]:
        begun.append(1)
        yield b""

    assert why_not(mime=mime, name=name, size=size) is reason
    if reason is not None:
        found = read_content(told(), mime=mime, name=name, size=size)
        assert found == ContentFound(trouble=reason)
    assert not begun


def test_a_source_that_never_ends_is_closed_at_the_limit() -> None:
    closed: list[int] = []

    def endless() -> Iterator[bytes]:
        given = 0
        try:
            while True:
                given += 1
                yield bytes(1024 * 1024)
        finally:
            closed.append(given)

    found = read_content(endless(), mime="text/plain", name="a", size=3)
    assert found == ContentFound(trouble=Trouble.TOO_LARGE)
    assert closed == [21]


def test_what_the_source_raises_is_passed_on() -> None:
    def broken() -> Iterator[bytes]:
        yield b"a"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        read_content(broken(), mime="text/plain", name="a")


def test_too_many_pixels_leave_the_size(picture: Picture) -> None:
    data = picture(Image.new("1", (10_000, 10_000)), "PNG")
    found = read_content(pieces(data), mime="image/png", name="a")
    assert found == ContentFound(width=10_000, height=10_000, trouble=Trouble.PICTURE_TOO_LARGE)


def test_what_says_it_is_a_picture_and_is_none_is_broken() -> None:
    found = read_content(pieces(b"\0\1\2" * 90), mime="image/png", name="a")
    assert found == ContentFound(trouble=Trouble.PICTURE_BROKEN)
    assert Trouble.PICTURE_BROKEN.is_failure
    assert not Trouble.TOO_LARGE.is_failure


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_cut_or_changed_anywhere_is_an_outcome(picture: Picture, kind: str) -> None:
    chance = random.Random(7)  # noqa: S311 - noise
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = "2019:06:01 18:30:05"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: (1.0, 30.0, 0.0)})
    whole = picture(Image.effect_noise((60, 60), 90), kind, exif)
    for length in range(0, len(whole), 61):
        read_content(iter([whole[:length]]), mime=None, name="a.jpg")
    for _ in range(400):
        changed = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            changed[chance.randrange(min(400, len(changed)))] = chance.randrange(256)
        found = read_content(iter([bytes(changed)]), mime=None, name="a.jpg")
        assert found.trouble in {None, *Trouble}
