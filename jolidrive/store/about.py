"""What an account's store holds once: who it is, the cursor, whether a full listing runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from jolidrive.api import Wanted
from jolidrive.model.item import Kind

from .rows import decode, encode, moment, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from jolidrive.model.item import Json

CURSOR: Final = "cursor"
ANEW: Final = "anew"
_ABOUT: Final = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAbout:
    """What was fixed when the account was made.

    Args:
        label: how the person knows it.
        identity: stable key of the person at the service.
        service: the plugin's id.
        options: what the person typed; no secrets.
        grant: public facts told with the token.
        wanted: kinds and date window.
    """

    label: str
    identity: str
    service: str
    options: Mapping[str, str] = field(default_factory=dict)
    grant: Mapping[str, str] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)


def read_state(conn: sqlite3.Connection, name: str) -> Any:  # noqa: ANN401 - JSON, read by the caller
    """One value, None where it was never written."""
    row = conn.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return decode(row[0]) if row else None


def write_state(conn: sqlite3.Connection, name: str, value: Json) -> None:
    """Writes one value."""
    conn.execute(
        "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, encode(value))
    )


def read_about(conn: sqlite3.Connection) -> AccountAbout:
    """Who and what the account is.

    Raises:
        LookupError: it was never written.
    """
    value = read_state(conn, _ABOUT)
    if value is None:
        raise LookupError(_ABOUT)
    return AccountAbout(
        label=value["label"],
        identity=value["identity"],
        service=value["service"],
        options=value["options"],
        grant=value["grant"],
        wanted=Wanted(
            kinds=frozenset(Kind(kind) for kind in value["kinds"]),
            since=moment(*value["since"]),
        ),
    )


def write_about(conn: sqlite3.Connection, about: AccountAbout) -> None:
    """Writes who and what the account is."""
    value: Json = {
        "label": about.label,
        "identity": about.identity,
        "service": about.service,
        "options": dict(about.options),
        "grant": dict(about.grant),
        "kinds": [kind.value for kind in sorted(about.wanted.kinds)],
        "since": list(told(about.wanted.since)),
    }
    write_state(conn, _ABOUT, value)
