"""Searching in the window: text, facets, chips and rows are always one thing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest

from jolidrive.gui.chip import Chip
from jolidrive.gui.histogram import _bars
from jolidrive.gui.query_words import choices, without_chips
from jolidrive.gui.result_model import HIT, PAGE, ResultModel
from jolidrive.gui.title_marks import TitleMarks
from jolidrive.model.result import FacetName, ResultPage
from jolidrive.search.edit import FacetMode
from tests.fake.fake_world import some_items

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from jolidrive.gui.main_window import MainWindow
    from tests.fake.fake_drive import FakeDrive


def settled(window: MainWindow, text: str) -> bool:
    page = window.search.session.page
    return page is not None and page.query == text


def type_words(qtbot: QtBot, window: MainWindow, text: str) -> None:
    QTest.keyClicks(window.search.field.line, text)
    qtbot.waitUntil(lambda: settled(window, text))


def chips(window: MainWindow) -> list[str]:
    return [chip.text() for chip in window.search.bar.findChildren(Chip) if chip.isVisible()]


def test_typing_shows_results_and_their_exact_count(qtbot: QtBot, window: MainWindow) -> None:
    type_words(qtbot, window, "picos")
    total = window.search.session.model.rowCount()
    assert 0 < total < 60
    assert window.search.bar.total.text() == f"{total} results"
    titles = [window.search.session.model.index(row).data() for row in range(3)]
    assert any("Picos" in title for title in titles)


def test_the_answer_to_older_words_never_replaces_a_newer_one(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    held = threading.Event()
    drive.gate = lambda text: None if text != "bike" else (held.wait(5), None)[1]
    window.search.set_text("bike")
    qtbot.waitUntil(lambda: "search 'bike' 0" in drive.calls)
    window.search.set_text("dahlia")
    qtbot.waitUntil(lambda: settled(window, "dahlia"))
    count = window.search.session.model.rowCount()
    held.set()
    qtbot.waitUntil(lambda: not window._tasks._open)
    assert settled(window, "dahlia")
    assert window.search.session.model.rowCount() == count


def test_a_click_on_a_facet_writes_text_and_the_text_shows_the_facet(
    qtbot: QtBot, window: MainWindow
) -> None:
    row = window.search.facets.row(FacetName.KIND, "photo")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "kind:photo" in window.search.text)
    qtbot.waitUntil(lambda: chips(window) == ["Photos"])
    row = window.search.facets.row(FacetName.KIND, "photo")
    assert row is not None
    qtbot.waitUntil(lambda: row.mode is FacetMode.INCLUDE)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "-kind:photo" in window.search.text)
    qtbot.waitUntil(lambda: row.mode is FacetMode.EXCLUDE)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.search.text.strip() == "")


def test_typed_fields_show_as_chosen_facets_and_chips(qtbot: QtBot, window: MainWindow) -> None:
    window.search.set_text("kind:photo -service:flickr ")
    qtbot.waitUntil(lambda: settled(window, "kind:photo -service:flickr "))
    assert chips(window) == ["Photos", "not Flickr"]
    row = window.search.facets.row(FacetName.SERVICE, "flickr")
    assert row is not None
    assert row.mode is FacetMode.EXCLUDE


def test_delete_on_a_chip_takes_its_words_out_of_the_text(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.search.set_text("picos kind:photo ")
    qtbot.waitUntil(lambda: chips(window) == ["Photos"])
    chip = next(c for c in window.search.bar.findChildren(Chip) if c.isVisible())
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not chips(window))
    assert window.search.text.strip() == "picos"


def test_a_range_of_years_becomes_one_date_and_shows_its_years() -> None:
    chosen = choices("picos date:2018..2019 ")
    assert chosen[FacetName.YEAR] == {"2018": FacetMode.INCLUDE, "2019": FacetMode.INCLUDE}
    assert without_chips("picos date:2018..2019 kind:photo").strip() == "picos"


def test_what_is_not_understood_is_underlined_and_told(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.search.set_text("holiday size:huge ")
    qtbot.waitUntil(lambda: settled(window, "holiday size:huge "))
    assert window.search._hint.isVisible()
    assert window.search._hint.text()


def test_no_result_names_the_words_and_clears_the_filters(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.search.set_text("zzzz kind:photo ")
    qtbot.waitUntil(lambda: settled(window, "zzzz kind:photo "))
    empty = window.search.results.empty
    assert empty.isVisible()
    assert "zzzz" in empty.title.text()
    QTest.mouseClick(empty.plain, Qt.MouseButton.LeftButton)
    assert window.search.text.strip() == "zzzz"


def test_down_goes_to_the_results_and_up_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    field = window.search.field.line
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Down)
    view = window.search.view
    qtbot.waitUntil(view.hasFocus)
    assert view.currentIndex().row() == 0
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.currentIndex().row() == 1
    QTest.keyClick(view, Qt.Key.Key_Up)
    qtbot.waitUntil(field.hasFocus)


def test_s_sets_a_star_at_once_and_asks_the_store(
    qtbot: QtBot, window: MainWindow, drive: FakeDrive
) -> None:
    window.search.results.enter()
    view, model = window.search.view, window.search.session.model
    before = model.hit(0)
    assert before is not None
    QTest.keyClick(view, Qt.Key.Key_S)
    after = model.hit(0)
    assert after is not None
    assert after.starred is not before.starred
    qtbot.waitUntil(lambda: any(call.startswith("mark") for call in drive.calls))


def test_enter_opens_the_item_where_it_lives(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "jolidrive.gui.search_page.QDesktopServices.openUrl",
        lambda url: opened.append(url.toString()),
    )
    window.search.results.enter()
    QTest.keyClick(window.search.view, Qt.Key.Key_Return)
    assert opened == ["https://example.org/0"]


def test_the_details_show_the_fields_and_where_the_item_lies(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.search.results.enter()
    details = window.search.details
    qtbot.waitUntil(lambda: "3264 × 2448" in details._kind.text())
    assert details._title.text() == "Above Fuente Dé, Picos de Europa"
    details._copy.click()
    assert QGuiApplication.clipboard().text() == "https://example.org/0"


def test_the_view_switch_keeps_the_chosen_item(qtbot: QtBot, window: MainWindow) -> None:
    window.search.view.setCurrentIndex(window.search.session.model.index(4))
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.search.view is window.search.results.list
    assert window.search.view.currentIndex().row() == 4


def test_pages_are_fetched_as_one_scrolls(qtbot: QtBot, drive: FakeDrive) -> None:
    model = ResultModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    drive.fakes.clear()
    drive.add("nextcloud", some_items(250))
    asked: list[int] = []
    model.wanted.connect(asked.append)
    model.show(drive.search("", limit=PAGE))
    assert model.rowCount() == 250
    assert model.index(0).data(HIT).key == "k0"
    assert model.index(120).data(HIT) is None
    assert asked == [1]
    model.add(1, drive.search("", limit=PAGE, offset=PAGE).hits)
    assert model.index(120).data(HIT).key == "k120"
    model.show(_page(()))
    assert model.rowCount() == 0
    assert model.rowCount(QModelIndex()) == 0


def test_a_page_of_an_older_result_is_not_taken(drive: FakeDrive) -> None:
    model = ResultModel()
    drive.add("nextcloud", some_items(250))
    model.show(drive.search("", limit=PAGE))
    model.hit(120)
    model.show(drive.search("picos", limit=PAGE))
    before = model.rowCount()
    model.add(1, drive.search("", limit=PAGE, offset=PAGE).hits)
    assert model.rowCount() == before
    assert model.row_of("nextcloud-1", "no such key") is None


def test_titles_mark_what_the_words_match() -> None:
    assert TitleMarks("picos rep").of("Picos, repaired") == ((0, 5), (7, 15))
    assert TitleMarks("rep ").of("Repaired") == ()
    assert TitleMarks("kind:photo -tom ").of("kind photo tom") == ()
    assert TitleMarks("北京").of("北京の夜") == ((0, 2),)


def test_a_scrolled_grid_shows_later_rows(qtbot: QtBot, window: MainWindow) -> None:
    grid = window.search.results.grid
    assert next(iter(grid.rows_seen())) == 0
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    last = window.search.session.model.index(59)
    assert grid.visualRect(last).intersects(grid.viewport().rect())
    assert grid.indexAt(grid.visualRect(last).center()).row() == 59


def _page(hits: tuple[()]) -> ResultPage:
    return ResultPage(
        query="", understood="", total=0, hits=hits, facets={}, hints=(), took_ms=0.0
    )


def test_old_years_share_a_bar_and_every_item_is_in_one() -> None:
    years = {1865: 1, 1900: 2, **dict.fromkeys(range(2010, 2027), 10)}
    bars = _bars(years)
    assert bars[0][0].start == 1865
    assert len(bars) <= 40
    assert sum(count for _, count in bars) == sum(years.values())
    assert [span[-1] for span, _ in bars][-1] == 2026
    assert _bars({}) == []
    assert _bars({2020: 3}) == [(range(2020, 2021), 3)]
