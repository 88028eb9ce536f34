"""SIGKILL at random moments of pull, index and revoke: the next start mends it."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING

import pytest

from jolidrive.drive import Drive
from tests.fake.children import Child

if TYPE_CHECKING:
    from pathlib import Path

LINES = 2_500
ROUNDS = 16
CANARY = "quetzalcoatlus"


def write_lines(file: Path, round_: int, *, lines: int = LINES) -> None:
    """A file in which every tenth line is another one each round, and some lines go."""
    with file.open("w") as out:
        for number in range(lines):
            if (number + round_) % 50 == 0:
                continue
            stamp = f"round{round_}" if number % 10 == 0 else "steady"
            item = {
                "key": f"k{number}",
                "kind": "photo" if number % 3 else "document",
                "title": f"Item {number} {stamp}",
                "text": f"{CANARY} number{number} " + "words to be found " * 5,
                "created_at": f"20{number % 20:02d}-03-04T05:06:07Z",
            }
            out.write(json.dumps(item) + "\n")


def keys_of(file: Path) -> set[str]:
    return {json.loads(line)["key"] for line in file.read_text().splitlines()}


def test_a_sync_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    profile, file = tmp_path / "profile", tmp_path / "items.jsonl"
    write_lines(file, 0)
    with Drive.open(profile) as drive:
        account = drive.connect("jsonl", {"path": str(file)}).id
    chance = random.Random(7)  # noqa: S311 - a test's dice
    for round_ in range(1, ROUNDS):
        write_lines(file, round_)
        child = Child(profile)
        child.ask(do="sync", account=account, full=round_ % 4 == 0)
        time.sleep(chance.uniform(0.0, 1.1))
        child.kill()
    with Drive.open(profile) as drive:
        balance = drive.sync(account, full=True)
        assert balance.adds_up
        expected = keys_of(file)
        summary = drive.accounts()[0]
        everything = drive.search("", limit=LINES, facets=("kind",))
        assert summary.items == len(expected)
        assert everything.total == len(expected)
        assert {hit.key for hit in everything.hits} == expected
        assert sum(value.count for value in next(iter(everything.facets.values()))) == len(
            expected
        )
        changed = sum(int(key[1:]) % 10 == 0 for key in expected)
        assert drive.search(f"round{ROUNDS - 1} ").total == changed
        assert drive.search(f"round{ROUNDS - 2} ").total == 0
        for number in chance.sample(range(LINES), 20):
            assert drive.search(f"number{number} ").total == (f"k{number}" in expected)


@pytest.mark.parametrize("round_", range(6))
def test_a_revoke_killed_at_any_moment_is_finished_at_the_next_start(
    tmp_path: Path, round_: int
) -> None:
    profile, file = tmp_path / "profile", tmp_path / "items.jsonl"
    write_lines(file, round_, lines=600)
    with Drive.open(profile) as drive:
        account = drive.connect("jsonl", {"path": str(file)}).id
        drive.sync(account)
    with Child(profile, keep_open=True) as child:
        child.ask(do="revoke", account=account)
        time.sleep(round_ * 0.002)
        child.kill()
    with Drive.open(profile) as drive:
        left = [summary.account for summary in drive.accounts()]
        total = drive.search(CANARY).total
    if left:
        assert total == len(keys_of(file))
    else:
        assert total == 0
        assert not [path for path in (profile / "accounts").iterdir() if path.is_dir()]
        assert not places_of(profile, CANARY)


def places_of(folder: Path, word: str) -> list[Path]:
    """Files that hold a word in their raw bytes."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    ]
