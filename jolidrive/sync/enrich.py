"""The second pass: what is inside files, after the listing and under the same lock.

Resumable: an item waits in the store until it was read, skipped or failed, each with a reason
in the second pass's own balance. One broken file is one line there. What may be read at all and
how is decided by `content`; here is only where bytes come from and where findings go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jolidrive.api import ASK
from jolidrive.content.read import (
    CONTENT_LIMIT,
    PICTURE_LIMIT,
    ContentFound,
    can_read,
    read_content,
    read_picture,
)
from jolidrive.errors import PluginCrashedError, ReplyTooLargeError, UnexpectedReplyError
from jolidrive.model.events import PageStored
from jolidrive.store.pending import ContentOutcome, ContentRead, Facts
from jolidrive.store.thumbnails import Thumbnails, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jolidrive.api import Connector, Item
    from jolidrive.hub import Hub
    from jolidrive.store.account_store import AccountStore
    from jolidrive.store.pending import Pending

    from .job import Stop, Tally

BATCH: Final = 40
MOST_TRIES: Final = 3
SIDE: Final = 512

_GONE: Final = "no longer at the service"
_TOO_LARGE: Final = "larger than 20 MB"
_NO_READER: Final = "no reader for this format"


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
                if found.thumbnail is not None:
                    pictures[pending.number] = found.thumbnail
                reads.append(_read(pending, found))
        finally:
            if pictures:
                thumbnails.put(pictures)
            if reads:
                self._store.save_content(reads)
                for read in reads:
                    _count(tally, read)

    def _read(self, connector: Connector, item: Item) -> ContentFound:
        try:
            return self._ask(connector, item)
        except FileNotFoundError:
            return ContentFound(reason=_GONE, skipped=True)
        except ReplyTooLargeError:
            return ContentFound(reason=_TOO_LARGE, skipped=True)
        except UnexpectedReplyError as trouble:
            return ContentFound(reason=f"unexpected reply ({trouble.status or trouble.reason})")
        except PluginCrashedError as trouble:
            return ContentFound(reason=f"the connector stopped ({trouble.kind})")

    def _ask(self, connector: Connector, item: Item) -> ContentFound:
        """The content where there is a reader for it, else a picture the service offers."""
        large = item.size is not None and item.size > CONTENT_LIMIT
        readable = item.has_content and can_read(item.mime, item.title)
        if readable and not large:
            found = read_content(
                connector.open(item.key), mime=item.mime, name=item.title, wants_thumbnail=True
            )
            if found.thumbnail is not None or not item.thumbnail:
                return found
            return _with_picture(found, self._picture(connector, item))
        if item.thumbnail:
            return read_picture(self._picture(connector, item))
        return ContentFound(reason=_TOO_LARGE if readable else _NO_READER, skipped=True)

    def _picture(self, connector: Connector, item: Item) -> Iterator[bytes]:
        if item.thumbnail == ASK:
            return connector.thumbnail(item.key, SIDE)
        return connector.session.stream(item.thumbnail or "", limit=PICTURE_LIMIT)


def _with_picture(found: ContentFound, pieces: Iterator[bytes]) -> ContentFound:
    """The text that was found, with the service's own picture."""
    try:
        picture = read_picture(pieces)
    except (FileNotFoundError, ReplyTooLargeError, UnexpectedReplyError):
        return found
    return replace(found, thumbnail=picture.thumbnail)


def _read(pending: Pending, found: ContentFound) -> ContentRead:
    outcome = ContentOutcome.DONE
    if found.reason:
        outcome = ContentOutcome.SKIPPED if found.skipped else ContentOutcome.FAILED
    return ContentRead(
        number=pending.number,
        marker=pending.marker,
        outcome=outcome,
        reason=found.reason,
        text=found.text,
        facts=Facts(
            created_at=found.created_at,
            width=found.width,
            height=found.height,
            place=found.place,
        ),
        thumbnail_bytes=len(found.thumbnail) if found.thumbnail is not None else None,
    )


def _count(tally: Tally, read: ContentRead) -> None:
    if read.outcome is ContentOutcome.SKIPPED:
        tally.skip({read.reason: 1})
    elif read.outcome is ContentOutcome.FAILED:
        tally.fail({read.reason: 1})
    else:
        tally.new += 1
