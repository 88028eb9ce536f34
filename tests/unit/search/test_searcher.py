"""Orders, pages, several accounts, cancelling and dropping."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from jolidrive.errors import CancelledError, StoreDamagedError
from jolidrive.model.item import Item, Kind, StoredItem
from jolidrive.model.query import And, Everything, Match, Phrase, Query, Sort, Word
from jolidrive.model.result import FacetName
from jolidrive.search.account import OpenAccount
from jolidrive.search.parse import parse
from jolidrive.search.render import render
from jolidrive.search.searcher import Searcher, Wish
from tests.bench.corpus import Corpus, vocabulary
from tests.fake.search_world import account

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def item(
    number: int,
    title: str = "sun",
    *,
    day: int | None = 0,
    size: int | None = None,
    text: str = "",
) -> StoredItem:
    made = None if day is None else DAY + timedelta(days=day)
    return StoredItem(
        number=number,
        seq=number,
        item=Item(
            key=f"k{number}", kind=Kind.POST, title=title, text=text, created_at=made, size=size
        ),
        created_day=made.date().isoformat() if made else None,
    )


def order(
    searcher: Searcher, query: Query, sort: Sort, limit: int = 50, offset: int = 0
) -> list[int]:
    found = searcher.find(query, Wish(sort=sort, limit=limit, offset=offset))
    return [row.number for _, row in found.rows]


def test_items_without_date_or_size_come_last_both_ways(tmp_path: Path) -> None:
    items = [item(1, day=None), item(2, day=5), item(3, day=1, size=9), item(4, day=9, size=3)]
    searcher = Searcher([account(tmp_path, items)], threads=1)
    assert order(searcher, Everything(), Sort.NEWEST) == [4, 2, 3, 1]
    assert order(searcher, Everything(), Sort.OLDEST) == [3, 2, 4, 1]
    assert order(searcher, Everything(), Sort.LARGEST) == [3, 4, 2, 1]
    searcher.close()


def test_titles_are_ordered_by_their_folded_words(tmp_path: Path) -> None:
    titles = ["zoo", "Éclair", "eclipse", "  (Apple)", "東京", "_b"]
    items = [item(n, title) for n, title in enumerate(titles, 1)]
    searcher = Searcher([account(tmp_path, items)], threads=1)
    assert order(searcher, Everything(), Sort.TITLE) == [4, 6, 2, 3, 1, 5]
    searcher.close()


@pytest.mark.parametrize("sort", [Sort.LARGEST, Sort.TITLE, Sort.NEWEST, Sort.OLDEST])
def test_equals_are_newest_first_on_every_page(tmp_path: Path, sort: Sort) -> None:
    items = [item(n, day=(n * 7) % 10) for n in range(1, 41)]
    by_hand = sorted(items, key=lambda s: (-((s.number * 7) % 10), s.number))
    if sort is Sort.OLDEST:
        by_hand = sorted(items, key=lambda s: ((s.number * 7) % 10, s.number))
    searcher = Searcher([account(tmp_path, items)], threads=1)
    wanted = [s.number for s in by_hand]
    for size in (1, 3, 7):
        pages = [order(searcher, Everything(), sort, size, at) for at in range(0, 40, size)]
        assert [number for page in pages for number in page] == wanted
    searcher.close()


def test_pages_of_the_best_match_never_overlap(tmp_path: Path) -> None:
    accounts = [
        account(
            tmp_path / id_, [item(n, "sun " * (1 + n % 3), day=n) for n in range(1, 31)], id_
        )
        for id_ in ("a", "b", "c")
    ]
    searcher = Searcher(accounts, threads=2)
    seen = []
    for at in range(0, 90, 7):
        rows = searcher.find(Word("sun"), Wish(limit=7, offset=at)).rows
        seen += [(one.id, row.number) for one, row in rows]
    assert len(seen) == len(set(seen)) == 90
    searcher.close()


def test_without_words_the_best_match_is_the_newest(tmp_path: Path) -> None:
    searcher = Searcher([account(tmp_path, [item(1, day=1), item(2, day=3), item(3, day=2)])])
    assert order(searcher, Everything(), Sort.BEST) == [2, 3, 1]
    assert order(searcher, Word("s", Match.PREFIX), Sort.BEST) == [2, 3, 1]
    searcher.close()


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("text", ["", "s", "su", "sun", "sun ", "kind:post", "-tag:x"])
def test_only_the_best_match_has_scores_and_always_has(
    tmp_path: Path, text: str, sort: Sort
) -> None:
    searcher = Searcher([account(tmp_path, [item(1), item(2, day=None)])], threads=1)
    hits = searcher.search(text, Wish(sort=sort)).hits
    assert [hit.score is not None for hit in hits] == [sort is Sort.BEST] * 2
    searcher.close()


def test_a_word_in_the_title_comes_first(tmp_path: Path) -> None:
    items = [
        item(1, "about something else", text="the moon and what we saw of it"),
        item(2, "moon over the lake", text="what we saw of it, and other things too"),
    ]
    searcher = Searcher([account(tmp_path, items)], threads=1)
    for query in (Word("moon"), Word("moo", Match.PREFIX), Word("mono", Match.NEAR)):
        assert order(searcher, query, Sort.BEST) == [2, 1]
    searcher.close()


def test_one_index_or_ten_give_the_same_items_and_nearly_the_same_first_ten(
    tmp_path: Path,
) -> None:
    words = vocabulary()
    parts = [list(Corpus(n, words).stored(40 + 60 * n)) for n in range(10)]
    whole = [stored for part in parts for stored in part]
    alone = [
        StoredItem(number=n, seq=n, item=s.item, created_day=s.created_day)
        for n, s in enumerate(whole, 1)
    ]
    ten = Searcher(account(tmp_path / f"t{i}", part, f"t{i}") for i, part in enumerate(parts))
    one = Searcher([account(tmp_path / "one", alone, "one")])
    starts = [sum(len(part) for part in parts[:i]) for i in range(10)]
    agreeing = []
    for a, b in zip(words[5:45], words[205:245], strict=True):
        for query in (Word(a), And((Word(a), Word(b[:3], Match.PREFIX))), Phrase((a, b))):
            split = ten.find(query, Wish(limit=10_000))
            joined = one.find(query, Wish(limit=10_000))
            first = [starts[int(acc.id[1:])] + row.number for acc, row in split.rows]
            second = [row.number for _, row in joined.rows]
            assert set(first) == set(second)
            assert split.total == joined.total
            if isinstance(query, Word):
                agreeing.append(len(set(first[:10]) & set(second[:10])) / min(10, len(first)))
    assert sum(agreeing) / len(agreeing) > 0.85
    ten.close()
    one.close()


def test_a_search_that_was_superseded_ends(tmp_path: Path) -> None:
    searcher = Searcher([account(tmp_path, [item(1)])])
    with pytest.raises(CancelledError):
        searcher.search("sun", cancelled=lambda: True)
    searcher.close()


def test_a_dropped_account_is_gone_at_once_its_excerpts_too(tmp_path: Path) -> None:
    both = [account(tmp_path / id_, [item(1, text="the sun")], id_) for id_ in ("a", "b")]
    searcher = Searcher(both)
    page = searcher.search("sun")
    assert page.total == 2
    early, late = page.hits
    assert early.excerpt == "the sun"
    searcher.drop("a")
    searcher.drop("b")
    assert late.excerpt == ""
    assert early.excerpt == "the sun"
    assert searcher.search("sun").total == 0
    searcher.close()


def test_a_page_carries_query_facets_and_hits(tmp_path: Path) -> None:
    searcher = Searcher([account(tmp_path, [item(1), item(2, "moon")], service="svc")])
    page = searcher.search("su", Wish(facets=(FacetName.SERVICE,)))
    assert (page.query, page.total) == ("su", 1)
    assert page.understood == render(parse("su").query)
    assert [(v.value, v.count) for v in page.facets[FacetName.SERVICE]] == [("svc", 1)]
    assert [(hit.account, hit.service, hit.key, hit.title) for hit in page.hits] == [
        ("a", "svc", "k1", "sun")
    ]
    assert page.took_ms >= 0
    searcher.close()


def test_an_item_gone_from_the_store_or_a_broken_store_costs_only_its_rows(
    tmp_path: Path,
) -> None:
    class Broken:
        def items(self, numbers: Iterable[int]) -> dict[int, StoredItem]:
            del numbers
            raise StoreDamagedError("items")

    good, other = (account(tmp_path / id_, [item(1), item(2)], id_) for id_ in ("a", "b"))
    good.store.items([])
    good.store.rows.pop(2)  # type: ignore[attr-defined]
    broken = OpenAccount(other.id, other.service, other.label, Broken(), other.index)
    searcher = Searcher([good, broken])
    page = searcher.search("sun ")
    assert page.total == 4
    assert [(hit.account, hit.key) for hit in page.hits] == [("a", "k1")]
    searcher.close()


def test_the_newest_of_many_are_the_same_on_the_short_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jolidrive.search.ask.RECENT", 24)
    items = [item(n, "sun" if n % 2 else "moon", day=(n * 7) % 10) for n in range(1, 61)]
    searcher = Searcher([account(tmp_path, items)], threads=1)
    for query in (Everything(), Word("s", Match.PREFIX), Word("absent", Match.PREFIX)):
        found = searcher.find(query, Wish(limit=3, facets=(FacetName.KIND,)))
        assert [row.number for _, row in found.rows] == order(searcher, query, Sort.NEWEST, 3)
    searcher.close()
