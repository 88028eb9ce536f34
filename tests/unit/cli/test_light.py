from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import json, sys
from jolidrive.cli.main import run
words = ["--profile", sys.argv[1], "search", "picos", "--facets"]
code = run(words, open_window=None, window_demo=None)
heavy = "PySide6 keyring requests PIL pypdfium2 cryptography sqlite_utils rich".split()
print(json.dumps([code, [name for name in heavy if name in sys.modules]]))
"""


def test_a_search_loads_neither_window_nor_keyring_nor_network(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    loaded_by_search(profile)  # makes the profile, which takes more
    assert loaded_by_search(profile) == [0, []]


def loaded_by_search(profile: Path) -> object:
    out = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(profile)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(out.stdout.splitlines()[-1])
