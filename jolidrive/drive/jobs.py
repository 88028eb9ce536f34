"""The working half of `Drive`: connecting, syncing and revoking, joined from their parts.

Loaded at the first such call, because it brings network, vault and file readers with it.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from jolidrive.accounts.connect import Asker, Connect, ConnectParts, typed_hosts
from jolidrive.accounts.credentials import say_goodbye, stored_credentials
from jolidrive.accounts.permit import permit_for
from jolidrive.accounts.revoke import Wipe, WipeParts, recover
from jolidrive.api import Context, Wanted
from jolidrive.errors import PluginError, StoreError
from jolidrive.model.receipt import Remote, RemoteOutcome
from jolidrive.store.index_process import IndexFollower
from jolidrive.sync.run import Jobs, Parts
from jolidrive.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jolidrive.api import Connector
    from jolidrive.model.account import Account
    from jolidrive.store.account_store import AccountAbout, AccountStore
    from jolidrive.sync.job import Stop
    from jolidrive.vault.vault import Secrets

    from .readers import Readers
    from .shared import Shared


class NobodyAsker:
    """For a connect that may ask nothing: a script's, without a browser."""

    def open(self, url: str) -> bool:  # noqa: ARG002 - nobody is there
        """No browser opens."""
        return False

    def show(self, url: str) -> None:
        """Nobody reads it."""

    def trust(self, host: str, fingerprint: str) -> bool:  # noqa: ARG002 - nobody is there
        """Nothing unknown is trusted."""
        return False

    def confirm(self, label: str) -> bool:  # noqa: ARG002 - nobody is there
        """Nobody can say so."""
        return False

    def cancelled(self) -> bool:
        """Nobody is there to give up."""
        return False


class Joined:
    """Connect, jobs and wipe of one profile."""

    def __init__(self, shared: Shared, readers: Readers) -> None:
        self._shared = shared
        self.jobs = Jobs(
            Parts(
                profile=shared.profile,
                roster=shared.roster,
                hub=shared.hub,
                connecting=self._connecting,
                open_writer=_open_writer,
                now=lambda: datetime.now(UTC),
                interval=timedelta(minutes=shared.settings.interval_minutes),
                sentence=sentence,
            )
        )
        self.wipe = Wipe(
            WipeParts(
                profile=shared.profile,
                roster=shared.roster,
                library=shared.library,
                ledger=shared.ledger,
                vault=shared.vault,
                hub=shared.hub,
                tell_service=self._tell_service,
                close_readers=readers.drop,
                flush_ledger=shared.flush_ledger,
                typed_hosts=lambda about: typed_hosts(about.options),
            )
        )

    def connect(
        self,
        service: str,
        values: Mapping[str, str],
        asker: Asker | None,
        wanted: Wanted | None,
    ) -> Account:
        """Signs in and makes the account."""
        shared = self._shared
        parts = ConnectParts(
            profile=shared.profile,
            roster=shared.roster,
            vault=shared.vault,
            ledger=shared.ledger,
            catalog=shared.catalog,
            gate=shared.gate,
            connecting=shared.connecting,
        )
        return Connect(parts).connect(
            service, values, asker or NobodyAsker(), wanted or Wanted()
        )

    def recover(self) -> list[str]:
        """Ends what a crash left half done."""
        return recover(self.wipe, self._shared.profile, self._shared.roster)

    @contextmanager
    def _connecting(self, account: str, store: AccountStore, stop: Stop) -> Iterator[Connector]:
        shared, about = self._shared, store.about
        loaded = shared.catalog.load(about.service)
        permit = permit_for(loaded.manifest, account, about.options, about.grant)
        session = shared.gate.session(
            permit,
            stored_credentials(
                loaded.manifest,
                account,
                about,
                permit,
                shared.gate,
                shared.vault,
                shared.profile,
            ),
            purpose="sync",
            stopping=stop.stopping,
        )
        try:
            yield loaded.open(
                Context(
                    session=session,
                    log=logging.getLogger(f"jolidrive.plugin.{about.service}"),
                    options=about.options,
                    wanted=about.wanted,
                    grant=about.grant,
                )
            )
        finally:
            session.close()
            shared.gate.ledger.flush()

    def _tell_service(
        self,
        account: str,
        service: str,
        about: AccountAbout | None,
        secrets: Secrets | None,
    ) -> Remote:
        try:
            manifest = self._shared.catalog.manifest(service)
        except (PluginError, StoreError):
            return Remote(RemoteOutcome.FAILED)
        if about is None:
            return Remote(
                RemoteOutcome.FAILED if manifest.keeps_secrets else RemoteOutcome.NOT_NEEDED
            )
        return say_goodbye(manifest, account, about, secrets, self._shared.gate)


def _open_writer(folder: Path, store: AccountStore) -> IndexFollower:
    return IndexFollower(folder, store, account=store.account)
