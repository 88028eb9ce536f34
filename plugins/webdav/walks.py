"""Walks a server's folders and gives their files, page by page.

Nextcloud, ownCloud and their kin change a folder's etag when anything below it changes: only
such folders are entered again (`EtagWalk`). All other servers are walked whole, as one listing,
so that what it did not show is gone (`WholeWalk`).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from jolidrive.api import CursorRefusedError, Page, Skipped

from .files import file_item, key_of, path_of
from .known import Known, check_of
from .reply import Listing, Member, Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jolidrive.api import Cursor, Item, Json

    Ask: TypeAlias = Callable[[Parts], Listing | int]

PAGE_FILES: Final = 500
MAX_DEPTH: Final = 40
MAX_SAME_NAME: Final = 4
WHOLE_EVERY: Final = timedelta(days=7)

_NOT_THERE: Final = frozenset({404, 410})
_REFUSED: Final = frozenset({403, 451})


class _Walk:
    """What both walks share: which folders to enter, and what is left out.

    `unsure` once a folder could not be read though it may be there: then nothing is taken
    for gone.
    """

    def __init__(self, root: str, ask: Ask) -> None:
        self._root = root
        self._ask = ask
        self._skipped: list[Skipped] = []
        self.unsure = False

    def _files(self, listing: Listing, path: Parts) -> list[Item]:
        if listing.strays:
            reason = "an address that is not below its folder, or not UTF-8"
            self._skipped.extend([Skipped(key=key_of(path), reason=reason)] * listing.strays)
        files = [one for one in listing.members if not one.is_folder]
        return [file_item(one, path, self._root) for one in files]

    def _folders(self, listing: Listing, path: Parts) -> list[Member]:
        """Folders to enter, by name; not those that seem to lead back into themselves."""
        entered: list[Member] = []
        for one in sorted(listing.members, key=lambda member: member.name):
            if not one.is_folder:
                continue
            if len(path) >= MAX_DEPTH or path.count(one.name) >= MAX_SAME_NAME:
                reason = "a folder nested too deep, or in a loop"
                self._skipped.append(Skipped(key=key_of((*path, one.name)), reason=reason))
            else:
                entered.append(one)
        return entered

    def _listing(self, path: Parts) -> Listing | None:
        """A folder's listing; None, and noted, when the server does not give it."""
        listing = self._ask(path)
        if isinstance(listing, Listing):
            return listing
        if listing in _NOT_THERE:
            reason = "a folder that is not there any more"
        elif listing in _REFUSED:
            reason = "a folder the server refuses to show"
        else:
            reason = "a folder the server could not show"
            self.unsure = True
        self._skipped.append(Skipped(key=key_of(path), reason=reason))
        return None

    def _take_skipped(self) -> tuple[Skipped, ...]:
        taken, self._skipped = tuple(self._skipped), []
        return taken


class WholeWalk(_Walk):
    """Every folder, always. The cursor is the path whose files were given last.

    A walk that goes on from there asks only for the folders above it again.
    """

    _LISTING: Final = "files"

    def __init__(self, root: str, ask: Ask, cursor: Mapping[str, Json]) -> None:
        super().__init__(root, ask)
        at = cursor.get("at")
        self._done = path_of(at) if isinstance(at, str) else None

    def pages(self, top: Listing) -> Iterator[Page]:
        """All files, the last page completing the listing."""
        items: list[Item] = []
        last: Parts = ()
        for path, listing in self._walk(top, (), self._done):
            files = self._files(listing, path)
            if items and len(items) + len(files) > PAGE_FILES:
                yield self._page(items, {"at": key_of(last)})
                items = []
            items += files
            while len(items) > PAGE_FILES:
                # Not all files of this folder are given: the cursor stays where it was.
                yield self._page(items[:PAGE_FILES], None)
                items = items[PAGE_FILES:]
            last = path
        yield Page(
            items=tuple(items),
            skipped=self._take_skipped(),
            listing=self._LISTING,
            complete=not self.unsure,
            cursor={"at": None},
        )

    def _page(self, items: list[Item], cursor: Cursor) -> Page:
        return Page(
            items=tuple(items),
            skipped=self._take_skipped(),
            listing=self._LISTING,
            cursor=cursor,
        )

    def _walk(
        self, listing: Listing, path: Parts, done: Parts | None
    ) -> Iterator[tuple[Parts, Listing]]:
        """Folders from here on, by name; `done` leads on to the last one that was given."""
        if done is None:
            yield path, listing
        for one in self._folders(listing, path):
            if done and one.name < done[0]:
                continue
            below = (*path, one.name)
            found = self._listing(below)
            if found is not None:
                rest = done[1:] if done and one.name == done[0] else None
                yield from self._walk(found, below, rest)


class EtagWalk(_Walk):
    """Folders whose etag changed. The cursor is the memory of folders walked to their end.

    A folder's etag is noted after everything below it was given, so a walk that was stopped
    enters only what is left. The files in a folder are a listing of their own. Where the
    memory is too small for all folders, the cursor is refused once a week, so that everything
    is listed anew and no removed folder is missed.
    """

    def __init__(self, root: str, ask: Ask, cursor: Mapping[str, Json]) -> None:
        super().__init__(root, ask)
        self._known = Known.of_json(cursor.get("folders"))
        started = cursor.get("listed_at")
        self._started = started if isinstance(started, str) else _now().isoformat()
        self._partial = cursor.get("partial") is True
        if self._partial and _is_old(self._started):
            raise CursorRefusedError

    def pages(self, top: Listing) -> Iterator[Page]:
        """The files of every folder that changed."""
        etag = check_of(top.folder.etag if top.folder else "")
        if etag and self._known.etag == etag:
            return
        yield from self._folder(top, (), self._known)
        self._known.etag = "" if self.unsure else etag
        yield Page(skipped=self._take_skipped(), cursor=self._cursor())

    def _folder(self, listing: Listing, path: Parts, known: Known) -> Iterator[Page]:
        yield from self._files_of(listing, path)
        folders = self._folders(listing, path)
        yield from self._gone(known, {one.name for one in folders}, path)
        for one in folders:
            below = (*path, one.name)
            inner, etag = known.child(one.name), check_of(one.etag)
            if etag and inner.etag == etag:
                continue
            inner.etag = ""
            found = self._listing(below)
            if found is not None:
                yield from self._folder(found, below, inner)
                inner.etag = "" if self.unsure else etag
            elif not self.unsure:
                yield from self._gone(known, {*known.inside} - {one.name}, path)

    def _files_of(self, listing: Listing, path: Parts) -> Iterator[Page]:
        items = self._files(listing, path)
        name = f"in {hashlib.sha256(key_of(path).encode()).hexdigest()[:40]}"
        for start in range(0, max(len(items), 1), PAGE_FILES):
            yield Page(
                items=tuple(items[start : start + PAGE_FILES]),
                skipped=self._take_skipped(),
                listing=name,
                complete=start + PAGE_FILES >= len(items),
                cursor=self._cursor(),
            )

    def _gone(self, known: Known, there: set[str], path: Parts) -> Iterator[Page]:
        gone = [name for name in known.inside if name not in there]
        if gone:
            yield Page(gone_below=tuple("/".join((*path, name)) for name in gone))
        for name in gone:
            del known.inside[name]

    def _cursor(self) -> Cursor:
        self._partial = self._known.forget_beyond() or self._partial
        return {
            "folders": self._known.as_json(),
            "listed_at": self._started,
            "partial": self._partial,
        }


def _now() -> datetime:
    return datetime.now(UTC)


def _is_old(started: str) -> bool:
    try:
        return _now() - datetime.fromisoformat(started) > WHOLE_EVERY
    except (ValueError, TypeError):
        return True
