from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from jolidrive.api import Page
from jolidrive.model.item import ASK, Place
from jolidrive.store.pending import ContentOutcome, ContentRead, Facts
from jolidrive.store.thumbnails import Thumbnails, sweep
from tests.fake.stored import a_store, an_item, check_consistent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jolidrive.model.item import StoredItem
    from jolidrive.store.account_store import AccountStore

MOMENT = datetime(2018, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccountStore]:
    made = a_store(tmp_path / "acc1")
    yield made
    check_consistent(made)
    made.close()


@pytest.fixture
def thumbnails(store: AccountStore) -> Iterator[Thumbnails]:
    made = Thumbnails(store.folder)
    yield made
    made.close()


def _a_file(key: str = "a", version: str = "1", **fields: object) -> Page:
    return Page(items=(an_item(key, has_content=True, content_hash=version, **fields),))


def _stored(store: AccountStore, key: str = "a") -> StoredItem:
    found = store.item(key)
    assert found is not None
    return found


def _read_all(store: AccountStore, **found: object) -> None:
    store.save_content(
        [
            ContentRead(number=waiting.number, marker=waiting.marker, **found)  # type: ignore[arg-type]
            for waiting in store.pending_content(100)
        ]
    )


def test_only_items_with_content_or_a_picture_wait(store: AccountStore) -> None:
    items = (
        an_item("a", has_content=True),
        an_item("b", thumbnail=ASK),
        an_item("c"),
        an_item("d", has_content=True),
    )
    store.save_page(Page(items=items))
    assert [waiting.item.key for waiting in store.pending_content(9)] == ["a", "b", "d"]
    assert store.pending_count() == 3
    second = store.pending_content(1, after=store.pending_content(1)[0].number)
    assert [waiting.item.key for waiting in second] == ["b"]


def test_text_found_is_part_of_the_item_and_a_change(store: AccountStore) -> None:
    store.save_page(_a_file())
    before = store.last_seq()
    _read_all(store, text="the words inside äöü")
    assert _stored(store).content == "the words inside äöü"
    assert [change.number for change in store.changes(before, 9)] == [_stored(store).number]
    assert store.pending_content(9) == []
    assert store.totals.content_bytes == 23


def test_a_changed_title_is_not_read_again_but_changed_content_is(store: AccountStore) -> None:
    store.save_page(_a_file())
    _read_all(store, text="old")
    store.save_page(_a_file(title="another"))
    assert store.pending_content(9) == []
    store.save_page(_a_file(version="2"))
    assert [waiting.item.key for waiting in store.pending_content(9)] == ["a"]
    assert _stored(store).content == "old"
    _read_all(store)
    assert _stored(store).content == ""


def test_content_without_a_hash_is_read_again_when_its_time_changes(
    store: AccountStore,
) -> None:
    store.save_page(Page(items=(an_item("a", has_content=True, changed_at=MOMENT),)))
    _read_all(store)
    later = MOMENT.replace(year=2019)
    store.save_page(Page(items=(an_item("a", has_content=True, changed_at=later),)))
    assert store.pending_count() == 1


def test_content_that_changed_while_it_was_read_goes_on_waiting(store: AccountStore) -> None:
    store.save_page(_a_file())
    (waiting,) = store.pending_content(9)
    store.save_page(_a_file(version="2"))
    store.save_content([ContentRead(number=waiting.number, marker=waiting.marker, text="x")])
    assert store.pending_count() == 1


def test_facts_fill_what_the_service_left_out_and_survive_a_re_sync(
    store: AccountStore,
) -> None:
    facts = Facts(created_at=MOMENT, width=40, height=30, place=Place(lat=1.5, lon=2.5))
    store.save_page(_a_file())
    _read_all(store, facts=facts)
    for page in (_a_file(), _a_file(title="changed")):
        store.save_page(page)
        item = _stored(store).item
        assert (item.created_at, item.width, item.height) == (MOMENT, 40, 30)
        assert item.place == facts.place
        assert _stored(store).created_day == "2018-07-01"


def test_the_services_own_word_goes_before_facts(store: AccountStore) -> None:
    own = MOMENT.replace(year=2001)
    store.save_page(_a_file(created_at=own, width=1, height=2, place=Place(lat=9, lon=9)))
    _read_all(
        store, facts=Facts(created_at=MOMENT, width=40, height=30, place=Place(lat=1, lon=2))
    )
    item = _stored(store).item
    assert (item.created_at, item.width, item.height) == (own, 1, 2)
    assert item.place == Place(lat=9, lon=9)
    assert _stored(store).created_day == "2001-07-01"


def test_a_place_known_by_name_gets_its_coordinates(store: AccountStore) -> None:
    store.save_page(_a_file(place=Place(name="Lisbon")))
    _read_all(store, facts=Facts(place=Place(lat=38.7, lon=-9.1, name="Lisboa")))
    assert _stored(store).item.place == Place(lat=38.7, lon=-9.1, name="Lisbon")


def test_a_failure_keeps_what_was_found_before_and_can_be_tried_again(
    store: AccountStore,
) -> None:
    store.save_page(_a_file())
    _read_all(store, text="old")
    store.save_page(_a_file(version="2"))
    for tries in range(2):
        (waiting,) = store.pending_content(9)
        assert waiting.tries == tries
        _read_all(store, outcome=ContentOutcome.FAILED, reason="offline")
        (unread,) = store.unread_content()
        assert (unread.key, unread.reason, unread.tries) == ("a", "offline", tries + 1)
        assert store.pending_count() == 0
        store.pend_again([unread.number])
    assert _stored(store).content == "old"
    store.pend_again([12345])
    assert store.pending_count() == 1


def test_what_was_skipped_is_noted(store: AccountStore) -> None:
    store.save_page(_a_file())
    _read_all(store, outcome=ContentOutcome.SKIPPED, reason="too_large")
    (unread,) = store.unread_content()
    assert (unread.outcome, unread.reason) == (ContentOutcome.SKIPPED, "too_large")


def test_reading_that_finds_nothing_is_no_change(store: AccountStore) -> None:
    store.save_page(_a_file())
    before = store.last_seq()
    _read_all(store)
    assert store.last_seq() == before


def test_thumbnails_are_counted_and_swept_when_their_item_goes(
    store: AccountStore, thumbnails: Thumbnails
) -> None:
    store.save_page(_a_file("a"))
    store.save_page(_a_file("b"))
    numbers = [waiting.number for waiting in store.pending_content(9)]
    thumbnails.put(dict.fromkeys(numbers, b"webp"))
    _read_all(store, thumbnail_bytes=4)
    assert _stored(store).has_thumbnail
    assert (store.totals.thumbnails, store.totals.thumbnail_bytes) == (2, 8)
    store.save_page(Page(gone=("a",)))
    sweep(store, thumbnails)
    assert (thumbnails.count, thumbnails.bytes) == (1, 4)
    assert thumbnails.get(numbers[0]) is None
    assert thumbnails.get(numbers[1]) == b"webp"


def test_a_picture_of_an_item_that_went_meanwhile_is_swept(
    store: AccountStore, thumbnails: Thumbnails
) -> None:
    store.save_page(_a_file())
    (waiting,) = store.pending_content(9)
    thumbnails.put({waiting.number: b"webp"})
    store.save_page(Page(gone=("a",)))
    store.save_content(
        [ContentRead(number=waiting.number, marker=waiting.marker, thumbnail_bytes=4)]
    )
    sweep(store, thumbnails)
    assert thumbnails.count == 0


def test_a_new_picture_replaces_the_old_and_none_removes_it(
    store: AccountStore, thumbnails: Thumbnails
) -> None:
    assert (thumbnails.get(1), thumbnails.count, thumbnails.bytes) == (None, 0, 0)
    thumbnails.remove([1])
    thumbnails.put({})
    assert not (store.folder / "thumbs.db").exists()
    store.save_page(_a_file())
    number = _stored(store).number
    for version, picture in (("1", b"small"), ("2", b"larger")):
        store.save_page(_a_file(version=version))
        thumbnails.put({number: picture})
        _read_all(store, thumbnail_bytes=len(picture))
    assert (thumbnails.count, thumbnails.bytes, thumbnails.get(number)) == (1, 6, b"larger")
    store.save_page(_a_file(version="3"))
    _read_all(store)
    sweep(store, thumbnails)
    assert thumbnails.get(number) is None
    assert not _stored(store).has_thumbnail
