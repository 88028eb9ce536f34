"""The text inside a file: plain text, Markdown, HTML and PDF.

What a file is, its first bytes say; name and media type only settle what bytes cannot (HTML
without a head) and what is not worth reading (a film). Everything here is hostile input:
time and memory stay bounded, and a broken file is an outcome, never an exception.
"""

from __future__ import annotations

import re
from typing import Final

from jolidrive.api.text import plain_text

from .decode import decode
from .outcome import Extracted, Trouble
from .pdf import pdf_text

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_CHARS: Final = 2_000_000
"""Of one file: more than two Bibles in one volume."""

_HTML_ENDINGS: Final = frozenset({"html", "htm", "xhtml", "xht"})
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_NO_TEXT_MAJORS: Final = frozenset({"image", "audio", "video", "font", "model"})
_BINARY: Final = """
    7z aac apk avi bin bmp bz2 cab db deb dmg doc docm docx dll eot epub exe flac gif gz heic
    heif ico iso jar jpeg jpg m4a m4v mid mkv mov mp3 mp4 mpeg mpg msi odp ods odt ogg opus
    otf png ppt pptx psd rar raw rpm rtf so sqlite svg svgz tar tgz tif tiff ttf wav webm webp
    wma wmv woff woff2 xls xlsm xlsx xz zip zst
"""
_NO_TEXT_ENDINGS: Final = frozenset(_BINARY.split())
_OTHER_TEXTS: Final = (b"{\\rtf", b"%!PS", b"-----BEGIN PGP MESSAGE")
_HTML_START: Final = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)[\s>]", re.I
)
_HTML_CHARSET: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=["'\s]{0,9}([\w.:-]{1,40})""", re.I
)
_MIME_CHARSET: Final = re.compile(
    r"""charset\s{0,9}=["'\s]{0,9}([\w.:-]{1,40})""", re.IGNORECASE
)
_JOINED: Final = re.compile("[\x02\ufffe]\r?\n?|[\u00ad\u200b\u2060\ufeff]")
"""pdfium marks a word cut at a line's end with 2 or U+FFFE; the others are invisible."""
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\uffff]")


def may_hold_text(mime: str | None, name: str) -> bool:
    """Whether a file is worth fetching for its text, by what is said about it."""
    if major_of(mime) in _NO_TEXT_MAJORS:
        return False
    return _ending(name) not in _NO_TEXT_ENDINGS


def extract_text(data: bytes, *, mime: str | None, name: str) -> Extracted:
    """The text of a file, at most `MAX_CHARS`, without control characters."""
    if len(data) > MAX_BYTES:
        return Extracted(trouble=Trouble.TOO_LARGE)
    if b"%PDF-" in data[:1024]:
        found = pdf_text(data, most_chars=MAX_CHARS)
        return Extracted(clean_text(found.text), found.trouble)
    if not may_hold_text(mime, name) or data.startswith(_OTHER_TEXTS):
        return Extracted(trouble=Trouble.UNSUPPORTED)
    is_html = _is_html(data, mime, name)
    text = decode(data[: 4 * MAX_CHARS], _declared(data, mime, is_html=is_html))
    if text is None:
        said_to_be = major_of(mime) == "text"
        return Extracted(trouble=Trouble.NOT_TEXT if said_to_be else Trouble.UNSUPPORTED)
    return Extracted(clean_text(plain_text(text) if is_html else text))


def clean_text(text: str) -> str:
    """Without what nobody sees, cut to `MAX_CHARS`; words cut at a line's end are joined."""
    lines = _JOINED.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(" ", lines)[:MAX_CHARS].strip()


def major_of(mime: str | None) -> str:
    """`image` of `image/jpeg`."""
    return (mime or "").partition("/")[0].strip().lower()


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_html(data: bytes, mime: str | None, name: str) -> bool:
    said = (mime or "").partition(";")[0].strip().lower()
    if said in _HTML_TYPES or _ending(name) in _HTML_ENDINGS:
        return True
    return _HTML_START.match(data[:2048]) is not None


def _declared(data: bytes, mime: str | None, *, is_html: bool) -> str | None:
    if (by_mime := _MIME_CHARSET.search(mime or "")) is not None:
        return by_mime[1]
    if is_html and (by_page := _HTML_CHARSET.search(data[:2048])) is not None:
        return by_page[1].decode("ascii", "replace")
    return None
