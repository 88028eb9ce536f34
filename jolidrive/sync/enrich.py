"""The second pass: what is inside files, after the listing and under the same lock.

Resumable: an item waits in the store until it was read, skipped or failed, each with a reason
in the second pass's own balance. One broken file is one line there. What may be read at all and
how is decided by `content`; here is only where bytes come from and where findings go.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from jolidrive.api import ASK, Place
from jolidrive.content.outcome import ContentFound, Trouble
from jolidrive.content.read import read_content, why_not
from jolidrive.errors import (
    GuardError,
    PluginCrashedError,
    ReplyTooLargeError,
    UnexpectedReplyError,
)
from jolidrive.model.events import PageStored
from jolidrive.store.pending import ContentOutcome, ContentRead, Facts
from jolidrive.store.thumbnails import Thumbnails, sweep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jolidrive.api import Connector, Item
    from jolidrive.hub import Hub
    from jolidrive.store.account_store import AccountStore
    from jolidrive.store.pending import Pending

    from .job import Stop, Tally

BATCH: Final = 40
MOST_TRIES: Final = 3
SIDE: Final = 512
PICTURE_LIMIT: Final = 8 * 1024 * 1024
_REFUSED: Final = "address that may not be contacted"

_WORDS: Final[Mapping[Trouble, str]] = {
    Trouble.UNSUPPORTED: "no reader for this format",
    Trouble.TOO_LARGE: "larger than 20 MB",
    Trouble.PDF_ENCRYPTED: "PDF closed with a password",
    Trouble.PDF_CUT: "PDF read in part",
    Trouble.PDF_BROKEN: "PDF that cannot be opened",
    Trouble.NOT_TEXT: "text that cannot be read",
    Trouble.PICTURE_TOO_LARGE: "picture with too many pixels",
    Trouble.PICTURE_BROKEN: "picture that cannot be opened",
}


class Enrich:
    """The second pass of one account."""

    def __init__(self, account: str, *, store: AccountStore, hub: Hub, stop: Stop) -> None:
        self._account = account
        self._store = store
        self._hub = hub
        self._stop = stop

    def run(self, connector: Connector, tally: Tally) -> None:
        """Reads everything that waits.

        Raises:
            JolidriveError: the service, the gate or the store refused to go on; what was read
                stays, the rest waits.
        """
        thumbnails = Thumbnails(self._store.folder, refuse=self._stop.gone)
        try:
            self._again()
            total = self._store.pending_count()
            after = 0
            while waiting := self._store.pending_content(BATCH, after):
                after = waiting[-1].number
                self._batch(connector, thumbnails, waiting, tally)
                self._hub.publish(
                    PageStored(
                        account=self._account, phase="content", seen=tally.seen, total=total
                    )
                )
            sweep(self._store, thumbnails)
        finally:
            thumbnails.close()

    def _again(self) -> None:
        """Lets wait again what failed less than three times."""
        failed = [
            unread.number
            for unread in self._store.unread_content()
            if unread.outcome is ContentOutcome.FAILED and unread.tries < MOST_TRIES
        ]
        if failed:
            self._store.pend_again(failed)

    def _batch(
        self,
        connector: Connector,
        thumbnails: Thumbnails,
        waiting: Sequence[Pending],
        tally: Tally,
    ) -> None:
        """Reads one batch; what was read before a trouble is stored all the same."""
        reads: list[ContentRead] = []
        pictures: dict[int, bytes] = {}
        try:
            for pending in waiting:
                self._stop.check()
                found = self._read(connector, pending.item)
                if found.content.thumbnail is not None:
                    pictures[pending.number] = found.content.thumbnail
                reads.append(_as_read(pending, found))
        finally:
            if pictures:
                thumbnails.put(pictures)
            if reads:
                self._store.save_content(reads)
                for read in reads:
                    _count(tally, read)

    def _read(self, connector: Connector, item: Item) -> _Found:
        try:
            return self._ask(connector, item)
        except FileNotFoundError:
            return _Found(reason="no longer at the service", failed=False)
        except ReplyTooLargeError:
            return _Found(reason=_WORDS[Trouble.TOO_LARGE], failed=False)
        except GuardError as trouble:
            # Nothing was sent, and nothing else will come of another try.
            return _Found(reason=f"{_REFUSED} ({type(trouble).__name__})", failed=False)
        except UnexpectedReplyError as trouble:
            return _Found(reason=f"unexpected reply ({trouble.status or trouble.reason})")
        except PluginCrashedError as trouble:
            return _Found(reason=f"the connector stopped ({trouble.kind})")

    def _ask(self, connector: Connector, item: Item) -> _Found:
        """The content where there is a reader for it, else a picture the service offers."""
        why: Trouble | None = Trouble.UNSUPPORTED
        if item.has_content:
            why = why_not(mime=item.mime, name=item.title, size=item.size)
        if why is None:
            pieces = connector.open(item.key)
            found = read_content(pieces, mime=item.mime, name=item.title, size=item.size)
            if found.thumbnail is None and item.thumbnail:
                with suppress(GuardError, PluginCrashedError):  # the content was read
                    found = replace(found, thumbnail=self._picture(connector, item))
            return _found(found)
        if item.thumbnail:
            picture = self._picture(connector, item)
            return _found(ContentFound(thumbnail=picture, trouble=None if picture else why))
        return _found(ContentFound(trouble=why))

    def _picture(self, connector: Connector, item: Item) -> bytes | None:
        """The service's own small picture, made ours; its facts are not the item's."""
        try:
            if item.thumbnail == ASK:
                pieces = connector.thumbnail(item.key, SIDE)
            else:
                pieces = connector.session.stream(item.thumbnail or "", limit=PICTURE_LIMIT)
            return read_content(pieces, mime=None, name="").thumbnail
        except (FileNotFoundError, ReplyTooLargeError, UnexpectedReplyError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What came of one item: findings, or a reason for the balance, or both."""

    content: ContentFound = field(default_factory=ContentFound)
    reason: str = ""
    failed: bool = True


def _found(content: ContentFound) -> _Found:
    trouble = content.trouble
    if trouble is None or trouble is Trouble.PDF_CUT:
        return _Found(content=content)
    return _Found(content=content, reason=_WORDS[trouble], failed=trouble.is_failure)


def _as_read(pending: Pending, found: _Found) -> ContentRead:
    outcome = ContentOutcome.DONE
    if found.reason:
        outcome = ContentOutcome.FAILED if found.failed else ContentOutcome.SKIPPED
    content = found.content
    place = Place(lat=content.place[0], lon=content.place[1]) if content.place else None
    return ContentRead(
        number=pending.number,
        marker=pending.marker,
        outcome=outcome,
        reason=found.reason,
        text=content.text,
        facts=Facts(
            created_at=content.created_at,
            width=content.width,
            height=content.height,
            place=place,
        ),
        thumbnail_bytes=len(content.thumbnail) if content.thumbnail is not None else None,
    )


def _count(tally: Tally, read: ContentRead) -> None:
    if read.outcome is ContentOutcome.SKIPPED:
        tally.skip({read.reason: 1})
    elif read.outcome is ContentOutcome.FAILED:
        tally.fail({read.reason: 1})
    else:
        tally.new += 1
