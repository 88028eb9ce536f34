"""One person's files on a WebDAV server.

Two kinds of server need two walks, see `walks`. Nothing here follows an address the server
wrote: every request goes to the typed address and what lies below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from jolidrive.api import (
    Connector,
    CursorRefusedError,
    Identity,
    OptionMissingError,
    UnexpectedReplyError,
    server_address,
)

from .files import address_of, path_of
from .reply import ASKED, Listing, Parts, parts_of, read_listing
from .walks import EtagWalk, WholeWalk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.api import Cursor, Page, Reply

MAX_BYTES: Final = 2**33
_COMMON_ENTRY: Final = "/remote.php/webdav"
"""Where Nextcloud and ownCloud keep the files of whoever asks."""

_NOT_THERE: Final = frozenset({404, 410})


class WebDav(Connector):
    """One person's files on one server."""

    _entered = ""

    def identify(self) -> Identity:
        """The server's name for the person where it tells one, else the folder's address."""
        root, listing = self._enter(depth="0")
        address = urlsplit(root)
        place = f"{address.netloc}{address.path}"
        told = listing.folder.principal if listing.folder else ""
        who = parts_of(told) or ()
        if not who:
            return Identity(key=root, label=place)
        return Identity(key=f"{root} {'/'.join(who)}", label=f"{who[-1]} at {place}")

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """All files, or those of folders that changed since `cursor`.

        Raises:
            CursorRefusedError: the cursor is of the other walk, or a whole look is due.
        """
        known = cursor if isinstance(cursor, dict) else {}
        root, listing = self._enter(depth="1")
        top = listing.folder
        tells_changes = top is not None and bool(top.fileid and top.etag)
        if ("at" if tells_changes else "folders") in known:
            raise CursorRefusedError

        def ask(path: Parts) -> Listing | int:
            return self._list(root, path)

        if tells_changes:
            yield from EtagWalk(root, ask, known).pages(listing)
        else:
            yield from WholeWalk(root, ask, known).pages(listing)

    def open(self, key: str) -> Iterator[bytes]:
        """The file's bytes."""
        if not self._entered:
            self._entered = self._enter(depth="0")[0]
        try:
            yield from self.session.stream(
                address_of(self._entered, path_of(key)), limit=MAX_BYTES
            )
        except UnexpectedReplyError as trouble:
            if trouble.status in _NOT_THERE:
                raise FileNotFoundError(key) from None
            raise

    def _list(self, root: str, path: Parts) -> Listing | int:
        """What lies in a folder, or the status of a server that does not tell."""
        address = f"{address_of(root, path)}/"
        reply = self._ask(address, "1")
        if not _is_list(reply):
            return reply.status
        try:
            return read_listing(reply.xml(), (address, reply.url))
        except UnexpectedReplyError:
            return reply.status

    def _enter(self, depth: str) -> tuple[str, Listing]:
        """The address of the files, and what the server tells of it.

        Raises:
            UnexpectedReplyError: there is no WebDAV at the address.
        """
        typed = self._typed()
        status = None
        for root in (typed, typed + _COMMON_ENTRY):
            reply = self._ask(f"{root}/", depth)
            if _is_list(reply):
                return root, read_listing(reply.xml(), (f"{root}/", reply.url))
            status = status or reply.status
        raise UnexpectedReplyError("no_webdav", host=urlsplit(typed).netloc, status=status)

    def _typed(self) -> str:
        typed = self.context.options.get("server", "")
        if not typed:
            raise OptionMissingError("webdav", "server")
        return server_address(typed)

    def _ask(self, address: str, depth: str) -> Reply:
        headers = {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}
        return self.session.request("PROPFIND", address, headers=headers, body=ASKED)


def _is_list(reply: Reply) -> bool:
    return reply.status == 207
