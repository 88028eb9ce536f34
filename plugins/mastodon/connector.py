"""Own posts, favourites and bookmarks of one account at one server.

Question: Mastodon tells no deletions and edits old posts in silence; how is that seen? Answer:
once a week the cursor is refused, and everything is listed anew. In between a sync asks for
posts newer than the last one (`min_id`, which leaves no gap), for the newest page once more
(edits, reactions), and for the top of favourites and bookmarks until it meets what it knew.

Thumbnails are taken only where the server keeps them itself. Many servers keep pictures at
another host, which no manifest can know beforehand; such items have no picture.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from jolidrive.api import (
    Connector,
    Context,
    Identity,
    OptionMissingError,
    Page,
    Relation,
    Skipped,
    UnexpectedReplyError,
    server_address,
)

from .links import next_params
from .records import as_list, as_record, text_of
from .state import State
from .statuses import items_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jolidrive.api import Cursor, Item, Json, Reply

    from .records import Record

PAGE_POSTS: Final = 40
TOP: Final = 80
STATUSES: Final = "statuses"
SAVED: Final = ("favourites", "bookmarks")
_FIRST: Final = {"limit": str(PAGE_POSTS)}


class Mastodon(Connector):
    """One account."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._state = State.of_cursor(None)

    def identify(self) -> Identity:
        """`name@server`, by the server's own number."""
        me = self._me()
        host = urlsplit(self._server).netloc
        return Identity(
            key=f"{host} {text_of(me, 'id')}", label=f"{text_of(me, 'username')}@{host}"
        )

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Everything, or what is new since `cursor`.

        Raises:
            CursorRefusedError: a week has gone by.
        """
        self._state = State.of_cursor(cursor)
        own = f"accounts/{text_of(self._me(), 'id')}/statuses"
        if self._state.part:
            yield from self._everything(own)
        else:
            yield from self._news(own)

    # ── everything ───────────────────────────────────────────────────────────────────────

    def _everything(self, own: str) -> Iterator[Page]:
        """The three listings from their beginning, or from where they were left."""
        parts = (STATUSES, *SAVED)
        left = parts[parts.index(self._state.part) if self._state.part in parts else 0 :]
        for name, following in zip(left, (*left[1:], ""), strict=True):
            self._note(part=name)
            yield from self._forward(own, whole=True) if name == STATUSES else self._saved(name)
            self._note(part=following, params={})
            yield Page(cursor=self._state.as_cursor())

    def _forward(self, own: str, *, whole: bool) -> Iterator[Page]:
        """Own posts from `min_id` on, oldest first."""
        ended = False
        while not ended:
            posts, reply = self._list(own, {**_FIRST, "min_id": self._state.min_id})
            if reply.status != 200:
                yield self._not_told(STATUSES, reply)
                return
            newest = max(_ids(posts), key=_age, default="")
            ended = _age(newest) <= _age(self._state.min_id)
            if not ended:
                self._note(min_id=newest)
                ended = len(posts) < PAGE_POSTS and not next_params(reply, "prev")
            yield self._page(posts, STATUSES, complete=whole and ended)

    def _saved(self, name: str) -> Iterator[Page]:
        """Favourites or bookmarks, newest first, as the `Link` header leads."""
        seen: list[Mapping[str, str]] = []
        while True:
            params = self._state.params or _FIRST
            seen.append(params)
            posts, reply = self._list(name, params)
            if reply.status != 200:
                yield self._not_told(name, reply)
                return
            if params == _FIRST:
                self._note(tops={**self._state.tops, name: _ids(posts)[:TOP]})
            following = next_params(reply, "next") if posts else {}
            ended = not following or following in seen
            self._note(params={} if ended else following)
            yield self._page(posts, name, complete=ended)
            if ended:
                return

    # ── what is new ──────────────────────────────────────────────────────────────────────

    def _news(self, own: str) -> Iterator[Page]:
        """New posts, the newest ones as they are now, and what was saved since."""
        yield from self._forward(own, whole=False)
        posts, reply = self._list(own, _FIRST)
        if reply.status == 200:
            yield self._page(posts, STATUSES)
        for name in SAVED:
            yield from self._newly_saved(name)

    def _newly_saved(self, name: str) -> Iterator[Page]:
        """From the top until something known; the new top counts once all of it is read."""
        known = self._state.tops.get(name, ())
        params: Mapping[str, str] = _FIRST
        seen: list[Mapping[str, str]] = []
        top: tuple[str, ...] = ()
        while params and params not in seen:
            seen.append(params)
            posts, reply = self._list(name, params)
            if reply.status != 200:
                yield self._not_told(name, reply)
                return
            ids = _ids(posts)
            top = (*top, *ids)[:TOP]
            met = not set(known).isdisjoint(ids)
            params = {} if met or not posts else next_params(reply, "next")
            if not params or params in seen:
                self._note(tops={**self._state.tops, name: top})
            yield self._page(posts, name)

    def _note(self, **changes: Any) -> None:  # noqa: ANN401 - the fields of State
        self._state = replace(self._state, **changes)

    # ── asking ───────────────────────────────────────────────────────────────────────────

    @property
    def _server(self) -> str:
        typed = self.context.options.get("server", "")
        if not typed:
            raise OptionMissingError("mastodon", "server")
        return server_address(typed)

    def _me(self) -> Record:
        reply = self.session.get(f"{self._server}/api/v1/accounts/verify_credentials")
        me = as_record(reply.json())
        if reply.status != 200 or not text_of(me, "id"):
            host = urlsplit(self._server).netloc
            raise UnexpectedReplyError("no_account", host=host, status=reply.status)
        return me

    def _list(self, path: str, params: Mapping[str, str]) -> tuple[list[Json], Reply]:
        reply = self.session.get(f"{self._server}/api/v1/{path}", params=params)
        return (as_list(reply.json()) if reply.status == 200 else []), reply

    def _page(self, posts: list[Json], name: str, *, complete: bool = False) -> Page:
        relation = Relation.MADE if name == STATUSES else Relation.SAVED
        items: list[Item] = []
        skipped: list[Skipped] = []
        for post in posts:
            found = items_of(as_record(post), relation, self._server)
            items += found
            if not found:
                skipped.append(Skipped(key=name, reason="a post without id or author"))
        return Page(
            items=tuple(items),
            skipped=tuple(skipped),
            listing=name,
            complete=complete,
            cursor=self._state.as_cursor(),
        )

    def _not_told(self, name: str, reply: Reply) -> Page:
        """A list the server does not give (older or other software) costs only that list."""
        reason = f"the server does not give the list of {name} ({reply.status})"
        return Page(skipped=(Skipped(key=name, reason=reason),))


def _ids(posts: list[Json]) -> tuple[str, ...]:
    return tuple(one for post in posts if (one := text_of(as_record(post), "id")))


def _age(id_: str) -> tuple[int, str]:
    """Ids rise with time; they are texts, so a longer one is newer."""
    return len(id_), id_
