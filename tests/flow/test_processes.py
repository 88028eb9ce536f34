"""Several processes on one profile, in random order: nothing is lost, nothing comes back."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

from jolidrive.drive import Drive
from tests.fake.children import Child

if TYPE_CHECKING:
    from pathlib import Path

STEPS = 200
LINES = 120
FINE_FOR_REVOKED = {"UnknownAccountError", "AccountGoneError", "CancelledError"}


def write_lines(file: Path, name: str) -> None:
    with file.open("w") as out:
        for number in range(LINES):
            item = {"key": f"k{number}", "kind": "post", "title": f"{name} number {number}"}
            out.write(json.dumps(item) + "\n")


class Play:
    """What the test did, and what must be so in the end."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)  # noqa: S311 - a test's dice
        self.files: dict[str, Path] = {}
        self.revoked: set[str] = set()
        self.tags: dict[str, set[tuple[str, str]]] = {}
        self.errors: Counter[str] = Counter()
        self.waiting: dict[int, dict[str, Any]] = {}
        self.number = 0

    def command(self) -> dict[str, Any]:
        """A random thing to do."""
        alive = sorted(set(self.files) - self.revoked)
        what = self.chance.choices(
            ("sync", "mark", "search", "revoke", "connect", "accounts"),
            (30, 30, 20, 4, 6, 5),
        )[0]
        self.number += 1
        if what == "search":
            return {
                "do": "search",
                "text": self.chance.choice(("number", "tag:t1", "kind:post")),
            }
        if what == "connect" or not alive:
            file = self.folder / f"file{self.number}.jsonl"
            write_lines(file, f"file{self.number}")
            return {"do": "connect", "path": str(file)}
        account = self.chance.choice(alive)
        if what == "revoke" and len(alive) < 3:
            what = "accounts"
        command = {"do": what, "account": account}
        if what == "mark":
            command |= {"key": f"k{self.chance.randrange(LINES)}", "tag": f"t{self.number}"}
        return command

    def begun(self, command: dict[str, Any]) -> None:
        if command["do"] == "revoke":
            self.revoked.add(command["account"])

    def ended(self, command: dict[str, Any], answer: Any) -> None:
        what, account = command["do"], command.get("account", "")
        assert answer is not None, f"a child died in {what}"
        error = answer.get("error") or (answer["done"] if what == "sync" else None)
        if error:
            fine = error == "StoreBusyError"
            fine |= account in self.revoked and error in FINE_FOR_REVOKED
            fine |= what == "mark" and error == "ItemUnknownError"
            assert fine, (command, answer)
            self.errors[error] += 1
        elif what == "connect":
            self.files[answer["done"]] = self.folder / command["path"]
        elif what == "mark":
            self.tags.setdefault(account, set()).add((command["key"], command["tag"]))
        elif what == "revoke":
            assert answer["done"] == []


def test_random_work_of_several_processes_keeps_every_promise(tmp_path: Path) -> None:
    profile, files = tmp_path / "profile", tmp_path / "files"
    files.mkdir()
    play = Play(files, seed=11)
    children = [
        Child(profile, keep_open=True),
        Child(profile, keep_open=True),
        Child(profile),
    ]
    busy: dict[int, dict[str, Any]] = {}
    try:
        for _ in range(STEPS):
            number = play.chance.randrange(len(children))
            if number in busy:
                play.ended(busy.pop(number), children[number].answer())
            command = play.command()
            children[number].ask(**command)
            play.begun(command)
            busy[number] = command
        for number, command in busy.items():
            play.ended(command, children[number].answer())
    finally:
        for child in children:
            child.end()
    check_the_end(profile, play)


def check_the_end(profile: Path, play: Play) -> None:
    alive = set(play.files) - play.revoked
    assert alive
    with Drive.open(profile) as drive:
        assert {summary.account for summary in drive.accounts()} == alive
        folders = {p.name for p in (profile / "accounts").iterdir() if p.is_dir()}
        assert folders == alive
        for account in sorted(alive):
            assert drive.sync(account).adds_up
        for account, tags in play.tags.items():
            if account in play.revoked:
                continue
            for key, tag in tags:
                assert tag in drive.item(account, key).marks.tags
                found = drive.search(f"tag:{tag}")
                assert [(hit.account, hit.key) for hit in found.hits] == [(account, key)]
        assert drive.search("number").total == len(alive) * LINES
