"""What the window knows of services and accounts: asked off-thread, kept, told to pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from jolidrive.model.account import SEARCHABLE, AccountState
from jolidrive.model.events import (
    AccountConnected,
    AccountRevoked,
    AccountStateChanged,
    Event,
    IndexChanged,
    PageStored,
    SyncFailed,
    SyncFinished,
    SyncStarted,
    SyncStopped,
)

from . import phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jolidrive.model.account import AccountSummary
    from jolidrive.model.item import Kind
    from jolidrive.model.overview import ServiceEntry

    from .port import DrivePort, JobsPort
    from .tasks import Tasks

_SOON_MS = 300
_MINUTE_MS = 60_000
_SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is."""

    phase: str = "listing"
    seen: int = 0
    total: int | None = None

    @property
    def part(self) -> float | None:
        """From 0 to 1; None while the whole is unknown."""
        return self.seen / self.total if self.total else None

    @property
    def short(self) -> str:
        """For the sidebar: a percentage, or how many so far."""
        if self.part is not None:
            return f"{min(self.part, 1):.0%}"
        return phrases.number(self.seen) if self.seen else ""

    @property
    def sentence(self) -> str:
        """For the service's page."""
        tr, number = phrases.tr, phrases.number
        if self.phase == "content":
            done = tr("Reading what is inside the files: {} so far.").format(number(self.seen))
            if self.total:
                done = tr("Reading what is inside the files: {} of {}.").format(
                    number(self.seen), number(self.total)
                )
            return done
        if self.total:
            words = tr("Reading {} of {} items. What has arrived can be searched already.")
            return words.format(number(self.seen), number(self.total))
        if self.seen:
            words = tr("Reading, {} items so far. What has arrived can be searched already.")
            return words.format(number(self.seen))
        return tr("Reading. What arrives can be searched at once.")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one look at the core brings."""

    accounts: Sequence[AccountSummary]
    totals: Mapping[Kind, int]
    today: tuple[int, int]
    key_place: str


class AccountsWatch(QObject):
    """Accounts, services, totals and running syncs; `changed` after each answer."""

    changed = Signal()
    progressed = Signal()
    index_changed = Signal()
    finished = Signal(str)
    ended = Signal(str, int, str)
    """A sync ended: the account, its items as counted since, what went wrong if it did."""
    gone = Signal(str)
    wished = Signal()
    troubled = Signal(object)

    def __init__(
        self, drive: DrivePort, jobs: JobsPort, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._drive, self._jobs, self._tasks = drive, jobs, tasks
        self.accounts: Sequence[AccountSummary] = ()
        self.services: Sequence[ServiceEntry] = ()
        self.totals: Mapping[Kind, int] = {}
        self.today = (0, 0)
        self.key_place = "keyring"
        self.syncing: dict[str, Progress] = {}
        self._just_ended: dict[str, str] = {}
        self.paused = False
        self.known = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.ask)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._each_minute)
        self._looking = False
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self._each_second)

    @property
    def names(self) -> dict[str, str]:
        """Services' names by id."""
        return {entry.id: entry.name for entry in self.services}

    def start(self) -> None:
        """Asks for everything, and from now on each minute what is due."""
        self._tasks.run(self._drive.services, self._services_known, self.troubled.emit)
        self.ask()
        self._ask_due()
        self._minute.start()
        self._second.start()

    def stop(self) -> None:
        """Asks for nothing any more."""
        self._minute.stop()
        self._second.stop()
        self._soon.stop()

    def line(self, account: str) -> AccountSummary | None:
        """One account."""
        return next((line for line in self.accounts if line.account == account), None)

    def entry(self, service: str) -> ServiceEntry | None:
        """One service."""
        return next((entry for entry in self.services if entry.id == service), None)

    def ask(self) -> None:
        """Asks for accounts, totals and today's contacts."""
        drive = self._drive

        def all_of_it() -> _Facts:
            return _Facts(
                drive.accounts(), drive.totals(), drive.contacted_today(), drive.key_place
            )

        self._tasks.run(all_of_it, self._known, self.troubled.emit, lane="accounts")

    def sync(self, account: str, *, full: bool = False) -> None:
        """Reads an account now, because the person wants it."""
        self.wished.emit()
        if self.paused:
            self.go_on()
        self._jobs.sync(account, full=full)

    def pause(self) -> None:
        """Stops all that runs."""
        self.paused = True
        self._jobs.pause()
        self.progressed.emit()

    def go_on(self) -> None:
        """Takes up again what is due."""
        self.paused = False
        self._jobs.resume()
        self.progressed.emit()
        self._ask_due()

    def heard(self, event: Event) -> None:
        """An event of the core, in the main thread."""
        account = event.account
        match event:
            case SyncStarted(phase=phase):
                self.syncing[account] = Progress(phase)
                self.progressed.emit()
            case PageStored(phase=phase, seen=seen, total=total):
                self.syncing[account] = Progress(phase, seen, total)
                self.progressed.emit()
                self._soon_again()
            case SyncFinished() | SyncFailed() | SyncStopped():
                self.syncing.pop(account, None)
                self._just_ended[account] = _trouble_of(event)
                self.progressed.emit()
                self.finished.emit(account)
                self.ask()
            case IndexChanged():
                self.index_changed.emit()
                self._soon_again()
            case AccountConnected() | AccountStateChanged():
                self.ask()
            case AccountRevoked():
                self.syncing.pop(account, None)
                self.accounts = [a for a in self.accounts if a.account != account]
                self.gone.emit(account)
                self.changed.emit()
                self.ask()
            case _:
                pass

    def _services_known(self, services: Sequence[ServiceEntry]) -> None:
        self.services = services
        self.changed.emit()

    def _known(self, facts: _Facts) -> None:
        self.totals, self.today, self.key_place = facts.totals, facts.today, facts.key_place
        shown = SEARCHABLE | {AccountState.CONNECTING}
        self.accounts = [line for line in facts.accounts if line.state in shown]
        self.known = True
        self.changed.emit()
        ended, self._just_ended = self._just_ended, {}
        for account, trouble in ended.items():
            line = self.line(account)
            self.ended.emit(account, line.items if line is not None else 0, trouble)

    def _soon_again(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _each_minute(self) -> None:
        self._ask_due()
        self.ask()

    def _each_second(self) -> None:
        """Sees what other processes did; never two looks at once."""
        if self._looking:
            return
        self._looking = True

        def looked(_: object) -> None:
            self._looking = False

        self._tasks.run(self._drive.look, looked, looked)

    def _ask_due(self) -> None:
        if not self.paused:
            self._tasks.run(self._drive.due, self._due, self.troubled.emit, lane="due")

    def _due(self, accounts: Sequence[str]) -> None:
        for account in accounts:
            if account not in self.syncing and not self.paused:
                self._jobs.sync(account)


def _trouble_of(event: SyncFinished | SyncFailed | SyncStopped) -> str:
    match event:
        case SyncFinished():
            return ""
        case SyncFailed(sentence=sentence):
            return sentence or phrases.tr("What has arrived stays.")
        case SyncStopped():
            return phrases.tr("It was paused. What has arrived stays.")
