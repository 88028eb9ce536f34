from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from jolidrive.api import Page
from jolidrive.errors import ItemUnknownError
from jolidrive.model.item import Marks
from jolidrive.store.account_store import AccountStore
from jolidrive.store.marks import mark
from tests.fake.stored import a_store, an_item, check_consistent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccountStore]:
    made = a_store(tmp_path / "acc1")
    made.save_page(Page(items=(an_item("a"), an_item("b"))))
    yield made
    check_consistent(made)
    made.close()


def _marks(store: AccountStore, key: str = "a") -> Marks:
    found = store.item(key)
    assert found is not None
    return found.marks


def test_marks_are_joined_to_the_item_and_number_a_change(store: AccountStore) -> None:
    before = store.last_seq()
    told = mark(store, "a", starred=True, add_tags=["Sea", "hike"], note=" see again ")
    assert told == Marks(starred=True, tags=("Sea", "hike"), note="see again")
    assert _marks(store) == told
    assert [change.number for change in store.changes(before, 9)] == [1]
    assert (store.totals.starred, store.totals.tags, store.totals.notes) == (1, 2, 1)


def test_a_mark_left_out_stays(store: AccountStore) -> None:
    mark(store, "a", starred=True, note="n")
    assert mark(store, "a", add_tags=["t"]) == Marks(starred=True, tags=("t",), note="n")
    assert mark(store, "a", starred=False, note="", remove_tags=["t"]) == Marks()
    assert store.totals.starred == 0


def test_tags_are_one_without_case_and_accents(store: AccountStore) -> None:
    mark(store, "a", add_tags=["Café", "cafe", "  "])
    assert _marks(store).tags == ("Café",)
    mark(store, "a", remove_tags=["CAFE"])
    assert _marks(store).tags == ()


def test_marking_the_same_again_is_no_change(store: AccountStore) -> None:
    mark(store, "a", starred=True)
    before = store.last_seq()
    mark(store, "a", starred=True)
    assert store.last_seq() == before


def test_marks_survive_a_re_sync_and_the_item_going_and_returning(store: AccountStore) -> None:
    told = mark(store, "a", starred=True, note="n")
    store.save_page(Page(items=(an_item("a", title="changed"),)))
    assert _marks(store) == told
    store.save_page(Page(gone=("a",)))
    with pytest.raises(ItemUnknownError):
        mark(store, "a", starred=False)
    store.save_page(Page(items=(an_item("a"),)))
    assert _marks(store) == told


def test_an_unknown_key_is_refused(store: AccountStore) -> None:
    with pytest.raises(ItemUnknownError) as told:
        mark(store, "nothing", starred=True)
    assert told.value.account == "acc1"


def test_marks_of_a_second_writer_are_kept_beside_pages(store: AccountStore) -> None:
    other = AccountStore.open(store.folder)
    tags = [f"t{number}" for number in range(30)]

    def write_marks() -> None:
        for tag in tags:
            mark(other, "a", add_tags=[tag])

    thread = threading.Thread(target=write_marks)
    thread.start()
    for number in range(30):
        store.save_page(Page(items=(an_item("a", text=str(number)),)))
    thread.join()
    other.close()
    assert _marks(store).tags == tuple(tags)
