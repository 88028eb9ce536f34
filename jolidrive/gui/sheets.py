"""The sheets of the window, one at a time: connect, revoke, receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from .connect_dialog import ConnectDialog
from .passphrase import PassphraseSheet
from .receipt_sheet import ReceiptSheet
from .revoke_dialog import RevokeDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from jolidrive.model.overview import ServiceEntry, WipePreview
    from jolidrive.model.receipt import Receipt

    from .accounts_watch import AccountsWatch
    from .passphrase import PassphraseAsker
    from .port import DrivePort
    from .sheet import Sheet
    from .tasks import Tasks
    from .theme import Look


class Sheets(QObject):
    """Opens sheets over the window and tells how they ended."""

    connected = Signal(object)
    arrived = Signal()
    wiped = Signal(str)
    troubled = Signal(object)
    begun = Signal()

    def __init__(
        self, look: Look, window: QWidget, drive: DrivePort, tasks: Tasks, watch: AccountsWatch
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._drive = look, window, drive
        self._tasks, self._watch = tasks, watch
        self.open: Sheet | None = None
        self.opens_browser = True
        self.given: Mapping[str, Mapping[str, str]] = {}
        self.open_keys: Callable[[], object] = drive.export_keys

    def connect_service(self, entry: ServiceEntry) -> None:
        """The consent, and all that follows it."""
        if self.open is not None:
            return
        given = self.given.get(entry.id, {})
        dialog = ConnectDialog(
            self._look,
            self._window,
            entry,
            drive=self._drive,
            tasks=self._tasks,
            given=given,
            key_place=self._watch.key_place,
            open_keys=self.open_keys,
        )
        dialog.begun.connect(self.begun)
        dialog.opens_browser = self.opens_browser
        dialog.connected.connect(self.connected)
        dialog.closed.connect(lambda: self._connect_closed(dialog))
        self.open = dialog
        dialog.start()

    def sign_in_again(self, account: str) -> None:
        """The same sheet, for an account that waits for it."""
        line = self._watch.line(account)
        entry = self._watch.entry(line.service) if line is not None else None
        if entry is not None:
            self.connect_service(entry)

    def revoke(self, account: str) -> None:
        """Counts what would go, then asks."""
        if self.open is None:
            self._tasks.run(
                lambda: self._drive.preview_revoke(account),
                self._ask_revoke,
                self.troubled.emit,
            )

    def show_reading(self, account: str, words: str) -> None:
        """How far the first sync is, while its sheet is open."""
        if isinstance(self.open, ConnectDialog):
            self.open.show_reading(account, words)

    def show_read(self, account: str, items: int, trouble: str) -> None:
        """The first sync ended, while its sheet is open."""
        if isinstance(self.open, ConnectDialog):
            self.open.show_read(account, items, trouble)

    def ask_passphrase(self, asker: PassphraseAsker, again: bool) -> None:  # noqa: FBT001 - a signal's slot
        """A thread waits for it; the sheet lies over any other."""
        before = self.open
        sheet = PassphraseSheet(self._look, self._window, again=again)

        def answered(passphrase: str | None) -> None:
            self.open = before if before is not None and before.isVisible() else None
            asker.answer(passphrase)

        sheet.answered.connect(answered)
        self.open = sheet
        sheet.start()

    def cancel(self) -> None:
        """Esc: the harmless way out."""
        if self.open is not None:
            self.open.cancel()

    def _connect_closed(self, dialog: ConnectDialog) -> None:
        self.open = None
        if dialog.stage == "done":
            self.arrived.emit()

    def _ask_revoke(self, preview: WipePreview) -> None:
        if self.open is not None:
            return
        dialog = RevokeDialog(
            self._look,
            self._window,
            preview,
            self._name(preview),
            flow=self._flow(preview),
            key_place=self._watch.key_place,
            drive=self._drive,
            tasks=self._tasks,
        )
        dialog.revoked.connect(self._revoked)
        dialog.closed.connect(self._closed)
        self.open = dialog
        dialog.start()

    def _revoked(self, receipt: Receipt, preview: WipePreview) -> None:
        name, flow = self._name(preview), self._flow(preview)
        self.wiped.emit(receipt.account)
        before = self.open
        if before is not None:
            before.close_sheet()
        sheet = ReceiptSheet(self._look, self._window, receipt, preview, name=name, flow=flow)
        sheet.closed.connect(self._closed)
        self.open = sheet
        sheet.start()

    def _closed(self) -> None:
        self.open = None

    def _name(self, preview: WipePreview) -> str:
        return self._watch.names.get(preview.service, preview.service)

    def _flow(self, preview: WipePreview) -> str:
        entry = self._watch.entry(preview.service)
        return entry.flow if entry is not None else ""
