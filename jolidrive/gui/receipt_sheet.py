"""The receipt of a revoke: what was wiped, what is left, and what the service answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QFile, QIODevice, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from jolidrive.model.receipt import RemoteOutcome

from . import phrases
from .button import Button, Role
from .label import Label
from .notice import Notice
from .revoke_dialog import box
from .sheet import Sheet
from .tally import Tally
from .tokens import Tone

if TYPE_CHECKING:
    from jolidrive.model.overview import WipePreview
    from jolidrive.model.receipt import Receipt

    from .theme import Look


class ReceiptSheet(Sheet):
    """Shown after the wipe."""

    def __init__(
        self,
        look: Look,
        window: QWidget,
        receipt: Receipt,
        preview: WipePreview,
        *,
        name: str,
        flow: str,
    ) -> None:
        super().__init__(look, window, receipt.service, 640)
        self._receipt, self._preview = receipt, preview
        self._name, self._flow = name, flow
        self._at = datetime.now().astimezone()
        tr = phrases.tr
        seconds = f"{receipt.seconds:.2f}"
        at = f"{phrases.moment(self._at)}:{self._at:%S}"
        clean = not receipt.left
        self.say(
            tr("{} is gone from this computer").format(name)
            if clean
            else tr("{} is only partly gone").format(name),
            tr("Wiped in {} seconds on {}.").format(seconds, at),
        )
        if clean:
            self.logo.set_icon("circle-check", Tone.SUCCESS_SOFT, Tone.SUCCESS)
        else:
            self.logo.set_icon("triangle-alert", Tone.DANGER_SOFT, Tone.DANGER)
            self.body.addWidget(self._left_over(look))
        self.body.addWidget(self._wiped(look))
        panels = QWidget()
        row = QHBoxLayout(panels)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._here(look), 1)
        row.addWidget(self._there(look), 1)
        self.body.addWidget(panels)
        self.body.addStretch()
        self.foot.addWidget(
            Label(f"{tr('Receipt')} {self._at:%Y-%m-%d}", tone=Tone.TEXT_2, step="caption")
        )
        self.foot.addStretch()
        self.save = Button(look, tr("Save receipt…"), icon="file-down")
        self.save.clicked.connect(self._choose_file)
        self.done = Button(look, tr("Done"), role=Role.PRIMARY)
        self.done.clicked.connect(self.close_sheet)
        self.foot.addWidget(self.save)
        self.foot.addWidget(self.done)

    def start(self) -> None:
        """Opens the receipt."""
        self.open(self.done)

    @property
    def text(self) -> str:
        """The receipt as text: ids, counts, times and outcome."""
        receipt = self._receipt
        lines = [
            self.title.text(),
            self.sentence.text(),
            "",
            f"account: {receipt.account}",
            f"items: {receipt.items}",
            f"bytes: {receipt.bytes}",
            f"left: {len(receipt.left)}",
            f"at the service: {receipt.remote.outcome}",
        ]
        if receipt.remote.url:
            lines.append(f"page: {receipt.remote.url}")
        return "\n".join(lines) + "\n"

    def _wiped(self, look: Look) -> QWidget:
        tr, preview, receipt = phrases.tr, self._preview, self._receipt
        heads = (tr("Wiped"), tr("Count"), tr("Size"))
        table = Tally(look, heads, right=[1, 2], stretch=0)
        disk, number, size = preview.disk, phrases.number, phrases.size
        marks = preview.stars + preview.notes + preview.tags
        rows = [
            (tr("Items"), receipt.items, disk.details),
            (tr("Thumbnails"), preview.thumbnails, disk.thumbnails),
            (tr("Search index"), 1, disk.index),
            (tr("Sign-in key"), 1 if preview.keeps_secrets else 0, disk.other),
            (tr("Stars, notes and tags"), marks, 0),
        ]
        for name, count, amount in rows:
            if count:
                cells = (name, number(count), size(amount) if amount else "")
                table.add(cells, icon="check", tone=Tone.SUCCESS)
        table.add((tr("Together"), "", size(receipt.bytes)), strong=True)
        return table

    def _left_over(self, look: Look) -> QWidget:
        left = self._receipt.left
        title = phrases.tr("{} could not be deleted").format(
            phrases.count(len(left), "file", "files")
        )
        return Notice(look, "danger", title, "\n".join(left[:5]))

    def _here(self, look: Look) -> QWidget:
        tr = phrases.tr
        if self._receipt.left:
            words = tr("Close what holds these files open; Jolidrive tries again at its start.")
            return box(look, "triangle-alert", Tone.DANGER, tr("Something is left"), words)
        words = tr(
            "The folder that held everything from {} is deleted, and the key that opened its "
            "sign-in is forgotten."
        ).format(self._name)
        return box(look, "file-search", Tone.SUCCESS, tr("Nothing is left"), words)

    def _there(self, look: Look) -> QWidget:
        tr, name = phrases.tr, self._name
        remote = self._receipt.remote
        titles = {
            RemoteOutcome.REVOKED: (
                tr("{} was told").format(name),
                tr("It answered that the sign-in is taken back."),
            ),
            RemoteOutcome.ALREADY: (
                tr("{} knew already").format(name),
                tr("The sign-in had ended there before."),
            ),
            RemoteOutcome.NO_ENDPOINT: (
                tr("One thing left for you"),
                tr(
                    "{} still lists Jolidrive as allowed. It holds no key any more; remove "
                    "it there to be tidy."
                ).format(name),
            ),
            RemoteOutcome.FAILED: (
                tr("One thing left for you"),
                tr(
                    "{} could not be told just now. Jolidrive holds no key any more; remove "
                    "it there to be tidy."
                ).format(name),
            ),
            RemoteOutcome.NOT_NEEDED: (
                tr("Nobody to tell"),
                tr("There is no sign-in at {} to take back.").format(name),
            ),
        }
        title, words = titles[remote.outcome]
        typed = self._flow == "password"
        if typed:
            title = tr("One thing left for you")
            words = tr("{} still accepts the app password. Delete it there to be sure.")
            words = words.format(name)
        done = remote.outcome in (RemoteOutcome.REVOKED, RemoteOutcome.ALREADY)
        done = done or (remote.outcome is RemoteOutcome.NOT_NEEDED and not typed)
        icon, tone = ("check", Tone.SUCCESS) if done else ("external-link", Tone.WARNING)
        panel = box(look, icon, tone, title, words)
        url = remote.url
        if url and not done:
            host = urlsplit(url).netloc
            link = Button(look, tr("Open {}").format(host), role=Role.LINK, size="small")
            link.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(url)))
            layout = panel.layout()
            if layout is not None:
                layout.addWidget(link)
        return panel

    def _choose_file(self) -> None:
        dialog = QFileDialog(self.window(), phrases.tr("Save receipt"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(f"jolidrive-receipt-{self._at:%Y-%m-%d}.txt")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._save)
        dialog.open()

    def _save(self, path: str) -> None:
        file = QFile(path)
        if file.open(QIODevice.OpenModeFlag.WriteOnly):
            file.write(self.text.encode())
            file.close()
