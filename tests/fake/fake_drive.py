"""A drive in memory for the window's tests: believable items, answers at once or when told."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from jolidrive.errors import CancelledError, JolidriveError
from jolidrive.hub import Hub
from jolidrive.model.account import Account, AccountState, AccountSummary
from jolidrive.model.balance import Balance
from jolidrive.model.events import (
    AccountConnected,
    AccountRevoked,
    IndexChanged,
    PageStored,
    SyncFinished,
    SyncStarted,
    SyncStopped,
)
from jolidrive.model.item import Kind, Marks, Relation, StoredItem
from jolidrive.model.overview import (
    AccountOverview,
    Contact,
    DiskUse,
    ServiceEntry,
    SyncRecord,
    WipePreview,
)
from jolidrive.model.query import (
    And,
    Days,
    Everything,
    Field,
    Not,
    Or,
    Phrase,
    Query,
    Text,
    Word,
)
from jolidrive.model.receipt import Receipt, Remote, RemoteOutcome
from jolidrive.model.result import Excerpt, FacetName, FacetValue, Hit, ResultPage
from jolidrive.model.words import words
from jolidrive.search.parse import parse
from tests.fake.fake_world import NOW, SERVICES, picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jolidrive.api import Wanted
    from jolidrive.gui.port import AskerPort


@dataclass
class FakeAccount:
    line: AccountSummary
    items: dict[str, StoredItem] = field(default_factory=dict)


class FakeDrive:
    """Behaves as `DrivePort`; `calls` remembers what was asked, in order."""

    def __init__(self, services: Sequence[ServiceEntry] = SERVICES) -> None:
        self.hub = Hub()
        self.calls: list[str] = []
        self.entries = list(services)
        self.fakes: dict[str, FakeAccount] = {}
        self.pictures: Callable[[int], bytes] = picture
        self.connect_error: Exception | None = None
        self.revoke_error: JolidriveError | None = None
        self.browser_answers = threading.Event()
        self.browser_answers.set()
        self.last_options: Mapping[str, str] = {}
        self.last_wanted: Wanted | None = None
        self.gate: Callable[[str], None] = lambda _: None
        self.place_of_keys = "keyring"
        self.remote = Remote(RemoteOutcome.REVOKED)

    def add(
        self,
        name: str,
        items: Iterable[StoredItem],
        state: AccountState = AccountState.READY,
    ) -> str:
        """Connects an account without asking anybody."""
        account = f"{name}-1"
        held = {stored.item.key: stored for stored in items}
        line = AccountSummary(
            account=account,
            service=name,
            label="maya@example.org",
            state=state,
            items=len(held),
            bytes=536_000_000,
            synced_at=NOW,
        )
        self.fakes[account] = FakeAccount(line, held)
        return account

    def services(self) -> Sequence[ServiceEntry]:
        return self.entries

    def accounts(self) -> Sequence[AccountSummary]:
        return [fake.line for fake in self.fakes.values()]

    def totals(self) -> Mapping[Kind, int]:
        return Counter(s.item.kind for f in self.fakes.values() for s in f.items.values())

    def look(self) -> None:
        return

    @property
    def key_place(self) -> str:
        return self.place_of_keys

    def export_keys(self) -> str | None:
        return None

    def due(self) -> Sequence[str]:
        return []

    def connect(
        self,
        service: str,
        options: Mapping[str, str],
        *,
        asker: AskerPort | None = None,
        wanted: Wanted | None = None,
    ) -> Account:
        self.calls.append("connect")
        self.last_options, self.last_wanted = options, wanted
        if asker is not None and self._entry(service).flow == "code":
            asker.open(f"https://{service}.example/authorize?state=abc")
        while not self.browser_answers.wait(0.01):
            if asker is not None and asker.cancelled():
                raise CancelledError
        if self.connect_error is not None:
            raise self.connect_error
        account = self.add(service, ())
        self.fakes[account].line = replace(self.fakes[account].line, synced_at=None)
        label = self.fakes[account].line.label
        self.hub.publish(AccountConnected(account=account, service=service, label=label))
        return Account(account, service, label)

    def search(
        self,
        text: str,
        *,
        sort: str = "best",
        limit: int = 50,
        offset: int = 0,
        facets: Iterable[FacetName | str] = (),
        cancelled: Callable[[], bool] | None = None,
    ) -> ResultPage:
        self.calls.append(f"search {text!r} {offset}")
        self.gate(text)
        if cancelled is not None and cancelled():
            raise CancelledError
        parsed = parse(text)
        found = [
            (fake.line, stored)
            for fake in self.fakes.values()
            for stored in fake.items.values()
            if _matches(parsed.query, fake.line, stored)
        ]
        if sort == "title":
            found.sort(key=lambda pair: pair[1].item.title)
        counted = {FacetName(name): _facet(FacetName(name), found) for name in facets if name}
        wanted_words = {w for w in words(text) if len(w) > 1}
        hits = [_hit(line, s, wanted_words) for line, s in found[offset : offset + limit]]
        return ResultPage(
            query=text,
            understood=text,
            total=len(found),
            hits=tuple(hits),
            facets=counted,
            hints=parsed.hints,
            took_ms=1.0,
        )

    def item(self, account: str, key: str) -> StoredItem:
        return self.fakes[account].items[key]

    def thumbnail(self, account: str, key: str) -> bytes | None:
        stored = self.fakes[account].items.get(key) if account in self.fakes else None
        return self.pictures(stored.number) if stored and stored.has_thumbnail else None

    def mark(
        self,
        account: str,
        key: str,
        *,
        starred: bool | None = None,
        add_tags: Iterable[str] = (),
        remove_tags: Iterable[str] = (),
        note: str | None = None,
    ) -> Marks:
        self.calls.append(f"mark {key} {starred}")
        stored = self.fakes[account].items[key]
        tags = [tag for tag in stored.marks.tags if tag not in set(remove_tags)]
        marks = replace(
            stored.marks,
            starred=stored.marks.starred if starred is None else starred,
            tags=(*tags, *add_tags),
            note=stored.marks.note if note is None else note,
        )
        self.fakes[account].items[key] = replace(stored, marks=marks)
        return marks

    def overview(self, account: str) -> AccountOverview:
        fake = self.fakes[account]
        return AccountOverview(
            account=account,
            service=fake.line.service,
            label=fake.line.label,
            state=fake.line.state,
            items=len(fake.items),
            by_kind=Counter(s.item.kind for s in fake.items.values()),
            disk=self._disk(fake),
            hosts=tuple(use.host for use in self._entry(fake.line.service).hosts),
            kinds=tuple(self._entry(fake.line.service).kinds),
            synced_at=fake.line.synced_at,
            next_at=NOW + timedelta(minutes=30),
        )

    def history(self, account: str) -> Sequence[SyncRecord]:
        self.calls.append(f"history {account}")
        plain = Balance(seen=412, new=3, changed=1, unchanged=408, seconds=2.1)
        odd = Balance(
            seen=21_477,
            changed=12,
            unchanged=21_459,
            skipped={"system_file": 5},
            failed={"broken_pdf": 1},
            removed=4,
            seconds=361,
            content=Balance(seen=12, new=11, failed={"not_readable": 1}, seconds=9),
        )
        at = datetime.now(UTC)
        return [
            SyncRecord(started_at=at, balance=plain),
            SyncRecord(started_at=at - timedelta(minutes=30), balance=odd),
            SyncRecord(started_at=at - timedelta(days=2), balance=plain, outcome="stopped"),
        ]

    def preview_revoke(self, account: str) -> WipePreview:
        self.calls.append("preview_revoke")
        fake = self.fakes[account]
        return WipePreview(
            account=account,
            service=fake.line.service,
            label=fake.line.label,
            items=len(fake.items),
            by_kind=Counter(s.item.kind for s in fake.items.values()),
            thumbnails=sum(s.has_thumbnail for s in fake.items.values()),
            stars=sum(s.marks.starred for s in fake.items.values()),
            notes=sum(bool(s.marks.note) for s in fake.items.values()),
            syncs=212,
            disk=self._disk(fake),
            can_tell_service=self.remote.outcome is RemoteOutcome.REVOKED,
            manage_url=self.remote.url,
        )

    def revoke(self, account: str) -> Receipt:
        self.calls.append("revoke")
        if self.revoke_error is not None:
            raise self.revoke_error
        fake = self.fakes.pop(account)
        receipt = Receipt(
            account=account,
            service=fake.line.service,
            items=len(fake.items),
            bytes=self._disk(fake).together,
            seconds=0.41,
            remote=self.remote,
        )
        self.hub.publish(AccountRevoked(account=account, receipt=receipt))
        return receipt

    def contacts(self, day: date | None = None) -> Sequence[Contact]:
        day = day or NOW.date()
        return [
            Contact(
                day=day,
                host=f"api.{fake.line.service}.example",
                service=fake.line.service,
                calls=214 // (at + 1),
                sent=118_000 // (at + 1),
                received=1_600_000 // (at + 1),
                account=account,
                last_at=NOW - timedelta(minutes=at * 6),
            )
            for at, (account, fake) in enumerate(self.fakes.items())
        ]

    def contacted_today(self) -> tuple[int, int]:
        lines = self.contacts()
        return len(lines), sum(line.received for line in lines)

    def _entry(self, service: str) -> ServiceEntry:
        return next(entry for entry in self.entries if entry.id == service)

    def _disk(self, fake: FakeAccount) -> DiskUse:
        count = len(fake.items)
        return DiskUse(
            details=count * 4_100_000,
            index=count * 620_000,
            thumbnails=count * 8_700_000,
            other=1000,
        )


class FakeJobs:
    """The worker: a sync is a few events, published when it is asked for."""

    def __init__(self, drive: FakeDrive, arriving: Sequence[StoredItem] = ()) -> None:
        self._drive = drive
        self._arriving = list(arriving)
        self.asked: list[str] = []
        self.pages = 3
        self.finishes = True

    def sync(self, account: str, *, full: bool = False) -> None:
        self.asked.append(f"sync {account}{' full' * full}")
        hub, fake = self._drive.hub, self._drive.fakes[account]
        hub.publish(SyncStarted(account=account))
        whole = len(self._arriving)
        for page in range(self.pages if self.finishes else 1):
            share = self._arriving[page :: self.pages]
            fake.items |= {stored.item.key: stored for stored in share}
            hub.publish(PageStored(account=account, seen=len(fake.items), total=whole or None))
        hub.publish(IndexChanged(account=account))
        if self.finishes:
            seen = len(self._arriving)
            fake.line = replace(fake.line, items=len(fake.items), synced_at=NOW)
            balance = Balance(seen=seen, new=seen, seconds=0.4)
            hub.publish(SyncFinished(account=account, balance=balance))

    def stop(self, account: str) -> None:
        self.asked.append(f"stop {account}")
        self._drive.hub.publish(SyncStopped(account=account))

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")


def _matches(  # noqa: PLR0911 - one answer a kind of node
    query: Query, line: AccountSummary, stored: StoredItem
) -> bool:
    match query:
        case Everything():
            return True
        case And(parts):
            return all(_matches(part, line, stored) for part in parts)
        case Or(parts):
            return any(_matches(part, line, stored) for part in parts)
        case Not(part):
            return not _matches(part, line, stored)
        case Field(name, values):
            mine = _values(str(name), line, stored)
            return any(isinstance(v, Text) and v.text in mine for v in values) or any(
                getattr(v, "first", None)
                and stored.created_day
                and isinstance(v, Days)
                and str(v.first) <= stored.created_day <= str(v.last)
                for v in values
            )
        case Word(text, _):
            every = words(f"{stored.item.title} {stored.item.text} {stored.item.folder}")
            return any(word.startswith(text) for word in every)
        case Phrase(phrase):
            return " ".join(phrase) in " ".join(words(stored.item.title))


def _values(name: str, line: AccountSummary, stored: StoredItem) -> set[str | None]:
    item = stored.item
    facet: dict[str, set[str | None]] = {
        "service": {line.service},
        "kind": {item.kind.value},
        "tag": set(item.tags),
        "with": {person.name for person in item.people},
        "place": {item.place.name} if item.place else set(),
        "type": {(item.mime or "").rpartition("/")[2]} if item.mime else set(),
        "is": {"saved" if Relation.SAVED in item.relations else "mine"},
        "date": {(stored.created_day or "")[:4]},
    }
    return facet.get(name, set())


_FIELDS = {"year": "date", "people": "with", "relation": "is"}


def _facet(
    name: FacetName, found: list[tuple[AccountSummary, StoredItem]]
) -> tuple[FacetValue, ...]:
    counts: Counter[str | None] = Counter()
    for line, stored in found:
        values = _values(_FIELDS.get(name.value, name.value), line, stored)
        counts.update(values or {None})
    return tuple(FacetValue(value, count) for value, count in counts.most_common())


def _hit(line: AccountSummary, stored: StoredItem, wanted: set[str]) -> Hit:
    item = stored.item
    return Hit(
        account=line.account,
        service=line.service,
        key=item.key,
        kind=item.kind,
        title=item.title,
        people=tuple(person.name for person in item.people),
        created_at=item.created_at,
        url=item.url,
        size=item.size,
        mime=item.mime,
        folder=item.folder,
        starred=stored.marks.starred,
        has_thumbnail=stored.has_thumbnail,
        make_excerpt=lambda: _excerpt(item.text, wanted),
    )


def _excerpt(text: str, wanted: set[str]) -> Excerpt:
    marks = []
    lower = text.lower()
    for word in wanted:
        at = lower.find(word)
        if at >= 0:
            marks.append((at, at + len(word)))
    return Excerpt(text, tuple(sorted(marks)))
