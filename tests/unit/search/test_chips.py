"""Chips repeat the query in plain words, in the order typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jolidrive.model.query import FieldName
from jolidrive.search.chips import ChipState, chips

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IN, OUT, ODD = ChipState.INCLUDED, ChipState.EXCLUDED, ChipState.ODD


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("cats dogs", [("cats", IN), ("dogs…", IN)]),
        ("foo_bar ", [("foo bar", IN)]),
        ("sun~ ", [("like sun", IN)]),
        ('"new york"', [("“new york”", IN)]),
        ("kind:photo,video x ", [("photo or video", IN), ("x", IN)]),
        ("x -kind:photo ", [("x", IN), ("not photo", OUT)]),
        ('with:"Ines Meyer"', [("with “Ines Meyer”", IN)]),
        ("tag:hik*", [("tag hik…", IN)]),
        ("-has:place", [("not has place", OUT)]),
        ("date:june 2019", [("2019-06", IN)]),
        ("date:2012..2014", [("2012 to 2014", IN)]),
        ("date:2014..", [("from 2014", IN)]),
        ("before:2014", [("before 2014", IN)]),
        ("size:>10mb", [("size >10mb", IN)]),
        ("near:48.85,2.35", [("near 48.85, 2.35 (10 km)", IN)]),
        ("a OR b c ", [("a or b", IN), ("c", IN)]),
        ("-(a b) ", [("not (a b)", OUT)]),
        ("a AND -b ", [("a", IN), ("not b", OUT)]),
        ("cats size: ", [("cats", IN), ("size:", ODD)]),
        ("size:big cats ", [("big", ODD), ("cats", IN)]),
        ("cats OR ", [("cats", IN), ("or", ODD)]),
        ("unknown:x ", [("unknown", ODD), ("x", IN)]),
        ('"new yor', [('"', ODD), ("new", IN), ("yor…", IN)]),
    ],
)
def test_chips_say_what_was_asked(text: str, found: list[tuple[str, ChipState]]) -> None:
    assert [(chip.label, chip.state) for chip in chips(text, now=NOW)] == found


def test_a_chip_of_a_field_knows_its_values_and_place() -> None:
    text = "cats -kind:photo,video dogs"
    chip = chips(text, now=NOW)[1]
    assert (chip.field, chip.values) == (FieldName.KIND, ("photo", "video"))
    assert text[chip.start : chip.end] == "-kind:photo,video"
