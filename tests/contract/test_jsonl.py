"""The JSON Lines connector: its contract, resuming, and lines that are no items."""

from __future__ import annotations

import json
import logging
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from jolidrive.api import Context, CursorRefusedError, Kind, Person, Place, Relation
from jolidrive.connectors.load import load_folder
from jolidrive.errors import OptionMissingError
from jolidrive.paths import shipped_plugins_dir
from jolidrive.store.rows import day, told
from jolidrive.testing import ConnectorContract, Tape, play, tape_session

if TYPE_CHECKING:
    from pathlib import Path

    from jolidrive.api import Cursor, Item, Page
    from jolidrive.connectors.contain import Contained

FOLDER = shipped_plugins_dir() / "jsonl"


def lines(*items: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def posts(first: int, count: int) -> bytes:
    numbers = range(first, first + count)
    return lines(*({"key": f"k{n}", "kind": "post", "title": f"T{n}"} for n in numbers))


class TestJsonLines(ConnectorContract):
    folder = FOLDER

    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "many.jsonl"
        path.write_bytes(posts(0, 2_500) + b"broken\n" + posts(3_000, 10))
        monkeypatch.setattr(type(self), "options", {"path": str(path)})


@pytest.fixture(name="file")
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "items.jsonl"


def connect(file: Path) -> Contained:
    loaded = load_folder(FOLDER)
    session = tape_session(loaded, Tape(()), {})
    log = logging.getLogger("test")
    return loaded.open(Context(session=session, log=log, options={"path": str(file)}))


def pull(file: Path, cursor: Cursor = None) -> list[Page]:
    return list(connect(file).pull(cursor))


def keys(pages: list[Page]) -> list[str]:
    return [item.key for page in pages for item in page.items]


def test_a_line_becomes_an_item_by_field_names(file: Path) -> None:
    line: dict[str, Any] = {
        "key": "p1",
        "kind": "photo",
        "title": "Weir",
        "text": "Herons",
        "people": ["Maya", {"role": "with", "name": "Inês", "handle": "ines@otter.example"}],
        "relation": "saved",
        "created_at": "2019-06-02T10:11:12+02:00",
        "place": {"lat": 43.3, "lon": -1.9, "name": "Donostia"},
        "tags": ["birds"],
        "reactions": {"likes": 3},
        "size": 12,
        "duration_s": 1.5,
        "raw": {"a": [1]},
        "extra": {"camera": "X"},
        "mood": "calm",
        "url": None,
    }
    file.write_bytes(lines(line))
    (item,) = pull(file)[0].items
    assert item.kind is Kind.PHOTO
    assert item.people == (
        Person(name="Maya"),
        Person(role="with", name="Inês", handle="ines@otter.example"),
    )
    assert item.relations == (Relation.SAVED,)
    assert item.created_at is not None
    assert item.created_at.isoformat() == "2019-06-02T10:11:12+02:00"
    assert item.place == Place(lat=43.3, lon=-1.9, name="Donostia")
    assert item.extra == {"camera": "X", "mood": "calm"}
    assert item.raw == {"a": [1]}
    assert (item.reactions, item.size, item.duration_s) == ({"likes": 3}, 12, 1.5)


def dated(file: Path, written: str) -> Item:
    file.write_bytes(lines({"key": "k", "kind": "post", "title": "t", "created_at": written}))
    (item,) = pull(file)[0].items
    return item


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows sets no zone for one process")
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize(
    "written", ["2014-06-01", "2014-06-01T23:30:00", "20140601T003000", "1700-06-01"]
)
def test_a_date_without_offset_keeps_its_day_on_this_computer(
    file: Path, monkeypatch: pytest.MonkeyPatch, zone: str, written: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        made = dated(file, written).created_at
        assert made is not None
        assert made.tzinfo is not None
        assert day(*told(made)) == f"{written[:4]}-06-01"
    time.tzset()


@pytest.mark.parametrize(
    "written",
    ["1500-01-02", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "-0044-03-15",
     "+12000-01-01T00:00:00Z", "0000-00-00"],
)  # fmt: skip
def test_a_date_too_far_away_becomes_none_and_stays_as_written(
    file: Path, written: str
) -> None:
    item = dated(file, written)
    assert item.created_at is None
    assert item.extra == {"created_at_raw": written}


def test_a_date_may_be_written_in_small_letters(file: Path) -> None:
    made = dated(file, "2014-06-01t12:00:00z").created_at
    assert made == datetime(2014, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "not JSON"),
        (b"[1]", "not an object"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"kind":"post","title":"t"}', "no key"),
        (b'{"key":"","kind":"post","title":"t"}', "no key"),
        (b'{"key":"k","kind":"post"}', "no title"),
        (b'{"key":"k","title":"t"}', "no kind"),
        (b'{"key":"k","kind":"cat","title":"t"}', "unknown kind"),
        (b'{"key":"k","kind":[],"title":"t"}', "unknown kind"),
        (b'{"key":"k","kind":"post","title":7}', "title is no text"),
        (b'{"key":"k","kind":"post","title":"t","size":"x"}', "size is no whole number"),
        (b'{"key":"k","kind":"post","title":"t","size":NaN}', "not JSON"),
        (
            b'{"key":"k","kind":"post","title":"t","duration_s":1' + b"0" * 400 + b"}",
            "duration_s is too large",
        ),
        (
            b'{"key":"k","kind":"post","title":"t","created_at":"x"}',
            "created_at is no ISO 8601 date",
        ),
        (
            b'{"key":"k","kind":"post","title":"t","people":[7]}',
            "people holds something that is no person",
        ),
        (b'{"key":"k","kind":"post","title":"t","place":7}', "place is no place"),
        (b'{"key":"k","kind":"post","title":"t","relation":"x"}', "relation is unknown"),
        (
            b'{"key":"k","kind":"post","title":"t","reactions":{"a":"b"}}',
            "reactions is no whole number",
        ),
        (b"[" * 200_000, "not JSON"),
        (b'{"a":' + b"9" * 5_000 + b"}", "not JSON"),
        (b'"' + b"x" * 4_000_001 + b'"', "not JSON"),
    ],
)
def test_a_bad_line_is_skipped_with_its_number_and_reason(
    file: Path, line: bytes, reason: str
) -> None:
    file.write_bytes(posts(0, 1) + b"\n" + line + b"\n" + posts(1, 1))
    (page,) = pull(file)
    assert keys([page]) == ["k0", "k1"]
    assert [one.reason for one in page.skipped] == [f"line 3: {reason}"]


def test_many_bad_lines_stay_a_short_list(file: Path) -> None:
    file.write_bytes(b"x\n" * 3_000)
    played = play(load_folder(FOLDER), Tape(()), {"path": str(file)})
    assert played.balance.seen == 3_000
    assert len(played.balance.skipped) == 21
    assert played.balance.adds_up


def test_an_unchanged_file_gives_nothing(file: Path) -> None:
    file.write_bytes(posts(0, 3))
    assert pull(file, pull(file)[-1].cursor) == []


def test_of_a_file_that_grew_only_the_end_is_read(file: Path) -> None:
    file.write_bytes(posts(0, 3))
    cursor = pull(file)[-1].cursor
    with file.open("ab") as opened:
        opened.write(b"bad\n" + posts(3, 2))
    pages = pull(file, cursor)
    assert keys(pages) == ["k3", "k4"]
    assert pages[0].skipped[0].reason == "line 4: not JSON"


def test_a_last_line_without_an_end_is_given_and_read_again_once_it_has_grown(
    file: Path,
) -> None:
    file.write_bytes(posts(0, 1) + b'{"key":"k1","kind":"post","title":"T"}')
    pages = pull(file)
    assert keys(pages) == ["k0", "k1"]
    with file.open("ab") as opened:
        opened.write(b"\n" + posts(2, 1))
    assert keys(pull(file, pages[-1].cursor)) == ["k1", "k2"]


@pytest.mark.parametrize("cut", [10, 2_000])
def test_a_file_that_changed_or_shrank_is_listed_anew(file: Path, cut: int) -> None:
    file.write_bytes(posts(0, 100))
    cursor = pull(file)[-1].cursor
    whole = file.read_bytes()
    file.write_bytes(whole[:cut].replace(b"k", b"K") + (b"" if cut == 10 else whole[cut:]))
    os.utime(file, ns=(1, 1))
    with pytest.raises(CursorRefusedError):
        pull(file, cursor)


def test_a_pull_that_was_stopped_goes_on_after_its_last_page(file: Path) -> None:
    file.write_bytes(posts(0, 2_500))
    first = next(connect(file).pull(None))
    assert keys([first, *pull(file, first.cursor)]) == [f"k{n}" for n in range(2_500)]


@pytest.mark.parametrize("cursor", [7, "x", [], {}, {"offset": "1", "line": 2, "crc": 3}])
def test_a_cursor_of_another_shape_is_refused(file: Path, cursor: Cursor) -> None:
    file.write_bytes(posts(0, 1))
    with pytest.raises(CursorRefusedError):
        pull(file, cursor)


def test_a_byte_order_mark_and_windows_line_ends_are_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + posts(0, 2).replace(b"\n", b"\r\n"))
    assert keys(pull(file)) == ["k0", "k1"]


def test_an_empty_file_is_fine(file: Path) -> None:
    file.write_bytes(b"")
    assert keys(pull(file)) == []


def test_a_file_that_is_not_there_is_told_as_the_option(file: Path) -> None:
    for ask in (lambda: connect(file).identify(), lambda: pull(file)):
        with pytest.raises(OptionMissingError) as told:
            ask()
        assert told.value.option == "path"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OptionMissingError):
        pull(tmp_path)


def test_the_label_is_the_file_and_the_key_its_whole_path(file: Path) -> None:
    file.write_bytes(b"")
    identity = connect(file).identify()
    assert (identity.key, identity.label) == (str(file), "items.jsonl")
