"""The wheel, installed outside the repository: services, resources and the demo are inside.

Question: must each run download a gigabyte of dependencies? Answer: the wheel goes into a new
environment without them, and they are lent by this environment's path; that they are
declared is what the list of imports against the list of dependencies asks.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_BYTES = 15_000_000
pytestmark = [pytest.mark.real]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="needs: pip install hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"),
            *("--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)),
        ],
        check=True,
        timeout=120,
    )
    return next(folder.glob("jolidrive-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `jolidrive` of a new environment, with nothing of the repository on its path."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"),
            *("--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)),
        ],
        check=True,
        timeout=120,
    )
    return folder / "bin" / "jolidrive"


def run(program: Path, *words: str, home: Path) -> str:
    """Runs it in a folder of its own, with this environment's packages lent."""
    done = subprocess.run(
        [str(program), *words],
        cwd=home,
        env={
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            # Files named *.pth, such as the repository's own, are not read from here.
            "PYTHONPATH": sysconfig.get_path("purelib"),
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_services_and_resources_and_stays_small(wheel: Path) -> None:
    assert wheel.stat().st_size < MOST_BYTES
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("plugins", "resources"):
        tracked = subprocess.run(
            ["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True, check=False
        )
        files = tracked.stdout.split("\n")[:-1] if tracked.returncode == 0 else []
        missing = [name for name in files if f"jolidrive/shipped/{name}" not in names]
        assert not missing
    assert "jolidrive/shipped/resources/CREDITS" in names
    assert "jolidrive/shipped/plugins/webdav/plugin.toml" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]


def test_an_installed_wheel_lists_its_services(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "--profile", str(tmp_path / "p"), "services", "--json", home=tmp_path)
    services = {entry["id"]: entry["state"] for entry in json.loads(told)}
    assert services == {"jsonl": "ready", "mastodon": "ready", "webdav": "ready"}
    shipped = json.loads(
        run(
            *(installed, "--profile", str(tmp_path / "p"), "plugin", "list", "--json"),
            home=tmp_path,
        )
    )
    assert not [entry for entry in shipped if str(ROOT) in entry["folder"]]


def test_an_installed_wheel_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "demo", "--headless", home=tmp_path)
    assert "search now finds 0 items" in told
    assert not list(tmp_path.rglob("accounts"))


def test_every_import_of_the_program_is_a_declared_dependency_and_none_is_idle() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {canonical(name) for name in project["dependencies"]}
    owners = packages_distributions()
    used = {
        canonical(owner)
        for folder in ("jolidrive", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        for module in top_modules(path)
        for owner in owners.get(module, ())
        if module not in sys.stdlib_module_names
    } - {"jolidrive"}
    # One import name, several distributions: which of Qt's parts are used is not told here.
    assert without_qt(used) == without_qt(declared)


def canonical(requirement: str) -> str:
    name = re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def without_qt(names: set[str]) -> set[str]:
    return {name for name in names if not name.startswith(("pyside6", "shiboken6"))}


def top_modules(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
