"""What the window asks of the core: the part of `Drive` it may use, and nothing more.

Every call may touch disk or network, so the window makes them through `tasks` only. The
exception is `hub`, which is memory. Tests put a fake behind the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from jolidrive.api import Wanted
    from jolidrive.hub import Hub
    from jolidrive.model.account import Account, AccountSummary
    from jolidrive.model.item import Kind, Marks, StoredItem
    from jolidrive.model.overview import (
        AccountOverview,
        Contact,
        ServiceEntry,
        SyncRecord,
        WipePreview,
    )
    from jolidrive.model.receipt import Receipt
    from jolidrive.model.result import FacetName, ResultPage


class AskerPort(Protocol):
    """What a connect may ask or tell its front. Called from the connecting thread."""

    def open(self, url: str) -> bool:
        """Opens a browser at the address; False when none could be opened."""

    def show(self, url: str) -> None:
        """Shows the address, for whoever wants to open it by hand."""

    def trust(self, host: str, fingerprint: str) -> bool:
        """Whether the person trusts this certificate for this account."""

    def confirm(self, label: str) -> bool:
        """Whether the person is the one the service names."""

    def cancelled(self) -> bool:
        """Whether the person gave up meanwhile."""


class DrivePort(Protocol):
    """The facade both fronts hold."""

    @property
    def hub(self) -> Hub:
        """Where events are published."""

    def services(self) -> Sequence[ServiceEntry]:
        """The directory."""

    def accounts(self) -> Sequence[AccountSummary]:
        """The connected accounts, in the order they were connected."""

    def totals(self) -> Mapping[Kind, int]:
        """Items by kind over all searchable accounts, from running totals."""

    def connect(
        self,
        service: str,
        options: Mapping[str, str],
        *,
        asker: AskerPort | None = None,
        wanted: Wanted | None = None,
    ) -> Account:
        """Signs in and makes the account; does not sync. Blocks until then or raises."""

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
        """One page of a result; `cancelled` says that nobody wants it any more."""

    def item(self, account: str, key: str) -> StoredItem:
        """All of one item."""

    def thumbnail(self, account: str, key: str) -> bytes | None:
        """The stored small picture, if there is one."""

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
        """Changes the person's own marks."""

    def overview(self, account: str) -> AccountOverview:
        """What the service's page shows."""

    def history(self, account: str) -> Sequence[SyncRecord]:
        """The latest syncs, newest first."""

    def preview_revoke(self, account: str) -> WipePreview:
        """What a revoke will wipe."""

    def revoke(self, account: str) -> Receipt:
        """Wipes the account."""

    def due(self) -> Sequence[str]:
        """Accounts whose next sync is due."""

    def look(self) -> None:
        """Looks whether another process changed something; called once a second."""

    @property
    def key_place(self) -> str:
        """Where sign-in keys lie: `keyring`, `file` or `memory`."""

    def export_keys(self) -> str | None:
        """Keys that lie in no system keyring, as the line a worker wants first."""

    def contacts(self, day: date | None = None) -> Sequence[Contact]:
        """The ledger of one day (today when none is named), busiest host first."""

    def contacted_today(self) -> tuple[int, int]:
        """How many hosts, and how many bytes received, today."""


class JobsPort(Protocol):
    """The worker, as the window sees it. Calls only send a line; answers come as events."""

    def sync(self, account: str, *, full: bool = False) -> None:
        """Reads the account now."""

    def stop(self, account: str) -> None:
        """Stops what runs for the account; what it stored stays."""

    def pause(self) -> None:
        """Stops all that runs, until the next wish."""

    def resume(self) -> None:
        """Takes wishes again."""
