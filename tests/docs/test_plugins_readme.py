"""Code in `plugins/README.md` is cut from files that tests run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import jolidrive.api
from jolidrive.api.manifest_reader import read_manifest

ROOT = Path(__file__).parents[2]
README = ROOT / "plugins" / "README.md"
CUT = re.compile(r"<!-- from (\S+) -->\n+```\w+\n(.*?)```", re.DOTALL)
FENCE = re.compile(r"^```(?:python|toml|json)$", re.MULTILINE)


def cuts() -> list[tuple[str, str]]:
    return CUT.findall(README.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("source", "code"), cuts())
def test_each_piece_of_code_stands_in_a_file_that_is_tested(source: str, code: str) -> None:
    assert source.startswith("tests/")
    assert code in (ROOT / source).read_text(encoding="utf-8")


def test_no_code_stands_there_without_its_source() -> None:
    assert len(FENCE.findall(README.read_text(encoding="utf-8"))) == len(cuts()) >= 4


def test_every_public_name_is_explained() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in jolidrive.api.__all__ if f"`{name}" not in text] == []


def test_the_example_is_a_whole_manifest() -> None:
    assert read_manifest(ROOT / "tests" / "docs" / "lighthouse").id == "lighthouse"
