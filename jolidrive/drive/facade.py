"""Drive: what both fronts and every script hold.

It puts the parts together and hands calls on; it decides nothing itself. Safe to use from
several threads.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from jolidrive.errors import (
    ItemUnknownError,
    PluginUnknownError,
    StoreBusyError,
    StoreError,
    UnknownAccountError,
)
from jolidrive.log import start_log, stop_log
from jolidrive.model.account import Account, AccountState, AccountSummary, account_id
from jolidrive.model.query import Sort
from jolidrive.model.result import FacetName
from jolidrive.search.searcher import Searcher, Wish
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.account_store import AccountStore
from jolidrive.store.erase import folder_bytes, sweep
from jolidrive.store.marks import mark

from .overview import Overviews
from .readers import Reader, Readers, follow_now
from .shared import AskPassphrase, Shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from types import TracebackType

    from jolidrive.accounts.connect import Asker
    from jolidrive.api import Wanted
    from jolidrive.connectors.catalog import Entry
    from jolidrive.connectors.load import Loaded
    from jolidrive.hub import Hub
    from jolidrive.model.balance import Balance
    from jolidrive.model.item import Json, Kind, Marks, StoredItem
    from jolidrive.model.overview import (
        AccountOverview,
        Contact,
        ServiceEntry,
        SyncRecord,
        WipePreview,
    )
    from jolidrive.model.receipt import Receipt
    from jolidrive.model.result import ResultPage
    from jolidrive.net.session import Gate
    from jolidrive.sync.job import Stop
    from jolidrive.sync.run import Outcome
    from jolidrive.vault.keyring import Keys

    from .examine import Finding
    from .jobs import Joined

_MARK_WAIT_S = 2.0


def _never() -> bool:
    return False


class Drive:
    """One profile, open."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._log = start_log(shared.profile.log_dir)
        self._searcher = Searcher()
        self._readers = Readers(shared, self._searcher)
        self._followers: list[threading.Thread] = []
        self._tidy()

    @classmethod
    def open(
        cls,
        profile: str | Path,
        *,
        keys: Keys | None = None,
        passphrase: AskPassphrase | None = None,
        make_gate: Callable[[Shared], Gate] | None = None,
    ) -> Self:
        """Opens a profile, made when missing; ends what a crash left half done.

        Args:
            profile: its folder.
            keys: where keys lie, instead of the keyring (the demo's memory, a test's).
            passphrase: asked where a passphrase file is used.
            make_gate: another way out, for tests.
        """
        root = Path(profile).expanduser().absolute()
        return cls(Shared(root, keys=keys, passphrase=passphrase, make_gate=make_gate))

    def close(self) -> None:
        """Lets go of everything; marks just made are brought into the index before."""
        for thread in self._followers:
            thread.join()
        self._searcher.close()
        self._readers.close()
        self._shared.close()
        stop_log(self._log)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def hub(self) -> Hub:
        """Where events are published."""
        return self._shared.hub

    # ── services and plugins ─────────────────────────────────────────────────────────────

    def services(self) -> Sequence[ServiceEntry]:
        """The directory: what can be connected, and what is wrong with the rest."""
        from .directory import service_entry  # noqa: PLC0415 - a search needs no manifests

        return [service_entry(entry) for entry in self._shared.catalog.entries()]

    def service(self, service: str) -> ServiceEntry:
        """One service.

        Raises:
            PluginUnknownError: there is none with this id.
        """
        for entry in self.services():
            if entry.id == service:
                return entry
        raise PluginUnknownError(service)

    def plugins(self) -> Sequence[Entry]:
        """Every plugin this profile sees."""
        return self._shared.catalog.entries()

    def approve_plugin(self, plugin: str) -> str:
        """Lets a plugin of the person's own run as it is now; its content hash."""
        return self._shared.catalog.approve(plugin).content_hash

    def load_plugin(self, plugin: str) -> Loaded:
        """A plugin, imported and contained; for trying it on a tape."""
        return self._shared.catalog.load(plugin)

    # ── accounts ─────────────────────────────────────────────────────────────────────────

    def accounts(self) -> Sequence[AccountSummary]:
        """The connected accounts, by id."""
        return [self._summary(reader) for reader in self._readers.all()]

    def totals(self) -> Mapping[Kind, int]:
        """Items by kind over all accounts, from running totals."""
        sums: dict[Kind, int] = {}
        for reader in self._readers.all():
            with suppress(StoreError):
                for kind, count in reader.store.totals.by_kind.items():
                    sums[kind] = sums.get(kind, 0) + count
        return sums

    def service_of(self, account: str | Account) -> str:
        """The plugin of an account. Raises `UnknownAccountError`."""
        return self._reader(account).line.plugin

    def overview(self, account: str | Account) -> AccountOverview:
        """What a service's page shows."""
        return self._overviews.overview(self._reader(account))

    def history(self, account: str | Account, limit: int = 50) -> Sequence[SyncRecord]:
        """The latest syncs, newest first."""
        return self._overviews.history(self._reader(account), limit)

    def preview_revoke(self, account: str | Account) -> WipePreview:
        """What a revoke will wipe, from running totals."""
        return self._overviews.preview(self._reader(account))

    def contacts(self, day: date | None = None) -> Sequence[Contact]:
        """The ledger of one day (today when none is named), busiest host first."""
        return self._overviews.contacts(day)

    def contacted_today(self) -> tuple[int, int]:
        """How many hosts were contacted today, and how many bytes went over the wire."""
        contacts = self.contacts()
        hosts = {contact.host for contact in contacts}
        return len(hosts), sum(contact.received for contact in contacts)

    def connect(
        self,
        service: str,
        options: Mapping[str, str] | None = None,
        *,
        asker: Asker | None = None,
        wanted: Wanted | None = None,
    ) -> Account:
        """Signs in and makes the account; does not sync, and asks nothing but `asker`."""
        account = self._jobs.connect(service, options or {}, asker, wanted)
        self._readers.refresh(quietly=True)
        return account

    def new_stop(self, account: str | Account) -> Stop:
        """What stops a sync of this account (see `run_sync`)."""
        return self._jobs.jobs.new_stop(account_id(account))

    def sync(
        self,
        account: str | Account,
        *,
        full: bool = False,
        content: bool = True,
        stop: Stop | None = None,
    ) -> Balance:
        """Reads what is new, then what is inside files; both balances.

        Raises:
            JolidriveError: what ended it early. What was stored before stays.
        """
        outcome = self.run_sync(account, full=full, content=content, stop=stop)
        if outcome.error is not None:
            raise outcome.error
        return outcome.balance

    def run_sync(
        self,
        account: str | Account,
        *,
        full: bool = False,
        content: bool = True,
        stop: Stop | None = None,
    ) -> Outcome:
        """The same, with the trouble beside the balance until then.

        Raises:
            UnknownAccountError: there is no such account.
            StoreBusyError: another program is at work on it.
        """
        outcome = self._jobs.jobs.run(account_id(account), stop, full=full, content=content)
        self._readers.refresh(quietly=True)
        return outcome

    def revoke(self, account: str | Account) -> Receipt:
        """Wipes the account.

        Raises:
            UnknownAccountError: there is no such account.
            RevokeIncompleteError: something could not be deleted.
        """
        return self._jobs.wipe.revoke(account_id(account))

    # ── items ────────────────────────────────────────────────────────────────────────────

    def search(
        self,
        text: str,
        *,
        sort: str | Sort = Sort.BEST,
        limit: int = 50,
        offset: int = 0,
        facets: Iterable[FacetName | str] = (),
        cancelled: Callable[[], bool] | None = None,
    ) -> ResultPage:
        """One page of a result over all accounts."""
        self._readers.refresh()
        wish = Wish(
            sort=Sort(sort),
            limit=limit,
            offset=offset,
            facets=tuple(FacetName(name) for name in facets),
        )
        return self._searcher.search(text, wish, cancelled=cancelled or _never)

    def item(self, account: str | Account, key: str) -> StoredItem:
        """All of one item.

        Raises:
            UnknownAccountError: there is no such account.
            ItemUnknownError: it holds no such item.
        """
        reader = self._reader(account)
        stored = reader.store.item(key)
        if stored is None:
            raise ItemUnknownError(reader.line.id)
        return stored

    def raw(self, account: str | Account, key: str) -> Json:
        """The service's own reply for one item, as far as it was kept."""
        return self._reader(account).store.raw(key)

    def thumbnail(self, account: str | Account, key: str) -> bytes | None:
        """The stored small picture (WebP), if there is one."""
        reader = self._reader(account)
        stored = reader.store.item(key)
        return reader.thumbnails.get(stored.number) if stored else None

    def mark(
        self,
        account: str | Account,
        key: str,
        *,
        starred: bool | None = None,
        add_tags: Iterable[str] = (),
        remove_tags: Iterable[str] = (),
        note: str | None = None,
    ) -> Marks:
        """Changes the person's own marks; shown at once, searchable within a second or two.

        Raises:
            ItemUnknownError: the account holds no such item.
        """
        reader = self._reader(account)
        chosen = reader.line.id
        store = AccountStore.open(
            reader.store.folder, refuse=lambda: self._readers.get(chosen) is None
        )
        try:
            marks = mark(
                store,
                key,
                starred=starred,
                add_tags=add_tags,
                remove_tags=remove_tags,
                note=note,
            )
        finally:
            store.close()
        self._follow_later(chosen, reader.store.folder)
        return marks

    # ── care ─────────────────────────────────────────────────────────────────────────────

    def examine(self) -> Sequence[Finding]:
        """What `jolidrive doctor` tells."""
        from .examine import examine  # noqa: PLC0415 - only for the doctor

        return examine(self._shared, self._readers)

    def due(self) -> Sequence[str]:
        """Accounts whose next sync is due now; one that was never read is."""
        now = datetime.now(UTC)
        return [
            reader.line.id
            for reader in self._readers.all()
            if reader.line.state in {AccountState.READY, AccountState.TROUBLE}
            and (reader.line.due_at is None or reader.line.due_at <= now)
        ]

    def look(self) -> None:
        """Looks whether another process changed something; called once a second."""
        self._readers.refresh()

    def export_keys(self) -> str | None:
        """Keys that lie in no system keyring, as the line a worker wants first."""
        return self._shared.keys.export_keys()

    # ── inside ───────────────────────────────────────────────────────────────────────────

    @cached_property
    def _overviews(self) -> Overviews:
        return Overviews(self._shared)

    @cached_property
    def _jobs(self) -> Joined:
        from .jobs import Joined  # noqa: PLC0415 - a search needs neither network nor vault

        return Joined(self._shared, self._readers)

    def _reader(self, account: str | Account) -> Reader:
        reader = self._readers.get(account_id(account))
        if reader is None:
            raise UnknownAccountError(account_id(account))
        return reader

    def _summary(self, reader: Reader) -> AccountSummary:
        items, synced_at = 0, None
        with suppress(StoreError):
            items = reader.store.totals.items
            synced_at = self._overviews.synced_at(reader)
        return AccountSummary(
            account=reader.line.id,
            service=reader.line.plugin,
            label=reader.about.label,
            state=reader.line.state,
            items=items,
            bytes=folder_bytes(reader.store.folder),
            synced_at=synced_at,
            trouble=reader.line.trouble,
        )

    def _follow_later(self, account: str, folder: Path) -> None:
        """Tries for the lock for two seconds; else whoever holds it brings the mark along."""

        def follow() -> None:
            with suppress(StoreError):
                lock = AccountLock(self._shared.profile, account, verb="mark")
                lock.acquire(_MARK_WAIT_S)
                try:
                    follow_now(account, folder, self._shared)
                finally:
                    lock.release()

        self._followers = [thread for thread in self._followers if thread.is_alive()]
        thread = threading.Thread(target=follow, name=f"mark-{account}")
        self._followers.append(thread)
        thread.start()

    def _tidy(self) -> None:
        """At every start: unfinished revokes and connects, and folders nobody claims."""
        unfinished = {AccountState.CONNECTING, AccountState.REVOKING}
        if any(line.state in unfinished for line in self._shared.roster.lines()):
            self._jobs.recover()
        with suppress(StoreBusyError):
            sweep(
                self._shared.profile,
                lambda account: self._shared.roster.find(account) is not None,
            )
