from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from PIL import Image

from jolidrive.demo.shelf import Shelf
from jolidrive.demo.world import World
from jolidrive.paths import resources_dir

if TYPE_CHECKING:
    from pathlib import Path

DEMO = resources_dir() / "demo"
EXIF_IFD, GPS_IFD = 0x8769, 0x8825


@pytest.fixture(scope="module")
def world() -> World:
    return World(DEMO)


def names(world: World) -> set[str]:
    return {
        str(record[field])
        for shelf in world.shelves.values()
        for record in shelf.records()
        for field in ("file", "cover")
        if field in record
    }


def test_it_holds_a_few_hundred_things_in_four_services(world: World) -> None:
    counts = {name: len(shelf.records()) for name, shelf in world.shelves.items()}
    assert 280 <= sum(counts.values()) <= 600
    assert all(counts.values())


def test_it_spans_years_and_scripts(world: World) -> None:
    told = [str(record) for shelf in world.shelves.values() for record in shelf.records()]
    years = Counter(str(r["created_at"])[:4] for r in world.shelf("posts").records())
    assert {"2018", "2022", "2026"} <= years.keys()
    text = " ".join(told)
    for script in ("θάλασσα", "بيروت", "मुंबई", "京都", "서울", "梯田", "Wörter", "é", "ñ"):
        assert script in text


def test_every_file_it_names_is_there_and_every_file_there_is_named(world: World) -> None:
    later = World(DEMO)
    for _ in range(3):
        later.advance()
    used = names(world) | names(later)
    for name in used:
        assert world.content(name)
    there = {
        f"{folder}/{path.name}"
        for folder in ("content", "pictures")
        for path in (DEMO / folder).iterdir()
    }
    assert there == used


def test_every_file_is_named_in_credits() -> None:
    lines = (resources_dir() / "CREDITS").read_text(encoding="utf-8").splitlines()
    credited = {line.split(" | ")[0]: line for line in lines if " | " in line}
    for path in DEMO.rglob("*"):
        if path.is_file():
            line = credited[path.relative_to(resources_dir()).as_posix()]
            assert line.count(" | ") == 3
            assert any(free in line for free in ("CC0 1.0", "public domain", "MIT"))
    covered: set[Path] = set()
    for named in credited:
        found = set(resources_dir().glob(named))
        assert found, f"{named} is credited but not there"
        covered |= found
    assert set(resources_dir().rglob("*.svg")) <= covered


def test_it_is_small_enough_for_the_wheel() -> None:
    size = sum(path.stat().st_size for path in resources_dir().rglob("*") if path.is_file())
    assert size < 8_000_000


def test_its_papers_have_text_and_one_is_broken(world: World) -> None:
    broken = []
    for name in sorted(names(world)):
        if name.endswith(".pdf"):
            try:
                document = pypdfium2.PdfDocument(world.content(name))
            except pypdfium2.PdfiumError:
                broken.append(name)
                continue
            assert len(document[0].get_textpage().get_text_range()) > 150
            document.close()
    assert broken == ["content/scan-0042.pdf"]


def test_its_pictures_tell_date_and_place(world: World) -> None:
    dated = placed = 0
    for record in world.shelf("photos").records():
        with Image.open(io.BytesIO(world.content(str(record["file"])))) as picture:
            assert max(picture.size) <= 1024
            exif = picture.getexif()
            taken = exif.get_ifd(EXIF_IFD).get(0x9003)
            dated += taken is not None
            placed += bool(exif.get_ifd(GPS_IFD))
        assert (
            taken is not None
            or "takenAt" in record
            or str(record["albumId"]) == "a-sky"
            or (str(record["id"]) == "p012")
        )
    assert dated >= 25
    assert placed >= 30


def test_files_lie_in_folders_that_exist(world: World) -> None:
    records = {str(r["id"]): r for r in world.shelf("files").records()}
    for record in records.values():
        if "parent" in record:
            assert records[str(record["parent"])]["type"] == "folder"


def test_the_same_days_happen_every_time() -> None:
    def story() -> list[Any]:
        told = World(DEMO)
        counts = [told.advance() for _ in range(4)]
        return [counts, [list(map(dict, shelf.records())) for shelf in told.shelves.values()]]

    first = story()
    assert first == story()
    assert first[0][0] >= 10
    assert first[0][-1] == 0


def test_a_name_may_not_lead_out_of_the_world(world: World, tmp_path: Path) -> None:
    for name in ("../CREDITS", "/etc/passwd", "content", str(tmp_path)):
        with pytest.raises(FileNotFoundError):
            world.content(name)


def test_a_shelf_tells_each_record_once_at_its_newest_revision() -> None:
    shelf = Shelf()
    shelf.put("a", {"id": "a", "n": 1})
    shelf.put("b", {"id": "b"})
    reached = shelf.revision
    shelf.put("a", {"n": 2})
    shelf.drop("b")
    shelf.drop("never there")
    assert [(c.key, c.record) for c in shelf.since(reached)] == [
        ("a", {"id": "a", "n": 2}),
        ("b", None),
    ]
    assert shelf.get("b") is None
    assert [dict(record) for record in shelf.records()] == [{"id": "a", "n": 2}]
