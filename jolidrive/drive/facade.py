"""Drive: what both fronts and every script hold.

It puts the parts together and hands calls on; it decides nothing itself. Safe to use from
several threads.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from jolidrive.errors import (
    AccountGoneError,
    ItemUnknownError,
    JolidriveError,
    PluginUnknownError,
    QueryError,
    RevokeIncompleteError,
    StoreError,
    UnknownAccountError,
)
from jolidrive.log import start_log, stop_log
from jolidrive.model.account import Account, AccountState, AccountSummary, account_id
from jolidrive.model.events import AccountStateChanged
from jolidrive.model.query import Sort
from jolidrive.model.result import FacetName
from jolidrive.search.searcher import Searcher, Wish
from jolidrive.store.account_store import AccountStore
from jolidrive.store.erase import sweep
from jolidrive.store.marks import mark

from .followers import Followers
from .once import Makes, once
from .readers import Reader, Readers
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
    from .overview import Overviews

_log = logging.getLogger(__name__)
_UNFINISHED = frozenset({AccountState.CONNECTING, AccountState.REVOKING})


def _never() -> bool:
    return False


def _wish(sort: str | Sort, limit: int, offset: int, facets: Iterable[FacetName | str]) -> Wish:
    """What a caller wants of a result, checked."""
    names = [str(name) for name in facets]
    for name in names:
        if name not in set(FacetName):
            raise QueryError(f"There is no facet “{name}”. Known: {', '.join(FacetName)}.")
    if sort not in set(Sort):
        raise QueryError(f"There is no order “{sort}”. Known: {', '.join(Sort)}.")
    if limit < 0 or offset < 0:
        raise QueryError("A page of a result begins at 0 and holds 0 items or more.")
    return Wish(
        sort=Sort(sort), limit=limit, offset=offset, facets=tuple(map(FacetName, names))
    )


class Drive(Makes):
    """One profile, open."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._log = start_log(shared.profile.log_dir)
        self._searcher = Searcher(look=self.look)
        self._followers = Followers(shared)
        self._readers = Readers(shared, self._searcher, self._followers)

    @classmethod
    def open(
        cls,
        profile: str | Path,
        *,
        keys: Keys | None = None,
        passphrase: AskPassphrase | None = None,
        make_gate: Callable[[Shared], Gate] | None = None,
        tidy: bool = True,
    ) -> Self:
        """Opens a profile, made when missing; ends what a crash left half done.

        Args:
            profile: its folder.
            keys: where keys lie, instead of the keyring (the demo's memory, a test's).
            passphrase: asked where a passphrase file is used.
            make_gate: another way out, for tests.
            tidy: False leaves what is half done to others: the worker's, which may not hold
                the keys that are to be forgotten.

        Raises:
            StoreError: the profile itself cannot be used.
        """
        root = Path(profile).expanduser().absolute()
        shared = Shared(root, keys=keys, passphrase=passphrase, make_gate=make_gate)
        drive = cls(shared)
        if tidy:
            drive.tidy()
        return drive

    def close(self) -> None:
        """Lets go of everything; marks just made are brought into the index before."""
        with ExitStack() as stack:
            stack.callback(stop_log, self._log)
            stack.callback(self._shared.close)
            stack.callback(self._readers.close)
            stack.callback(self._searcher.close)
            stack.callback(self._followers.close)

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
        """The connected accounts, by id; one that cannot be read with its trouble."""
        summaries = [self._overviews.unread(one) for one in self._readers.unreadable()]
        for reader in self._readers.all():
            with suppress(AccountGoneError):  # revoked this very moment
                summaries.append(self._overviews.summary(reader))
        return sorted(summaries, key=lambda summary: summary.account)

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
        try:
            return self._overviews.preview(self._reader(account))
        except StoreError:
            line = self._shared.roster.line(account_id(account))
            return self._overviews.preview_unreadable(line.id, line.plugin)

    def contacts(self, day: date | None = None) -> Sequence[Contact]:
        """The ledger of one day (today when none is named), busiest host first."""
        return self._overviews.contacts(day)

    def contacted_today(self) -> tuple[int, int]:
        """How many hosts were contacted today, and how many bytes went over the wire.

        Hosts that were cut after a revoke have no name to count by; they are one at most.
        """
        contacts = self.contacts()
        hosts = {contact.host for contact in contacts if contact.host}
        cut = any(not contact.host for contact in contacts)
        return len(hosts) or int(cut), sum(contact.received for contact in contacts)

    def connect(
        self,
        service: str,
        options: Mapping[str, str] | None = None,
        *,
        asker: Asker | None = None,
        wanted: Wanted | None = None,
    ) -> Account:
        """Signs in and makes the account; does not sync, and asks nothing but `asker`."""
        self._readers.refresh()
        account = self._jobs.connect(service, options or {}, asker, wanted)
        self._readers.refresh()
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
        self._readers.refresh()
        return outcome

    def revoke(self, account: str | Account) -> Receipt:
        """Wipes the account.

        Raises:
            UnknownAccountError: there is no such account.
            StoreBusyError: another revoke of it runs.
            RevokeIncompleteError: something could not be deleted.
        """
        chosen = account_id(account)
        with self._readers.leaving(chosen):
            try:
                return self._jobs.wipe.revoke(chosen)
            except RevokeIncompleteError:
                state = AccountState.REVOKING.value
                self.hub.publish(AccountStateChanged(account=chosen, state=state))
                raise

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
        """One page of a result over all accounts.

        Raises:
            QueryError: no such order, facet or page; never for what the text says.
        """
        wish = _wish(sort, limit, offset, facets)
        self._readers.refresh()
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
        """The stored small picture (WebP), if there is one and its account is still there."""
        reader = self._reader(account)
        try:
            stored = reader.store.item(key)
            return reader.thumbnails.get(stored.number) if stored else None
        except AccountGoneError:
            return None

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
        self._followers.later(chosen)
        return marks

    # ── care ─────────────────────────────────────────────────────────────────────────────

    def examine(self) -> Sequence[Finding]:
        """What `jolidrive doctor` tells."""
        from .examine import examine  # noqa: PLC0415 - only for the doctor

        return examine(self._shared, self._readers)

    def tidy(self) -> None:
        """At every start: ends unfinished revokes and connects, erases what nobody claims.

        Never fails: what cannot be done now is told in the log and by the doctor, and tried
        again at the next start.
        """
        shared = self._shared
        try:
            if any(line.state in _UNFINISHED for line in shared.roster.lines()):
                self._jobs.recover()
            left = sweep(shared.profile, lambda one: shared.roster.find(one) is not None)
        except (JolidriveError, OSError) as trouble:
            _log.warning("a start could not tidy up: %s", type(trouble).__name__)
        else:
            if left:
                _log.warning("a start could not delete %d files", len(left))

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

    @property
    def key_place(self) -> str:
        """Where sign-in keys lie: `keyring`, `file` or `memory`. Touches neither."""
        return self._shared.key_place

    def export_keys(self) -> str | None:
        """Keys that lie in no system keyring, as the line a worker wants first."""
        return self._shared.keys.export_keys()

    # ── inside ───────────────────────────────────────────────────────────────────────────

    @once
    def _overviews(self) -> Overviews:
        from .overview import Overviews  # noqa: PLC0415 - a search shows none

        return Overviews(self._shared)

    @once
    def _jobs(self) -> Joined:
        from .jobs import Joined  # noqa: PLC0415 - a search needs neither network nor vault

        return Joined(self._shared, self._readers)

    def _reader(self, account: str | Account) -> Reader:
        """An account to read. Raises `UnknownAccountError`, or why it cannot be read."""
        reader = self._readers.get(account_id(account))
        if reader is None:
            raise UnknownAccountError(account_id(account))
        return reader
