"""The one rule for words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jolidrive.model.words import MAX_WORD, fold, index_terms, spans, words

_odd = st.text(
    st.sampled_from("aZ é\u0301\u0308Åßﬁ²½_'-한국ᄒ\u1161\u11ab東京かが゙İıΣς\u09c7\u09be¨ \n")
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Straße foo_bar don't", ["strasse", "foo", "bar", "don", "t"]),
        ("Ça, C++ & x²", ["ca", "c", "x2"]),
        ("iPhone東京2024", ["iphone", "東京", "2024"]),
        ("\u1112\u1161\u11ab국", ["한국"]),
        ("がぎ", ["かき"]),
        ("", []),
    ],
)
def test_texts_are_cut_into_folded_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.one_of(st.text(), _odd))
def test_spans_are_the_same_words_and_stand_where_they_say(text: str) -> None:
    found = list(spans(text))
    assert [span.word for span in found] == words(text)
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
        assert words(text[span.start : span.end])[:1] or not span.word
        if span.places:
            assert len(span.places) == len(span.word) + 1
    assert [s.start for s in found] == sorted(s.start for s in found)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_alike_on_the_short_way(text: str) -> None:
    assert words(text) == [w for w in words(f"{text} é") if w != "e"] or "e" in words(text)


@given(st.one_of(st.text(), _odd))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
    assert fold(text).isascii() or not text.isascii()


def test_runs_are_stored_as_pairs_and_a_last_character() -> None:
    assert index_terms("a 東京都 b") == ["a", "東京", "京都", "都", "b"]


def test_long_words_are_cut_but_runs_are_not() -> None:
    assert words("x " + "a" * 250 + " y") == ["x", "a" * MAX_WORD, "y"]
    assert words("b" * 101) == ["b" * 100]
    assert words("b" * 100) == ["b" * 100]
    assert words("東" * 300) == ["東" * 300]
    assert [(s.start, s.end) for s in spans("a" * 250)] == [(0, 250)]


@pytest.mark.parametrize("before", range(0, 130, 3))
def test_a_long_word_is_cut_wherever_it_stands(before: int) -> None:
    text = "a " * before + "b" * 101 + " c" * (before % 7)
    assert "b" * 100 in words(text)
    assert "b" * 101 not in words(text)
