"""The short ways to an answer give the same answer as the long ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jolidrive.model.query import (
    And,
    Everything,
    Field,
    FieldName,
    Match,
    Not,
    Or,
    Phrase,
    Query,
    Text,
    Word,
)
from jolidrive.model.result import FacetName
from jolidrive.search import ask, facets
from jolidrive.search.account import Asked
from jolidrive.search.compile import Compiler
from jolidrive.search.estimate import at_most
from jolidrive.search.searcher import Searcher, Wish
from jolidrive.store.index_schema import schema
from tests.bench.corpus import Corpus, vocabulary
from tests.fake.search_world import account

if TYPE_CHECKING:
    from pathlib import Path

    from jolidrive.model.item import StoredItem
    from jolidrive.search.account import OpenAccount

WORDS = vocabulary()
COMMON = WORDS[:6]


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> list[OpenAccount]:
    folder: Path = tmp_path_factory.mktemp("asked")
    found = []
    for number in range(2):
        items: list[StoredItem] = list(Corpus(number, WORDS).stored(400))
        found.append(account(folder / str(number), items, str(number)))
    return found


def words() -> st.SearchStrategy[Query]:
    whole = st.sampled_from(WORDS[:40]).map(Word)
    begun = st.builds(
        lambda word, cut: Word(word[:cut], Match.PREFIX),
        st.sampled_from(COMMON),
        st.integers(1, 5),
    )
    kind = st.just(Field(FieldName.KIND, (Text("photo"),)))
    other = st.sampled_from(COMMON).map(lambda word: Not(Word(word)))
    phrase = st.sampled_from(COMMON).map(lambda word: Phrase((word, COMMON[0])))
    either = st.tuples(whole, begun).map(Or)
    one = whole | begun
    many = st.lists(one | kind | other | phrase | either, min_size=1, max_size=3)
    return one | st.tuples(one, many).map(lambda parts: And((parts[0], *parts[1])))


def _rows(searcher: Searcher, query: Query, limit: int) -> list[tuple[str, int]]:
    found = searcher.find(query, Wish(limit=limit, facets=(FacetName.KIND,)))
    bare = searcher.find(query, Wish(limit=limit))
    rows = [(account.id, row.number) for account, row in found.rows]
    assert rows == [(account.id, row.number) for account, row in bare.rows]
    assert found.total == bare.total
    return rows


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=words(), limit=st.integers(1, 12))
def test_a_first_page_is_the_same_whether_all_is_weighed_or_not(
    accounts: list[OpenAccount], query: Query, limit: int
) -> None:
    searcher = Searcher(accounts, threads=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ask, "MANY", 10**9)
        all_weighed = _rows(searcher, query, limit)
        patch.setattr(ask, "MANY", 0)
        assert _rows(searcher, query, limit) == all_weighed
    searcher.close()


def test_the_short_way_is_gone_for_common_words(
    accounts: list[OpenAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "MANY", 0)
    taken: list[bool] = []
    way = ask.Question._leading

    def told(*args: object) -> object:
        found = way(*args)  # type: ignore[arg-type]
        taken.append(found is not None)
        return found

    monkeypatch.setattr(ask.Question, "_leading", told)
    searcher = Searcher(accounts, threads=1)
    for word in COMMON:
        _rows(searcher, Word(word), 5)
        _rows(searcher, Word(word[:3], Match.PREFIX), 5)
    searcher.close()
    assert sum(taken) > len(taken) * 0.8


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=words())
def test_facets_are_the_same_by_posting_lists_and_by_column(
    accounts: list[OpenAccount], query: Query
) -> None:
    one = accounts[0]
    assert one.index.searcher is not None
    asked = Asked(one, one.index.searcher)
    compiled = Compiler(asked, schema()).compile(query)
    wanted = tuple(FacetName)
    answers = [
        facets.count(asked.searcher, compiled, wanted, "s", broad=broad)
        for broad in (True, False)
    ]
    assert answers[0] == answers[1]
    assert answers[0][1] <= at_most(query, asked.searcher)


def test_an_index_let_go_is_remembered_no_longer(
    accounts: list[OpenAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "RECENT", 10)
    searcher = Searcher(accounts, threads=1)
    searcher.find(Everything(), Wish(limit=3))
    assert set(searcher._newest._known) == {"0", "1"}
    searcher.drop("0")
    assert set(searcher._newest._known) == {"1"}
    searcher.close()
    assert not searcher._newest._known
