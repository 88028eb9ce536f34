"""Completions of field names and values."""

from __future__ import annotations

import pytest

from jolidrive.model.query import FieldName
from jolidrive.search.suggest import completions

KNOWN = {
    FieldName.TAG: ("hiking", "new york", "Été"),
    FieldName.SERVICE: ("webdav", "mastodon"),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("cats ", []),
        ("ki", ["kind:"]),
        ("cats -ki", ["kind:"]),
        ("(pl", ["place:"]),
        ("foo-ki", []),
        ("zz", []),
        ("kind:ph", ["photo"]),
        ("KIND:PH", ["photo"]),
        ("kind:photo", []),
        ("kind:photo,p", ["place", "post", "person"]),
        ("is:s", ["saved", "starred", "shared"]),
        ("has:th", ["thumbnail"]),
        ("tag:", ["hiking", '"new york"', "Été"]),
        ('tag:"new', ['"new york"']),
        ('tag:"new york",h', ["hiking"]),
        ("tag:ete", []),
        ("tag:et", ["Été"]),
        ("service:w", ["webdav"]),
        ("unknown:x", []),
        ("size:", []),
    ],
)
def test_what_is_begun_is_completed(text: str, found: list[str]) -> None:
    assert [one.text for one in completions(text, len(text), KNOWN)] == found


def test_a_completion_replaces_what_was_begun_before_the_caret() -> None:
    (one,) = completions("cats kind:ph dogs", 12)
    assert (one.start, one.end, one.text) == (10, 12, "photo")


def test_there_are_never_more_than_asked_for() -> None:
    assert len(completions("kind:", 5, limit=3)) == 3
