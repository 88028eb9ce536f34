from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jolidrive.api.text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>one</p><p>two <b>three</b></p>", "one\ntwo three"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<td>a</td><td>b</td>", "a b"),
        ("a &lt;b&gt; &amp; &eacute;&#233;&#xe9; &nosuch;", "a <b> & ééé &nosuch;"),
        ("<style>p{}</style>a<SCRIPT src=x>if (a<b) {}</script >b", "ab"),
        ("<head><title>T</title></head><body>x", "x"),
        ("a<!-- <p>hidden --> b", "a b"),
        ("<!doctype html><?xml x?>a</>b", "ab"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<h1>Ein\n  Titel</h1>  x", "Ein\nTitel\nx"),
        ("a<script>never closed", "a"),
        ("a<!-- never closed", "a"),
        ("a<p never closed", "a"),
        ("&#99999999999999999999; &#x110000; &#0;", "&#99999999999999999999; \ufffd \ufffd"),
    ],
)
def test_html_becomes_the_text_one_reads(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "unit",
    ["<", "<p>", "<div", "<!--", "</", "<a ", "<script>", "&", "&#", "<b><i>", "<title>"],
)
def test_a_million_of_anything_is_read_in_one_go(unit: str) -> None:
    plain_text(unit * 300_000)


@given(st.text(alphabet="<>/!-&#;ab\"'= \nscript", max_size=80))
def test_nothing_makes_it_raise_or_adds_text(html: str) -> None:
    assert len(plain_text(html)) <= len(html)
