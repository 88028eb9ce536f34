"""Where everything lies: the profile's files, and the folders that ship with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Profile:
    """The files of one profile. Nothing is made by asking for a path."""

    root: Path

    @property
    def roster_db(self) -> Path:
        """Which accounts exist: id, plugin, state."""
        return self.root / "roster.db"

    @property
    def library_db(self) -> Path:
        """Collections' names, saved searches, approved plugins, receipts."""
        return self.root / "library.db"

    @property
    def ledger_db(self) -> Path:
        """Who was contacted."""
        return self.root / "ledger.db"

    @property
    def settings_file(self) -> Path:
        """`settings.toml`."""
        return self.root / "settings.toml"

    @property
    def keys_file(self) -> Path:
        """The passphrase file, where there is no keyring."""
        return self.root / "keys.sealed"

    @property
    def clients_dir(self) -> Path:
        """The person's own client ids, sealed, one file a provider."""
        return self.root / "clients"

    @property
    def log_dir(self) -> Path:
        """Logs, without content."""
        return self.root / "log"

    @property
    def plugins_dir(self) -> Path:
        """The person's own plugins, one folder each."""
        return self.root / "plugins"

    @property
    def accounts_dir(self) -> Path:
        """One folder an account."""
        return self.root / "accounts"

    def account_dir(self, account: str) -> Path:
        """Everything about one account's items."""
        return self.accounts_dir / account

    def lock_file(self, account: str) -> Path:
        """Held for a whole job on the account."""
        return self.accounts_dir / f"{account}.lock"

    def token_lock_file(self, account: str) -> Path:
        """Held while the account's token is refreshed."""
        return self.accounts_dir / f"{account}.token.lock"


def default_profile() -> Path:
    """The profile used when none is named."""
    return Path(platformdirs.user_data_dir("jolidrive", appauthor=False)) / "profile"


def _shipped(name: str) -> Path:
    packed = _PACKAGE / "shipped" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def shipped_plugins_dir() -> Path:
    """The services that come with the program."""
    return _shipped("plugins")


def resources_dir() -> Path:
    """Icons, maps and the demo's world."""
    return _shipped("resources")
