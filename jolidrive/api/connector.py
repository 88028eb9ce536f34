"""What a connector is and what it holds. Plain values and protocols: nothing here does work.

A connector never sees a token: the session adds it after the request has left plugin code.
Stopping needs no code in the connector: its iterator is closed between pages, and the session
refuses in between.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from jolidrive.model.item import Folder, Item, Json, Kind

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from xml.etree.ElementTree import Element

Cursor: TypeAlias = Json
"""Where to go on: small JSON a connector gave with a page and gets back at the next pull."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who has signed in.

    Args:
        key: stable id at the service; a second sign-in with the same key is the same account.
        label: how the person knows the account (`maya@example.social`).
    """

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A record left out, and why, in a few of the connector's own words (no content)."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A step of a pull; stored together with its cursor in one transaction.

    Args:
        items: new or changed things; giving a key again replaces it.
        gone: keys that no longer exist.
        gone_below: folder paths: they and everything under them no longer exist. Applied
            before `items`, so a move is `gone_below` plus the items under their new path.
        skipped: records that could not or should not become items.
        cursor: where to go on after this page; None keeps the last one.
        total: how many there will be in all, if the service tells.
        folders: folders with ids; items name them by `parent`.
        listing: name of a part that is being listed anew by this page.
        complete: `listing` ends with this page; what it did not show is gone from it.
    """

    items: tuple[Item, ...] = ()
    gone: tuple[str, ...] = ()
    gone_below: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    cursor: Cursor = None
    total: int | None = None
    folders: tuple[Folder, ...] = ()
    listing: str | None = None
    complete: bool = False


class Reply(Protocol):
    """An answer of the service. It does not lead back to the request, which held the token."""

    @property
    def status(self) -> int:
        """HTTP status. Statuses the session handles itself (401, 429, 5xx) never arrive."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers, by any spelling of their names."""
        ...

    @property
    def url(self) -> str:
        """The address that answered, after redirects."""
        ...

    def json(self) -> Json:
        """The body as JSON.

        Raises:
            UnexpectedReplyError: it is not JSON.
        """
        ...

    def text(self) -> str:
        """The body as text."""
        ...

    def xml(self) -> Element:
        """The body as XML, read without entities or outside references.

        Raises:
            UnexpectedReplyError: it is not XML, or not harmless XML.
        """
        ...


class Session(Protocol):
    """The one way out. Only hosts the manifest declares, HTTPS, paced, retried, in the ledger.

    Raises:
        SignInNeededError: 401 after one refresh.
        RateLimitedError: 429 for longer than the session waits by itself.
        ServiceDownError: 5xx after retries.
        OfflineError: no connection after retries.
        GuardError: the gate stopped it.
    """

    def request(  # noqa: PLR0913 - the shape every HTTP library has
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Sends one request. At most one of `json`, `form` and `body`."""
        ...

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Short for `request("GET", …)`."""
        ...

    def post(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Short for `request("POST", …)`."""
        ...

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, limit: int
    ) -> Iterator[bytes]:
        """The body of a GET in pieces; `limit` in bytes.

        Raises:
            ReplyTooLargeError: there is more than `limit`.
            UnexpectedReplyError: the status is not 200.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the person wants of the service: kinds, and nothing older than `since`."""

    kinds: frozenset[Kind] = frozenset(Kind)
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a connector is given.

    Args:
        session: the way out.
        log: for counts and ids; never content.
        options: what the person typed for the manifest's options (`server`, …); no secrets.
        wanted: kinds and date window.
        grant: public facts told with the token (`hostname`, …).
    """

    session: Session
    log: logging.Logger
    options: Mapping[str, str] = field(default_factory=dict)
    wanted: Wanted = Wanted()
    grant: Mapping[str, str] = field(default_factory=dict)


class Connector(ABC):
    """One service, for one account. Made anew for each sync."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.session = context.session

    @abstractmethod
    def identify(self) -> Identity:
        """Who has signed in. Also the first test that the grant works."""

    @abstractmethod
    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Everything since `cursor` (None: everything there is), page by page.

        Raises:
            CursorRefusedError: the service no longer knows the cursor.
        """

    def open(self, key: str) -> Iterator[bytes]:
        """The full content of one item, in pieces, for items with `has_content`.

        Raises:
            FileNotFoundError: the service has it no more.
        """
        raise FileNotFoundError(key)

    def thumbnail(self, key: str, side: int) -> Iterator[bytes]:  # noqa: ARG002 - for those who override it
        """A small picture of about `side` pixels, for items whose `thumbnail` is `ASK`.

        Raises:
            FileNotFoundError: there is none.
        """
        raise FileNotFoundError(key)
