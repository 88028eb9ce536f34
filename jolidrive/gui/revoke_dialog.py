"""Revoke: counts before, one click, a receipt after. The focus starts on keeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from . import phrases
from .button import Button, Role
from .label import IconLabel, Label, clear
from .notice import Notice
from .sheet import Sheet
from .tally import Tally
from .tokens import Tone
from .trouble import trouble_words

if TYPE_CHECKING:
    from jolidrive.model.overview import WipePreview
    from jolidrive.model.receipt import Receipt

    from .port import DrivePort
    from .tasks import Tasks
    from .theme import Look


class RevokeDialog(Sheet):
    """What will go, and the button that wipes it."""

    revoked = Signal(object, object)

    def __init__(  # noqa: PLR0913 - what it shows, and the two it needs to do it
        self,
        look: Look,
        window: QWidget,
        preview: WipePreview,
        name: str,
        *,
        flow: str,
        key_place: str,
        drive: DrivePort,
        tasks: Tasks,
    ) -> None:
        super().__init__(look, window, preview.service, 640)
        self._key_place = key_place
        self._preview, self._name, self._flow = preview, name, flow
        self._drive, self._tasks = drive, tasks
        tr = phrases.tr
        self.say(
            tr("Revoke {}?").format(name),
            tr(
                "Everything that came from {0} leaves this computer. Nothing changes at {0}."
            ).format(name),
        )
        self.body.addWidget(self._what_goes(look))
        if preview.stars or preview.notes or preview.tags:
            self.body.addWidget(self._marks_go(look))
        self.body.addWidget(self._afterwards(look))
        self.body.addStretch()
        self._note = Label(
            tr("This takes less than a second and cannot be undone."),
            tone=Tone.TEXT_2,
            step="caption",
            wrap=True,
        )
        self.foot.addWidget(self._note, 1)
        self.keep = Button(look, tr("Keep {}").format(name))
        self.keep.clicked.connect(self.cancel)
        self.wipe = Button(look, tr("Revoke and wipe"), role=Role.DANGER, icon="trash-2")
        self.wipe.clicked.connect(self._wipe)
        self.foot.addWidget(self.keep)
        self.foot.addWidget(self.wipe)

    def start(self) -> None:
        """Opens the sheet with the focus on the safe button."""
        self.open(self.keep)

    def _what_goes(self, look: Look) -> QWidget:
        tr, preview, size = phrases.tr, self._preview, phrases.size
        heads = (tr("What goes"), "", tr("Size"))
        table = Tally(look, heads, right=[2], stretch=1)
        disk = preview.disk
        items = phrases.count(preview.items, "item", "items")
        table.add((items, phrases.kinds(preview.by_kind), size(disk.details)), icon="image")
        if preview.thumbnails:
            pictures = phrases.count(preview.thumbnails, "thumbnail", "thumbnails")
            table.add((pictures, "", size(disk.thumbnails)), icon="layout-grid")
        words = tr("words, people, tags, places")
        table.add((tr("Search index"), words, size(disk.index)), icon="file-search")
        if preview.keeps_secrets:
            key = phrases.key_comes_from(self._key_place)
            table.add((tr("Sign-in key"), key, size(disk.other)), icon="key-round")
        if preview.syncs:
            syncs = phrases.count(preview.syncs, "sync", "syncs")
            table.add((tr("History"), syncs, ""), icon="clock")
        table.add((tr("Together"), "", size(disk.together)), strong=True)
        return table

    def _marks_go(self, look: Look) -> QWidget:
        preview = self._preview
        marks = [
            phrases.count(number, one, many)
            for number, one, many in (
                (preview.stars, "star", "stars"),
                (preview.notes, "note", "notes"),
                (preview.tags, "tag", "tags"),
            )
            if number
        ]
        title = phrases.tr("Your own marks go too: {}").format(", ".join(marks))
        sentence = phrases.tr("They exist only here.")
        return Notice(look, "warning", title, sentence, icon="star")

    def _afterwards(self, look: Look) -> QWidget:
        tr, name = phrases.tr, self._name
        if self._preview.can_tell_service:
            words = tr("After the wipe, Jolidrive tells {} that its key is of no use any more.")
        elif self._preview.manage_url:
            words = tr(
                "{} cannot be told by an app. After the wipe, Jolidrive shows you the page "
                "where you remove it there."
            )
        elif self._flow == "password":
            words = tr("{} still accepts the app password. Delete it there to be sure.")
        elif self._preview.keeps_secrets:
            words = tr("{} keeps no list of apps that Jolidrive would have to be taken from.")
        else:
            words = tr("There is nobody to tell: {} was read from this computer.")
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        info = IconLabel(look, "info", 14, Tone.TEXT_2)
        row.addWidget(info, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(words.format(name), tone=Tone.TEXT_2, step="caption", wrap=True), 1)
        return holder

    def _wipe(self) -> None:
        self.wipe.setEnabled(False)
        self.keep.setEnabled(False)
        self._note.setText(phrases.tr("Wiping…"))
        account = self._preview.account
        self._tasks.run(
            lambda: self._drive.revoke(account), self._wiped, self._failed, slow=True
        )

    def _wiped(self, receipt: Receipt) -> None:
        self.revoked.emit(receipt, self._preview)
        self.close_sheet()

    def _failed(self, error: Exception) -> None:
        words = trouble_words(error)
        clear(self.body)
        self.body.addWidget(Notice(self._look, "danger", words.happened, words.rest))
        self.body.addStretch()
        self._note.setText("")
        self.wipe.setEnabled(True)
        self.wipe.setText(phrases.tr("Try again"))
        self.keep.setEnabled(True)
        self.keep.setText(phrases.tr("Close"))
        self.keep.setFocus()
        self.fit()


def box(look: Look, icon: str, tone: Tone, title: str, sentence: str) -> QFrame:
    """A small panel of a receipt."""
    frame = QFrame()
    frame.setProperty("panel", "true")
    column = QVBoxLayout(frame)
    column.setContentsMargins(13, 11, 13, 11)
    column.setSpacing(5)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(IconLabel(look, icon, 16, tone))
    head.addWidget(Label(title, weight=500), 1)
    column.addLayout(head)
    words = Label(sentence, tone=Tone.TEXT_2, step="caption", wrap=True)
    column.addWidget(words)
    column.addStretch()
    return frame
