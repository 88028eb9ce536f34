"""The window's tests: offscreen, over a drive in memory."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from typing import TYPE_CHECKING

import pytest

from jolidrive.gui.app import Running, make_application
from jolidrive.gui.binding import keep_none
from tests.fake.fake_drive import FakeDrive, FakeJobs
from tests.fake.fake_world import some_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from jolidrive.gui.main_window import MainWindow

keep_none()


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    app = make_application()
    return type(app)


@pytest.fixture
def drive() -> FakeDrive:
    """Three accounts with sixty items."""
    fake = FakeDrive()
    items = some_items(60)
    fake.add("nextcloud", items[:30])
    fake.add("mastodon", items[30:50])
    fake.add("flickr", items[50:])
    return fake


@pytest.fixture
def jobs(drive: FakeDrive) -> FakeJobs:
    return FakeJobs(drive, some_items(24))


@pytest.fixture
def running(
    qtbot: QtBot, qapp: QApplication, drive: FakeDrive, jobs: FakeJobs
) -> Iterator[Running]:
    """A started window, everything asked and answered."""
    made = Running(qapp, drive, jobs=jobs)
    made.look.reduced_motion = True
    made.look.set_scheme("light")
    made.window.sheets.opens_browser = False
    qtbot.addWidget(made.window)
    made.start()
    window = made.window
    qtbot.waitUntil(lambda: bool(window.watch.services) and window.watch.known)
    qtbot.waitUntil(lambda: window.search.session.page is not None)
    yield made
    made.stop()


@pytest.fixture
def window(running: Running) -> MainWindow:
    return running.window
