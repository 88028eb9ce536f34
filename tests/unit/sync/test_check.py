from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from jolidrive.api import Folder, Item, Kind, Page, Person, Place, Relation, Skipped
from jolidrive.store.index_document import document
from jolidrive.sync.check import check_item, check_page, reasons
from tests.fake.stored import a_store

if TYPE_CHECKING:
    from pathlib import Path

GOOD = Item(
    key="k1",
    kind=Kind.PHOTO,
    title="Above Fuente Dé",
    text="Two\nlines",
    url="https://example.org/p/1",
    people=(Person(name="Maya"),),
    relations=(Relation.MADE,),
    created_at=datetime(2019, 6, 14, 9, 42, tzinfo=timezone(timedelta(hours=2))),
    folder="Photos/2019",
    place=Place(lat=43.1, lon=-4.8, name="Fuente Dé"),
    tags=("hike",),
    reactions={"likes": 3},
    raw={"id": 1},
)


def checked(**changes: Any) -> Item:
    return check_item(replace(GOOD, **changes))


def test_a_good_item_is_given_back_as_it_is() -> None:
    assert check_item(GOOD) is GOOD


@pytest.mark.parametrize("key", ["", "x" * 1001, "line\nbreak", None, 7])
def test_an_item_without_a_usable_key_is_refused_and_the_page_goes_on(key: Any) -> None:
    page = check_page(Page(items=(replace(GOOD, key=key), GOOD)))
    assert page.page.items == (GOOD,)
    assert page.refused == {"no usable key": 1}


def test_what_is_no_item_or_of_no_known_kind_is_refused() -> None:
    odd: Any = ({"key": "1"}, replace(GOOD, kind="selfie"))  # type: ignore[arg-type]
    page = check_page(Page(items=odd))
    assert page.refused == {"not an item": 1, "unknown kind": 1}


def test_a_kind_given_as_a_word_is_read() -> None:
    assert checked(kind="photo").kind is Kind.PHOTO


@pytest.mark.parametrize("year", [1, 1600, 2300, 9999])
def test_a_date_nobody_can_index_becomes_none_and_stays_readable(year: int) -> None:
    item = checked(created_at=datetime(year, 1, 2, tzinfo=UTC))
    assert item.created_at is None
    assert str(year) in str(item.extra["created_at_raw"])


def test_a_date_without_zone_counts_as_utc() -> None:
    item = checked(created_at=datetime(2020, 1, 1))  # noqa: DTZ001 - what a plugin may give
    assert item.created_at == datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://u:p@example.org/", "file:///etc/passwd", "http://[", 5],
)
def test_addresses_that_could_harm_are_left_out(url: Any) -> None:
    assert checked(url=url).url is None


def test_control_and_half_characters_become_blanks_and_lines_stay() -> None:
    item = checked(text="a\x00b\ud800c\nd", title="one\ntwo\x1b[31m")
    assert item.text == "a b c\nd"
    assert item.title == "one two [31m"


@pytest.mark.parametrize("place", [Place(lat=91, lon=0), Place(lat=float("nan"), lon=0), 3])
def test_impossible_places_are_left_out(place: Any) -> None:
    assert checked(place=place).place is None


def test_a_place_keeps_its_name_when_its_coordinates_are_impossible() -> None:
    assert checked(place=Place(lat=200, lon=0, name="Potes")).place == Place(name="Potes")


@pytest.mark.parametrize("size", [-1, True, 2**60, "12", 1.5])
def test_impossible_sizes_are_left_out(size: Any) -> None:
    assert checked(size=size).size is None


def test_raw_replies_that_are_no_json_or_too_large_are_left_out() -> None:
    assert checked(raw={"x": object()}).raw is None
    assert checked(raw=["x" * 300_000]).raw is None
    assert checked(raw={"nan": float("nan")}).raw is None


def test_lists_are_bounded_and_without_doubles() -> None:
    item = checked(tags=(*(f"t{i % 300}" for i in range(900)), ""))
    assert len(item.tags) == 200
    assert checked(people=(Person(), Person(name="Tom"), "Tom")).people == (Person(name="Tom"),)


def test_folders_are_brought_to_one_form() -> None:
    assert checked(folder="/a//b/").folder == "a/b"


def test_the_rest_of_a_page_is_checked_too() -> None:
    page = check_page(
        Page(
            gone=("a", "", 3),  # type: ignore[arg-type]
            gone_below=("/x/", ""),
            folders=(Folder(key="f", parent=None, name="a/b"), "no"),  # type: ignore[arg-type]
            skipped=(Skipped(key="k", reason="system\nfile"),),
            total=-1,
        )
    ).page
    assert page.gone == ("a",)
    assert page.gone_below == ("x",)
    assert page.folders == (Folder(key="f", parent=None, name="a-b"),)
    assert page.skipped == (Skipped(key="k", reason="system file"),)
    assert page.total is None


@pytest.mark.parametrize("cursor", [object(), {"a": {1}}, "x" * 300_000])
def test_a_cursor_that_cannot_be_kept_is_a_mistake_of_the_plugin(cursor: Any) -> None:
    with pytest.raises(TypeError):
        check_page(Page(cursor=cursor))


def test_what_is_no_page_is_a_mistake_of_the_plugin() -> None:
    with pytest.raises(TypeError):
        check_page([GOOD])


ODD_VALUES: tuple[Any, ...] = (
    None, 5, -1, 2**70, 2**2000, 1.5, float("nan"), float("inf"), True, "", "x", "\ud800",
    b"x", (), [], {}, (None,), ("x", 5), [["x"]], {"a": 1}, {"a": {1, 2}}, {5: 5}, object(),
    GOOD, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
)  # fmt: skip


@pytest.mark.parametrize("field", [f.name for f in fields(Item)])
def test_no_value_of_any_field_fails_a_page_or_the_store(field: str, tmp_path: Path) -> None:
    records = [
        replace(GOOD, **{"key": f"k{n}", field: odd}) for n, odd in enumerate(ODD_VALUES)
    ]
    page = check_page(Page(items=(*records, replace(GOOD, key="last"))))
    store = a_store(tmp_path / "a1")
    try:
        counts = store.save_page(page.page)
        kept = {item.key for item in page.page.items}
        assert len(page.page.items) + sum(page.refused.values()) == len(ODD_VALUES) + 1
        assert counts.new == len(kept)
        for key in kept:
            stored = store.item(key)
            assert stored is not None
            document(stored)
    finally:
        store.close()


@pytest.mark.parametrize(
    "odd",
    [5, Page(items=5), Page(gone=None), Page(cursor={1, 2}), Page(cursor="x" * 300_000)],  # type: ignore[arg-type]
)
def test_what_is_no_page_at_all_is_the_plugins_mistake(odd: Any) -> None:
    with pytest.raises(TypeError):
        check_page(odd)


def test_odd_folders_and_reasons_are_left_out_or_cut() -> None:
    nothing: tuple[Any, ...] = (5,)
    good = Folder(key="f", parent="", name="a/b")
    odd = Page(
        folders=(*nothing, Folder(key="", parent=None, name="x"), good),
        skipped=(*nothing, Skipped(key="k", reason=" two  words "), Skipped(key="", reason="")),
    )
    page = check_page(odd).page
    assert page.folders == (Folder(key="f", parent=None, name="a-b"),)
    assert reasons(page.skipped) == {"left out": 2, "two words": 1}
