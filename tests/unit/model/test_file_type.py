"""The one rule for types."""

from __future__ import annotations

import pytest

from jolidrive.model.file_type import file_type, normal_type
from jolidrive.model.item import Item, Kind


@pytest.mark.parametrize(
    ("mime", "title", "size", "found"),
    [
        ("image/jpeg", "x", None, "jpg"),
        ("image/JPEG; q=1", "x.png", None, "jpg"),
        ("application/octet-stream", "Report.PDF", None, "pdf"),
        ("text/plain", "readme.md", 3, "md"),
        ("text/plain", "readme", 3, "txt"),
        (None, "song.jpeg", 3, "jpg"),
        (None, "Met St. Mary", None, None),
        (None, "version 2.5", 3, None),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "x",
            1,
            "docx",
        ),
        ("image/svg+xml", "x", 1, "svg"),
        ("application/x-tar", "x", 1, "tar"),
        ("application/vnd.some-thing.very-long", "x.abc", 1, "abc"),
    ],
)
def test_media_type_then_ending(
    mime: str | None, title: str, size: int | None, found: str | None
) -> None:
    item = Item(key="k", kind=Kind.DOCUMENT, title=title, mime=mime, size=size)
    assert file_type(item) == found


def test_typed_values_are_the_same_word() -> None:
    assert {normal_type(word) for word in ("jpg", ".JPEG", " jpeg ")} == {"jpg"}
