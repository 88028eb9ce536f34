"""Brings an account's text index up to its store. Only under the account's lock.

The index is written from the store's changes alone, in the order of their numbers, each as
delete-by-number plus add, so that doing one twice is harmless. Every commit replaces the one
marker document, which carries the number reached: a kill at any moment leaves an index that
says truly how far it is, and the next `follow` goes on there.

Question: what when the index is no good? Not there, not opening, or of another format: made
anew. Higher than its store (the store was restored from a backup): emptied and filled again in
*one* commit, so that what there is answers meanwhile. One writer thread, as two make two
segments a commit and win nothing where the worker has two cores; 50 MB of buffer, as a smaller
one flushes so often that merging costs more (and a larger one gains nothing).

Question: what of the segments, each of which a search pays for? The library merges eight of
about one size, and can be asked for nothing else. So where much is waiting commits are rarer,
and after a large load the marker is written a few times more, until there are eight small
segments to merge: three segments a hundred thousand items instead of nine, facets in two thirds
of the time.
"""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING, Final, Protocol

import tantivy

from jolidrive.errors import StoreBusyError, StoreDamagedError
from jolidrive.model.item import Removal

from . import index_schema as to
from .index_document import document
from .index_trouble import told_as_ours
from .text_index import FOLDER, read_marker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jolidrive.model.item import StoredItem

COMMIT_AFTER_S: Final = 1.0
COMMIT_AFTER_BEHIND_S: Final = 5.0
"""Where so much is waiting that a mark made now is not reached for seconds anyway."""
COMMIT_AFTER_ITEMS: Final = 40_000
_BEHIND: Final = 20_000
_LARGE_LOAD: Final = 20_000
_MERGED_AT_ONCE: Final = 8
_WORTH_MERGING: Final = 3
_SMALL: Final = 16_000
"""What the library takes for one size with the smallest: segments up to about so many items."""
_READ_AT_ONCE: Final = 250
_BUFFER: Final = 50_000_000
_CLAIM_S: Final = 3.0
_PAUSE_S: Final = 0.05


class ChangeFeed(Protocol):
    """The store, as far as the index needs it."""

    def last_seq(self) -> int:
        """The number of the newest change."""
        ...

    def changes(self, after: int, limit: int) -> Sequence[StoredItem | Removal]:
        """The next changes in order; one row only per item, its newest."""
        ...


class TextIndexWriter:
    """Held for a job; `close` waits for merges and lets go.

    Args:
        folder: the account's.
        feed: its store.
        account: its id.
        clock: for tests.
        on_commit: told the change number that each commit reached.
    """

    def __init__(
        self,
        folder: Path,
        feed: ChangeFeed,
        *,
        account: str = "",
        clock: Callable[[], float] = time.monotonic,
        on_commit: Callable[[int], None] | None = None,
    ) -> None:
        self._folder = folder / FOLDER
        self._feed = feed
        self._account = account
        self._clock = clock
        self._on_commit = on_commit
        self._schema = to.schema()
        self._writer: tantivy.IndexWriter | None = None
        self._abandoned = False
        self._step = 0
        self._highest = 0
        self._pending = 0
        self._written = 0
        self._committed_at = 0.0

    @property
    def step(self) -> int:
        """The change number reached by the last commit."""
        return self._step

    def behind(self) -> int:
        """How many changes are waiting, about: an item that changed twice counts twice."""
        if self._writer is None:
            self._open()
        return self._feed.last_seq() - self._step

    def follow(self) -> bool:
        """Brings the index up to the store, in commits; whether anything was committed."""
        if self._writer is None:
            self._open()
        if self._step > self._feed.last_seq():
            self.rebuild()
            return True
        committed = self._replay(self._step, in_one=False)
        if self._written >= _LARGE_LOAD:
            self._settle()
        return committed

    def rebuild(self) -> None:
        """Fills the index anew from the store; what there is answers until it is done."""
        if self._writer is None:
            self._open()
        with told_as_ours(self._account):
            self._held().delete_all_documents()
        self._highest = 0
        if not self._replay(0, in_one=True) and not self._abandoned:
            self._commit(self._feed.last_seq())

    def abandon(self) -> None:
        """Ends a `follow` in another thread soon; no commit or merge is waited for any more."""
        self._abandoned = True

    def close(self) -> None:
        """Waits for merges and lets go; what was not committed is left to the next one."""
        writer, self._writer = self._writer, None
        if writer is not None and not self._abandoned:
            # No rollback, which would stop the merges that are to be waited for.
            with told_as_ours(self._account):
                writer.wait_merging_threads()

    def _held(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise StoreDamagedError("index", self._account)
        return self._writer

    def _open(self) -> None:
        try:
            self._open_existing()
        except StoreDamagedError:
            self._make_anew()
        self._committed_at = self._clock()

    def _open_existing(self) -> None:
        if not (self._folder / "meta.json").exists():
            raise StoreDamagedError("index", self._account)
        with told_as_ours(self._account):
            index = tantivy.Index.open(str(self._folder))
            searcher = index.searcher()
            marker = read_marker(searcher, index.schema)
            if marker is None or marker[0] != to.FORMAT:
                raise StoreDamagedError("index", self._account)
            self._highest = _highest_number(searcher)
        self._writer = self._claim(index)
        self._step = marker[1]

    def _claim(self, index: tantivy.Index) -> tantivy.IndexWriter:
        """The writer; waits a little for a killed job's child, which lets go of it at once."""
        until = self._clock() + _CLAIM_S
        while True:
            try:
                with told_as_ours(self._account):
                    return index.writer(_BUFFER, 1)
            except StoreBusyError:
                if self._clock() >= until:
                    raise
                time.sleep(_PAUSE_S)

    def _make_anew(self) -> None:
        try:
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._folder.mkdir(parents=True)
        except PermissionError:
            # A reader on a system that keeps open files holds it; the next try may do.
            raise StoreBusyError(self._account, "index") from None
        with told_as_ours(self._account):
            index = tantivy.Index(
                self._schema,
                str(self._folder),
                sort_by_field=to.CREATED,
                sort_order=tantivy.Order.Desc,
            )
        self._writer = self._claim(index)
        self._step = self._highest = 0

    def _replay(self, after: int, *, in_one: bool) -> bool:
        committed = False
        reached = after
        while changes := self._next(reached):
            with told_as_ours(self._account):
                for change in changes:
                    self._apply(change)
            reached = changes[-1].seq
            if not in_one and self._due(reached):
                self._commit(reached)
                committed = True
        if self._pending and not self._abandoned:
            self._commit(reached)
            committed = True
        return committed

    def _next(self, reached: int) -> Sequence[StoredItem | Removal]:
        return () if self._abandoned else self._feed.changes(reached, _READ_AT_ONCE)

    def _apply(self, change: StoredItem | Removal) -> None:
        writer = self._held()
        number = change.number
        if number <= self._highest:
            # By query: by term the binding makes a signed term of it, which matches nothing.
            old = tantivy.Query.term_query(self._schema, to.NUMBER, number)
            writer.delete_documents_by_query(old)
        if not isinstance(change, Removal):
            writer.add_document(tantivy.Document.from_dict(document(change), self._schema))
            self._highest = max(self._highest, number)
        self._pending += 1

    def _due(self, reached: int) -> bool:
        if not self._pending or self._pending >= COMMIT_AFTER_ITEMS:
            return self._pending > 0
        waited = self._clock() - self._committed_at
        if waited < COMMIT_AFTER_S or waited >= COMMIT_AFTER_BEHIND_S:
            return waited >= COMMIT_AFTER_S
        return self._feed.last_seq() - reached < _BEHIND

    def _commit(self, reached: int) -> None:
        writer = self._held()
        with told_as_ours(self._account):
            writer.delete_documents_by_term(to.MARKER, to.MARKER_KEY)
            self._mark(writer, reached)
        self._step = reached
        self._written += self._pending
        self._pending = 0
        self._committed_at = self._clock()
        if self._on_commit is not None:
            self._on_commit(reached)

    def _settle(self) -> None:
        """Brings small segments together after a large load."""
        self._written = 0
        writer = self._held()
        with told_as_ours(self._account):
            small = _small_segments(self._folder)
            for _ in range(_MERGED_AT_ONCE - small if small >= _WORTH_MERGING else 0):
                # One more of the same marker is harmless; the next commit replaces them all.
                self._mark(writer, self._step)

    def _mark(self, writer: tantivy.IndexWriter, reached: int) -> None:
        marker = {to.MARKER: [to.MARKER_KEY, f"{to.FORMAT}:{reached}"]}
        writer.add_document(tantivy.Document.from_dict(marker, self._schema))
        writer.commit()


def _small_segments(folder: Path) -> int:
    """How many segments the library would take for the smallest size."""
    about = json.loads((folder / "meta.json").read_bytes())
    return sum(segment["max_doc"] <= _SMALL for segment in about["segments"])


def _highest_number(searcher: tantivy.Searcher) -> int:
    everything = tantivy.Query.all_query()
    hits = searcher.search(everything, 1, count=False, order_by_field=to.NUMBER).hits
    return int(hits[0][0] or 0) if hits else 0
