"""The import contracts know every shipped plugin and every part of the program."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[2]


def contracts() -> ConfigParser:
    read = ConfigParser()
    read.read(ROOT / ".importlinter", encoding="utf-8")
    return read


def test_every_shipped_plugin_is_under_the_contracts() -> None:
    read = contracts()
    shipped = {f"plugins.{path.parent.name}" for path in ROOT.glob("plugins/*/plugin.toml")}
    assert shipped <= set(read["importlinter"]["root_packages"].split())
    assert shipped == set(read["importlinter:contract:plugins"]["source_modules"].split())
    assert shipped == set(read["importlinter:contract:neighbours"]["modules"].split())


def test_a_plugin_may_import_nothing_of_the_program_but_the_api() -> None:
    forbidden = contracts()["importlinter:contract:plugins"]["forbidden_modules"].split()
    parts = {
        f"jolidrive.{path.stem}"
        for path in (ROOT / "jolidrive").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert set(forbidden) == parts - {"jolidrive.api", "jolidrive.__init__"}
