"""The consent form: what is read and from when, what stays out, who is contacted, what is kept.

Everything comes from the service's manifest. Nothing is contacted while this is shown.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from jolidrive.api import Wanted

from . import phrases
from .button import Button
from .choice import CheckBox, RadioButton
from .label import IconLabel, Label, hairline, upright
from .tokens import KIND_ICON, KIND_TONE, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.model.item import Kind
    from jolidrive.model.overview import OptionField, ServiceEntry

    from .theme import Look

_LONG_LABEL = 16
_FIVE_YEARS = timedelta(days=5 * 365.25)


class ConsentForm(QWidget):
    """Two columns: what is read | who is contacted.

    Args:
        given: values of options that are known already and need not be typed.
        key_place: where the sign-in key will lie.
    """

    changed = Signal()
    entered = Signal()

    def __init__(
        self,
        look: Look,
        entry: ServiceEntry,
        given: Mapping[str, str],
        key_place: str = "keyring",
    ) -> None:
        super().__init__()
        self._look, self._entry, self._given = look, entry, given
        self._key_place = key_place
        self._asked = [option for option in entry.options if option.name not in given]
        self._kinds: dict[Kind, CheckBox] = {}
        self._values: dict[str, QLineEdit | CheckBox] = {}
        self._hosts: list[tuple[Label, str]] = []
        self.changed.connect(self._show_hosts)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(24, 14, 24, 16)
        left.setSpacing(0)
        if self._asked:
            self._add_options(left)
        self._add_kinds(left)
        self._add_window(left)
        self._add_stays_out(left)
        left.addStretch()
        columns.addLayout(left, 1)
        columns.addWidget(upright())
        right = QWidget()
        right.setFixedWidth(300)
        column = QVBoxLayout(right)
        column.setContentsMargins(24, 14, 24, 16)
        column.setSpacing(0)
        self._add_hosts(column)
        self._add_kept(column)
        column.addStretch()
        columns.addWidget(right)

    @property
    def options(self) -> dict[str, str]:
        """What was typed, by name."""
        values = dict(self._given)
        for name, field in self._values.items():
            if isinstance(field, QLineEdit):
                values[name] = field.text().strip()
            else:
                values[name] = "true" if field.isChecked() else "false"
        return {name: value for name, value in values.items() if value}

    @property
    def wanted(self) -> Wanted:
        """Which kinds, from when on."""
        kinds = frozenset(kind for kind, box in self._kinds.items() if box.isChecked())
        return Wanted(kinds=kinds, since=self._since())

    @property
    def complete(self) -> bool:
        """Whether there is something to read and every value is there."""
        typed = self.options
        needed = [o.name for o in self._asked if o.required and o.type != "bool"]
        return bool(self.wanted.kinds) and all(name in typed for name in needed)

    def first_field(self) -> QWidget | None:
        """Where typing starts, if something must be typed."""
        return next(iter(self._values.values()), None)

    def field(self, name: str) -> QLineEdit | CheckBox | None:
        """The field of an option (for the demo's walk and the tests)."""
        return self._values.get(name)

    def kind_box(self, kind: Kind) -> CheckBox:
        """The box of a kind."""
        return self._kinds[kind]

    def _add_options(self, column: QVBoxLayout) -> None:
        column.addWidget(_head(phrases.tr("Where and who")))
        form = QFormLayout()
        form.setContentsMargins(0, 4, 0, 4)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        long = any(len(option.label) > _LONG_LABEL for option in self._asked)
        if long:
            form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
            form.setVerticalSpacing(4)
        for option in self._asked:
            label, field = self._option_row(option)
            if not long:
                label.setFixedHeight(32)
            form.addRow(label, field)
        column.addLayout(form)
        column.addSpacing(12)

    def _option_row(self, option: OptionField) -> tuple[Label, QWidget]:
        name = option.label or phrases.initial(option.name)
        if option.type == "bool":
            box = CheckBox(self._look, name)
            box.setChecked(option.default == "true")
            self._values[option.name] = box
            return Label(""), box
        field = QLineEdit(option.default)
        field.setAccessibleName(name)
        if option.secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        field.textChanged.connect(self.changed)
        field.returnPressed.connect(self.entered)
        self._values[option.name] = field
        label = Label(name, tone=Tone.TEXT_2)
        label.setMinimumWidth(74)
        if option.type != "path":
            return label, field
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        choose = Button(self._look, phrases.tr("Choose…"))
        choose.clicked.connect(lambda: self._choose(field))
        line.addWidget(field, 1)
        line.addWidget(choose)
        return label, row

    def _choose(self, field: QLineEdit) -> None:
        dialog = QFileDialog(self.window(), phrases.tr("Choose a file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(field.setText)
        dialog.open()

    def _add_kinds(self, column: QVBoxLayout) -> None:
        column.addWidget(_head(phrases.tr("What Jolidrive will read")))
        column.addSpacing(2)
        for kind, what in self._entry.kinds.items():
            name = phrases.tr(phrases.KIND_TITLES[kind])
            box = CheckBox(self._look, name, icon=KIND_ICON[kind], tone=KIND_TONE[kind])
            box.setChecked(True)
            box.setFixedWidth(max(140, box.sizeHint().width()))
            box.toggled.connect(self.changed)
            self._kinds[kind] = box
            row = QHBoxLayout()
            row.setSpacing(4)
            row.addWidget(box)
            row.addWidget(Label(what, tone=Tone.TEXT_2, step="caption", wrap=True), 1)
            column.addLayout(row)
        column.addSpacing(12)

    def _add_window(self, column: QVBoxLayout) -> None:
        column.addWidget(_head(phrases.tr("From when")))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(8)
        self._all = RadioButton(self._look, phrases.tr("Everything"))
        self._five = RadioButton(self._look, phrases.tr("Last 5 years"))
        self._date = RadioButton(self._look, phrases.tr("Since a date"))
        self._all.setChecked(True)
        self._day = QDateEdit(QDate.currentDate().addYears(-1))
        self._day.setAccessibleName(phrases.tr("Since this date"))
        self._day.setCalendarPopup(True)
        self._day.hide()
        self._date.toggled.connect(self._day.setVisible)
        for widget in (self._all, self._five, self._date, self._day):
            row.addWidget(widget)
        row.addStretch()
        column.addWidget(holder)
        column.addSpacing(12)

    def _since(self) -> datetime | None:
        now = datetime.now().astimezone()
        if self._five.isChecked():
            return now - _FIVE_YEARS
        if self._date.isChecked():
            day = self._day.date()
            midnight = datetime.combine(
                datetime(day.year(), day.month(), day.day(), tzinfo=now.tzinfo), time.min
            )
            return midnight.replace(tzinfo=now.tzinfo)
        return None

    def _add_stays_out(self, column: QVBoxLayout) -> None:
        column.addWidget(_head(phrases.tr("What stays out")))
        column.addSpacing(2)
        reads_only = phrases.tr(
            "Jolidrive cannot post, like, follow or delete anything for you."
        )
        words = f"{self._entry.stays_out} {reads_only}".strip()
        text = Label(words, tone=Tone.TEXT_2, step="dense", wrap=True)
        column.addWidget(text)

    def _add_hosts(self, column: QVBoxLayout) -> None:
        column.addWidget(_head(phrases.tr("Who is contacted")))
        column.addSpacing(2)
        for use in self._entry.hosts:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(IconLabel(self._look, "globe", 14, Tone.TEXT_3))
            host = Label(_host_words(use.host, self._given), step="dense", wrap=True)
            self._hosts.append((host, use.host))
            row.addWidget(host, 1)
            with_key = phrases.tr("signed in") if use.signed_in else phrases.tr("no key sent")
            row.addWidget(Label(with_key, tone=Tone.TEXT_2, step="caption"))
            holder = QWidget()
            holder.setLayout(row)
            row.setContentsMargins(0, 4, 0, 4)
            column.addWidget(holder)
        nobody = phrases.tr("Nobody. It is read from this computer.")
        stopped = phrases.tr("A request to any other host is stopped.")
        words = stopped if self._entry.hosts else nobody
        column.addSpacing(2)
        column.addWidget(Label(words, tone=Tone.TEXT_3, step="caption", wrap=True))
        self._separate(column)

    def _show_hosts(self) -> None:
        """Names the server as it is being typed."""
        for label, host in self._hosts:
            label.setText(_host_words(host, self.options))

    def _add_kept(self, column: QVBoxLayout) -> None:
        column.addWidget(_head(phrases.tr("Kept on this computer")))
        column.addSpacing(4)
        kept = phrases.tr("Details, texts and small pictures, and the words to find them by.")
        if self._entry.keeps_secrets:
            kept += " " + phrases.key_goes(self._key_place)
        column.addWidget(Label(kept, tone=Tone.TEXT_2, step="caption", wrap=True))
        if self._entry.reasons:
            self._separate(column)
            column.addWidget(_head(phrases.tr("It asks {} for").format(self._entry.name)))
            column.addSpacing(4)
            for reason in self._entry.reasons:
                words = Label(reason, tone=Tone.TEXT_2, step="caption", wrap=True)
                column.addWidget(words)

    def _separate(self, column: QVBoxLayout) -> None:
        column.addSpacing(14)
        column.addWidget(hairline())
        column.addSpacing(12)


def _head(text: str) -> Label:
    return Label(text, step="section", weight=600)


def _host_words(host: str, given: Mapping[str, str]) -> str:
    """A host as people read it; what is typed or told later is named, not spelled."""
    if host.startswith("{server"):
        typed = given.get("server", "")
        return urlsplit(typed).netloc or typed or phrases.tr("the server you type")
    if host.startswith("{"):
        return phrases.tr("the host your account is on")
    return host
