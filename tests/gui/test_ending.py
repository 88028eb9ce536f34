"""The window's end by a signal: clean, quick, and nothing of the demo stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from jolidrive.gui.ending import ends_on_signals

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_loop_and_tells_which_it_was(
    qtbot: QtBot, qapp: QApplication, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    with ends_on_signals(qapp) as ending:
        QTimer.singleShot(0, lambda: os.kill(os.getpid(), number))
        assert ending.run() == 128 + number
    assert signal.getsignal(number) is before


def test_a_signal_before_the_loop_unwinds(qtbot: QtBot, qapp: QApplication) -> None:
    with pytest.raises(SystemExit) as ended, ends_on_signals(qapp):
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("number", "arguments", "begun"),
    [
        (signal.SIGTERM, ("--shots", "shots"), "== Connect Demo Files"),
        (signal.SIGINT, ("--shots", "shots"), "== Read everything"),
        (signal.SIGTERM, ("--headless",), "== Connect Demo Files"),
        (signal.SIGHUP, ("--headless",), "== Connect Demo Files"),
    ],
)
def test_the_demo_leaves_no_profile_behind(
    tmp_path: Path, number: signal.Signals, arguments: tuple[str, ...], begun: str
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    surroundings = dict(os.environ) | {"TMPDIR": str(kept), "PYTHONUNBUFFERED": "1"}
    surroundings.pop("DISPLAY", None)
    surroundings.pop("WAYLAND_DISPLAY", None)
    with subprocess.Popen(
        [sys.executable, "-m", "jolidrive", "demo", *arguments],
        cwd=tmp_path,
        env=surroundings | {"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if begun in line:
                break
        assert list(kept.glob("jolidrive-demo-*"))
        program.send_signal(number)
        _, told = program.communicate(timeout=60)
    assert program.returncode == 128 + number
    assert list(kept.glob("jolidrive-demo-*")) == []
    assert "Traceback" not in told
