"""The window: where one is, what is open over it, and the keys. Pages decide the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from jolidrive.model.events import Event

from . import phrases
from .accounts_watch import AccountsWatch, Progress
from .directory_page import DirectoryPage
from .label import hairline, surface, upright
from .needs_page import NeedsPage
from .notice import Notice
from .privacy_page import PrivacyPage
from .search_page import SearchPage
from .service_page import ServicePage
from .sheets import Sheets
from .sidebar import Sidebar
from .status_strip import StatusStrip
from .thumbnails import Thumbnails
from .tokens import (
    DETAILS_CLOSE,
    FACETS_CLOSE,
    SIDEBAR_RAIL,
    WINDOW_FIRST,
    WINDOW_LEAST,
    Tone,
)
from .trouble import trouble_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jolidrive.model.account import Account
    from jolidrive.model.overview import (
        AccountOverview,
        Contact,
        SyncRecord,
    )

    from .port import DrivePort, JobsPort
    from .sheet import Sheet
    from .tasks import Tasks
    from .theme import Look


class MainWindow(QMainWindow):
    """Sidebar, page, strip."""

    closing = Signal()

    def __init__(self, look: Look, drive: DrivePort, jobs: JobsPort, tasks: Tasks) -> None:
        super().__init__()
        self._look, self._drive, self._jobs, self._tasks = look, drive, jobs, tasks
        self.watch = AccountsWatch(drive, jobs, tasks, self)
        self.thumbnails = Thumbnails(drive.thumbnail, tasks, self)
        self.sheets = Sheets(look, self, drive, tasks, self.watch)
        self._place = "everything"
        self._notice: Notice | None = None
        self._width_class = -1
        self.setWindowTitle("Jolidrive")
        self.setMinimumSize(*WINDOW_LEAST)
        self.resize(*WINDOW_FIRST)
        self._build(look)
        self._connect()
        self._add_keys()
        self.go("everything")

    def start(self) -> None:
        """Asks the core for everything the window shows."""
        self.watch.start()
        self.search.refresh()

    def heard(self, event: object) -> None:
        """An event of the core."""
        if isinstance(event, Event):
            self.watch.heard(event)

    # ── places ──

    def go(self, place: str) -> None:
        """Shows `everything`, `kind:photo`, `account:ID`, `add`, `needs` or `privacy`."""
        kind, _, name = place.partition(":")
        if kind in ("everything", "kind"):
            text = f"kind:{name} " if name else ""
            self.search.set_text(text)
            self._show(place, self.search)
        elif kind == "account":
            self._show(place, self.service)
            self._show_service()
            self._ask_service()
        elif kind == "add":
            self._show(place, self.directory)
        elif kind == "needs":
            self._show(place, self.needs)
        elif kind == "privacy":
            self._show(place, self.privacy)
            self._ask_privacy()

    @property
    def place(self) -> str:
        """Where the person is."""
        return self._place

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is open, if one is."""
        return self.sheets.open

    def troubled(self, error: Exception) -> None:
        """A trouble that has no place of its own: told at the top of the page."""
        words = trouble_words(error)
        self._forget_notice()
        again = phrases.tr("Close")
        notice = Notice(self._look, "danger", words.happened, words.rest, button=again)
        notice.pressed.connect(self._forget_notice)
        self._notice_place.addWidget(notice)
        self._notice = notice
        self._notice_place.setContentsMargins(16, 12, 16, 0)

    def give_up(self) -> None:
        """Nothing is asked any more; a sign-in that waits ends."""
        self.sheets.cancel()
        self.watch.stop()

    # ── building ──

    def _build(self, look: Look) -> None:
        self.sidebar = Sidebar(look)
        self.search = SearchPage(look, self._drive, self._tasks, self.thumbnails)
        self.directory = DirectoryPage(look)
        self.service = ServicePage(look)
        self.needs = NeedsPage(look)
        self.privacy = PrivacyPage(look)
        self.pages = QStackedWidget()
        for page in (self.search, self.directory, self.service, self.needs, self.privacy):
            self.pages.addWidget(page)
        self.strip = StatusStrip(look)
        inside = QWidget()
        surface(inside, Tone.CONTENT)
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.sidebar)
        columns.addWidget(upright())
        main = QVBoxLayout()
        main.setSpacing(0)
        self._notice_place = QVBoxLayout()
        main.addLayout(self._notice_place)
        main.addWidget(self.pages, 1)
        main.addWidget(hairline())
        main.addWidget(self.strip)
        columns.addLayout(main, 1)
        self.setCentralWidget(inside)

    def _connect(self) -> None:
        watch = self.watch
        watch.changed.connect(self._show_accounts)
        watch.progressed.connect(self._show_progress)
        watch.index_changed.connect(self.search.items_changed)
        watch.finished.connect(self._sync_ended)
        watch.ended.connect(self.sheets.show_read)
        watch.gone.connect(self._account_gone)
        watch.troubled.connect(self.troubled)
        self.sidebar.wanted.connect(self.go)
        self.search.add_wanted.connect(lambda: self.go("add"))
        self.search.text_changed.connect(self._text_changed)
        self.search.troubled.connect(self.troubled)
        self.directory.chosen.connect(self.sheets.connect_service)
        self.service.sync_wanted.connect(watch.sync)
        self.service.stop_wanted.connect(self._jobs.stop)
        self.service.sign_in_wanted.connect(self.sheets.sign_in_again)
        self.service.revoke_wanted.connect(self.sheets.revoke)
        self.needs.sign_in_wanted.connect(self.sheets.sign_in_again)
        self.needs.sync_wanted.connect(watch.sync)
        self.sheets.connected.connect(self._connected)
        self.sheets.arrived.connect(self._arrived)
        self.sheets.wiped.connect(self._wiped)
        self.sheets.troubled.connect(self.troubled)
        self.strip.pause_wanted.connect(watch.pause)
        self.strip.go_on_wanted.connect(watch.go_on)
        self.strip.ledger_wanted.connect(lambda: self.go("privacy"))

    def _add_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+F": self._find,
            "Ctrl+1": lambda: self._view("grid"),
            "Ctrl+2": lambda: self._view("list"),
            "Ctrl+Shift+F": self.search.toggle_facets,
            "Ctrl+I": self.search.toggle_details,
            "Ctrl+B": lambda: self.sidebar.setVisible(self.sidebar.isHidden()),
            "Ctrl+N": lambda: self.go("add"),
            "F5": self._sync_now,
            "Shift+F5": self.watch.pause,
            "F6": lambda: self._next_pane(1),
            "Shift+F6": lambda: self._next_pane(-1),
            "Esc": self._escape,
        }
        for key, call in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda call=call: self._unless_sheet(call))

    # ── keys ──

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single letters, while the results have the focus; / goes to the field."""
        typing = self.search.field.line.hasFocus()
        if self.sheet is None and self._place_is_search() and not typing:
            if event.text() == "/":
                self._find()
                return
            if event.key() == Qt.Key.Key_S and self.search.view.hasFocus():
                self.search.star()
                return
        super().keyPressEvent(event)

    def _unless_sheet(self, call: Callable[[], object]) -> None:
        if self.sheet is None:
            call()
        elif call == self._escape:
            self.sheets.cancel()

    def _find(self) -> None:
        if self.pages.currentWidget() is self.directory:
            self.directory.focus_search()
            return
        self._show(self._place if self._place_is_search() else "everything", self.search)
        self.search.field.line.setFocus()
        self.search.field.line.selectAll()

    def _view(self, name: str) -> None:
        if self._place_is_search():
            self.search.show_view(name)

    def _escape(self) -> None:
        if self._place_is_search():
            self.search.escape()
        else:
            self.go("everything")

    def _next_pane(self, step: int) -> None:
        panes: list[QWidget] = [self.sidebar]
        if self._place_is_search():
            search = self.search
            panes += [search.field.line, search.facets, search.view, search.details]
        else:
            panes += [page for page in (self.pages.currentWidget(),) if page is not None]
        panes = [pane for pane in panes if pane.isVisible()]
        here = QApplication.focusWidget()
        at = next((i for i, p in enumerate(panes) if here and _inside(p, here)), -1)
        _focus_first(panes[(at + step) % len(panes)])

    def _sync_now(self) -> None:
        kind, _, account = self._place.partition(":")
        accounts = [account] if kind == "account" else [a.account for a in self.watch.accounts]
        for name in accounts:
            if name not in self.watch.syncing:
                self.watch.sync(name)

    # ── what the core says ──

    def _show_accounts(self) -> None:
        watch = self.watch
        names = watch.names
        self.sidebar.show_totals(watch.totals)
        self._show_progress()
        self.search.set_names(names, len(watch.accounts))
        connected = {line.service for line in watch.accounts}
        self.directory.show_entries(watch.services, connected)
        self.needs.show_accounts(watch.accounts, names)
        self.strip.show_today(*watch.today)
        self.sidebar.show_place(self._place)

    def _show_progress(self) -> None:
        watch = self.watch
        names = watch.names
        words = {account: progress.short for account, progress in watch.syncing.items()}
        self.sidebar.show_accounts(watch.accounts, names, words)
        self.sidebar.show_place(self._place)
        if watch.paused:
            self.strip.show_paused(len(watch.accounts))
        elif watch.syncing:
            account, progress = next(iter(watch.syncing.items()))
            line = watch.line(account)
            name = names.get(line.service, line.service) if line is not None else ""
            self.strip.show_progress(_strip_words(name, progress), progress.part)
        else:
            self.strip.show_idle(len(watch.accounts))
        if self._place.startswith("account:"):
            self._show_service()
        for account, progress in watch.syncing.items():
            self.sheets.show_reading(account, progress.sentence)

    def _sync_ended(self, account: str) -> None:
        self.thumbnails.forget_missing(account)
        self.search.items_changed()
        if self._place == f"account:{account}":
            self._ask_service()

    def _account_gone(self, account: str) -> None:
        self.thumbnails.forget(account)
        if self._place == f"account:{account}":
            self.go("everything")
        self.search.forget_account(account)

    def _show_service(self) -> None:
        line = self.watch.line(self._place.partition(":")[2])
        if line is None:
            return
        progress = self.watch.syncing.get(line.account)
        name = self.watch.names.get(line.service, line.service)
        self.service.show_account(line, name, progress.sentence if progress else None)

    def _ask_service(self) -> None:
        account = self._place.partition(":")[2]
        drive = self._drive

        def facts() -> tuple[AccountOverview, Sequence[SyncRecord]]:
            return drive.overview(account), drive.history(account)

        self._tasks.run(
            facts,
            lambda known: self.service.show_overview(*known),
            self.troubled,
            lane="service",
        )

    def _ask_privacy(self) -> None:
        drive, accounts = self._drive, [line.account for line in self.watch.accounts]

        def facts() -> tuple[list[AccountOverview], Sequence[Contact]]:
            return [drive.overview(account) for account in accounts], drive.contacts()

        self._tasks.run(
            facts,
            lambda known: self.privacy.show_facts(*known, self.watch.names),
            self.troubled,
            lane="privacy",
        )

    # ── sheets ──

    def _connected(self, account: Account) -> None:
        self.watch.ask()
        self.watch.sync(account.id)

    def _arrived(self) -> None:
        self.go("everything")
        self.search.refresh()

    def _wiped(self, account: str) -> None:
        self._account_gone(account)
        self.go("everything")
        self.watch.ask()
        self.search.refresh()

    # ── the rest ──

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Panes close when it gets narrow; a choice by hand holds within a width class."""
        super().resizeEvent(event)
        width = self.width()
        limits = (SIDEBAR_RAIL, DETAILS_CLOSE, FACETS_CLOSE)
        width_class = sum(width >= limit for limit in limits)
        if width_class == self._width_class:
            return
        self._width_class = width_class
        wide, middle = width >= FACETS_CLOSE, width >= DETAILS_CLOSE
        self.search.set_columns(facets=wide, details=middle)
        self.search.show_facets(shown=wide)
        self.search.show_details(shown=middle)
        self.sidebar.set_rail(rail=width < SIDEBAR_RAIL)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The program ends with its window; a sign-in that waits is given up."""
        self.give_up()
        self.closing.emit()
        super().closeEvent(event)

    def _show(self, place: str, page: QWidget) -> None:
        self._place = place
        self._forget_notice()
        here, row = QApplication.focusWidget(), self.sidebar.row(place)
        leaves = page is not self.pages.currentWidget() and row is not None
        if leaves and row is not None and here is not None and self.pages.isAncestorOf(here):
            # Else Qt gives the focus to whatever comes next, a button that wipes even.
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pages.setCurrentWidget(page)
        self.sidebar.show_place(place)

    def _text_changed(self, text: str) -> None:
        kind = text.strip()
        place = kind if kind.startswith("kind:") and " " not in kind else "everything"
        self._place = place if self.sidebar.row(place) is not None else "everything"
        self.sidebar.show_place(self._place)

    def _place_is_search(self) -> bool:
        return self.pages.currentWidget() is self.search

    def _forget_notice(self) -> None:
        if self._notice is not None:
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None
            self._notice_place.setContentsMargins(0, 0, 0, 0)


def _strip_words(name: str, progress: Progress) -> str:
    tr, number = phrases.tr, phrases.number
    if progress.phase == "content":
        what = tr("inside {} files").format(number(progress.seen)) if progress.seen else ""
    elif progress.total:
        what = tr("{} of {} items").format(number(progress.seen), number(progress.total))
    elif progress.seen:
        what = tr("{} so far").format(number(progress.seen))
    else:
        what = ""
    return f"{name}: {what}" if what else tr("{}: reading").format(name)


def _inside(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)


def _focus_first(pane: QWidget) -> None:
    """Gives the focus to a pane, or to the first thing in it that takes it."""
    reason = Qt.FocusReason.TabFocusReason
    if pane.focusPolicy() & Qt.FocusPolicy.TabFocus:
        pane.setFocus(reason)
        return
    for child in pane.findChildren(QWidget):
        if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus:
            child.setFocus(reason)
            return
    pane.setFocus(reason)
