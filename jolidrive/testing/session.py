"""A session that plays a tape: `api.Session` with the gate's own rules and no network.

Hosts and methods are checked by the gate's `Permit`, statuses become the errors the real
session raises, and what was refused or is missing is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urljoin, urlsplit

from jolidrive.errors import (
    GuardError,
    RateLimitedError,
    ReplyTooLargeError,
    ServiceDownError,
    SignInNeededError,
    UnexpectedReplyError,
)
from jolidrive.net.hosts import https_spelling
from jolidrive.net.reply import PlainReply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jolidrive.api import Json
    from jolidrive.net.guard import Permit

    from .tapes import Tape

_HOPS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REFUSED_HEADERS: Final = frozenset({"authorization", "cookie", "host"})


class TapeSession:
    """Plays a tape to one connector.

    Args:
        tape: what is answered.
        permit: what may be asked.
        recorded_plain: host and port of a server that was recorded over plain HTTP (a test
            server on somebody's computer). Nothing is sent, so its addresses are fine here.
    """

    def __init__(self, tape: Tape, permit: Permit, recorded_plain: str = "") -> None:
        self.tape = tape
        self.permit = permit
        self._recorded_plain = recorded_plain.lower()
        self.asked: list[tuple[str, str]] = []
        self.refused: list[tuple[str, str]] = []

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
    ) -> PlainReply:
        """Answers one request from the tape."""
        if sum(part is not None for part in (json, form, body)) > 1:
            raise ValueError("at most one of json, form and body")
        if any(name.lower() in _REFUSED_HEADERS for name in headers or {}):
            raise ValueError("the gate sets this header")
        if params:
            url += ("&" if "?" in url else "?") + urlencode(params)
        for _ in range(_HOPS):
            reply = self._once(method.upper(), url)
            location = reply.headers.get("Location")
            if reply.status not in _REDIRECTS or not location:
                return self._told(reply)
            url = urljoin(url, location)
        raise UnexpectedReplyError("redirects", host=urlsplit(url).netloc)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> PlainReply:
        """Short for `request("GET", …)`."""
        return self.request("GET", url, params=params, headers=headers)

    def post(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> PlainReply:
        """Short for `request("POST", …)`."""
        return self.request(
            "POST", url, params=params, headers=headers, json=json, form=form, body=body
        )

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, limit: int
    ) -> Iterator[bytes]:
        """The recorded body."""
        reply = self.request("GET", url, headers=headers)
        host = urlsplit(url).netloc
        if reply.status != 200:
            raise UnexpectedReplyError("status", host=host, status=reply.status)
        if len(reply.body) > limit:
            raise ReplyTooLargeError(host, limit)
        return iter((reply.body,))

    def _once(self, method: str, url: str) -> PlainReply:
        try:
            self.permit.check(method, self._spelled(url))
        except GuardError:
            self.refused.append((method, url))
            raise
        self.asked.append((method, url))
        found = self.tape.answer(method, url)
        if found is None:
            return PlainReply(404, {"Content-Type": "application/json"}, url, b"{}")
        return PlainReply(found.status, found.headers, url, found.content)

    def _spelled(self, url: str) -> str:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.netloc.lower() == self._recorded_plain
        return https_spelling(url) if plain else url

    def _told(self, reply: PlainReply) -> PlainReply:
        """The reply, or the error the real session raises for its status."""
        host = urlsplit(reply.url).netloc
        if reply.status == 401:
            raise SignInNeededError(self.permit.service)
        if reply.status == 429:
            raise RateLimitedError(host)
        if reply.status >= 500:
            raise ServiceDownError(host, reply.status)
        return reply
