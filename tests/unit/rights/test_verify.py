from __future__ import annotations

import base64
import gzip
import io
import json
import random
import sqlite3
import urllib.parse
import zipfile
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import tantivy

from jolidrive.rights.scan import Scanner
from jolidrive.rights.traces import traces_of
from jolidrive.rights.verify import Found, verify_erasure

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Kanarienvögel 🐤 Hafen"
RAW = TEXT.encode()


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", data)
    return file.getvalue()


SPELLED = {
    "plain": RAW,
    "capitals": TEXT.upper().encode(),
    "utf-16-le": TEXT.encode("utf-16-le"),
    "utf-16-be": TEXT.lower().encode("utf-16-be"),
    "json": json.dumps(TEXT).encode(),
    "json upper": json.dumps(TEXT).replace("f6", "F6").encode(),
    "percent": urllib.parse.quote(TEXT).encode(),
    "html": b"Kanarienv&#246;gel &#x1F424; Hafen",
    "base64": base64.b64encode(b"a" + RAW + b"b"),
    "base64 later": base64.b64encode(b"ab" + RAW),
    "base64 lines": base64.encodebytes(b"abc" * 17 + RAW),
    "base64 url": base64.urlsafe_b64encode(RAW),
    "zlib": zlib.compress(b"x" * 9000 + RAW),
    "gzip": gzip.compress(RAW),
    "zip": zipped(RAW),
    "zip in zip": zipped(zipped(json.dumps(TEXT).encode())),
}


@pytest.mark.parametrize("spelling", SPELLED)
@pytest.mark.parametrize("step", [1, 7, 100, 2**20])
def test_a_text_is_seen_however_it_is_written_and_wherever_it_is_cut(
    spelling: str, step: int
) -> None:
    data = b"\x00noise\xff" * 9 + SPELLED[spelling] + b"noise" * 9
    scanner = Scanner(traces_of([TEXT]))
    for at in range(0, len(data), step):
        scanner.feed(data[at : at + step])
    scanner.finish()
    assert scanner.found


def test_what_is_not_there_is_not_seen() -> None:
    scanner = Scanner(traces_of([TEXT, ""]))
    scanner.feed(b"PK\x03\x04\x1f\x8b\x08x\x9c%zz\\u12\\uzzzz&#xfffffff; Kanarien" * 90)
    scanner.feed(b'\\ubcx; \\20 %u1234 %" &20 &u1234 \\#x1; %#1; \\ud800 &zz;' * 90)
    scanner.feed(random.Random(3).randbytes(2**20))  # noqa: S311 - noise
    scanner.finish()
    assert not scanner.found
    assert scanner.is_whole


def test_what_unpacks_without_end_is_told_as_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jolidrive.rights.scan._MOST_UNPACKED", 2**21)
    scanner = Scanner(traces_of([TEXT]))
    scanner.feed(zlib.compress(bytes(2**23)))
    scanner.finish()
    assert not scanner.is_whole


def test_a_clean_profile_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "a.log").write_bytes(b"12345")
    report = verify_erasure(tmp_path / "log", [TEXT])
    assert (report.found, report.unread, report.files, report.bytes) == ((), (), 1, 5)


def test_files_and_names_are_looked_at_and_the_text_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "p" / "canarybird").mkdir(parents=True)
    (tmp_path / "p" / "a.bin").write_bytes(b"x canaryBIRD x")
    report = verify_erasure(tmp_path / "p", ["Canarybird"])
    assert report.found == (Found("./", "name text"), Found("a.bin", "text"))
    assert "canary" not in repr(report).lower()


def test_columns_packed_values_and_free_pages_of_a_database_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    packed = zlib.compress(bytes(range(256)) * 90 + b"canarybird")
    with closing(sqlite3.connect(folder / "a.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE kept (packed BLOB, plain TEXT, number INTEGER)")
        connection.execute("CREATE TABLE gone (plain TEXT)")
        connection.execute(
            "INSERT INTO kept VALUES (?, ?, 1)", (packed, "x" * 5000 + "harbourbird")
        )
        connection.execute("INSERT INTO gone VALUES ('ghostbird')")
        connection.execute("DROP TABLE gone")
    found = verify_erasure(folder, ["canarybird"]).found
    assert Found("a.db:kept.packed", "text") in found
    assert Found("a.db:kept.plain", "text") in verify_erasure(folder, ["HarbourBird"]).found
    assert verify_erasure(folder, ["ghostbird"]).found == (Found("a.db", "text"),)
    assert not verify_erasure(folder, ["otherbird"]).found


def test_a_torn_database_is_told_as_unread(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "a.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert verify_erasure(folder, [TEXT]).unread == ("a.db",)


def test_words_of_an_index_are_read_from_its_dictionary(tmp_path: Path) -> None:
    folder = tmp_path / "p" / "index"
    folder.mkdir(parents=True)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("flags", tokenizer_name="raw", index_option="basic")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(15_000_000, 1)
    document = tantivy.Document()
    document.add_text("words", "kanarienvogel im hafen 東京 京都 都")
    document.add_text("flags", "tag:new york")
    writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()

    def fields(text: str) -> set[str]:
        found = verify_erasure(tmp_path / "p", [text]).found
        return {one.place for one in found if one.how == "word"}

    assert fields("Kanarienvögel") == fields("Kanarien") == {"index:words"}
    assert fields("vogel im Hafen") == set()
    assert fields("im Hafen") == fields("東京") == {"index:words"}
    assert fields("New York") == {"index:flags"}
    assert fields("hafen im") == set()
    for file in folder.glob("*.term"):
        file.unlink()  # the index above still has the whole one in its memory map
        file.write_bytes(b"torn")
    assert "index" in verify_erasure(tmp_path / "p", ["x"]).unread
