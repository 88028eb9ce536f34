"""One account's listing: pages in, checked, stored with their cursor.

Any stop resumes without loss or doubles, for a page and its cursor are one transaction. May not
talk to the network itself (the connector's session does) nor to the index (`follow` does).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jolidrive.errors import CursorRefusedError, PluginCrashedError
from jolidrive.model.events import PageStored

from .check import Checked, check_page, reasons
from .wanted import only_wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.api import Connector
    from jolidrive.hub import Hub
    from jolidrive.store.account_store import AccountStore

    from .job import Stop, Tally


class Pull:
    """One listing of one account."""

    def __init__(self, account: str, *, store: AccountStore, hub: Hub, stop: Stop) -> None:
        self._account = account
        self._store = store
        about = store.about
        self._service, self._wanted = about.service, about.wanted
        self._hub = hub
        self._stop = stop

    def run(self, connector: Connector, tally: Tally, *, full: bool = False) -> None:
        """Pulls everything new; with `full`, everything, and drops what is no longer there.

        Raises:
            JolidriveError: whatever the connector or the store met; what is stored stays.
            CancelledError: somebody wished it.
        """
        if full:
            self._store.start_anew()
        try:
            self._pages(connector, tally)
        except CursorRefusedError:
            self._store.start_anew()
            self._pages(connector, tally)
        if self._store.anew:
            tally.removed += self._store.finish_anew()

    def _pages(self, connector: Connector, tally: Tally) -> None:
        pages = connector.pull(self._store.cursor)
        try:
            for page in self._until_stopped(pages):
                self._keep(page, tally)
        finally:
            close = getattr(pages, "close", None)
            if close is not None:
                close()

    def _until_stopped(self, untrusted_pages: Iterator[object]) -> Iterator[object]:
        self._stop.check()
        for page in untrusted_pages:
            self._stop.check()
            yield page

    def _keep(self, untrusted_page: object, tally: Tally) -> None:
        checked = self._checked(untrusted_page)
        page, left_out = only_wanted(checked.page, self._wanted)
        counts = self._store.save_page(page)
        tally.new += counts.new
        tally.changed += counts.changed
        tally.unchanged += counts.unchanged
        tally.removed += counts.removed
        tally.skip(reasons(page.skipped))
        tally.skip(left_out)
        tally.fail(checked.refused)
        self._hub.publish(PageStored(account=self._account, seen=tally.seen, total=page.total))

    def _checked(self, untrusted_page: object) -> Checked:
        """What can be used of a page; one that is none at all is the plugin's mistake."""
        try:
            return check_page(untrusted_page)
        except TypeError as mistake:
            raise PluginCrashedError(self._service, "TypeError", "pull") from mistake
