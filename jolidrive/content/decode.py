"""Bytes to text in whatever encoding they are, or the finding that they are no text.

Order: a byte order mark, zeros as UTF-16 has them, UTF-8, what the sender declared, and only
then a guess. The guess is charset-normalizer's among encodings people really used, after one
rule of ours: it takes French for Polish, so western text is recognised first.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

_SAMPLE: Final = 64 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSED: Final = """
    cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp874 iso8859_2 iso8859_5
    koi8_r cp866 cp932 euc_jp iso2022_jp gb18030 big5 cp949
"""
_TOLD: Final = """
    ascii utf-8 utf-16 utf-16-le utf-16-be iso8859_1 iso8859_6 iso8859_7 iso8859_8 iso8859_9
    iso8859_15 shift_jis euc_kr gb2312 gbk koi8_u mac_roman
"""
_DECLARABLE: Final = frozenset(codecs.lookup(name).name for name in (_GUESSED + _TOLD).split())
"""Python's codecs include `zlib` and `punycode`: a stranger may not choose among all."""

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LONE_HIGH: Final = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_UNWESTERN: Final = re.compile(r"(?<=\w)[^\w\s'\u2019.,:;/&@_-](?=\w)|[\x80-\x9f¹²³]")
_EDH: Final = re.compile("[ðþýÐÞÝ]")
_ACUTE: Final = re.compile("[áíóæÁÍÓÆ]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_CJK: Final = re.compile(r"[\u3000-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


def decode(data: bytes, declared: str | None = None) -> str | None:
    """The text, or None when this is no text. A character cut off at the end is left out.

    Args:
        data: the file, or its beginning.
        declared: the encoding somebody named, believed only when it fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _if_clean(_as(data[len(mark) :], encoding))
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        wide = _wide(sample)
        return None if wide is None else _if_clean(_as(data, wide))
    text = _as(data, "iso2022_jp") if b"\x1b$" in sample else _as(data, "utf-8")
    if text is None and declared is not None and _is_declarable(declared):
        text = _as(data, declared)
    if text is None:
        text = _guessed(data, sample)
    return _if_clean(text)


def _as(data: bytes, encoding: str) -> str | None:
    try:
        # Not final: the last character may be cut in half.
        return codecs.getincrementaldecoder(encoding)("strict").decode(data)
    except UnicodeError:
        return None


def _is_declarable(name: str) -> bool:
    try:
        return codecs.lookup(name).name in _DECLARABLE
    except (LookupError, ValueError):
        return False


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: Latin letters, spaces and line ends leave zeros on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # A few on the other side are characters such as U+4E00.
    if min(even, odd) * 4 > max(even, odd) or max(even, odd) * 20 < len(sample):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _if_clean(text: str | None) -> str | None:
    """None when one character of a hundred is a control character: that is a program's file."""
    if text is None:
        return None
    beginning = text[:_SAMPLE]
    if len(_CONTROLS.findall(beginning)) * 100 > len(beginning):
        return None
    return text


def _guessed(data: bytes, sample: bytes) -> str:
    is_latin = len(_LONE_HIGH.findall(sample)) * 2 > len(_HIGH.findall(sample))
    if is_latin and (western := _western(sample)) is not None:
        return _loose(data, western)
    cut = sample[: sample.rfind(b"\n") + 1] or sample
    for match in from_bytes(cut, cp_isolation=_GUESSED.split()):
        if match.encoding != "cp949" or _is_korean(str(match)):
            return _loose(data, match.encoding)
    # Too short to be sure of: the rest of Europe, or Chinese.
    chinese = None if is_latin else _as(data, "gb18030")
    return _loose(data, "iso8859_2") if chinese is None else chinese


def _western(sample: bytes) -> str | None:
    """The encoding, when bytes above ASCII read as cp1252 are letters where letters belong."""
    text = _loose(sample, "cp1252")
    if _UNWESTERN.search(text) is not None:
        return None
    # Where Icelandic has these letters Turkish has its own, but none of the others.
    is_turkish = _EDH.search(text) is not None and _ACUTE.search(text) is None
    return "cp1254" if is_turkish else "cp1252"


def _loose(data: bytes, encoding: str) -> str:
    """A guess from the beginning may be wrong further on: one bad byte loses one character."""
    return data.decode(encoding, "replace")


def _is_korean(text: str) -> bool:
    """Chinese and Japanese bytes read as Korean give a mixture nobody writes."""
    return len(_HANGUL.findall(text)) * 10 >= len(_CJK.findall(text)) * 9
