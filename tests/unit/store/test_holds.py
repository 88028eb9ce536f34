from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jolidrive.api import Page
from jolidrive.model.item import Relation
from jolidrive.store.account_store import AccountStore
from tests.fake.stored import a_store, an_item, check_consistent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccountStore]:
    made = a_store(tmp_path / "acc1")
    yield made
    check_consistent(made)
    made.close()


def _liked(*keys: str, complete: bool = False, listing: str = "likes") -> Page:
    items = tuple(an_item(key, relations=(Relation.RECEIVED,)) for key in keys)
    return Page(items=items, listing=listing, complete=complete)


def _saved(*keys: str, complete: bool = False) -> Page:
    items = tuple(an_item(key, relations=(Relation.SAVED,)) for key in keys)
    return Page(items=items, listing="saved", complete=complete)


def _relations(store: AccountStore, key: str) -> tuple[Relation, ...]:
    found = store.item(key)
    assert found is not None
    return found.item.relations


def _keys(store: AccountStore) -> str:
    return "".join(key for key in "abcdef" if store.item(key))


def test_relations_are_joined_over_all_listings(store: AccountStore) -> None:
    store.save_page(_liked("a"))
    assert store.save_page(_saved("a")).changed == 1
    assert _relations(store, "a") == (Relation.SAVED, Relation.RECEIVED)
    assert store.save_page(_liked("a")).unchanged == 1


def test_relations_not_told_read_back_as_told_and_count_as_made_beside_others(
    store: AccountStore,
) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    assert _relations(store, "a") == ()
    store.save_page(_saved("a"))
    assert _relations(store, "a") == (Relation.MADE, Relation.SAVED)


def test_complete_takes_away_only_the_hold_of_that_listing(store: AccountStore) -> None:
    store.save_page(_liked("a", "b", complete=True))
    store.save_page(_saved("b", complete=True))
    before = store.last_seq()
    assert store.save_page(_liked(complete=True)).removed == 1
    assert _keys(store) == "b"
    assert _relations(store, "b") == (Relation.SAVED,)
    assert [c.number for c in store.changes(before, 9)] == [2, 1]


def test_pages_without_a_listing_hold_by_themselves(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    store.save_page(_liked("a", "b", complete=True))
    store.save_page(_liked(complete=True))
    assert _keys(store) == "a"


def test_a_listing_over_several_pages_and_processes_ends_with_what_it_showed(
    tmp_path: Path,
) -> None:
    store = a_store(tmp_path / "acc2")
    store.save_page(_liked("a", "b", "c", "d", complete=True))
    for page in (_liked("a"), _liked("b"), _liked("b"), _liked("e", complete=True)):
        store.save_page(page)
        store.close()
        store = AccountStore.open(tmp_path / "acc2")
    assert _keys(store) == "abe"
    store.save_page(_liked("e", complete=True))
    assert _keys(store) == "e"
    check_consistent(store)
    store.close()


def test_a_full_listing_drops_what_it_did_not_show_also_after_a_kill(tmp_path: Path) -> None:
    store = a_store(tmp_path / "acc2")
    plain = tuple(an_item(key) for key in "abc")
    store.save_page(Page(items=plain, cursor="old"))
    store.save_page(_liked("d", "e", complete=True))
    store.start_anew()
    assert store.cursor is None
    store.save_page(Page(items=plain[:1], cursor="half"))
    store.close()

    store = AccountStore.open(tmp_path / "acc2")
    assert (store.anew, store.cursor) == (True, "half")
    store.save_page(_liked("e", complete=True))
    assert store.finish_anew() == 2
    assert _keys(store) == "ae"
    assert not store.anew
    assert store.finish_anew() == 0
    check_consistent(store)
    store.close()


def test_a_listing_told_twice_within_a_full_listing_keeps_its_last_telling(
    store: AccountStore,
) -> None:
    store.save_page(_liked("a", "b", complete=True))
    store.start_anew()
    store.save_page(_liked("a", "b", complete=True))
    store.save_page(_liked("c"))
    assert store.finish_anew() == 0
    assert _keys(store) == "abc"


def test_a_full_listing_drops_listings_that_no_longer_exist(store: AccountStore) -> None:
    store.save_page(_liked("a", listing="list 1", complete=True))
    store.start_anew()
    store.save_page(_liked("b", listing="list 2", complete=True))
    assert store.finish_anew() == 1
    assert _keys(store) == "b"


def test_a_gone_key_goes_whatever_holds_it(store: AccountStore) -> None:
    store.save_page(_liked("a"))
    store.save_page(_saved("a"))
    assert store.save_page(Page(gone=("a",))).removed == 1
