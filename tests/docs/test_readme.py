"""README, CHANGELOG and `--help` against the program."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from jolidrive.cli.main import verbs
from jolidrive.drive import Drive
from jolidrive.model.query import FieldName
from jolidrive.search.parse import parse
from jolidrive.settings import Settings

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_verb_stands_in_the_readme_and_every_verb_there_exists() -> None:
    told = set(re.findall(r"^    jolidrive (\S+)", README, re.MULTILINE))
    assert told <= set(verbs())
    assert set(verbs()) - told == {"accounts", "work"}


def test_the_settings_table_is_the_settings() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (?:`([^`]*)` )?\|", README, re.MULTILINE))
    defaults = Settings()
    known = [f.name for f in fields(Settings) if f.name != "problems"]
    assert list(rows) == known
    for name in known:
        value = getattr(defaults, name)
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        assert rows[name] == shown


def test_every_field_of_the_language_stands_in_the_readme_and_is_understood() -> None:
    examples = re.findall(
        r"`((?:kind|from|with|in|tag|type|place|date|size|near|is|has):[^`]+)`", README
    )
    assert len(examples) >= 12
    for example in examples:
        assert not parse(example).hints, example
    for name in FieldName:
        assert f"`{name.value}:" in README or name is FieldName.COLLECTION


def test_every_file_the_readme_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_python_example_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    things = tmp_path / "things.jsonl"
    item = {"key": "1", "kind": "photo", "title": "Picos", "text": "picos and clouds"}
    things.write_text(json.dumps(item) + "\n")
    program = code[1].replace("/path/to/profile", str(tmp_path / "profile"))
    program = program.replace("things.jsonl", str(things))
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - our own README
    assert "Picos picos and clouds" in capsys.readouterr().out
    with Drive.open(tmp_path / "profile") as drive:
        assert drive.accounts() == []
