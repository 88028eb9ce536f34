"""What the fronts show of accounts and the ledger: counted facts out of running totals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from jolidrive.errors import AccountGoneError, CancelledError, StoreError
from jolidrive.model.account import AccountState, AccountSummary
from jolidrive.model.overview import (
    AccountOverview,
    Contact,
    DiskUse,
    SyncRecord,
    WipePreview,
)
from jolidrive.store.account_store import ITEMS_FILE
from jolidrive.store.erase import folder_bytes
from jolidrive.store.text_index import FOLDER as INDEX
from jolidrive.store.thumbnails import THUMBNAILS_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .readers import Reader, Unreadable
    from .shared import Shared

_FINISHED: Final = "finished"
_OUTCOMES: Final[Mapping[str | None, str]] = {
    None: _FINISHED,
    CancelledError.__name__: "stopped",
}
"""How a sync ended, by the error that ended it; any other is told by its name."""


class Overviews:
    """Reads for the fronts. Every call may touch the disk."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def summary(self, reader: Reader) -> AccountSummary:
        """One line of the list of accounts."""
        items, synced_at, trouble = 0, None, reader.line.trouble
        try:
            items = reader.store.totals.items
            synced_at = self.synced_at(reader)
        except AccountGoneError:
            raise
        except StoreError as damage:
            trouble = type(damage).__name__
        return AccountSummary(
            account=reader.line.id,
            service=reader.line.plugin,
            label=reader.about.label,
            state=reader.line.state,
            items=items,
            bytes=folder_bytes(reader.store.folder),
            synced_at=synced_at,
            trouble=trouble,
        )

    def unread(self, one: Unreadable) -> AccountSummary:
        """The same of an account that cannot be read."""
        return AccountSummary(
            account=one.line.id,
            service=one.line.plugin,
            label=one.line.plugin,
            state=AccountState.TROUBLE,
            items=0,
            bytes=folder_bytes(self._shared.profile.account_dir(one.line.id)),
            synced_at=None,
            trouble=type(one.trouble).__name__,
        )

    def overview(self, reader: Reader) -> AccountOverview:
        """What a service's page shows."""
        totals, about = reader.store.totals, reader.about
        return AccountOverview(
            account=reader.line.id,
            service=reader.line.plugin,
            label=about.label,
            state=reader.line.state,
            trouble=reader.line.trouble,
            items=totals.items,
            by_kind=totals.by_kind,
            disk=disk_use(reader.store.folder),
            hosts=self._hosts(reader),
            kinds=tuple(sorted(about.wanted.kinds)),
            since=about.wanted.since,
            synced_at=self.synced_at(reader),
            next_at=reader.line.due_at,
        )

    def history(self, reader: Reader, limit: int) -> Sequence[SyncRecord]:
        """The latest syncs, newest first."""
        return [
            SyncRecord(
                started_at=record.started_at,
                balance=record.balance,
                outcome=_OUTCOMES.get(record.error, record.error or _FINISHED),
            )
            for record in reader.store.syncs(limit)
        ]

    def synced_at(self, reader: Reader) -> datetime | None:
        """When the account was last read without trouble."""
        for record in reader.store.syncs(20):
            if record.error is None:
                return record.ended_at
        return None

    def preview(self, reader: Reader) -> WipePreview:
        """What a revoke will wipe."""
        totals = reader.store.totals
        manifest = self._shared.catalog.manifest(reader.line.plugin)
        return WipePreview(
            account=reader.line.id,
            service=reader.line.plugin,
            label=reader.about.label,
            items=totals.items,
            by_kind=totals.by_kind,
            thumbnails=totals.thumbnails,
            stars=totals.starred,
            notes=totals.notes,
            tags=totals.tags,
            syncs=len(reader.store.syncs(1000)),
            disk=disk_use(reader.store.folder),
            keeps_secrets=manifest.keeps_secrets,
            can_tell_service=manifest.auth.revoke_url is not None,
            manage_url=manifest.auth.manage_url,
        )

    def preview_unreadable(self, account: str, service: str) -> WipePreview:
        """The same where the store cannot be read: what can be told without it."""
        return WipePreview(
            account=account,
            service=service,
            label=service,
            items=0,
            disk=disk_use(self._shared.profile.account_dir(account)),
        )

    def contacts(self, day: date | None) -> Sequence[Contact]:
        """The ledger of one day, busiest host first."""
        chosen = day or datetime.now(UTC).astimezone().date()
        rows = [row for row in self._shared.ledger.rows() if row.day == chosen.isoformat()]
        contacts = [
            Contact(
                day=chosen,
                host=row.host,
                service=row.service,
                calls=row.calls,
                sent=0,
                received=row.bytes,
                account=row.account or None,
            )
            for row in rows
        ]
        return sorted(contacts, key=lambda contact: -contact.calls)

    def _hosts(self, reader: Reader) -> tuple[str, ...]:
        rows = self._shared.ledger.rows()
        return tuple(
            sorted({row.host for row in rows if row.account == reader.line.id and row.host})
        )


def disk_use(folder: Path) -> DiskUse:
    """Bytes of an account's folder, by part."""
    index = folder_bytes(folder / INDEX)
    details = _files(folder, ITEMS_FILE)
    thumbnails = _files(folder, THUMBNAILS_FILE)
    everything = folder_bytes(folder)
    return DiskUse(
        details=details,
        index=index,
        thumbnails=thumbnails,
        other=max(0, everything - index - details - thumbnails),
    )


def _files(folder: Path, name: str) -> int:
    sizes = []
    for path in (folder / f"{name}{ending}" for ending in ("", "-wal", "-shm", "-journal")):
        try:
            sizes.append(path.stat().st_size)
        except OSError:
            continue
    return sum(sizes)
