"""Plays a tape to a plugin and says what came of it (`jolidrive plugin pull`); no store."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from jolidrive.accounts.permit import SERVER, permit_for
from jolidrive.api import Context, CursorRefusedError
from jolidrive.errors import JolidriveError
from jolidrive.model.balance import Balance
from jolidrive.net.hosts import https_spelling
from jolidrive.sync.check import check_page, reasons

from .session import TapeSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jolidrive.api import Cursor, Item, Page
    from jolidrive.connectors.load import Loaded

    from .tapes import Missing, Tape

_log: Final = logging.getLogger("jolidrive.testing.plugin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a pull gave.

    Args:
        items: what is there in the end, by key: removals taken away.
        balance: counts as a sync's; nothing was there before, so nothing is *unchanged*.
        missing: requests the tape has no answer for.
        cursor: where the next pull would go on.
        error: what ended the pull early.
    """

    items: tuple[Item, ...]
    balance: Balance
    missing: tuple[Missing, ...]
    cursor: Cursor = None
    error: JolidriveError | None = None


def tape_session(loaded: Loaded, tape: Tape, options: Mapping[str, str]) -> TapeSession:
    """A session for a plugin that plays a tape from its beginning."""
    typed = options.get(SERVER, "")
    spelled = {**options, SERVER: https_spelling(typed)} if typed else options
    permit = permit_for(loaded.manifest, None, spelled)
    plain = urlsplit(typed).netloc if spelled != options else ""
    return TapeSession(tape.rewound(), permit, plain)


def play_pages(
    loaded: Loaded, session: TapeSession, options: Mapping[str, str], cursor: Cursor = None
) -> Iterator[Page]:
    """The pages of one pull, checked as sync checks them."""
    connector = loaded.open(Context(session=session, log=_log, options=dict(options)))
    for page in connector.pull(cursor):
        yield check_page(page).page


def play(
    loaded: Loaded, tape: Tape, options: Mapping[str, str], cursor: Cursor = None
) -> Played:
    """One pull of a tape from its beginning. An error ends it and is told, not raised."""
    session = tape_session(loaded, tape, options)
    tally = _Tally(cursor)
    try:
        connector = loaded.open(Context(session=session, log=_log, options=dict(options)))
        try:
            tally.take(connector.pull(cursor))
        except CursorRefusedError:
            tally = _Tally(None)
            tally.take(connector.pull(None))
    except JolidriveError as error:
        return tally.played(session.tape, error)
    return tally.played(session.tape, None)


class _Tally:
    """What the pages of one pull add up to."""

    def __init__(self, cursor: Cursor) -> None:
        self._items: dict[str, Item] = {}
        self._known: set[str] = set()
        self._skipped: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        self._counts = {"new": 0, "changed": 0, "unchanged": 0, "removed": 0}
        self._cursor = cursor

    def take(self, pages: Iterator[Page]) -> None:
        for untrusted in pages:
            checked = check_page(untrusted)
            self._remove(checked.page)
            for item in checked.page.items:
                before = self._items.get(item.key)
                outcome = "new" if before is None else "changed"
                self._counts["unchanged" if before == item else outcome] += 1
                self._items[item.key] = item
            _add(self._skipped, reasons(checked.page.skipped))
            _add(self._failed, checked.refused)
            if checked.page.cursor is not None:
                self._cursor = checked.page.cursor

    def _remove(self, page: Page) -> None:
        below = tuple(f"{path}/" for path in page.gone_below)
        for key, item in list(self._items.items()):
            if key in page.gone or f"{item.folder or ''}/".startswith(below or ("//",)):
                del self._items[key]
                self._counts["removed"] += 1

    def played(self, tape: Tape, error: JolidriveError | None) -> Played:
        counts = self._counts
        left_out = sum(self._skipped.values()) + sum(self._failed.values())
        balance = Balance(
            seen=counts["new"] + counts["changed"] + counts["unchanged"] + left_out,
            new=counts["new"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            removed=counts["removed"],
            skipped=self._skipped,
            failed=self._failed,
        )
        return Played(
            items=tuple(self._items.values()),
            balance=balance,
            missing=tuple(tape.missing),
            cursor=self._cursor,
            error=error,
        )


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for reason, count in more.items():
        counts[reason] = counts.get(reason, 0) + count
