"""Which accounts exist: id, plugin and state; no personal data.

The one place every process looks at first. A revoke begins here, with one commit that puts the
account out of everyone's reach, and ends here. What is deleted is overwritten.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive.errors import AccountGoneError, UnknownAccountError
from jolidrive.model.account import AccountState

from .database import Database
from .rows import moment, told
from .schema import ROSTER

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_COLUMNS: Final = "id, plugin, state, trouble, commits, due_ms, failures"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def new_account_id() -> str:
    """A random id: ten letters and digits, safe as a file name anywhere."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One account.

    Args:
        id: its random id, and the name of its folder.
        plugin: the service.
        state: where it stands.
        trouble: name of the error class that stopped its last sync.
        commits: of its text index; another number means the index has to be reloaded.
        due_at: when its next sync is due.
        failures: syncs in a row that ended in trouble.
    """

    id: str
    plugin: str
    state: AccountState
    trouble: str | None = None
    commits: int = 0
    due_at: datetime | None = None
    failures: int = 0


class Roster:
    """The accounts of a profile, shared by all its processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = Database(path, ROSTER, create=True, secure=True)

    def lines(self) -> tuple[RosterLine, ...]:
        """All accounts, by id."""
        with self._database.read() as conn:
            rows = conn.execute(f"SELECT {_COLUMNS} FROM accounts ORDER BY id")
            return tuple(_line(*row) for row in rows)

    def line(self, account: str) -> RosterLine:
        """One account.

        Raises:
            UnknownAccountError: there is none with this id.
        """
        found = self.find(account)
        if found is None:
            raise UnknownAccountError(account)
        return found

    def find(self, account: str) -> RosterLine | None:
        """One account, or None."""
        with self._database.read() as conn:
            row = conn.execute(
                f"SELECT {_COLUMNS} FROM accounts WHERE id = ?", (account,)
            ).fetchone()
            return _line(*row) if row else None

    def add(self, account: str, plugin: str) -> None:
        """Notes a new account as *connecting*."""
        with self._database.write() as conn:
            conn.execute(
                "INSERT INTO accounts (id, plugin, state, commits, failures)"
                " VALUES (?, ?, ?, 0, 0)",
                (account, plugin, AccountState.CONNECTING.value),
            )

    def set_state(
        self, account: str, state: AccountState, *, trouble: str | None = None
    ) -> None:
        """Notes where an account stands. *Revoking* is final: no other state follows it.

        Raises:
            UnknownAccountError: there is none with this id.
            AccountGoneError: it is being revoked.
        """
        with self._database.write() as conn:
            row = conn.execute("SELECT state FROM accounts WHERE id = ?", (account,)).fetchone()
            if row is None:
                raise UnknownAccountError(account)
            if row[0] == AccountState.REVOKING.value != state.value:
                raise AccountGoneError(account)
            conn.execute(
                "UPDATE accounts SET state = ?, trouble = ? WHERE id = ?",
                (state.value, trouble, account),
            )

    def remove(self, account: str) -> None:
        """Takes an account off the roster; fine when it is not on it."""
        with self._database.write() as conn:
            conn.execute("DELETE FROM accounts WHERE id = ?", (account,))

    def raise_commit(self, account: str) -> None:
        """Tells every process that the account's text index was written."""
        with self._database.write() as conn:
            conn.execute("UPDATE accounts SET commits = commits + 1 WHERE id = ?", (account,))

    def schedule(self, account: str, due_at: datetime | None, *, failures: int = 0) -> None:
        """Notes when the next sync is due, and how many failed in a row."""
        with self._database.write() as conn:
            conn.execute(
                "UPDATE accounts SET due_ms = ?, failures = ? WHERE id = ?",
                (told(due_at).ms, failures, account),
            )

    def changes(self) -> int:
        """Another number after any process wrote; cheap enough to ask before each search."""
        return self._database.data_version()

    def truncate(self) -> bool:
        """Empties the log beside the file, so that nothing deleted lies in it."""
        return self._database.truncate()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()


def _line(  # noqa: PLR0913, PLR0917 - the columns of a row
    account: str,
    plugin: str,
    state: str,
    trouble: str | None,
    commits: int,
    due_ms: int | None,
    failures: int,
) -> RosterLine:
    return RosterLine(
        id=account,
        plugin=plugin,
        state=AccountState(state),
        trouble=trouble,
        commits=commits,
        due_at=moment(due_ms),
        failures=failures,
    )
