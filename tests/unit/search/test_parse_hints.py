"""What is not understood is said, at its place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jolidrive.model.query import Everything, Word
from jolidrive.search.parse import parse

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hinted"),
    [
        ("cats unknown:dog", ["unknown:"]),
        ("cats size:big", ["size:big"]),
        ("cats size:", ["size:"]),
        ("date:2014..foo", ["date:2014..foo"]),
        ("kind:photo,banana,video", ["banana"]),
        ("kind:banana,photo", ["kind:banana"]),
        ("-is:odd", ["is:odd"]),
        ("near:paris", ["near:paris"]),
        ("place:# x", ["place:#"]),
        ("tag:* x", ["tag:*"]),
        ("has:wings OR size:fat", ["has:wings", "size:fat"]),
        ("OR cats", ["OR"]),
        ("cats AND", ["AND"]),
        ("cats NOT ", ["NOT"]),
        ("a OR OR b", ["OR"]),
        ("a OR size:", ["OR", "size:"]),
        ('say "new yor', ['"']),
        ("say “new yor", ["“"]),
        ("(a b", ["("]),
        ("a) b", [")"]),
        ("((a)", ["("]),
    ],
)
def test_a_hint_stands_at_what_was_not_understood(text: str, hinted: list[str]) -> None:
    parsed = parse(text, now=NOW)
    assert [text[hint.start : hint.end] for hint in parsed.hints] == hinted


@pytest.mark.parametrize(
    "text",
    [
        "cats and dogs",
        "AC - DC",
        "C++ (draft)",
        "http://example.org",
        "12:30",
        'kind:photo,video date:june 2019 "new york" -tag:x',
        "a OR (b c) NOT d",
        "kind:photo,",
        '""',
        "don't",
    ],
)
def test_what_is_understood_carries_no_hint(text: str) -> None:
    assert parse(text, now=NOW).hints == ()


def test_a_size_that_is_no_number_is_told_with_an_example() -> None:
    hints = parse("size:big", now=NOW).hints
    assert [hint.text for hint in hints] == [
        "“size:” wants a number, such as size:>10mb. Left out for now."
    ]


def test_a_text_beyond_its_limit_is_cut_and_says_so() -> None:
    parsed = parse("a" * 1_995 + " bcdefghij", now=NOW)
    assert [(hint.start, hint.end) for hint in parsed.hints] == [(2_000, 2_005)]
    assert "2,000" in parsed.hints[0].text


def test_brackets_beyond_all_reason_become_plain_words() -> None:
    parsed = parse("(a OR (b c " * 100, now=NOW)
    assert parsed.hints
    assert {part.query for part in parsed.parts} == {
        Word("a"),
        Word("or"),
        Word("b"),
        Word("c"),
    }


def test_nothing_asks_for_everything() -> None:
    assert parse("", now=NOW).query == Everything()


def test_each_part_knows_where_it_was_typed() -> None:
    text = 'cats -kind:photo (a OR b) NOT "x y" tag:hik* sun~ c AND d'
    parts = parse(text, now=NOW).parts
    assert [text[part.start : part.end] for part in parts] == [
        "cats", "-kind:photo", "(a OR b)", 'NOT "x y"', "tag:hik*", "sun~", "c", "d",
    ]  # fmt: skip


def test_fields_within_brackets_know_their_places_too() -> None:
    text = "cats (kind:photo OR -date:june 2019) unknown:x"
    fields = parse(text, now=NOW).fields
    assert [text[one.start : one.end] for one in fields] == ["kind:photo", "date:june 2019"]
