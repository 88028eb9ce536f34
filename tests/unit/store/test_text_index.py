"""The index follows its store, also after kills, damage and changes of format."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jolidrive.errors import StoreBusyError
from jolidrive.model.item import Item, Kind, StoredItem
from jolidrive.model.query import Everything, Not, Query, Word
from jolidrive.search.account import OpenAccount
from jolidrive.search.searcher import Searcher, Wish
from jolidrive.store import index_schema, index_writer
from jolidrive.store.index_writer import TextIndexWriter
from jolidrive.store.text_index import IndexState, TextIndex
from tests.fake.search_world import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path


def stored(number: int, title: str, seq: int = 0) -> StoredItem:
    item = Item(key=f"k{number}", kind=Kind.POST, title=title)
    return StoredItem(number=number, seq=seq or number, item=item)


def filled(*titles: str) -> MemoryStore:
    store = MemoryStore()
    for number, title in enumerate(titles, 1):
        store.put(stored(number, title))
    return store


def follow(folder: Path, store: MemoryStore) -> bool:
    writer = TextIndexWriter(folder, store, account="a")
    try:
        return writer.follow()
    finally:
        writer.close()


def numbers(folder: Path, query: Query) -> list[int]:
    index = TextIndex.open(folder, "a")
    searcher = Searcher([OpenAccount("a", "s", "a", MemoryStore(), index)], threads=1)
    found = searcher.find(query, Wish())
    searcher.close()
    index.close()
    assert found.total == len(found.rows)
    return sorted(row.number for _, row in found.rows)


def test_changes_and_removals_are_followed(tmp_path: Path) -> None:
    store = filled("sun", "moon", "star")
    assert follow(tmp_path, store)
    assert not follow(tmp_path, store)
    store.put(stored(1, "planet", seq=4))
    store.remove(2)
    assert follow(tmp_path, store)
    assert numbers(tmp_path, Everything()) == [1, 3]
    assert numbers(tmp_path, Word("planet")) == [1]
    assert numbers(tmp_path, Word("sun")) == []
    assert TextIndex.open(tmp_path).step == 5


def test_the_marker_is_no_item(tmp_path: Path) -> None:
    follow(tmp_path, filled("sun"))
    assert numbers(tmp_path, Everything()) == [1]
    assert numbers(tmp_path, Not(Word("absent"))) == [1]
    assert numbers(tmp_path, Word("marker")) == []


def test_a_reader_sees_what_was_committed_when_it_reloads(tmp_path: Path) -> None:
    store = filled("sun")
    index = TextIndex.open(tmp_path)
    assert (index.state, index.step, index.searcher) == (IndexState.ABSENT, 0, None)
    follow(tmp_path, store)
    assert index.reload()
    assert not index.reload()
    store.put(stored(2, "moon"))
    follow(tmp_path, store)
    assert index.step == 1
    assert index.reload()
    assert index.step == 2


def test_commits_come_by_time_and_by_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writer, "_READ_AT_ONCE", 1)
    moments = iter(range(1000))
    store = filled("a", "b", "c")
    slow = TextIndexWriter(tmp_path, store, clock=lambda: float(next(moments)))
    assert slow.follow()
    index = TextIndex.open(tmp_path)
    assert index.step == 3
    slow.close()


def test_a_second_writer_is_told_who_is_there(tmp_path: Path) -> None:
    first = TextIndexWriter(tmp_path, filled("sun"), account="a")
    first.follow()
    second = TextIndexWriter(tmp_path, filled("sun", "moon"), account="a")
    with pytest.raises(StoreBusyError):
        second.follow()
    first.close()
    assert second.follow()
    second.close()


@pytest.mark.parametrize("damage", ["meta", "segment", "nothing_left"])
def test_a_damaged_index_is_built_anew(tmp_path: Path, damage: str) -> None:
    store = filled("sun", "moon")
    follow(tmp_path, store)
    folder = tmp_path / "index"
    for file in folder.iterdir():
        if damage == "meta" and file.name == "meta.json":
            file.write_bytes(b"{")
        elif damage == "segment" and file.suffix in {".idx", ".term", ".fast"}:
            file.write_bytes(file.read_bytes()[:-7])
        elif damage == "nothing_left" and file.name != "meta.json":
            file.unlink()
    assert TextIndex.open(tmp_path).state is IndexState.DAMAGED
    assert follow(tmp_path, store)
    assert numbers(tmp_path, Everything()) == [1, 2]


def test_an_index_of_another_format_is_built_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled("sun")
    follow(tmp_path, store)
    monkeypatch.setattr(index_schema, "FORMAT", 99)
    assert TextIndex.open(tmp_path).state is IndexState.OTHER_FORMAT
    assert follow(tmp_path, store)
    assert TextIndex.open(tmp_path).state is IndexState.READY


def test_an_index_higher_than_its_store_is_filled_anew_while_it_answers(tmp_path: Path) -> None:
    follow(tmp_path, filled("sun", "moon", "star"))
    reader = TextIndex.open(tmp_path)
    follow(tmp_path, filled("planet"))
    assert reader.step == 3
    assert reader.reload()
    assert reader.step == 1
    assert numbers(tmp_path, Everything()) == [1]


def test_an_emptied_store_empties_the_index(tmp_path: Path) -> None:
    follow(tmp_path, filled("sun"))
    assert follow(tmp_path, MemoryStore())
    assert numbers(tmp_path, Everything()) == []


def test_replaying_twice_changes_nothing(tmp_path: Path) -> None:
    store = filled("sun", "moon")
    follow(tmp_path, store)
    writer = TextIndexWriter(tmp_path, store)
    writer.follow()
    writer._replay(0, in_one=False)
    writer.close()
    assert numbers(tmp_path, Everything()) == [1, 2]


def test_after_a_kill_the_index_goes_on_where_it_says(tmp_path: Path) -> None:
    program = (
        "import sys, itertools\n"
        "from pathlib import Path\n"
        "from jolidrive.model.item import Item, Kind, StoredItem\n"
        "from jolidrive.store import index_writer as w\n"
        "w.COMMIT_AFTER_ITEMS = 40\n"
        "class Feed:\n"
        "    def last_seq(self): return 10**9\n"
        "    def changes(self, after, limit):\n"
        "        print(after, flush=True)\n"
        "        return [StoredItem(number=n, seq=n, item=Item(key='k', kind=Kind.POST,\n"
        "                title=f'sun w{n}')) for n in range(after + 1, after + 31)]\n"
        "w.TextIndexWriter(Path(sys.argv[1]), Feed()).follow()\n"
    )
    for kill_after in (3, 6, 11):
        folder = tmp_path / str(kill_after)
        with subprocess.Popen(
            [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            for _ in range(kill_after):
                process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
        step = TextIndex.open(folder).step
        assert step >= 60 if kill_after > 3 else step >= 0
        store = filled(*(f"sun w{n}" for n in range(1, 401)))
        store.remove(7)
        if step <= store.last_seq():
            follow(folder, store)
            assert len(_all_numbers(folder)) == 399


def _all_numbers(folder: Path) -> list[int]:
    index = TextIndex.open(folder, "a")
    searcher = Searcher([OpenAccount("a", "s", "a", MemoryStore(), index)], threads=1)
    found = searcher.find(Word("sun"), Wish(limit=1000))
    searcher.close()
    return [row.number for _, row in found.rows]


def test_what_was_not_committed_is_left_to_the_next_writer(tmp_path: Path) -> None:
    store = filled("sun")
    follow(tmp_path, store)
    writer = TextIndexWriter(tmp_path, store)
    writer.follow()
    writer._apply(stored(2, "moon"))
    writer.close()
    assert numbers(tmp_path, Everything()) == [1]
    store.put(stored(2, "moon"))
    follow(tmp_path, store)
    assert numbers(tmp_path, Everything()) == [1, 2]


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    store = MemoryStore()
    writer = TextIndexWriter(tmp_path, store)
    for number in range(1, 31):
        store.put(stored(number, "sun"))
        writer.follow()
    writer.close()
    searcher = TextIndex.open(tmp_path).searcher
    assert searcher is not None
    assert searcher.num_segments < 12


def test_a_large_load_leaves_few_segments_and_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writer, "COMMIT_AFTER_ITEMS", 5)
    monkeypatch.setattr(index_writer, "_READ_AT_ONCE", 5)
    monkeypatch.setattr(index_writer, "_LARGE_LOAD", 25)
    store = filled(*["sun"] * 30)
    follow(tmp_path, store)
    index = TextIndex.open(tmp_path)
    assert index.searcher is not None
    assert index.searcher.num_segments < 5
    assert index.step == 30
    assert numbers(tmp_path, Everything()) == list(range(1, 31))

    store.put(stored(31, "moon"))
    follow(tmp_path, store)
    index.reload()
    assert index.step == 31
    assert numbers(tmp_path, Word("moon")) == [31]


def test_commits_are_rarer_where_much_is_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writer, "_READ_AT_ONCE", 1)
    monkeypatch.setattr(index_writer, "_BEHIND", 3)
    moments = iter(range(1000))
    steps: list[int] = []
    writer = TextIndexWriter(
        tmp_path,
        filled(*["sun"] * 12),
        clock=lambda: float(next(moments)),
        on_commit=steps.append,
    )
    writer.follow()
    writer.close()
    assert steps == [5, 10, 11, 12]
