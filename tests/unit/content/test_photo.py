from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from PIL import ExifTags, Image

from jolidrive.content.outcome import Photo
from jolidrive.content.photo import read_photo
from jolidrive.content.picture import open_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Picture = Callable[..., bytes]

BASE = ExifTags.Base
GPS = ExifTags.GPS
LISBON: dict[int, Any] = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (38.0, 42.0, 30.0),
    GPS.GPSLongitudeRef: "W",
    GPS.GPSLongitude: (9.0, 8.0, 24.0),
}


def exif_of(
    main: Mapping[int, Any] = {},
    camera: Mapping[int, Any] = {},
    gps: Mapping[int, Any] = {},
) -> Image.Exif:
    exif = Image.Exif()
    exif[BASE.Make] = "Pillow"
    exif.update(main)
    exif.get_ifd(ExifTags.IFD.Exif).update(camera)
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    return exif


@pytest.fixture
def told(picture: Picture) -> Callable[..., Photo]:
    def read(kind: str = "JPEG", **parts: Any) -> Photo:
        image = Image.new("RGB", (40, 20), "red")
        with open_picture(picture(image, kind, exif_of(**parts))) as opened:
            return read_photo(opened)

    return read


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_date_zone_and_place_are_read(told: Callable[..., Photo], kind: str) -> None:
    camera = {BASE.DateTimeOriginal: "2019:06:01 18:30:05", BASE.OffsetTimeOriginal: "-03:30"}
    zone = timezone(-timedelta(hours=3, minutes=30))
    photo = told(kind, camera=camera, gps=LISBON)
    assert photo == Photo(
        width=40,
        height=20,
        created_at=datetime(2019, 6, 1, 18, 30, 5, tzinfo=zone),
        place=(38.7083333, -9.14),
    )
    assert photo.created_at is not None
    assert photo.created_at.utcoffset() == zone.utcoffset(None)


def test_a_date_without_a_zone_is_on_this_computers_clock(told: Callable[..., Photo]) -> None:
    photo = told(main={BASE.DateTime: "2019:06:01 18:30:05"})
    assert photo.created_at == datetime(2019, 6, 1, 18, 30, 5).astimezone()


@pytest.mark.parametrize(
    "date",
    ["0000:00:00 00:00:00", "    :  :     :  :  ", "2019:13:01 18:30:05", "yesterday", ""],
)
def test_a_date_that_is_none_is_left_out(told: Callable[..., Photo], date: str) -> None:
    assert told(camera={BASE.DateTimeOriginal: date}).created_at is None


def test_the_next_date_is_taken_where_the_first_is_none(told: Callable[..., Photo]) -> None:
    photo = told(
        camera={BASE.DateTimeOriginal: "0000:00:00 00:00:00"},
        main={BASE.DateTime: "2019:06:01 18:30:05", BASE.OffsetTime: "+99:00"},
    )
    assert photo.created_at is None
    photo = told(camera={BASE.DateTimeDigitized: "2018:06:01 18:30:05"})
    assert photo.created_at is not None
    assert photo.created_at.year == 2018


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (40, 20)), (3, (40, 20)), (6, (20, 40)), (8, (20, 40))]
)
def test_the_size_is_the_one_seen(
    told: Callable[..., Photo], orientation: int, size: tuple[int, int]
) -> None:
    photo = told(main={BASE.Orientation: orientation})
    assert (photo.width, photo.height) == size


@pytest.mark.parametrize(
    "wrong",
    [
        {GPS.GPSLatitude: (91.0, 0.0, 0.0)},
        {GPS.GPSLongitude: (181.0, 0.0, 0.0)},
        {GPS.GPSLatitude: (38.0, 42.0)},
        {GPS.GPSLatitudeRef: "X"},
        {GPS.GPSLatitudeRef: ""},
        {GPS.GPSLatitude: 38.0},
        {GPS.GPSLatitude: (0.0, 0.0, 0.0), GPS.GPSLongitude: (0.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_is_none_is_left_out(
    told: Callable[..., Photo], wrong: dict[int, Any]
) -> None:
    assert told(gps=LISBON | wrong).place is None


def test_a_picture_without_facts_has_its_size(picture: Picture) -> None:
    data = picture(Image.new("L", (3, 5)), "PNG")
    with open_picture(data) as opened:
        assert read_photo(opened) == Photo(width=3, height=5)
