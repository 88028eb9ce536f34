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
    for _ in range(2):  # the first call makes the profile, which takes more
        out = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "profile")],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert json.loads(out.splitlines()[-1]) == [0, []]
