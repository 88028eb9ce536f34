"""The compiled query and a plain-Python reading pick the same items."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jolidrive.model.item import Item, Kind, StoredItem
from jolidrive.model.query import Phrase, Query, Sort
from jolidrive.search.searcher import Searcher, Wish
from tests.fake.plain_reading import reads
from tests.fake.search_world import account, numbered, queries, stored_items

if TYPE_CHECKING:
    from pathlib import Path

_runs = count()
TITLES = [
    "東京都庁",
    "東京 都庁",
    "東京 都",
    "新東京、都",
    "東京x",
    "東 京 都",
    "x東京 都民",
    "x 東京都",
]


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    items=st.lists(stored_items(), min_size=1, max_size=12),
    asked=st.lists(queries, min_size=20, max_size=40),
    sort=st.sampled_from(Sort),
)
def test_index_and_plain_reading_pick_the_same_items(
    tmp_path: Path, items: list[StoredItem], asked: list[Query], sort: Sort
) -> None:
    stored = numbered(items)
    one = account(tmp_path / str(next(_runs)), stored)
    searcher = Searcher([one], threads=1)
    try:
        for query in asked:
            found = searcher.find(query, Wish(sort=sort))
            wanted = {s.number for s in stored if reads(query, s)}
            assert {row.number for _, row in found.rows} == wanted, query
            assert found.total == len(wanted)
    finally:
        searcher.close()


def test_two_runs_in_quotes_are_not_one_run_without_space(tmp_path: Path) -> None:
    stored = numbered(
        [
            StoredItem(number=0, item=Item(key="k", kind=Kind.POST, title=title))
            for title in TITLES
        ]
    )
    searcher = Searcher([account(tmp_path, stored)], threads=1)
    for words in (
        ("東京", "都"),
        ("東京", "都庁"),
        ("京", "都"),
        ("東京", "x"),
        ("x", "東京", "都"),
    ):
        found = searcher.find(Phrase(words), Wish())
        wanted = {s.number for s in stored if reads(Phrase(words), s)}
        assert {row.number for _, row in found.rows} == wanted, words
    searcher.close()
