from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jolidrive.content import extract
from jolidrive.content.extract import MAX_BYTES, clean_text, extract_text, may_hold_text
from jolidrive.content.outcome import Extracted, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "<!DOCTYPE html><title>T</title><p>Caf\u00e9 &amp; <b>har</b>bour<script>x=1</script>"


def test_plain_text_and_markdown_are_read_as_they_are() -> None:
    assert extract_text(b"# Hi\r\n\r\n*there*\n", mime="text/markdown", name="a.md") == (
        Extracted("# Hi\n\n*there*")
    )
    assert extract_text("Grüße".encode("utf-16"), mime=None, name="README") == (
        Extracted("Grüße")
    )


@pytest.mark.parametrize(
    ("mime", "name", "data"),
    [
        ("text/html", "a", b"<p>harbour"),
        (None, "a.html", b"<p>harbour"),
        ("text/plain", "a.txt", b"<!-- x --> <html><p>harbour"),
        ("application/octet-stream", "a", b"\n<!doctype HTML><p>harbour"),
    ],
)
def test_html_is_known_by_type_name_or_beginning(
    mime: str | None, name: str, data: bytes
) -> None:
    assert extract_text(data, mime=mime, name=name) == Extracted("harbour")


def test_the_encoding_a_page_or_a_reply_names_is_used() -> None:
    page = b'<meta charset="windows-1251"><p>\xcc\xf3\xea\xe0'
    assert extract_text(page, mime="text/html", name="a").text == "Мука"
    plain = extract_text(b"\xcc\xf3\xea\xe0", mime="text/plain; charset=cp1251", name="a")
    assert plain.text == "Мука"
    assert extract_text(PAGE.encode("latin-1"), mime="text/html", name="a").text == (
        "Café & harbour"
    )


def test_a_pdf_is_known_by_its_beginning_whatever_its_name(
    text_pdf: Callable[..., bytes],
) -> None:
    data = text_pdf("Harbour")
    assert extract_text(data, mime="image/jpeg", name="a.jpg") == Extracted("Harbour")


@pytest.mark.parametrize(
    ("mime", "name", "data", "trouble"),
    [
        ("video/mp4", "a", b"text", Trouble.UNSUPPORTED),
        (None, "a.zip", b"text", Trouble.UNSUPPORTED),
        (None, "a", b"{\\rtf1 text}", Trouble.UNSUPPORTED),
        (None, "a", bytes(200), Trouble.UNSUPPORTED),
        ("text/plain", "a", bytes(200), Trouble.NOT_TEXT),
        ("application/pdf", "a.pdf", b"\0 no pdf!" * 3, Trouble.UNSUPPORTED),
        ("text/plain", "a", b" " * (MAX_BYTES + 1), Trouble.TOO_LARGE),
    ],
)
def test_what_is_not_read_has_its_reason(
    mime: str | None, name: str, data: bytes, trouble: Trouble
) -> None:
    assert extract_text(data, mime=mime, name=name) == Extracted(trouble=trouble)


def test_text_is_cut_and_nothing_unseen_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clean_text("exam\x02\r\nple\u00ad tidy\x00\x1b[0m\x85\ud800\tend\n") == (
        "example tidy  [0m  \tend"
    )
    monkeypatch.setattr(extract, "MAX_CHARS", 10)
    assert extract_text(b"word " * 100, mime="text/plain", name="a").text == "word word"


def test_a_film_is_not_worth_fetching() -> None:
    assert not may_hold_text("Video/mp4", "a")
    assert not may_hold_text("application/octet-stream", "a.MKV")
    assert may_hold_text("application/octet-stream", "Makefile")
    assert may_hold_text(None, "notes.md")
