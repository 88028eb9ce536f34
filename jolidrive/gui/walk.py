"""The demo's walk through the window: connect, read, search, filter, revoke.

It does what a person does, with the mouse and the keyboard, and looks at what can be seen; it
calls no part of the core. Each step says what it waits for, and nothing waits by the clock.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest

from jolidrive.model.result import FacetName

from .connect_dialog import ConnectDialog
from .receipt_sheet import ReceiptSheet
from .revoke_dialog import RevokeDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from jolidrive.model.overview import ServiceEntry

    from .app import Running

_LOOK_MS: Final = 40
_PATIENCE_S: Final = 60.0


class Browser(Protocol):
    """Whoever answers the consent page."""

    def open(self, url: str) -> bool:
        """Goes there and says yes."""


class WalkFailedError(Exception):
    """What was waited for did not happen; `step` names it."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class Walk(QObject):
    """One walk. `ended` carries the exit code."""

    ended = Signal(int)

    def __init__(
        self,
        running: Running,
        browser: Browser,
        shots: Path | None = None,
        *,
        say: Callable[[str], None] = print,
        word: str = "picos",
    ) -> None:
        super().__init__()
        self._window = running.window
        self._look = running.look
        self._tasks = running.tasks
        self._browser = browser
        self._shots = shots
        self._say = say
        self._word = word
        self._number = 0
        self._step = ""
        self._since = time.monotonic()
        self._way = self._walk()
        self._until: Callable[[], bool] = lambda: True
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begins."""
        self._window.sheets.opens_browser = False
        self._timer.start()

    def _go_on(self) -> None:
        if not self._until():
            if time.monotonic() - self._since > _PATIENCE_S:
                self._stop(WalkFailedError(self._step))
            return
        self._since = time.monotonic()
        try:
            self._until = next(self._way)
        except StopIteration:
            self._stop(None)
        except WalkFailedError as error:
            self._stop(error)

    def _stop(self, error: WalkFailedError | None) -> None:
        self._timer.stop()
        if error is not None:
            self._say(f"Stopped: {error.step}")
            self._shot("stopped")
        self.ended.emit(0 if error is None else 1)

    # ── the way ──

    def _walk(self) -> Iterator[Callable[[], bool]]:
        window = self._window
        yield lambda: bool(window.watch.services) and window.watch.known
        yield self._quiet
        self._shot("first-day")
        for at, entry in enumerate([e for e in window.watch.services if e.demo]):
            yield from self._connect(entry, first=at == 0)
        yield from self._read()
        yield from self._search()
        yield from self._filter()
        yield from self._privacy()
        yield from self._revoke()
        self._say("Done.")

    def _connect(self, entry: ServiceEntry, *, first: bool) -> Iterator[Callable[[], bool]]:
        window = self._window
        self._begin(f"Connect {entry.name}")
        self._click(window.sidebar.row("add"))
        yield lambda: window.directory.card(entry.id) is not None
        if first:
            yield self._quiet
            self._shot("directory")
        self._click(window.directory.card(entry.id))
        yield lambda: isinstance(window.sheet, ConnectDialog)
        sheet = window.sheet
        if not isinstance(sheet, ConnectDialog):
            raise WalkFailedError(self._step)
        if first:
            self._shot("consent")
        self._click(sheet.go)
        yield lambda: bool(sheet.address) or sheet.stage == "failed"
        if first:
            self._shot("waiting")
        if sheet.address:
            self._browser.open(sheet.address)
        yield lambda: sheet.stage in ("done", "failed")
        if sheet.stage == "failed":
            raise WalkFailedError(self._step)
        if first:
            self._shot("connected")
        self._click(sheet.go)
        yield lambda: window.sheet is None

    def _read(self) -> Iterator[Callable[[], bool]]:
        window = self._window
        self._begin("Read everything")
        self._begin("Read everything")
        yield lambda: window.search.session.model.rowCount() > 0
        self._shot("reading")
        yield self._all_read
        for line in window.watch.accounts:
            self._say(f"  {window.watch.names[line.service]}: {line.items} items")

    def _search(self) -> Iterator[Callable[[], bool]]:
        window, search = self._window, self._window.search
        self._begin(f"Search {self._word}")
        self._click(window.sidebar.row("everything"))
        yield self._quiet
        self._shot("everything")
        search.field.line.setFocus()
        for at, letter in enumerate(self._word, 1):
            QTest.keyClicks(search.field.line, letter)
            yield partial(self._answered, self._word[:at])
        yield self._quiet
        self._say(f"  {search.bar.total.text()}")
        QTest.keyClick(search.field.line, Qt.Key.Key_Down)
        yield self._quiet
        self._shot("grid")
        QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        yield self._quiet
        self._shot("list")
        QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)

    def _filter(self) -> Iterator[Callable[[], bool]]:
        search = self._window.search
        self._begin("Filter by a click")
        yield lambda: search.facets.row(FacetName.KIND, "photo") is not None
        self._click(search.facets.row(FacetName.KIND, "photo"))
        yield lambda: "kind:photo" in search.text and self._answered(search.text)
        yield self._quiet
        self._say(f"  {search.text.strip()}: {search.bar.total.text()}")
        self._shot("filter")
        chosen = self._look.scheme
        self._look.set_scheme("light" if self._look.dark else "dark")
        yield self._quiet
        self._shot("filter-other-scheme")
        self._look.set_scheme(chosen)

    def _privacy(self) -> Iterator[Callable[[], bool]]:
        self._begin("Who was contacted")
        self._click(self._window.sidebar.row("privacy"))
        yield self._quiet
        self._shot("privacy")

    def _revoke(self) -> Iterator[Callable[[], bool]]:
        window = self._window
        account = window.watch.accounts[0]
        name = window.watch.names[account.service]
        self._begin(f"Revoke {name}")
        self._click(window.sidebar.row(f"account:{account.account}"))
        yield self._quiet
        self._shot("service")
        self._click(window.service.revoke_button)
        yield lambda: isinstance(window.sheet, RevokeDialog)
        sheet = window.sheet
        if not isinstance(sheet, RevokeDialog):
            raise WalkFailedError(self._step)
        self._shot("revoke")
        self._click(sheet.wipe)
        yield lambda: isinstance(window.sheet, ReceiptSheet)
        receipt = window.sheet
        if not isinstance(receipt, ReceiptSheet):
            raise WalkFailedError(self._step)
        yield self._quiet
        self._shot("receipt")
        self._say(f"  {receipt.title.text()}. {receipt.sentence.text()}")
        self._click(receipt.done)
        yield lambda: window.watch.line(account.account) is None
        yield self._quiet
        self._shot("after")

    # ── looking and doing ──

    def _begin(self, step: str) -> None:
        self._step = step
        self._say(f"== {step}")

    def _click(self, widget: QWidget | None) -> None:
        if widget is None or not widget.isEnabled():
            raise WalkFailedError(self._step)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def _quiet(self) -> bool:
        """Whether everything asked was answered."""
        return not self._tasks.busy

    def _answered(self, text: str) -> bool:
        page = self._window.search.session.page
        return page is not None and page.query == text

    def _all_read(self) -> bool:
        watch = self._window.watch
        read = all(line.synced_at is not None for line in watch.accounts)
        return not watch.syncing and bool(watch.accounts) and read

    def _shot(self, name: str) -> None:
        if self._shots is None:
            return
        # What was changed just now is laid out before it is looked at.
        QCoreApplication.sendPostedEvents()
        self._number += 1
        file = self._shots / f"{self._number:02}-{name}.png"
        self._window.grab().save(str(file))
