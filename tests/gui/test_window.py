"""The window as a whole: names, keys, widths, and the machinery behind it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QTextEdit,
    QWidget,
)

from jolidrive.gui.bridge import Bridge
from jolidrive.gui.tasks import Tasks
from jolidrive.hub import Hub
from jolidrive.model.events import IndexChanged, PageStored, SyncStarted
from jolidrive.model.result import FacetName

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from jolidrive.gui.main_window import MainWindow
    from jolidrive.model.events import Event
    from tests.fake.fake_drive import FakeJobs

CONTROLS = (QAbstractButton, QAbstractItemView, QLineEdit, QTextEdit)


def nameless(window: QWidget) -> list[str]:
    """Controls one can see and that say nothing to a screen reader."""
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS) and widget.isVisible() and not widget.accessibleName()
    ]


def cut_off(window: QWidget) -> list[str]:
    """Areas whose content is wider than they are."""
    return [
        type(area.parent()).__name__
        for area in window.findChildren(QAbstractScrollArea)
        if area.isVisible()
        and not isinstance(area, QTextEdit)
        and area.horizontalScrollBar().maximum() > 0
    ]


@pytest.mark.parametrize(
    "place", ["everything", "kind:photo", "account:nextcloud-1", "add", "needs", "privacy"]
)
def test_every_control_has_a_name(qtbot: QtBot, window: MainWindow, place: str) -> None:
    window.go(place)
    qtbot.waitUntil(lambda: not window._tasks.busy)
    assert nameless(window) == []


def test_every_control_of_the_sheets_has_a_name(qtbot: QtBot, window: MainWindow) -> None:
    for service in ("webdav_server", "flickr"):
        window.go("add")
        card = window.directory.card(service)
        assert card is not None
        card.click()
        assert window.sheet is not None
        assert nameless(window.sheet) == []
        window.sheet.cancel()
    window.sheets.revoke("nextcloud-1")
    qtbot.waitUntil(lambda: window.sheet is not None)
    assert window.sheet is not None
    assert nameless(window.sheet) == []
    window.sheet.cancel()


def test_slash_and_ctrl_f_go_to_the_search_field(qtbot: QtBot, window: MainWindow) -> None:
    view = window.search.view
    view.setFocus()
    QTest.keyClicks(view, "/")
    assert window.search.field.line.hasFocus()
    window.go("privacy")
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.place == "everything"
    assert window.search.field.line.hasFocus()


def test_f6_goes_through_the_panes(qtbot: QtBot, window: MainWindow) -> None:
    window.search.field.line.setFocus()
    seen = set()
    for _ in range(6):
        QTest.keyClick(window, Qt.Key.Key_F6)
        here = QApplication.focusWidget()
        assert here is not None
        for name, pane in (
            ("sidebar", window.sidebar),
            ("facets", window.search.facets),
            ("results", window.search.view),
            ("details", window.search.details),
        ):
            if pane is here or pane.isAncestorOf(here):
                seen.add(name)
    assert {"sidebar", "facets", "results"} <= seen


def test_keys_open_and_close_panes(qtbot: QtBot, window: MainWindow) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_I, control)
    assert not window.search.details.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F, control | shift)
    assert not window.search.facets.isVisible()
    QTest.keyClick(window, Qt.Key.Key_B, control)
    assert not window.sidebar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_N, control)
    assert window.place == "add"


def test_f5_reads_every_account(qtbot: QtBot, window: MainWindow, jobs: FakeJobs) -> None:
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert jobs.asked == ["sync nextcloud-1", "sync mastodon-1", "sync flickr-1"]


def test_arrows_walk_the_sidebar(qtbot: QtBot, window: MainWindow) -> None:
    first = window.sidebar.row("everything")
    assert first is not None
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert window.sidebar.focusWidget() is window.sidebar.row("kind:photo")
    QTest.keyClick(window.sidebar.focusWidget(), Qt.Key.Key_Space)
    assert window.search.text == "kind:photo "
    assert window.place == "kind:photo"


def test_names_that_come_late_are_shown_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    facets = window.search.facets
    qtbot.waitUntil(lambda: facets.row(FacetName.SERVICE, "nextcloud") is not None)
    for name in ("One name", "Another"):
        window.sidebar.show_accounts(window.watch.accounts, {"nextcloud": name}, {})
        window.search.set_names({"nextcloud": name}, 3)
        row = window.sidebar.row("account:nextcloud-1")
        facet = facets.row(FacetName.SERVICE, "nextcloud")
        assert row is not None
        assert facet is not None
        assert row.text() == facet.text() == name
        assert row.accessibleName().startswith(name)


def test_another_page_never_begins_on_a_button_that_wipes(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.search.field.line.setFocus()
    window.go("account:nextcloud-1")
    qtbot.waitUntil(lambda: not window._tasks.busy)
    assert QApplication.focusWidget() is window.sidebar.row("account:nextcloud-1")


@pytest.mark.parametrize(
    ("width", "facets", "details", "rail"),
    [
        (1400, True, True, False),
        (1100, False, True, False),
        (900, False, False, False),
        (780, False, False, True),
    ],
)
def test_panes_give_way_when_it_gets_narrow(
    window: MainWindow, *, width: int, facets: bool, details: bool, rail: bool
) -> None:
    window.resize(width, 700)
    QApplication.processEvents()
    assert window.search.facets.isVisible() is facets
    assert window.search.details.isVisible() is details
    assert (window.sidebar.width() == 56) is rail


def test_enter_opens_the_details_over_the_results_when_narrow(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(900, 700)
    window.search.results.enter()
    QTest.keyClick(window.search.view, Qt.Key.Key_Return)
    assert window.search.details.isVisible()
    assert window.search.columns.floats("details")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.search.details.isVisible()


def test_nothing_is_cut_off_sideways(qtbot: QtBot, window: MainWindow) -> None:
    for place in ("account:nextcloud-1", "add", "privacy", "everything"):
        for width in (760, 1000, 1280):
            window.resize(width, 560)
            window.go(place)
            qtbot.waitUntil(lambda: not window._tasks.busy)
            qtbot.waitUntil(lambda: not cut_off(window))


def test_events_wait_until_the_window_is_ready_and_keep_their_order(qtbot: QtBot) -> None:
    hub = Hub()
    bridge = Bridge(hub)
    heard: list[Event] = []
    bridge.happened.connect(heard.append)
    hub.publish(SyncStarted(account="a"))
    hub.publish(IndexChanged(account="a"))
    QApplication.processEvents()
    assert heard == []
    bridge.ready()
    assert [type(event) for event in heard] == [SyncStarted, IndexChanged]
    bridge.close()
    hub.publish(IndexChanged(account="a"))
    QApplication.processEvents()
    assert len(heard) == 2


def test_progress_is_joined_and_the_last_of_it_arrives(qtbot: QtBot) -> None:
    hub = Hub()
    bridge = Bridge(hub)
    bridge.ready()
    heard: list[int] = []
    bridge.happened.connect(lambda event: heard.append(event.seen))

    def publish() -> None:
        for seen in range(1, 1001):
            hub.publish(PageStored(account="a", seen=seen))

    worker = threading.Thread(target=publish)
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: 1000 in heard)
    assert len(heard) < 50
    assert heard == sorted(heard)
    bridge.close()


def test_a_cancelled_call_is_not_delivered(qtbot: QtBot) -> None:
    tasks = Tasks()
    got: list[str] = []
    held = threading.Event()

    def slowly() -> str:
        held.wait(5)
        return "old"

    tasks.run(slowly, got.append, lane="search")
    tasks.run(lambda: "new", got.append, lane="search")
    qtbot.waitUntil(lambda: got == ["new"])
    held.set()
    qtbot.waitUntil(lambda: not tasks._open)
    assert got == ["new"]
    tasks.close()


def test_an_error_of_a_call_comes_back_in_the_main_thread(qtbot: QtBot) -> None:
    tasks = Tasks()
    got: list[tuple[type[Exception], bool]] = []

    def fail() -> None:
        raise ValueError

    def failed(error: Exception) -> None:
        got.append((type(error), threading.current_thread() is threading.main_thread()))

    tasks.run(fail, lambda _: None, failed)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(ValueError, True)]
    tasks.close()
