"""What holds for every text: no exception, no word lost in silence, and the way back."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jolidrive.model.query import (
    And,
    Around,
    Days,
    Everything,
    Field,
    FieldName,
    Match,
    Not,
    Or,
    Phrase,
    Query,
    Sizes,
    Text,
    Word,
)
from jolidrive.model.words import words
from jolidrive.search.parse import conjunction, parse
from jolidrive.search.parse_fields import HAS_VALUES, IS_VALUES
from jolidrive.search.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PIECES: Final = (
    *(
        "(",
        ")",
        "(",
        ")",
        '"',
        '"',
        "*",
        "~",
        ":",
        ",",
        "-",
        "-",
        "..",
        ">",
        "/",
        "\n",
        "“",
        "0",
    ),
    *("½", "™", "é", "नि", "\u0627", "İ", "ß", "\x00", "东", "東京", "한", "\u2019", "+", "#"),
    *(" ", " ", " ", " OR ", " AND ", "NOT ", " NOT ", " -", "OR", "AND", "e\u0301", "\u0301"),
    *(
        "cat",
        "dog ",
        "foo_bar",
        "C++",
        "http://x",
        "unknown:",
        "may",
        "to ",
        "a/b",
        "10mb",
        "5",
    ),
    *(f"{name}:" for name in FieldName),
    *(
        "photo",
        "videos",
        "mine",
        "place",
        "2014",
        "june ",
        "2019",
        "-06",
        "14",
        "48.85",
        ",2.35",
    ),
    *("last tuesday", "2 weeks ago", "last ", "30 days", "kb", "1,5 gb", "hik*", '"new york"'),
)
pieces = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)
few = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def comes_back(query: Query) -> None:
    written = render(query)
    again = parse(written, now=NOW)
    assert again.query == query, written
    assert again.hints == (), written


def leaves(query: Query) -> Iterator[Query]:
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield query


def searched(query: Query) -> set[str]:
    """Every word that a query asks for."""
    found: set[str] = set()
    for leaf in leaves(query):
        if isinstance(leaf, Word):
            found.add(leaf.text)
        elif isinstance(leaf, Phrase):
            found.update(leaf.words)
        elif isinstance(leaf, Field):
            found.update(*(words(v.text) for v in leaf.values if isinstance(v, Text)))
    return found


def test_half_typed_queries_never_raise_and_always_come_back() -> None:
    chance = random.Random(20_000)  # noqa: S311 - repeatable texts, no secrets
    for _ in range(5_500):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 14)))
        for end in {len(text), *chance.choices(range(len(text)), k=3)}:
            comes_back(parse(text[:end], now=NOW).query)


@few
@given(st.text(max_size=60))
def test_any_text_at_all_is_read(text: str) -> None:
    comes_back(parse(text, now=NOW).query)


@few
@given(pieces)
def test_what_looks_like_a_query_is_read(text: str) -> None:
    comes_back(parse(text, now=NOW).query)


@few
@given(st.lists(st.sampled_from(PIECES) | st.just("MARK"), max_size=16))
def test_no_word_is_lost_without_a_hint(parts: list[str]) -> None:
    """Each MARK is a word of its own that no piece can swallow; it is found or hinted at."""
    text, marks = "", {}
    for number, part in enumerate(parts):
        if part == "MARK":
            text += " "
            marks[f"mark{number}x"] = len(text)
            text += f"mark{number}x "
        else:
            text += part
    parsed = parse(text, now=NOW)
    covered = {at for hint in parsed.hints for at in range(hint.start, hint.end)}
    found = searched(parsed.query)
    for mark, start in marks.items():
        assert mark in found or start in covered, (text, mark)


@few
@given(pieces)
def test_hints_and_parts_lie_within_the_text(text: str) -> None:
    parsed = parse(text, now=NOW)
    places = [(hint.start, hint.end) for hint in parsed.hints]
    for start, end in places + [(part.start, part.end) for part in parsed.parts]:
        assert 0 <= start < end <= len(text)
    assert parsed.query == conjunction([part.query for part in parsed.parts])


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000,
        "(" * 2_000,
        ")" * 2_000,
        "(a OR " * 300,
        "NOT " * 500,
        "-(" * 900,
        '"' * 1_999,
        "a OR " * 400,
        "date:2014 " * 200,
        "kind:" * 400,
        "," * 2_000,
        "size:1,5" * 200,
        "*" * 2_000,
        "a*" * 1_000,
        "\u0301" * 2_000,
        "\ud800 \udfff",
    ],
)
def test_absurd_texts_are_read(text: str) -> None:
    parse(text, now=NOW)


# ── the way back, from trees ─────────────────────────────────────────────────────────────

folded = st.text(min_size=1, max_size=8).flatmap(
    lambda text: st.sampled_from(words(text) or ["cat"])
)
plain_token = (
    st.text(
        st.characters(exclude_categories=["Cs", "Zs"], exclude_characters='“”„‟«»"'), max_size=9
    )
    .map(lambda text: "".join(c for c in text if not c.isspace() and c not in ',"()'))
    .map(lambda text: text.rstrip("*"))
    .filter(words)
)
quoted = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters='“”„‟«»"'), max_size=12
).filter(words)
texts = st.one_of(
    plain_token.map(Text),
    plain_token.map(lambda text: Text(text, prefix=True)),
    quoted.map(lambda text: Text(text, exact=True)),
)
dates = st.dates(date(1000, 1, 1), date(9998, 12, 31))
closed_days = st.tuples(dates, dates).map(lambda two: Days(min(two), max(two)))
open_days = dates.map(lambda day: Days(day, None)) | dates.map(lambda day: Days(None, day))
bytes_ = st.integers(0, 2**62) | st.integers(0, 99).map(lambda n: n * 10**6)
sizes = st.one_of(
    bytes_.map(lambda n: Sizes(n, None)),
    bytes_.map(lambda n: Sizes(None, n)),
    st.tuples(bytes_, bytes_).map(lambda two: Sizes(min(two), max(two))),
)
circles = st.builds(
    Around,
    st.integers(-90_000_000, 90_000_000).map(lambda n: n / 10**6),
    st.integers(-180_000_000, 180_000_000).map(lambda n: n / 10**6),
    st.integers(1, 9_999_000).map(lambda n: n / 1000),
)
open_names = ["service", "account", "from", "with", "in", "tag", "type", "place", "collection"]


def fields(
    names: list[str], values: st.SearchStrategy[Text | Days | Sizes]
) -> st.SearchStrategy[Query]:
    many = st.lists(values, min_size=1, max_size=3).map(tuple)
    return st.builds(Field, st.sampled_from([FieldName(name) for name in names]), many)


leaf: st.SearchStrategy[Query] = st.one_of(
    st.builds(Word, folded, st.sampled_from(Match)),
    st.lists(folded, min_size=2, max_size=3).map(lambda found: Phrase(tuple(found))),
    fields(open_names, texts),
    fields(["date"], closed_days | open_days),
    fields(["before", "after"], closed_days),
    fields(["size"], sizes),
    fields(["is"], st.sampled_from(IS_VALUES).map(Text)),
    fields(["has"], st.sampled_from(HAS_VALUES).map(lambda value: Text(str(value)))),
    circles.map(lambda circle: Field(FieldName.NEAR, (circle,))),
)  # fmt: skip


def or_of(queries: list[Query]) -> Query:
    flat = [part for q in queries for part in (q.parts if isinstance(q, Or) else (q,))]
    return Or(tuple(flat))


trees = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(conjunction),
        st.lists(inner, min_size=2, max_size=3).map(or_of),
        inner.map(lambda query: query.part if isinstance(query, Not) else Not(query)),
    ),
    max_leaves=7,
)


@few
@given(trees | st.just(Everything()))
def test_every_tree_comes_back_from_its_text(query: Query) -> None:
    comes_back(query)
