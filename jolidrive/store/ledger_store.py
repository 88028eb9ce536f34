"""The ledger on disk: who was contacted, on which day, how often, how many bytes.

Never paths or queries. The host a person typed for an account is cut from its rows when the
account is revoked; the rows themselves stay and still count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from .database import Database
from .schema import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_COLUMNS: Final = "day, host, service, account, purpose, calls, bytes"
_ADD: Final = f"""
    INSERT INTO calls ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (day, host, service, account, purpose) DO UPDATE
    SET calls = calls + excluded.calls, bytes = bytes + excluded.bytes
"""


class Calls(Protocol):
    """Calls to one host, as the ledger of the network has them."""

    @property
    def day(self) -> str:
        """`YYYY-MM-DD`."""
        ...

    @property
    def host(self) -> str:
        """Who was contacted."""
        ...

    @property
    def service(self) -> str:
        """The plugin's id."""
        ...

    @property
    def account(self) -> str:
        """The account's id."""
        ...

    @property
    def purpose(self) -> str:
        """What for, in a word of ours."""
        ...

    @property
    def calls(self) -> int:
        """How often."""
        ...

    @property
    def bytes(self) -> int:
        """How much, both ways."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """Calls of one day, to one host, for one account and purpose."""

    day: str
    host: str
    service: str
    account: str
    purpose: str
    calls: int
    bytes: int


class LedgerStore:
    """The ledger of a profile, added to by all its processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = Database(path, LEDGER, create=True, secure=True)

    def add(self, rows: Iterable[Calls]) -> None:
        """Adds calls, a batch in one transaction."""
        with self._database.write() as conn:
            conn.executemany(
                _ADD,
                [
                    (r.day, r.host, r.service, r.account, r.purpose, r.calls, r.bytes)
                    for r in rows
                ],
            )

    def rows(self) -> tuple[LedgerRow, ...]:
        """Everything, newest day first."""
        return self._select("1")

    def today(self) -> tuple[LedgerRow, ...]:
        """The rows of this computer's present day."""
        return self._select("day = ?", datetime.now().astimezone().date().isoformat())

    def cut_host(self, account: str, host: str) -> None:
        """Takes a host out of an account's rows; their counts stay."""
        with self._database.write() as conn:
            rows = conn.execute(
                f"DELETE FROM calls WHERE account = ? AND host = ? RETURNING {_COLUMNS}",
                (account, host),
            ).fetchall()
            conn.executemany(_ADD, [(day, "", *rest) for day, _, *rest in rows])

    def truncate(self) -> bool:
        """Empties the log beside the file, so that nothing deleted lies in it."""
        return self._database.truncate()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _select(self, condition: str, *values: str) -> tuple[LedgerRow, ...]:
        with self._database.read() as conn:
            rows = conn.execute(
                f"SELECT {_COLUMNS} FROM calls WHERE {condition}"
                " ORDER BY day DESC, host, service, account, purpose",
                values,
            )
            return tuple(
                LedgerRow(
                    day=day,
                    host=host,
                    service=service,
                    account=account,
                    purpose=purpose,
                    calls=calls,
                    bytes=size,
                )
                for day, host, service, account, purpose, calls, size in rows
            )
