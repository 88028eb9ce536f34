"""Excerpts show the matched words."""

from __future__ import annotations

import pytest

from jolidrive.model.item import Item, Kind, Marks, Person, StoredItem
from jolidrive.search.excerpt import LENGTH, excerpt, title_marks
from jolidrive.search.parse import parse


def stored(
    text: str = "", *, content: str = "", title: str = "t", note: str = ""
) -> StoredItem:
    people = (Person(name="Inès Meyer"),)
    item = Item(key="k", kind=Kind.POST, title=title, text=text, people=people)
    return StoredItem(number=1, item=item, content=content, marks=Marks(note=note))


def marked(query: str, of: StoredItem) -> list[str]:
    found = excerpt(parse(query).query, of)
    return [found.text[start:end] for start, end in found.marks]


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("sun ", "Sun, sunday; the SUN!", ["Sun", "SUN"]),
        ("sun", "Sun, sunday", ["Sun", "sunday"]),
        ("ete ", "un été, un e\u0301te\u0301.", ["été", "e\u0301te\u0301"]),
        ("holiday~ ", "holidays and hoilday", ["holidays", "hoilday"]),
        ('"new york"', "new jersey, New York", ["New York"]),
        ("東京 ", "私は東京都に", ["東京"]),
        ("京", "東京都", ["京"]),
        ('"a 東"', "b a 東京", ["a 東"]),
        ("-sun moon ", "sun moon", ["moon"]),
        ("ﬁn ", "the fin", ["fin"]),
        ("kind:post ", "post", []),
    ],
)
def test_matched_words_are_marked(query: str, text: str, words: list[str]) -> None:
    assert marked(query, stored(text)) == words


def test_the_densest_place_is_shown() -> None:
    text = f"sun {'x ' * 300} moon {'y ' * 300} sun and moon {'z ' * 300}"
    found = excerpt(parse("sun moon ").query, stored(text))
    assert "sun and moon" in found.text
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert len(found.text) <= LENGTH + 2
    assert [found.text[a:b] for a, b in found.marks] == ["sun", "moon"]


def test_other_fields_are_looked_in_when_the_text_has_no_match() -> None:
    assert excerpt(parse("deep ").query, stored("a", content="so deep")).text == "so deep"
    assert marked("ines ", stored("a")) == ["Inès"]
    assert excerpt(parse("mine ").query, stored("a", note="it is mine")).text == "it is mine"


def test_without_a_match_the_beginning_is_shown_on_one_line() -> None:
    assert excerpt(parse("").query, stored("one\ntwo")).text == "one two"
    assert excerpt(parse("x").query, stored("word " * 100)).text.endswith("…")


def test_matches_deep_in_long_content_are_found() -> None:
    assert marked("needle ", stored(content="hay " * 30_000 + "needle")) == ["needle"]


def test_titles_are_marked_too() -> None:
    assert title_marks(parse("sun").query, "A Sunny day") == ((2, 7),)
