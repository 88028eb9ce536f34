"""The parts of one open profile, each made when it is first needed.

A search loads neither keyring nor network code; that is why imports stand inside properties
here, and only here.
"""

from __future__ import annotations

import errno
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jolidrive.errors import DiskFullError, StoreDamagedError
from jolidrive.hub import Hub
from jolidrive.model.account import AccountState
from jolidrive.paths import Profile, shipped_plugins_dir
from jolidrive.settings import read_settings
from jolidrive.store.ledger_store import LedgerStore
from jolidrive.store.library import Library
from jolidrive.store.roster import Roster

from .once import Makes, once

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jolidrive.connectors.catalog import Catalog
    from jolidrive.net.ledger import LedgerRow
    from jolidrive.net.session import Gate
    from jolidrive.vault.keyring import Keys
    from jolidrive.vault.vault import Vault


class AskPassphrase(Protocol):
    """Where a passphrase comes from.

    `forced` False asks only whether one was given beforehand; True may ask a person.
    """

    def __call__(self, *, forced: bool) -> str | None:
        """The passphrase, or None."""
        ...


class Shared(Makes):
    """What all parts of one `Drive` share."""

    def __init__(
        self,
        root: Path,
        *,
        keys: Keys | None,
        passphrase: AskPassphrase | None,
        make_gate: Callable[[Shared], Gate] | None,
    ) -> None:
        super().__init__()
        self.profile = Profile(root)
        _make_folder(root)
        self.settings = read_settings(self.profile.settings_file)
        self.hub = Hub()
        self.roster = Roster(self.profile.roster_db)
        self.connecting: set[str] = set()
        self._given_keys = keys
        self._passphrase = passphrase
        self._make_gate = make_gate

    @once
    def library(self) -> Library:
        """Approved plugins, receipts, recent searches."""
        return Library(self.profile.library_db)

    @once
    def ledger(self) -> LedgerStore:
        """Who was contacted."""
        return LedgerStore(self.profile.ledger_db)

    @once
    def keys(self) -> Keys:
        """Where keys lie: given ones, the passphrase file, or the system's keyring.

        Question: keyring or passphrase file, when both could be? Answer: the file, once it is
        there or somebody names it; a profile never keeps keys in two places.
        """
        if self._given_keys is not None:
            return self._given_keys
        return keys_of(self.profile, self._passphrase)

    @property
    def key_place(self) -> str:
        """Where keys lie, in a word: `memory`, `file` or `keyring`. Asks nobody."""
        if self._given_keys is not None:
            return "memory"
        return "file" if self.profile.keys_file.exists() else "keyring"

    @once
    def vault(self) -> Vault:
        """Tokens and typed passwords."""
        from jolidrive.vault.vault import Vault  # noqa: PLC0415 - see the module

        return Vault(
            _Later(lambda: self.keys), self.profile.account_dir, self.profile.root / "clients"
        )

    @once
    def catalog(self) -> Catalog:
        """The plugins."""
        from jolidrive.api.manifest import Audience  # noqa: PLC0415 - see the module
        from jolidrive.connectors.catalog import Catalog  # noqa: PLC0415 - see the module

        return Catalog(
            shipped_plugins_dir(),
            self.profile.plugins_dir,
            self.library,
            Audience(self.settings.audience),
        )

    @once
    def gate(self) -> Gate:
        """The one way out."""
        if self._make_gate is not None:
            return self._make_gate(self)
        from jolidrive.net.ledger import Ledger  # noqa: PLC0415 - see the module
        from jolidrive.net.pace import Pacer  # noqa: PLC0415 - see the module
        from jolidrive.net.session import Gate  # noqa: PLC0415 - see the module
        from jolidrive.net.wire import NetworkSettings  # noqa: PLC0415 - see the module

        settings = NetworkSettings(
            proxy=self.settings.proxy or None,
            ca_file=Path(self.settings.ca_file) if self.settings.ca_file else None,
            use_system_store=self.settings.system_certificates,
        )
        return Gate(settings, Ledger(KeptLedger(self.ledger, self.may_name_hosts)), Pacer())

    def may_name_hosts(self, account: str) -> bool:
        """Whether the ledger may still name an account's hosts: not once it is being revoked.

        A job in another process may hand over what it counted after the revoke was done.
        """
        if account in self.connecting:
            return True
        line = self.roster.find(account)
        return line is not None and line.state is not AccountState.REVOKING

    def flush_ledger(self) -> None:
        """Hands over what the ledger still holds in memory, if anything was sent at all."""
        if self.made("gate"):
            self.gate.ledger.flush()

    def close(self) -> None:
        """Closes what was opened, whatever else goes wrong."""
        with ExitStack() as stack:
            stack.callback(self.roster.close)
            for name in ("library", "ledger"):
                if self.made(name):
                    stack.callback(getattr(self, name).close)
            stack.callback(self.flush_ledger)


def keys_of(profile: Profile, passphrase: AskPassphrase | None) -> Keys:
    """Where a profile keeps its keys (see `Shared.keys`).

    Raises:
        KeyringLockedError: the passphrase does not open the file; the next use asks again.
    """
    from jolidrive.vault.keyring import SystemKeys  # noqa: PLC0415 - see the module
    from jolidrive.vault.passphrase import PassphraseKeys  # noqa: PLC0415 - see the module

    there = profile.keys_file.exists()
    typed = passphrase(forced=there) if passphrase else None
    if there or typed is not None:
        keys = PassphraseKeys(profile.keys_file, typed or "")
        keys.get("check")
        return keys
    return SystemKeys()


def _make_folder(root: Path) -> None:
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as trouble:
        if trouble.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFullError from trouble
        raise StoreDamagedError("the profile's folder") from trouble


class KeptLedger:
    """The gate's ledger rows, as the store keeps them; accounts that are gone lose the host."""

    def __init__(self, store: LedgerStore, may_name_hosts: Callable[[str], bool]) -> None:
        self._store = store
        self._may_name_hosts = may_name_hosts

    def add(self, rows: Sequence[LedgerRow]) -> None:
        """Adds the numbers of each row to its line."""
        known = {row.account: self._may_name_hosts(row.account) for row in rows if row.account}
        self._store.add([_Kept(row, named=known.get(row.account or "", True)) for row in rows])


class _Kept:
    def __init__(self, row: LedgerRow, *, named: bool) -> None:
        self.day = row.day.isoformat()
        self.host = row.host if named else ""
        self.service = row.service
        self.account = row.account or ""
        self.purpose = row.purpose
        self.calls = row.calls
        self.bytes = row.bytes


class _Later:
    """Keys that are looked for at the first use, so that nobody is asked in vain."""

    def __init__(self, find: Callable[[], Keys]) -> None:
        self._find = find

    def get(self, name: str) -> bytes | None:
        """The key, or None."""
        return self._find().get(name)

    def put(self, name: str, key: bytes) -> None:
        """Keeps the key."""
        self._find().put(name, key)

    def forget(self, name: str) -> None:
        """Takes the key away."""
        self._find().forget(name)

    def export_keys(self) -> str | None:
        """All keys as one line, where they lie in no system keyring."""
        return self._find().export_keys()
