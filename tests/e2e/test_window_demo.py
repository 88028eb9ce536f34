"""The real program's demo in a window without a screen: the whole way, by clicks and keys."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path


def test_the_demo_walks_through_the_window_and_leaves_pictures(tmp_path: Path) -> None:
    surroundings = {
        k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}
    }
    ended = subprocess.run(
        [sys.executable, "-m", "jolidrive", "demo", "--shots", str(tmp_path / "shots")],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for step in ("Connect Demo Files", "Search picos", "Filter by a click", "Revoke", "Done."):
        assert step in ended.stdout
    pictures = sorted((tmp_path / "shots").glob("*.png"))
    assert len(pictures) >= 15
    for picture in pictures:
        with Image.open(picture) as image:
            assert image.size == (1280, 800)
            assert len(image.convert("RGB").getcolors(10_000_000) or ()) > 20
