"""Connecting a service: consent, waiting for the browser, progress, and the end of it.

Nothing is contacted, and `Drive.connect` is not called, before the person continues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from jolidrive.errors import CancelledError, ConsentRefusedError, KeyringLockedError

from . import phrases
from .asker import Asker
from .button import Button, Role
from .chip import Badge
from .consent import ConsentForm
from .label import IconLabel, Label, clear
from .notice import Notice
from .sheet import Sheet
from .state_shape import Shape, StateShape
from .tokens import Tone
from .trouble import Trouble, trouble_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jolidrive.model.account import Account
    from jolidrive.model.overview import ServiceEntry

    from .port import DrivePort
    from .tasks import Task, Tasks
    from .theme import Look

_BROWSER_FLOWS = frozenset({"code", "oauth1", "device", "browser_poll"})


class ConnectDialog(Sheet):
    """One service, from reading the consent to the first sync."""

    connected = Signal(object)
    begun = Signal()

    def __init__(  # noqa: PLR0913 - what it shows, and what it needs to connect
        self,
        look: Look,
        window: QWidget,
        entry: ServiceEntry,
        *,
        drive: DrivePort,
        tasks: Tasks,
        given: Mapping[str, str],
        key_place: str,
        open_keys: Callable[[], object],
    ) -> None:
        super().__init__(look, window, entry.id, 720)
        self._entry, self._drive, self._tasks = entry, drive, tasks
        self._key_place, self._open_keys = key_place, open_keys
        self._asker: Asker | None = None
        self._task: Task[Account] | None = None
        self._address = ""
        self._account = ""
        self.stage = "consent"
        self.opens_browser = True
        self._badge = Badge(look, entry.needs.value)
        self.corner.addWidget(self._badge)
        self.form = ConsentForm(look, entry, given, key_place)
        self.form.changed.connect(self._form_changed)
        self.form.entered.connect(self._entered)
        self.back = Button(look, phrases.tr("Cancel"))
        self.back.clicked.connect(self.cancel)
        self.go = Button(look, "", role=Role.PRIMARY, trailing="arrow-right")
        self.go.clicked.connect(self._continue)
        self._note = Label("", tone=Tone.TEXT_2, step="caption", wrap=True)
        self._way_back = IconLabel(look, "undo-2", 14, Tone.TEXT_3)
        self.foot.addWidget(self._way_back)
        self.foot.addWidget(self._note, 1)
        self.foot.addWidget(self.back)
        self.foot.addWidget(self.go)
        self._show_consent()

    def start(self) -> None:
        """Opens the sheet. The focus starts where typing starts, else on *Cancel*."""
        field = self.form.first_field()
        self.open(field if field is not None else self.back)

    def cancel(self) -> None:
        """Gives up; a sign-in that waits ends soon after."""
        if self._asker is not None:
            self._asker.give_up()
        if self._task is not None:
            self._task.cancel()
        self.close_sheet()

    # ── consent ──

    def _show_consent(self) -> None:
        tr = phrases.tr
        self.stage = "consent"
        self.say(
            tr("Connect {}").format(self._entry.name),
            tr("Read this first. No browser opens and no host is contacted until you continue.")
            if self._entry.hosts
            else tr("Read this first. Nothing is read until you continue."),
        )
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.form)
        self.form.show()
        browser = self._entry.flow in _BROWSER_FLOWS
        self._set_go(tr("Continue in browser") if browser else tr("Connect"))
        self.back.setText(tr("Cancel"))
        self._note.setText(
            tr("You can revoke this at any time. It wipes everything listed here.")
        )
        self._way_back.show()
        self._form_changed()
        self.fit()

    def _form_changed(self) -> None:
        self.go.setEnabled(self.form.complete)

    def _entered(self) -> None:
        """Return in a field: goes on once everything is there."""
        if self.stage == "consent" and self.form.complete:
            self._continue()

    def _continue(self) -> None:
        if self.stage == "done":
            self.close_sheet()
            return
        if self.stage == "failed":
            self._clear()
            self._show_consent()
            return
        self._begin()

    def _begin(self) -> None:
        asker = self._asker = Asker(self)
        asker.opens_browser = self.opens_browser
        asker.showing.connect(self._address_known)
        asker.trust_asked.connect(self._ask_trust)
        asker.name_asked.connect(self._ask_name)
        self._show_waiting()
        entry, options, wanted = self._entry, self.form.options, self.form.wanted
        opens_keys = entry.keeps_secrets and self._key_place == "file"
        self.begun.emit()

        def connect() -> Account:
            if opens_keys:
                # Before the browser: a sign-in is not given away for a mistyped passphrase.
                self._open_keys()
            return self._drive.connect(entry.id, options, asker=asker, wanted=wanted)

        self._task = self._tasks.run(connect, self._done, self._failed, slow=True)

    # ── waiting ──

    def _show_waiting(self) -> None:
        tr = phrases.tr
        self.stage = "waiting"
        self._clear()
        browser = self._entry.flow in _BROWSER_FLOWS
        if browser:
            head = tr("Waiting for your browser")
            what = tr("Say yes at {}, then come back here.").format(self._entry.name)
        else:
            head = tr("Signing in")
            what = tr("Jolidrive asks {} who you are.").format(self._entry.name)
        self.say(tr("Connect {}").format(self._entry.name), what)
        self.body.addWidget(self._working(head, what))
        self._address_row = QWidget()
        row = QHBoxLayout(self._address_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._address_field = QLineEdit()
        self._address_field.setReadOnly(True)
        self._address_field.setAccessibleName(tr("The address to open"))
        row.addWidget(self._address_field, 1)
        self.copy = Button(self._look, tr("Copy the address"), icon="copy")
        self.copy.clicked.connect(self._copy)
        self.again = Button(self._look, tr("Open again"))
        self.again.clicked.connect(self._open_again)
        row.addWidget(self.copy)
        row.addWidget(self.again)
        self._address_row.hide()
        self.body.addWidget(self._address_row)
        self.body.addStretch()
        self._note.setText(tr("Only you see this sign-in. Cancel stops it at once."))
        self.go.hide()
        self.back.setText(tr("Cancel"))
        self.back.setFocus()
        self.fit()

    def _working(self, head: str, what: str) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        self._work_shape = StateShape(self._look, Shape.SYNCING, 16)
        row.addWidget(self._work_shape, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._work_head = Label(head, weight=500)
        self._work_line = Label(what, tone=Tone.TEXT_2, step="caption", wrap=True)
        words.addWidget(self._work_head)
        words.addWidget(self._work_line)
        row.addLayout(words, 1)
        return holder

    @property
    def address(self) -> str:
        """The address the browser was sent to."""
        return self._address

    def _address_known(self, url: str) -> None:
        self._address = url
        if self.stage == "waiting":
            self._address_field.setText(url)
            self._address_field.setCursorPosition(0)
            self._address_row.show()
            self.fit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self.copy.setText(phrases.tr("Copied"))

    def _open_again(self) -> None:
        if self.opens_browser:
            QDesktopServices.openUrl(QUrl(self._address))

    def _ask_trust(self, host: str, fingerprint: str) -> None:
        tr = phrases.tr
        pairs = ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2))
        self._ask(
            tr("Nobody vouches for {}").format(host),
            tr("Compare its fingerprint with the server’s owner: {}").format(pairs),
            tr("Trust it for this account"),
        )

    def _ask_name(self, label: str) -> None:
        tr = phrases.tr
        self._ask(
            tr("Are you {}?").format(label),
            tr("{} says this account has signed in. Nothing is stored yet.").format(
                self._entry.name
            ),
            tr("Yes, that is me"),
        )

    def _ask(self, title: str, sentence: str, yes: str) -> None:
        notice = Notice(self._look, "warning", title, sentence, button=yes)

        def answer() -> None:
            notice.hide()
            notice.deleteLater()
            if self._asker is not None:
                self._asker.answer(yes=True)
            self.back.setFocus()
            self.fit()

        notice.pressed.connect(answer)
        self.body.insertWidget(1, notice)
        self.fit()

    # ── the end ──

    def _done(self, account: Account) -> None:
        tr = phrases.tr
        self.stage = "done"
        self._account = account.id
        self._clear()
        name = self._entry.name
        self.say(tr("{} is connected").format(name), account.label)
        self.logo.set_icon("circle-check", Tone.SUCCESS_SOFT, Tone.SUCCESS)
        self.body.addWidget(
            self._working(
                tr("Reading {}").format(name),
                tr("What has arrived can be searched already. You can close this."),
            )
        )
        self.body.addStretch()
        self._note.setText(tr("You can revoke this at any time."))
        self.back.hide()
        self._set_go(tr("Show what arrives"))
        self.go.setFocus(Qt.FocusReason.TabFocusReason)
        self.fit()
        self.connected.emit(account)

    def show_reading(self, account: str, words: str) -> None:
        """How far the first sync is; what other accounts do is not told here."""
        if self.stage == "done" and account == self._account:
            self._work_line.setText(words)

    def show_read(self, account: str, items: int, trouble: str) -> None:
        """The first sync ended: well, or with a trouble in a sentence."""
        if self.stage != "done" or account != self._account:
            return
        tr = phrases.tr
        if trouble:
            self._work_shape.set_shape(Shape.STOPPED)
            self._work_head.setText(tr("Reading stopped"))
            self._work_line.setText(trouble)
        else:
            self._work_shape.set_shape(Shape.DONE)
            here = tr("{} is here"), tr("{} are here")
            count = phrases.count(items, "item", "items")
            self._work_head.setText(here[items != 1].format(count))
            kept = tr("Search finds them now. Jolidrive looks for new ones every 30 minutes.")
            self._work_line.setText(kept if items else tr("New ones show up as they come."))
        self._set_go(tr("Show them") if items else tr("Done"))
        self.fit()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, CancelledError):
            self.close_sheet()
            return
        tr = phrases.tr
        self.stage = "failed"
        self._clear()
        words = _closed_words() if self._keys_closed(error) else trouble_words(error)
        head = tr("{} was not connected").format(self._entry.name)
        self.say(head, tr("Nothing was stored."))
        tone = "warning" if isinstance(error, ConsentRefusedError) else "danger"
        self.body.addWidget(Notice(self._look, tone, words.happened, words.rest))
        self.body.addStretch()
        self._note.setText("")
        self._way_back.hide()
        self._set_go(tr("Try again"))
        self.back.setText(tr("Close"))
        self.back.setFocus()
        self.fit()

    def _keys_closed(self, error: Exception) -> bool:
        return isinstance(error, KeyringLockedError) and self._key_place == "file"

    def _set_go(self, text: str) -> None:
        self.go.setText(text)
        self.go.setAccessibleName(text)
        self.go.setEnabled(True)
        self.go.show()
        self.go.updateGeometry()

    def _clear(self) -> None:
        self.body.removeWidget(self.form)
        self.form.setParent(self)
        self.form.hide()
        clear(self.body)
        self.body.setContentsMargins(24, 14, 24, 16)


def _closed_words() -> Trouble:
    tr = phrases.tr
    return Trouble(
        tr("Your keys stay closed."),
        tr("Jolidrive needs your passphrase to keep the sign-in key. Try again to type it."),
        "",
    )
