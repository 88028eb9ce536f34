from __future__ import annotations

import json
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from jolidrive.api import Page, Wanted
from jolidrive.errors import (
    AccountGoneError,
    DiskFullError,
    StoreBusyError,
    StoreDamagedError,
    StoreTooNewError,
)
from jolidrive.model.balance import Balance
from jolidrive.model.item import ASK, Item, Kind, Person, Place, Relation
from jolidrive.store import database
from jolidrive.store.account_store import AccountAbout, AccountStore
from jolidrive.store.sync_history import SyncRecord
from tests.fake.stored import a_store, all_changes, an_item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccountStore]:
    made = a_store(tmp_path / "acc1")
    yield made
    made.close()


FULL = Item(
    key="k",
    kind=Kind.PHOTO,
    title="Überfahrt 東京",
    text="at sea",
    url="https://example.org/1",
    people=(Person(name="Ines", handle="ines@example.social"), Person(role="with", name="Bo")),
    relations=(Relation.MADE, Relation.SAVED),
    created_at=datetime(2019, 6, 1, 23, 30, 1, 250_000, timezone(timedelta(hours=9))),
    changed_at=datetime(2020, 6, 1, tzinfo=UTC),
    folder="Reisen/2019",
    album="Sea",
    mime="image/jpeg",
    size=2**40,
    width=4000,
    height=3000,
    duration_s=1.25,
    place=Place(lat=35.6, lon=139.7, name="Tokyo"),
    tags=("hike", "sea"),
    reactions={"likes": 3},
    visibility="private",
    content_hash="abc",
    thumbnail=ASK,
    has_content=True,
    extra={"camera": {"iso": [100, 200.5, None, True]}},
)


def test_an_item_reads_back_as_it_was_given(store: AccountStore) -> None:
    store.save_page(Page(items=(FULL, an_item("bare"))))
    found = store.item("k")
    assert found is not None
    assert found.item == FULL
    assert found.created_day == "2019-06-01"
    assert (found.content, found.has_thumbnail, found.marks.starred) == ("", False, False)
    bare = store.item("bare")
    assert bare is not None
    assert bare.item == an_item("bare")
    assert bare.created_day is None
    assert store.item("no") is None


def test_items_are_found_by_number_and_missing_ones_left_out(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"), an_item("b"))))
    numbers = [change.number for change in all_changes(store)]
    found = store.items([*numbers, 999])
    assert {number: stored.item.key for number, stored in found.items()} == {
        numbers[0]: "a",
        numbers[1]: "b",
    }


@pytest.mark.parametrize(
    ("created_at", "day"),
    [
        (datetime(2020, 5, 1, 23, 0, tzinfo=UTC), "2020-05-02"),
        (datetime(2020, 5, 1, 23, 0, tzinfo=ZoneInfo("UTC")), "2020-05-02"),
        (datetime(2020, 5, 1, 23, 0, tzinfo=timezone(timedelta(hours=-8))), "2020-05-01"),
        (datetime(2020, 1, 1, 23, 0, tzinfo=ZoneInfo("Europe/London")), "2020-01-01"),
        (datetime(1901, 5, 1, 12, 0, tzinfo=UTC), "1901-05-01"),
        (datetime(2020, 5, 1, 1, tzinfo=timezone(timedelta(minutes=345))), "2020-05-01"),
    ],
)  # fmt: skip
def test_the_day_is_on_the_clock_where_it_was_made_else_on_this_computers(
    store: AccountStore,
    monkeypatch: pytest.MonkeyPatch,
    created_at: datetime,
    day: str,
) -> None:
    import time  # noqa: PLC0415 - tzset is not on every system

    monkeypatch.setenv("TZ", "Europe/Helsinki")
    time.tzset()
    try:
        store.save_page(Page(items=(an_item("a", created_at=created_at),)))
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    found = store.item("a")
    assert found is not None
    assert found.created_day == day
    assert found.item.created_at == created_at
    assert found.item.created_at.utcoffset() == created_at.utcoffset()


def test_the_cursor_is_the_last_one_given(store: AccountStore) -> None:
    assert store.cursor is None
    store.save_page(Page(cursor={"page": [1, "x"]}))
    store.save_page(Page())
    assert store.cursor == {"page": [1, "x"]}


def test_who_it_is_reads_back(tmp_path: Path) -> None:
    about = AccountAbout(
        label="maya",
        identity="42",
        service="webdav",
        options={"server": "https://x"},
        grant={"hostname": "eapi"},
        wanted=Wanted(kinds=frozenset({Kind.PHOTO}), since=datetime(2020, 1, 1, tzinfo=UTC)),
    )
    AccountStore.create(tmp_path / "acc2", about).close()
    store = AccountStore.open(tmp_path / "acc2", read_only=True)
    assert store.about == about
    assert store.account == "acc2"
    store.close()


def test_totals_are_kept_by_kind(store: AccountStore) -> None:
    items = (an_item("a"), an_item("b", kind=Kind.PHOTO), an_item("c", kind=Kind.PHOTO))
    store.save_page(Page(items=items))
    store.save_page(Page(items=(an_item("b", kind=Kind.VIDEO),), gone=("a",)))
    assert store.totals.items == 2
    assert store.totals.by_kind == {Kind.PHOTO: 1, Kind.VIDEO: 1}


def test_syncs_are_remembered_newest_first(store: AccountStore) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    records = [
        SyncRecord(
            started_at=began + timedelta(hours=hour),
            ended_at=began + timedelta(hours=hour, seconds=5),
            balance=Balance(seen=hour, new=hour, skipped={"odd": 1}, content=Balance(seen=1)),
            complete=hour == 1,
            error="OfflineError" if hour == 2 else None,
        )
        for hour in range(3)
    ]
    for record in records:
        store.record_sync(record)
    assert store.syncs(2) == [records[2], records[1]]


# ── many readers ─────────────────────────────────────────────────────────────────────────


def test_threads_read_while_another_writes(store: AccountStore) -> None:
    troubles: list[BaseException] = []
    done = threading.Event()

    def reader() -> None:
        try:
            while not done.is_set():
                changes = all_changes(store, 50)
                assert len({change.number for change in changes}) == len(changes)
                assert store.totals.items >= 0
        except BaseException as error:  # noqa: BLE001 - told to the test
            troubles.append(error)

    threads = [threading.Thread(target=reader) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(20):
        store.save_page(Page(items=tuple(an_item(f"{number}-{n}") for n in range(10))))
    done.set()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert store.totals.items == 200


def test_a_closed_store_says_the_account_is_gone(store: AccountStore) -> None:
    store.close()
    with pytest.raises(AccountGoneError):
        store.item("a")
    with pytest.raises(AccountGoneError):
        store.save_page(Page())


# ── opening ──────────────────────────────────────────────────────────────────────────────


def test_reading_makes_and_changes_no_file(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    store.close()
    before = {path.name: path.read_bytes() for path in store.folder.iterdir()}
    reader = AccountStore.open(store.folder, read_only=True)
    assert reader.item("a") is not None
    with pytest.raises(sqlite3.ProgrammingError):
        reader.save_page(Page())
    reader.close()
    assert {path.name: path.read_bytes() for path in store.folder.iterdir()} == before


def test_an_account_that_is_not_there_is_gone_and_stays_so(tmp_path: Path) -> None:
    for read_only in (True, False):
        with pytest.raises(AccountGoneError):
            AccountStore.open(tmp_path / "nobody", read_only=read_only)
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(AccountGoneError):
            AccountStore.open(tmp_path / "empty", read_only=read_only)
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "nobody").exists()


@pytest.mark.parametrize("content", [b"garbage" * 1000, b""], ids=["garbage", "empty"])
def test_a_file_that_is_no_store_is_damaged(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "acc3"
    folder.mkdir()
    (folder / "items.db").write_bytes(content)
    for read_only in (True, False):
        with pytest.raises(StoreDamagedError) as told:
            AccountStore.open(folder, read_only=read_only)
        assert (told.value.what, told.value.account) == ("items.db", "acc3")


def test_a_store_with_overwritten_pages_is_damaged(store: AccountStore) -> None:
    store.save_page(Page(items=tuple(an_item(f"k{n}", text="x" * 500) for n in range(500))))
    store.close()
    path = store.folder / "items.db"
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle:] = b"\x55" * (len(data) - middle)
    path.write_bytes(data)
    reopened = AccountStore.open(store.folder)
    with pytest.raises(StoreDamagedError):
        all_changes(reopened)
    reopened.close()


def test_a_row_we_did_not_write_is_damage(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    conn = sqlite3.connect(store.folder / "items.db")
    conn.execute("UPDATE items SET kind = 'nonsense'")
    conn.commit()
    conn.close()
    with pytest.raises(StoreDamagedError):
        store.item("a")


def test_a_store_that_does_not_say_whose_it_is_is_damaged(store: AccountStore) -> None:
    with store._database.write() as conn:
        conn.execute("DELETE FROM state")
    with pytest.raises(StoreDamagedError):
        _ = store.about


def test_a_mistake_in_our_own_sql_is_no_damage(store: AccountStore) -> None:
    with pytest.raises(sqlite3.OperationalError), store._database.read() as conn:
        conn.execute("SELECT nonsense")


def test_text_that_is_no_text_is_damage(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    with store._database.write() as conn:
        conn.execute("UPDATE items SET title = CAST(x'ff00fe' AS TEXT)")
    with pytest.raises(StoreDamagedError):
        store.item("a")


def test_a_store_of_a_newer_program_is_refused(store: AccountStore) -> None:
    store.close()
    conn = sqlite3.connect(store.folder / "items.db")
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    for read_only in (True, False):
        with pytest.raises(StoreTooNewError) as told:
            AccountStore.open(store.folder, read_only=read_only)
        assert told.value.found == 99


# ── trouble while writing ────────────────────────────────────────────────────────────────


def test_a_full_disk_keeps_what_was_there(store: AccountStore) -> None:
    store.save_page(Page(items=(an_item("a"),), cursor=1))
    with store._database.write() as conn:
        pages = conn.execute("PRAGMA page_count").fetchone()[0]
        conn.execute(f"PRAGMA max_page_count = {pages + 2}")
    large = Page(items=tuple(an_item(f"k{n}", text="x" * 5000) for n in range(20)), cursor=2)
    with pytest.raises(DiskFullError):
        store.save_page(large)
    assert store.cursor == 1
    with store._database.write() as conn:
        conn.execute("PRAGMA max_page_count = 100000")
    assert store.save_page(large).new == 20


def test_a_revoked_account_takes_no_more_pages(tmp_path: Path) -> None:
    revoking = threading.Event()
    about = AccountAbout(label="", identity="", service="")
    store = AccountStore.create(tmp_path / "acc4", about, refuse=revoking.is_set)
    store.save_page(Page(items=(an_item("a"),)))
    revoking.set()
    with pytest.raises(AccountGoneError) as told:
        store.save_page(Page(items=(an_item("b"),)))
    assert told.value.account == "acc4"
    store.close()


def test_a_folder_that_is_gone_is_not_made_again(store: AccountStore, tmp_path: Path) -> None:
    store.save_page(Page(items=(an_item("a"),)))
    store.folder.rename(tmp_path / "hidden")
    with pytest.raises(AccountGoneError):
        store.save_page(Page(items=(an_item("b"),)))
    assert not store.folder.exists()


def test_a_writer_that_does_not_let_go_makes_others_busy(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    other = AccountStore.open(store.folder)
    with store.step(), pytest.raises(StoreBusyError) as told:
        other.save_page(Page())
    assert told.value.account == "acc1"
    assert other.save_page(Page(items=(an_item("a"),))).new == 1
    other.close()


def test_raw_replies_of_any_shape_read_back(store: AccountStore) -> None:
    raws: dict[str, object] = {"a": 0, "b": "", "c": [], "d": {"ü": "x" * 3000}, "e": 1.5}
    items = tuple(an_item(key, raw=raw) for key, raw in raws.items())
    store.save_page(Page(items=items))
    assert json.dumps({key: store.raw(key) for key in raws}) == json.dumps(raws)
