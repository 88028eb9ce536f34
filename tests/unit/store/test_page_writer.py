from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from jolidrive.api import Page
from jolidrive.model.item import Folder, Item, Kind, Relation, Removal
from jolidrive.store.page_writer import PageCounts
from tests.fake.stored import a_store, all_changes, an_item, check_consistent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jolidrive.store.account_store import AccountStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccountStore]:
    made = a_store(tmp_path / "acc1")
    yield made
    check_consistent(made)
    made.close()


def _number(store: AccountStore, key: str) -> int:
    found = store.item(key)
    assert found is not None
    return found.number


def test_items_are_new_then_unchanged_then_changed(store: AccountStore) -> None:
    items = (an_item("a"), an_item("b"))
    assert store.save_page(Page(items=items)) == PageCounts(new=2)
    before = store.last_seq()
    assert store.save_page(Page(items=items)) == PageCounts(unchanged=2)
    assert store.last_seq() == before
    later = (an_item("a"), an_item("b", text="more"))
    assert store.save_page(Page(items=later)) == PageCounts(changed=1, unchanged=1)
    assert [change.item.key for change in store.changes(before, 9)] == ["b"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "field",
    [
        {"kind": Kind.PHOTO}, {"title": "t"}, {"url": "https://x"}, {"tags": ("x",)},
        {"created_at": datetime(2020, 1, 1, tzinfo=UTC)}, {"folder": "a/b"}, {"parent": "f"},
        {"relations": (Relation.SAVED,)}, {"reactions": {"likes": 1}}, {"extra": {"a": [1]}},
        {"has_content": True}, {"content_hash": "1"}, {"duration_s": 1.5}, {"width": 3},
    ],
    ids=lambda field: next(iter(field)),
)  # fmt: skip
def test_every_field_counts_as_a_change(store: AccountStore, field: dict[str, object]) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    assert store.save_page(Page(items=(an_item("a", **field),))).changed == 1
    assert store.save_page(Page(items=(an_item("a", **field),))).unchanged == 1


def test_a_key_given_twice_is_counted_twice_and_the_last_wins(store: AccountStore) -> None:
    page = Page(items=(an_item("a", title="first"), an_item("b"), an_item("a", title="last")))
    assert store.save_page(page) == PageCounts(new=2, unchanged=1)
    found = store.item("a")
    assert found is not None
    assert found.item.title == "last"


def test_another_raw_reply_is_kept_but_is_no_change(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a", raw={"v": 1}), an_item("b", raw=[1]))))
    assert store.raw("a") == {"v": 1}
    long = {"v": "x" * 5000}
    counts = store.save_page(Page(items=(an_item("a", raw=long), an_item("b"))))
    assert counts == PageCounts(unchanged=2)
    assert store.raw("a") == long
    assert store.raw("b") is None
    assert store.raw("unknown") is None


def test_gone_keys_leave_numbered_removals(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"), an_item("b"))))
    number = _number(store, "a")
    assert store.save_page(Page(gone=("a", "never"))) == PageCounts(removed=1)
    assert store.item("a") is None
    assert all_changes(store)[-1] == Removal(store.last_seq(), number)


def test_an_item_that_returns_gets_another_number(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    first = _number(store, "a")
    store.save_page(Page(gone=("a",)))
    assert store.save_page(Page(items=(an_item("a"),))).new == 1
    assert _number(store, "a") > first


def test_gone_below_takes_the_folder_and_all_under_it_but_not_its_neighbour(
    store: AccountStore,
) -> None:
    paths = ("docs", "docs/a", "docs/a/b", "docs-old", "docs0", "other")
    store.save_page(Page(items=tuple(an_item(path, folder=path) for path in paths)))
    assert store.save_page(Page(gone_below=("docs",))).removed == 3
    left = {change.item.key for change in all_changes(store) if not isinstance(change, Removal)}
    assert left == {"docs-old", "docs0", "other"}


def test_gone_below_the_root_takes_everything(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"), an_item("b", folder="x"))))
    assert store.save_page(Page(gone_below=("",))).removed == 2


def test_an_item_moved_within_a_page_keeps_its_number(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a", folder="old"), an_item("b", folder="old"))))
    number = _number(store, "a")
    page = Page(gone_below=("old",), items=(an_item("a", folder="new"),))
    assert store.save_page(page) == PageCounts(changed=1, removed=1)
    assert _number(store, "a") == number


def test_a_page_that_fails_in_the_middle_leaves_nothing(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"),), cursor=1))
    bad = an_item("b", size=2**70)
    with pytest.raises(OverflowError):
        store.save_page(Page(items=(an_item("c"), bad), gone=("a",), cursor=2))
    assert store.cursor == 1
    assert store.totals.items == 1
    assert store.item("a") is not None


def test_random_pages_end_as_a_plain_reading_of_them_does(store: AccountStore) -> None:
    chance = random.Random(7)  # noqa: S311 - the same every time
    model: dict[str, Item] = {}
    for number in range(150):
        items = tuple(
            an_item(
                f"k{chance.randrange(40)}",
                text=str(chance.randrange(3)),
                kind=chance.choice(list(Kind)),
                folder=chance.choice([None, "a", "a/b", "c"]),
                raw=chance.choice([None, {"n": number}]),
            )
            for _ in range(chance.randrange(8))
        )
        gone = tuple(f"k{chance.randrange(40)}" for _ in range(chance.randrange(4)))
        below = ("a",) if chance.random() < 0.1 else ()
        counts = store.save_page(Page(items=items, gone=gone, gone_below=below, cursor=number))
        assert counts.new + counts.changed + counts.unchanged == len(items)
        for key, item in list(model.items()):
            if key in gone or (below and (item.folder or "").split("/")[0] == "a"):
                del model[key]
        model.update({item.key: item for item in items})
    here = {
        c.item.key: replace(c.item, raw=None)
        for c in all_changes(store)
        if not isinstance(c, Removal)
    }
    assert here == {key: replace(item, raw=None) for key, item in model.items()}
    assert {key: store.raw(key) for key in model} == {k: i.raw for k, i in model.items()}


def test_changes_come_in_order_and_once_an_item(store: AccountStore) -> None:
    for number in range(30):
        store.save_page(Page(items=(an_item(f"k{number % 11}", text=str(number)),)))
        store.save_page(Page(gone=(f"k{number % 5}",)))
    changes = all_changes(store)
    seqs = [change.seq for change in changes]
    assert seqs == sorted(set(seqs))
    numbers = [change.number for change in changes]
    assert len(numbers) == len(set(numbers))
    assert seqs[-1] == store.last_seq()


def test_folders_with_ids_give_items_their_path(store: AccountStore) -> None:
    folders = (
        Folder(key="1", parent=None, name="Reisen"),
        Folder(key="2", parent="1", name="2024"),
    )
    store.save_page(Page(items=(an_item("a", parent="2"),)))
    assert store.item("a").item.folder is None  # type: ignore[union-attr]
    assert store.save_page(Page(folders=folders)).moved == 1
    found = store.item("a")
    assert found is not None
    assert (found.item.folder, found.item.parent) == ("Reisen/2024", "2")


def test_a_moved_folder_gives_all_items_below_a_new_path_and_number(
    store: AccountStore,
) -> None:
    tree = (
        Folder(key="root", parent=None, name=""),
        Folder(key="a", parent="root", name="A"),
        Folder(key="b", parent="a", name="B"),
        Folder(key="c", parent="root", name="C"),
    )
    items = (an_item("x", parent="b"), an_item("y", parent="a"), an_item("z", parent="c"))
    store.save_page(Page(folders=tree, items=items))
    before = store.last_seq()
    counts = store.save_page(Page(folders=(Folder(key="a", parent="c", name="A2"),)))
    assert counts == PageCounts(moved=2)
    moved = {
        c.item.key: c.item.folder
        for c in store.changes(before, 9)
        if not isinstance(c, Removal)
    }
    assert moved == {"x": "C/A2/B", "y": "C/A2"}
    assert store.save_page(Page(folders=tree[3:])) == PageCounts()


def test_a_folder_that_is_gone_takes_what_is_below_it(store: AccountStore) -> None:
    tree = (Folder(key="a", parent=None, name="A"), Folder(key="b", parent="a", name="B"))
    store.save_page(Page(folders=tree, items=(an_item("x", parent="b"), an_item("y"))))
    assert store.save_page(Page(gone=("a",))).removed == 1
    store.save_page(Page(items=(an_item("x", parent="b"),)))
    assert store.item("x").item.folder is None  # type: ignore[union-attr]


def test_folders_in_a_circle_end(store: AccountStore) -> None:
    circle = (Folder(key="a", parent="b", name="A"), Folder(key="b", parent="a", name="B"))
    store.save_page(Page(folders=circle, items=(an_item("x", parent="a"),)))
    assert store.save_page(Page(gone=("a",))).removed == 1
