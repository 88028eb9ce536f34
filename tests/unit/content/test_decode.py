# ruff: noqa: RUF001 - texts of many languages, in their own letters and commas
from __future__ import annotations

import random

import pytest

from jolidrive.content.decode import decode

GERMAN = "Die Straße führt über den Fluß, natürlich hört man schöne Grüße aus Köln.\n"
FRENCH = "L\u2019été, nous étions à la plage où le soleil brûlait \u2013 très bien.\n"
JAPANESE = "これは日本語の文章です。東京は日本の首都で、とても大きな都市です。\n"
CHINESE = "这是一个中文句子。北京是中国的首都，也是一个非常大的城市。\n"
TAIWANESE = "這是一個中文句子。台北是台灣的首都，也是一個非常大的城市。\n"
KOREAN = "이것은 한국어 문장입니다. 서울은 대한민국의 수도이며 매우 큰 도시입니다.\n"
RUSSIAN = "Это предложение на русском языке. Москва является столицей России.\n"
POLISH = "Zażółć gęślą jaźń. Warszawa jest stolicą Polski i bardzo dużym miastem.\n"
GREEK = "Αυτή είναι μια ελληνική πρόταση. Η Αθήνα είναι η πρωτεύουσα της Ελλάδας.\n"
TURKISH = "Bu bir Türkçe cümledir. İstanbul çok büyük bir şehirdir ve güzeldir, ışık.\n"
ICELANDIC = "Það er gott veður í Reykjavík og ég ætla að lesa bók á íslensku.\n"

KNOWN = [
    (GERMAN, "latin-1"),
    (GERMAN, "cp1252"),
    (FRENCH, "cp1252"),
    (ICELANDIC, "latin-1"),
    (TURKISH, "cp1254"),
    (POLISH, "cp1250"),
    (POLISH, "iso8859_2"),
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8_r"),
    (GREEK, "cp1253"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (JAPANESE, "iso2022_jp"),
    (CHINESE, "gb18030"),
    (TAIWANESE, "big5"),
    (KOREAN, "euc_kr"),
]


@pytest.mark.parametrize(("text", "encoding"), KNOWN, ids=lambda value: value[:12])
def test_an_undeclared_encoding_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    assert decode((text * 20).encode(encoding)) == text * 20


@pytest.mark.parametrize("text", [text for text, _ in KNOWN])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
)
def test_unicode_is_read_with_and_without_a_mark(text: str, encoding: str) -> None:
    if encoding.startswith("utf-16-"):
        # Without a mark, zeros tell: some Latin letters among the others.
        text = "Notes, 2019: " + text
    assert decode(text.encode(encoding)) == text


def test_a_short_text_is_read_too() -> None:
    assert decode("Café Müller".encode("latin-1")) == "Café Müller"
    assert decode("北京的照片".encode("gb18030")) == "北京的照片"
    assert decode(b"") == ""


def test_a_character_cut_at_the_end_is_left_out() -> None:
    assert decode(GERMAN.encode() + "ü".encode()[:1]) == GERMAN
    assert decode(GERMAN.encode("utf-16")[:-1]) == GERMAN[:-1]


def test_a_declared_encoding_is_believed_when_it_fits() -> None:
    assert decode("Ελλ".encode("cp1253"), "windows-1253") == "Ελλ"
    assert decode(GERMAN.encode(), "latin-1") == GERMAN
    assert decode(GERMAN.encode("latin-1"), "utf-8") == GERMAN


@pytest.mark.parametrize(
    "named", ["zlib", "bz2", "punycode", "idna", "unicode_escape", "rot13", "no such", "", "\0"]
)
def test_a_declared_codec_that_is_no_encoding_is_not_used(named: str) -> None:
    assert decode(GERMAN.encode("latin-1"), named) == GERMAN


def test_programs_and_noise_are_no_text() -> None:
    noise = random.Random(4)  # noqa: S311 - noise
    assert decode(b"\x7fELF" + bytes(300)) is None
    assert decode(noise.randbytes(100_000)) is None
    for size in range(40, 400, 7):
        assert decode(noise.randbytes(size)) is None


def test_a_wrong_byte_far_behind_loses_one_character_only() -> None:
    long = GERMAN.encode("cp1252") * 2000
    text = decode(long + b"\x81" + GERMAN.encode("cp1252"))
    assert text is not None
    assert text.endswith("\ufffd" + GERMAN)
