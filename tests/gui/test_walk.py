"""The demo's walk, over a drive in memory: the same clicks, no server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jolidrive.gui.walk import Walk
from tests.fake.fake_world import SERVICES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from jolidrive.gui.app import Running
    from tests.fake.fake_drive import FakeDrive


class Yes:
    """Says yes on every consent page."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, url: str) -> bool:
        self.opened.append(url)
        return True


def test_the_walk_goes_the_whole_way_and_leaves_pictures(
    qtbot: QtBot, running: Running, drive: FakeDrive, tmp_path: Path
) -> None:
    drive.fakes.clear()
    flickr = next(entry for entry in SERVICES if entry.id == "flickr")
    running.window.watch.services = [replace(flickr, demo=True)]
    drive.entries = [replace(flickr, demo=True)]
    running.window.watch.changed.emit()
    said: list[str] = []
    browser = Yes()
    walk = Walk(running, browser, tmp_path, say=said.append)
    with qtbot.waitSignal(walk.ended, timeout=30_000) as ended:
        walk.start()
    assert said[-1] == "Done."
    assert ended.args == [0]
    assert browser.opened
    assert "revoke" in drive.calls
    assert len(list(tmp_path.glob("*.png"))) >= 14


def test_a_walk_that_cannot_go_on_says_where_it_stopped(
    qtbot: QtBot, running: Running, drive: FakeDrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive.connect_error = ZeroDivisionError()
    flickr = next(entry for entry in SERVICES if entry.id == "flickr")
    running.window.watch.services = [replace(flickr, demo=True)]
    running.window.watch.changed.emit()
    said: list[str] = []
    walk = Walk(running, Yes(), say=said.append)
    with qtbot.waitSignal(walk.ended, timeout=30_000) as ended:
        walk.start()
    assert ended.args == [1]
    assert said[-1] == "Stopped: Connect Flickr"
