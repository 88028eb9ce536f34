"""Connecting, watching and revoking services in the window."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from jolidrive.errors import ConsentRefusedError, OfflineError
from jolidrive.gui.connect_dialog import ConnectDialog
from jolidrive.gui.notice import Notice
from jolidrive.gui.passphrase import PassphraseAsker, PassphraseSheet
from jolidrive.gui.receipt_sheet import ReceiptSheet
from jolidrive.gui.revoke_dialog import RevokeDialog
from jolidrive.model.account import AccountState
from jolidrive.model.balance import Balance
from jolidrive.model.events import AccountStateChanged, PageStored, SyncFinished, SyncStarted
from jolidrive.model.item import Kind
from jolidrive.model.receipt import Remote, RemoteOutcome
from tests.gui.words import words_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from jolidrive.gui.main_window import MainWindow
    from tests.fake.fake_drive import FakeDrive, FakeJobs


def open_consent(qtbot: QtBot, window: MainWindow, service: str) -> ConnectDialog:
    window.go("add")
    card = window.directory.card(service)
    assert card is not None
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert isinstance(window.sheet, ConnectDialog)
    return window.sheet


def open_revoke(qtbot: QtBot, window: MainWindow, account: str) -> RevokeDialog:
    window.go(f"account:{account}")
    QTest.mouseClick(window.service.revoke_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.sheet, RevokeDialog))
    assert isinstance(window.sheet, RevokeDialog)
    return window.sheet


def test_nothing_is_connected_before_the_person_continues(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = open_consent(qtbot, window, "flickr")
    text = words_of(sheet)
    assert "Pictures, with their places" in text
    assert "api.flickr.example" in text
    assert "Direct messages" in text
    assert "connect" not in drive.calls
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "connect" in drive.calls)


def test_cancelling_the_consent_leaves_no_trace(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = open_consent(qtbot, window, "flickr")
    assert QApplication.focusWidget() is sheet.back
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert window.sheet is None
    assert "connect" not in drive.calls


def test_unchecked_kinds_are_not_asked_for(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = open_consent(qtbot, window, "flickr")
    sheet.form.kind_box(Kind.VIDEO).click()
    sheet.go.click()
    qtbot.waitUntil(lambda: drive.last_wanted is not None)
    assert drive.last_wanted is not None
    assert drive.last_wanted.kinds == {Kind.PHOTO, Kind.PLACE}


def test_typed_values_must_all_be_there(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = open_consent(qtbot, window, "webdav_server")
    assert not sheet.go.isEnabled()
    for name, value in (("server", "cloud.example"), ("user", "maya"), ("password", "s")):
        field = sheet.form.field(name)
        assert field is not None
        QTest.keyClicks(field, value)
    assert sheet.go.isEnabled()
    sheet.go.click()
    qtbot.waitUntil(lambda: "connect" in drive.calls)
    assert drive.last_options == {"server": "cloud.example", "user": "maya", "password": "s"}


def test_waiting_for_the_browser_can_copy_the_address_and_be_cancelled(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    drive.browser_answers = threading.Event()
    sheet = open_consent(qtbot, window, "flickr")
    before = len(drive.fakes)
    sheet.go.click()
    qtbot.waitUntil(lambda: bool(sheet.address))
    assert sheet.stage == "waiting"
    sheet.copy.click()
    assert QGuiApplication.clipboard().text().startswith("https://flickr.example/authorize")
    QTest.mouseClick(sheet.back, Qt.MouseButton.LeftButton)
    assert window.sheet is None
    drive.browser_answers.set()
    assert len(drive.fakes) <= before + 1


def test_a_connected_service_is_read_and_its_items_can_be_searched(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive, jobs: FakeJobs
) -> None:
    drive.fakes.clear()
    sheet = open_consent(qtbot, window, "flickr")
    sheet.go.click()
    qtbot.waitUntil(lambda: sheet.stage == "done")
    qtbot.waitUntil(lambda: jobs.asked == ["sync flickr-1"])
    sheet.go.click()
    qtbot.waitUntil(lambda: window.search.session.model.rowCount() == 24)
    qtbot.waitUntil(lambda: window.sidebar.row("account:flickr-1") is not None)


def test_a_no_at_the_service_is_told_and_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    drive.connect_error = ConsentRefusedError("Flickr")
    sheet = open_consent(qtbot, window, "flickr")
    sheet.go.click()
    qtbot.waitUntil(lambda: sheet.stage == "failed")
    assert "Nothing was stored." in words_of(sheet)
    assert sheet.go.text() == "Try again"
    sheet.go.click()
    assert sheet.stage == "consent"
    assert sheet.form.isVisible()


def test_a_trouble_of_the_world_and_a_mistake_of_ours_have_words(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    for error in (OfflineError("api.flickr.example"), ZeroDivisionError("ours")):
        drive.connect_error = error
        sheet = open_consent(qtbot, window, "flickr")
        sheet.go.click()
        _wait_for_failure(qtbot, sheet)
        assert len(sheet.findChildren(Notice)) == 1
        sheet.cancel()


def test_the_service_page_shows_counts_disk_and_balances(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.go("account:nextcloud-1")
    qtbot.waitUntil(lambda: "Syncs" in words_of(window.service))
    text = words_of(window.service)
    for words in ("Up to date since", "By kind", "30 items", "On this computer", "21,477"):
        assert words in text
    assert "5 system file, 1 broken pdf" in text


def test_a_running_sync_shows_its_progress_everywhere(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive, jobs: FakeJobs
) -> None:
    window.go("account:nextcloud-1")
    drive.hub.publish(SyncStarted(account="nextcloud-1"))
    drive.hub.publish(PageStored(account="nextcloud-1", seen=1204, total=3310))
    row = window.sidebar.row("account:nextcloud-1")
    assert row is not None
    qtbot.waitUntil(lambda: row.note == "36%")
    assert "1,204 of 3,310" in words_of(window.strip)
    assert "Reading 1,204 of 3,310" in words_of(window.service)
    window.service._stop.click()
    qtbot.waitUntil(lambda: jobs.asked == ["stop nextcloud-1"])
    qtbot.waitUntil(lambda: "Nothing is syncing" in words_of(window.strip))


def test_without_a_total_no_percentage_is_invented(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    drive.hub.publish(PageStored(account="flickr-1", seen=1204, total=None))
    qtbot.waitUntil(lambda: "Flickr: 1,204 so far" in words_of(window.strip))
    assert not window.strip._bar.isVisible()
    drive.hub.publish(SyncFinished(account="flickr-1", balance=Balance()))
    qtbot.waitUntil(lambda: "Nothing is syncing" in words_of(window.strip))


def test_pausing_stops_all_and_going_on_resumes(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive, jobs: FakeJobs
) -> None:
    drive.hub.publish(SyncStarted(account="flickr-1"))
    qtbot.waitUntil(window.strip._pause.isVisible)
    window.strip._pause.click()
    assert jobs.asked == ["pause"]
    assert "Paused until you go on" in words_of(window.strip)
    window.strip._go_on.click()
    assert jobs.asked == ["pause", "resume"]


def test_revoke_shows_the_counts_and_starts_on_keeping(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = open_revoke(qtbot, window, "nextcloud-1")
    text = words_of(sheet)
    assert "30 items" in text
    assert "14 photos, 4 documents" in text
    assert "Your own marks go too: 5 stars, 1 note" in text
    assert QApplication.focusWidget() is sheet.keep
    QTest.keyClick(sheet.keep, Qt.Key.Key_Space)
    assert "revoke" not in drive.calls
    assert "nextcloud-1" in drive.fakes


def test_revoking_wipes_and_shows_a_receipt(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = open_revoke(qtbot, window, "nextcloud-1")
    QTest.mouseClick(sheet.wipe, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.sheet, ReceiptSheet))
    receipt = window.sheet
    assert isinstance(receipt, ReceiptSheet)
    assert "Nextcloud is gone from this computer" in words_of(receipt)
    assert "0.41 seconds" in words_of(receipt)
    assert "items: 30" in receipt.text
    qtbot.waitUntil(lambda: window.search.session.model.rowCount() == 30)
    assert window.sidebar.row("account:nextcloud-1") is None
    receipt.done.click()
    assert window.sheet is None


def test_the_receipt_names_what_is_left_to_do_at_the_service(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    page = "https://www.flickr.com/services/auth/list"
    drive.remote = Remote(RemoteOutcome.NO_ENDPOINT, page)
    sheet = open_revoke(qtbot, window, "flickr-1")
    sheet.wipe.click()
    qtbot.waitUntil(lambda: isinstance(window.sheet, ReceiptSheet))
    assert isinstance(window.sheet, ReceiptSheet)
    assert "One thing left for you" in words_of(window.sheet)
    assert page in window.sheet.text


def test_a_sheet_keeps_the_focus_and_a_click_beside_it_cancels(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    sheet = open_revoke(qtbot, window, "nextcloud-1")
    for _ in range(4):
        before = QApplication.focusWidget()
        assert before is not None
        QTest.keyClick(before, Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        assert here is not None
        assert sheet.isAncestorOf(here)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert window.sheet is None
    assert "revoke" not in drive.calls


def test_an_account_that_wants_a_sign_in_is_told_and_listed(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    fake = drive.fakes["flickr-1"]
    fake.line = replace(fake.line, state=AccountState.SIGN_IN)
    drive.hub.publish(AccountStateChanged(account="flickr-1", state="sign_in"))
    row = window.sidebar.row("needs")
    assert row is not None
    qtbot.waitUntil(lambda: row.note == "1")
    window.go("needs")
    assert "Flickr wants you to sign in" in words_of(window.needs)
    window.go("account:flickr-1")
    assert "Flickr wants you to sign in" in words_of(window.service)


def test_nothing_needs_you_is_said_so(qtbot: QtBot, window: MainWindow) -> None:
    window.go("needs")
    assert "Nothing needs you" in words_of(window.needs)


def test_the_first_day_leads_to_the_directory(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    drive.fakes.clear()
    window.watch.ask()
    qtbot.waitUntil(lambda: not window.watch.accounts)
    window.search.refresh()
    empty = window.search.results.empty
    qtbot.waitUntil(empty.isVisible)
    assert empty.title.text() == "Nothing here yet"
    QTest.mouseClick(empty.primary, Qt.MouseButton.LeftButton)
    assert window.place == "add"


def test_the_directory_finds_by_name_and_says_what_is_needed(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.go("add")
    card = window.directory.card("nextcloud")
    assert card is not None
    assert "Connected" in card.accessibleName()
    broken = window.directory.card("photo_frames")
    assert broken is not None
    assert not broken.isEnabled()
    QTest.keyClicks(window.directory.finder, "last")
    qtbot.waitUntil(lambda: window.directory.card("lastfm") is not None)
    assert window.directory.card("nextcloud") is None
    window.directory.finder.setText("no such service")
    qtbot.waitUntil(lambda: "No service is called" in words_of(window.directory))


def test_privacy_shows_what_is_held_and_who_was_contacted(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.go("privacy")
    qtbot.waitUntil(lambda: "Who was contacted today" in words_of(window.privacy))
    text = words_of(window.privacy)
    assert "60 items" in text
    assert "3 hosts" in text


def _wait_for_failure(qtbot: QtBot, sheet: ConnectDialog) -> None:
    qtbot.waitUntil(lambda: sheet.stage == "failed")


def test_a_thread_that_needs_the_keys_gets_the_typed_passphrase(
    qtbot: QtBot, window: MainWindow
) -> None:
    asker = PassphraseAsker()
    asker.asked.connect(lambda again: window.sheets.ask_passphrase(asker, again))
    got: list[str | None] = []
    for typed in ("correct horse", None):
        thread = threading.Thread(target=lambda: got.append(asker(forced=True)), daemon=True)
        thread.start()
        qtbot.waitUntil(lambda: isinstance(window.sheet, PassphraseSheet))
        sheet = window.sheet
        assert isinstance(sheet, PassphraseSheet)
        if typed is None:
            sheet.cancel()
        else:
            QTest.keyClicks(sheet.field, typed)
            QTest.keyClick(sheet.field, Qt.Key.Key_Return)
        thread.join()
        assert window.sheet is None
    assert got == ["correct horse", None]
    assert asker(forced=False) is None


def test_the_consent_names_the_server_as_it_is_typed(qtbot: QtBot, window: MainWindow) -> None:
    sheet = open_consent(qtbot, window, "webdav_server")
    assert "the server you type" in words_of(sheet)
    field = sheet.form.field("server")
    assert field is not None
    QTest.keyClicks(field, "https://cloud.hollybank.example/dav")
    assert "cloud.hollybank.example" in words_of(sheet)


def test_after_a_typed_password_the_receipt_says_to_delete_it(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    drive.add("webdav_server", ())
    drive.remote = Remote(RemoteOutcome.NOT_NEEDED)
    window.watch.ask()
    row = "account:webdav_server-1"
    qtbot.waitUntil(lambda: window.sidebar.row(row) is not None)
    sheet = open_revoke(qtbot, window, "webdav_server-1")
    assert "still accepts the app password" in words_of(sheet)
    sheet.wipe.click()
    qtbot.waitUntil(lambda: isinstance(window.sheet, ReceiptSheet))
    assert window.sheet is not None
    assert "still accepts the app password" in words_of(window.sheet)


def test_closing_the_window_gives_up_a_sign_in_that_waits(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    drive.browser_answers = threading.Event()
    sheet = open_consent(qtbot, window, "flickr")
    sheet.go.click()
    qtbot.waitUntil(lambda: bool(sheet.address))
    before = dict(drive.fakes)
    window.close()
    qtbot.waitUntil(lambda: not any(t.name.startswith("wait") for t in threading.enumerate()))
    assert drive.fakes == before
