"""Return on buttons, words about keys, a passphrase asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from jolidrive.errors import KeyringLockedError
from jolidrive.gui.connect_dialog import ConnectDialog
from jolidrive.gui.passphrase import PassphraseAsker, PassphraseSheet, opened_keys
from jolidrive.gui.revoke_dialog import RevokeDialog
from jolidrive.gui.state_shape import Shape
from jolidrive.gui.tasks import Tasks
from jolidrive.gui.thumbnails import Thumbnails
from jolidrive.model.events import PageStored, SyncFailed, SyncStarted
from tests.fake.fake_drive import FakeDrive
from tests.gui.words import words_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from jolidrive.gui.main_window import MainWindow
    from tests.fake.fake_drive import FakeJobs

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def consent(window: MainWindow, service: str) -> ConnectDialog:
    window.go("add")
    card = window.directory.card(service)
    assert card is not None
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert isinstance(window.sheet, ConnectDialog)
    return window.sheet


@pytest.mark.parametrize("key", ENTERS)
def test_return_presses_the_button_that_has_the_focus(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive, key: Qt.Key
) -> None:
    sheet = consent(window, "flickr")
    QTest.keyClick(sheet.back, key)
    assert window.sheet is None
    assert "connect" not in drive.calls
    sheet = consent(window, "flickr")
    sheet.go.setFocus()
    QTest.keyClick(sheet.go, key)
    qtbot.waitUntil(lambda: "connect" in drive.calls)


def test_return_on_revoke_starts_on_keeping(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    window.go("account:nextcloud-1")
    QTest.keyClick(window.service.revoke_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.sheet, RevokeDialog))
    sheet = window.sheet
    assert isinstance(sheet, RevokeDialog)
    assert sheet.keep.hasFocus()
    QTest.keyClick(sheet.keep, Qt.Key.Key_Return)
    assert window.sheet is None
    assert "revoke" not in drive.calls


def test_return_in_the_last_field_goes_on(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = consent(window, "webdav_server")
    fields = [sheet.form.field(name) for name in ("server", "user", "password")]
    for field in fields:
        assert field is not None
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert sheet.stage == "consent"
        QTest.keyClicks(field, "typed")
    last = fields[-1]
    assert last is not None
    QTest.keyClick(last, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "connect" in drive.calls)


def test_the_connected_sheet_says_when_everything_is_here(
    qtbot: QtBot, window: MainWindow
) -> None:
    sheet = consent(window, "flickr")
    sheet.go.click()
    qtbot.waitUntil(lambda: sheet.go.text() == "Show them")
    assert "24 items are here" in words_of(sheet)
    assert "Reading" not in words_of(sheet)
    assert sheet._work_shape._shape is Shape.DONE


def test_the_connected_sheet_tells_of_its_own_account_only(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive, jobs: FakeJobs
) -> None:
    jobs.finishes = False
    sheet = consent(window, "flickr")
    sheet.go.click()
    qtbot.waitUntil(lambda: "8 " in sheet._work_line.text())
    drive.hub.publish(SyncStarted(account="nextcloud-1"))
    drive.hub.publish(PageStored(account="nextcloud-1", seen=999, total=3000))
    qtbot.waitUntil(lambda: "nextcloud-1" in window.watch.syncing)
    assert "999" not in sheet._work_line.text()
    drive.hub.publish(SyncFailed(account="flickr-1", error="OfflineError", sentence="No line."))
    qtbot.waitUntil(lambda: "No line." in words_of(sheet))
    assert sheet._work_shape._shape is Shape.STOPPED


@pytest.mark.parametrize(
    ("place", "goes", "comes"),
    [
        ("keyring", "goes to your system’s keyring", "from your system’s keyring"),
        ("file", "goes to the file your passphrase opens", "from the file your passphrase"),
        ("memory", "stays in memory and ends with the demo", "from memory"),
    ],
)
def test_where_the_key_lies_is_said_as_it_is(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive, place: str, goes: str, comes: str
) -> None:
    drive.place_of_keys = place
    window.watch.ask()
    qtbot.waitUntil(lambda: window.watch.key_place == place)
    sheet = consent(window, "flickr")
    assert goes in words_of(sheet)
    sheet.cancel()
    window.sheets.revoke("nextcloud-1")
    qtbot.waitUntil(lambda: window.sheet is not None)
    assert window.sheet is not None
    assert comes in words_of(window.sheet)


class LockedDrive(FakeDrive):
    """Its keys open with one passphrase only."""

    def __init__(self, asker: PassphraseAsker) -> None:
        super().__init__()
        self.asker = asker

    def export_keys(self) -> str | None:
        if self.asker(forced=True) != "right":
            raise KeyringLockedError
        return "{}"


def test_a_wrong_passphrase_is_asked_again_and_not_now_is_obeyed(
    qtbot: QtBot, window: MainWindow
) -> None:
    asker, tasks = PassphraseAsker(), Tasks()
    asker.asked.connect(lambda again: window.sheets.ask_passphrase(asker, again))
    got: list[str | Exception | None] = []
    locked = LockedDrive(asker)

    def ask() -> PassphraseSheet:
        tasks.run(lambda: opened_keys(locked, asker), got.append, got.append)
        return shown()

    def shown() -> PassphraseSheet:
        qtbot.waitUntil(lambda: isinstance(window.sheet, PassphraseSheet))
        assert isinstance(window.sheet, PassphraseSheet)
        return window.sheet

    sheet = ask()
    assert "does not open them" not in words_of(sheet)
    QTest.keyClicks(sheet.field, "wrong")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    sheet = shown()
    assert "does not open them" in words_of(sheet)
    QTest.keyClicks(sheet.field, "right")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: got == ["{}"])
    ask().cancel()
    qtbot.waitUntil(lambda: len(got) == 2)
    assert isinstance(got[1], KeyringLockedError)
    tasks.run(lambda: opened_keys(locked, asker), got.append, got.append)
    qtbot.waitUntil(lambda: len(got) == 3)
    assert window.sheet is None
    asker.allow()
    sheet = ask()
    asker.close()
    qtbot.waitUntil(lambda: len(got) == 4)
    tasks.close()
    sheet.cancel()


def test_a_picture_that_comes_after_a_revoke_is_not_kept(qtbot: QtBot) -> None:
    tasks, keeper = Tasks(), QObject()
    thumbnails = Thumbnails(lambda *_: b"", tasks, keeper)
    thumbnails.get("gone-1", "a")
    thumbnails.forget("gone-1")
    qtbot.waitUntil(lambda: not tasks._open)
    assert not thumbnails._here
    tasks.close()


def test_pictures_in_memory_are_bounded_in_bytes(qtbot: QtBot) -> None:
    tasks, keeper = Tasks(), QObject()
    thumbnails = Thumbnails(lambda *_: b"", tasks, keeper)
    image = QImage(QSize(1024, 1024), QImage.Format.Format_RGB32)
    for number in range(40):
        wish = ("a", str(number))
        thumbnails._running.add(wish)
        thumbnails._arrived(wish, image)
    assert len(thumbnails._here) == 96_000_000 // (1024 * 1024 * 4)
    assert ("a", "39") in thumbnails._here
    thumbnails.forget("a")
    assert thumbnails._bytes == 0
    tasks.close()
