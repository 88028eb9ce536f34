from __future__ import annotations

import pytest

from jolidrive.errors import UnexpectedReplyError
from jolidrive.net.reply import PlainReply


def reply_of(body: bytes, kind: str = "") -> PlainReply:
    return PlainReply(200, {"Content-Type": kind}, "https://api.example/", body)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"NaN", b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_named(body: bytes) -> None:
    reply = reply_of(body)
    with pytest.raises(UnexpectedReplyError) as caught:
        reply.json()
    assert caught.value.reason == "not_json"
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
    ],
)
def test_what_is_not_harmless_xml_is_named(body: bytes) -> None:
    reply = reply_of(body)
    with pytest.raises(UnexpectedReplyError) as caught:
        reply.xml()
    assert caught.value.reason == "not_xml"


def test_xml_is_read() -> None:
    reply = reply_of(b"<a><b/></a>")
    assert reply.xml().tag == "a"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("", "ü".encode(), "ü"),
        ("text/plain; charset=latin-1", b"\xfc", "ü"),
        ("text/plain; charset=idna", "ü".encode(), "ü"),
        ("text/plain; charset=cp99999", "ü".encode(), "ü"),
        ('text/plain; charset="', "\ufeffü".encode(), "ü"),
    ],
)
def test_text_is_read_by_the_charset_it_names(kind: str, body: bytes, text: str) -> None:
    reply = reply_of(body, kind)
    assert reply.text() == text
