"""A click is an edit of the text, and the rest stays as it was typed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jolidrive.model.query import And
from jolidrive.model.result import FacetName
from jolidrive.search.chips import chips
from jolidrive.search.edit import FacetMode, facet_modes, remove_part, with_facet
from jolidrive.search.parse import parse

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IN, OUT, OFF = FacetMode.INCLUDE, FacetMode.EXCLUDE, FacetMode.OFF
KIND, YEAR, PEOPLE, PLACE = FacetName.KIND, FacetName.YEAR, FacetName.PEOPLE, FacetName.PLACE
TAG, RELATION, TYPE, SERVICE = (
    FacetName.TAG,
    FacetName.RELATION,
    FacetName.TYPE,
    FacetName.SERVICE,
)


@pytest.mark.parametrize(
    ("text", "facet", "value", "mode", "edited"),
    [
        ("", KIND, "photo", IN, "kind:photo "),
        ("cats ", KIND, "photo", IN, "cats kind:photo "),
        ("cats", KIND, "photo", IN, "kind:photo cats"),
        ('"new yor', KIND, "photo", IN, 'kind:photo "new yor'),
        ("kind:photo cats", KIND, "video", IN, "kind:photo,video cats"),
        ("kind:photos cats", KIND, "photo", OUT, "-kind:photo cats"),
        ("kind:photo,video cats", KIND, "photo", OUT, "-kind:photo kind:video cats"),
        ("-kind:photo cats", KIND, "photo", OFF, "cats"),
        ("cats -kind:photo ", KIND, "video", OUT, "cats -kind:photo,video "),
        ("kind:photo,video,post x", KIND, "video", OFF, "kind:photo,post x"),
        ("kind:photo AND cats", KIND, "photo", OFF, "cats"),
        ("cats AND kind:photo AND dogs", KIND, "photo", OFF, "cats AND dogs"),
        ("a OR b ", KIND, "photo", IN, "a OR b kind:photo "),
        ("a OR b", KIND, "photo", IN, "kind:photo a OR b"),
        ("(kind:photo OR x) ", KIND, "photo", OFF, "(kind:photo OR x) "),
        ("cats ", YEAR, "2014", IN, "cats date:2014 "),
        ("date:2014 ", YEAR, "2016", IN, "date:2014,2016 "),
        ("date:2014,2016 cats", YEAR, "2014", OFF, "date:2016 cats"),
        ("date:june 2019 cats", YEAR, "2014", IN, "date:2014 date:june 2019 cats"),
        ("", PEOPLE, "Ines Meyer", IN, 'with:"Ines Meyer" '),
        ('with:"Ines Meyer" ', PEOPLE, "Bo", IN, 'with:"Ines Meyer","Bo" '),
        ("with:ines ", PEOPLE, "Ines", OFF, ""),
        ("", PLACE, 'The "Old" Town', IN, 'place:"The  Old  Town" '),
        ("x ", PLACE, None, IN, "x -has:place "),
        ("x ", PLACE, None, OUT, "x has:place "),
        ('x place:"Lisbon" ', PLACE, None, IN, "x -has:place "),
        ("-has:place x", PLACE, None, OFF, "x"),
        ("-has:place x ", PLACE, "Lisbon", IN, 'x place:"Lisbon" '),
        ("", TAG, "C++", IN, "tag:C++ "),
        ("tag:C++ ", TAG, "C", OFF, "tag:C++ "),
        ("", TAG, "🏔", IN, 'tag:"🏔" '),
        ("", TAG, "garden", IN, "tag:garden "),
        ("", TAG, "new york", OUT, '-tag:"new york" '),
        ("tag:hik* ", TAG, "hik", OFF, "tag:hik* "),
        ("", RELATION, "mine", IN, "is:mine "),
        ("is:mine x", RELATION, "saved", IN, "is:mine,saved x"),
        ("is:starred ", RELATION, "saved", IN, "is:starred is:saved "),
        ("", TYPE, "pdf", IN, "type:pdf "),
        ("type:.JPEG x", TYPE, "jpg", OFF, "x"),
        ("", SERVICE, "demo-files", IN, "service:demo-files "),
        ("OR x ", KIND, "photo", IN, "OR x kind:photo "),
        ("x OR", KIND, "photo", IN, "kind:photo x OR"),
    ],
)
def test_a_facet_click_edits_the_text(
    text: str, facet: FacetName, value: str | None, mode: FacetMode, edited: str
) -> None:
    assert with_facet(text, facet, value, mode, now=NOW) == edited


@pytest.mark.parametrize(
    ("text", "facet", "modes"),
    [
        ("kind:photo,video -kind:post", KIND, {"photo": IN, "video": IN, "post": OUT}),
        ("date:2014,2016..2017,june 2018", YEAR, {"2014": IN}),
        ("is:mine,starred", RELATION, {"mine": IN}),
        ("-has:place", PLACE, {None: IN}),
        ("has:place", PLACE, {None: OUT}),
        ('with:"Ines Meyer",bo', PEOPLE, {"Ines Meyer": IN, "bo": IN}),
        ("(kind:photo OR x)", KIND, {}),
        ("", KIND, {}),
    ],
)
def test_the_text_tells_which_values_are_chosen(
    text: str, facet: FacetName, modes: dict[str | None, FacetMode]
) -> None:
    assert facet_modes(text, facet, now=NOW) == modes


@pytest.mark.parametrize(
    ("text", "index", "rest"),
    [
        ("cats", 0, ""),
        ("cats dogs", 0, "dogs"),
        ("cats dogs", 1, "cats "),
        ("a  b   c ", 1, "a  c "),
        ('kind:photo  "new york" x', 1, "kind:photo  x"),
        ("a AND b AND c ", 0, "b AND c "),
        ("a AND b AND c ", 1, "a AND c "),
        ("a AND b ", 1, "a "),
        ("a OR b c ", 0, "c "),
        ("x NOT (a OR b) y ", 1, "x y "),
        ("cats size: ", 1, "cats "),
        ('"new yor', 0, "new yor"),
        ("foo_bar x ", 0, "x "),
    ],
)
def test_a_chip_taken_away_leaves_the_rest_as_typed(text: str, index: int, rest: str) -> None:
    assert remove_part(text, index, now=NOW) == rest


PIECES = st.sampled_from(
    ["cat ", "dog", " OR ", " AND ", "NOT ", " -", "(", ")", '"', "kind:photo", " tag:x,y ",
     " ", "size:", "date:june 2019", "unknown:", "-kind:video ", "is:mine ", "*"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=10).map("".join)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.integers(0, 9))
def test_taking_a_chip_away_takes_only_its_condition(text: str, number: int) -> None:
    found = chips(text, now=NOW)
    if not found:
        return
    chip = found[number % len(found)]
    kept = Counter(
        part.query
        for part in parse(text, now=NOW).parts
        if (part.start, part.end) != (chip.start, chip.end)
    )
    query = parse(remove_part(text, found.index(chip), now=NOW), now=NOW).query
    parts = query.parts if isinstance(query, And) else (query,) if kept else ()
    assert Counter(parts) == kept


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.sampled_from([IN, OUT]), st.sampled_from(["photo", "video", "post", None]))
def test_a_click_is_seen_in_the_text_and_off_takes_it_back(
    text: str, mode: FacetMode, value: str | None
) -> None:
    chosen = with_facet(text, KIND, value, mode, now=NOW)
    assert facet_modes(chosen, KIND, now=NOW)[value] == mode
    assert value not in facet_modes(
        with_facet(chosen, KIND, value, OFF, now=NOW), KIND, now=NOW
    )
