"""What a connector holds: plain requests in, plain replies out.

The session prepares requests, follows redirects hop by hop through the guard, waits where a
service asks for patience, tries again where that is harmless, reads bodies within limits and
has a refused token refreshed once. A reply never leads back to its request. `Gate` makes
sessions and is the only thing in `net` that other parts build.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from requests import Request
from requests.exceptions import RequestException
from urllib3.exceptions import DecodeError, HTTPError

from jolidrive.errors import (
    OfflineError,
    RateLimitedError,
    ReplyTooLargeError,
    ServiceDownError,
    SignInNeededError,
    UnexpectedReplyError,
)

from .guard import READING, Credentials, Guard, Permit
from .hosts import read_address
from .loopback import SignIns
from .pace import Pacer, Timing, Watch, wanted_wait_s
from .prepare import prepared_request, redirected
from .reply import PlainReply
from .sockets import TooSlowError
from .wire import NetworkSettings, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from requests import PreparedRequest, Response
    from requests.adapters import BaseAdapter

    from jolidrive.model.item import Json

    from .ledger import Ledger

SLOWEST: Final = 16 * 1024
_PIECE: Final = 64 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# At their lower levels these write addresses, headers and tokens into the log.
_TALKATIVE: Final = ("urllib3", "requests", "requests_oauthlib", "oauthlib")
Stopping: TypeAlias = "Callable[[], bool]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a session puts up with.

    Args:
        tries: sends of one request at most.
        hops: redirects in a row.
        patience_s: what it waits by itself when a service asks to, over all tries.
        within_s: whole time of one request, waits of ours apart; a stream gets a second more
            for every 16 kB of its limit.
        body: bytes of a reply after decompression.
    """

    tries: int = 4
    hops: int = 5
    patience_s: float = 60.0
    within_s: float = 120.0
    body: int = 64 * 1024 * 1024


class GateSession:
    """One account's way out (implements `api.Session`).

    Args:
        guard: the gate itself.
        credentials: refreshed here when the service refuses them.
        pacer: where it waits.
        count: counts body bytes by host.
        stopping: looked at every 250 ms while it waits.
        limits: what it puts up with.
    """

    def __init__(
        self,
        guard: Guard,
        credentials: Credentials | None,
        pacer: Pacer,
        count: Callable[[str, int], None],
        stopping: Stopping,
        limits: Limits,
    ) -> None:
        self._guard = guard
        self._credentials = credentials
        self._pacer = pacer
        self._count = count
        self._stopping = stopping
        self._limits = limits

    def __repr__(self) -> str:
        return f"GateSession({self._guard.permit.service!r})"

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
        """Sends one request. At most one of `json`, `form` and `body`."""
        if sum(part is not None for part in (json, form, body)) > 1:
            raise ValueError("at most one of json, form and body")
        prepared = prepared_request(
            Request(
                method.upper(),
                url,
                params=params,
                headers=dict(headers or {}),
                json=json,
                data=form if body is None else body,
            )
        )
        return self.exchange(prepared)

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
        """The body of a GET in pieces; `limit` in bytes."""
        prepared = prepared_request(Request("GET", url, headers=dict(headers or {})))
        within_s = self._limits.within_s + limit / SLOWEST
        response = self._answer(prepared, within_s)
        if response.status_code != 200:
            host = read_address(response.url).shown
            response.close()
            raise UnexpectedReplyError("status", host=host, status=response.status_code)
        return self._pieces(response, limit, self._guard.watch)

    def exchange(self, prepared: PreparedRequest) -> PlainReply:
        """Sends a prepared request and reads the whole answer."""
        for attempt in range(self._limits.tries):
            response = self._answer(prepared, self._limits.within_s)
            try:
                pieces = self._pieces(response, self._limits.body, self._guard.watch)
                content = b"".join(pieces)
            except OfflineError:
                if attempt + 1 == self._limits.tries or prepared.method not in READING:
                    raise
                self._rest(self._backoff_s(attempt))
                continue
            return PlainReply(response.status_code, response.headers, response.url, content)
        raise AssertionError  # pragma: no cover - a session tries at least once

    def close(self) -> None:
        """Closes connections. The session must not be used afterwards."""
        self._guard.close()

    # ── getting an answer ───────────────────────────────────────────────────────────────

    def _answer(self, prepared: PreparedRequest, within_s: float) -> Response:
        """The last answer, after refresh, redirects, waiting and trying again."""
        self._watch_for(within_s)
        if self._credentials is not None and self._credentials.stale():
            self._refresh()
            self._watch_for(within_s)
        response = self._hops(prepared)
        if response.status_code == 401 and self._guard.gets_token(response.url):
            response.close()
            self._refresh()
            self._watch_for(within_s)
            response = self._hops(prepared)
            if response.status_code == 401:
                response.close()
                raise SignInNeededError(self._guard.permit.service)
        return response

    def _watch_for(self, within_s: float) -> None:
        self._guard.watch = Watch(self._stopping, self._pacer.timing, within_s)

    def _refresh(self) -> None:
        self._guard.watch.look()
        if self._credentials is None or not self._credentials.refresh():
            raise SignInNeededError(self._guard.permit.service)

    def _hops(self, prepared: PreparedRequest) -> Response:
        """Follows redirects; the guard checks each hop, and adds the token or does not."""
        request = prepared
        for _ in range(self._limits.hops + 1):
            response = self._patient(request)
            location = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or not location:
                return response
            response.close()
            request = redirected(request, response.status_code, location)
        host = read_address(request.url or "").shown
        raise UnexpectedReplyError("redirects", host=host)

    def _patient(self, request: PreparedRequest) -> Response:
        """One hop, tried again where that is harmless."""
        patience_s = self._limits.patience_s
        for attempt in range(self._limits.tries):
            last = attempt + 1 == self._limits.tries
            try:
                response = self._guard.send(request, stream=True)
            except OfflineError:
                if last or request.method not in READING or self._guard.watch.left_s <= 0:
                    raise
                self._rest(self._backoff_s(attempt))
                continue
            if response.status_code != 429 and response.status_code < 500:
                return response
            response.close()
            wait_s = self._wait_s(request, response, attempt, last=last)
            patience_s -= wait_s
            if patience_s < 0:
                raise RateLimitedError(read_address(response.url).shown, wait_s)
            self._rest(wait_s)
        raise AssertionError  # pragma: no cover - a session tries at least once

    def _wait_s(
        self, request: PreparedRequest, response: Response, attempt: int, *, last: bool
    ) -> float:
        """How long to wait before the next try, or the error that ends trying."""
        status, where = response.status_code, read_address(response.url)
        asked_s = None
        if status in {429, 503}:
            asked_s = wanted_wait_s(response.headers, self._pacer.timing.now())
        if asked_s is not None:
            self._pacer.hold(where.entry, min(asked_s, self._limits.patience_s))
        if asked_s is not None and (last or asked_s > self._limits.patience_s):
            raise RateLimitedError(where.shown, asked_s)
        if status == 429 and last:
            raise RateLimitedError(where.shown, None)
        if last or (status != 429 and request.method not in READING):
            raise ServiceDownError(where.shown, status)
        return self._backoff_s(attempt) if asked_s is None else asked_s

    def _backoff_s(self, attempt: int) -> float:
        """Half a second, one, two …, and up to as much again: not all come back at once."""
        return 0.5 * 2.0**attempt * (1.0 + self._pacer.timing.chance())

    def _rest(self, seconds: float) -> None:
        self._pacer.rest(seconds, self._guard.watch)

    # ── reading the body ────────────────────────────────────────────────────────────────

    def _pieces(self, response: Response, limit: int, watch: Watch) -> Iterator[bytes]:
        """The decoded body; `limit` counts what comes out, not what came over the wire."""
        host, size = read_address(response.url).shown, 0
        try:
            while piece := self._piece(response, limit, watch):
                size += len(piece)
                if size > limit:
                    raise ReplyTooLargeError(host, limit)
                yield piece
        finally:
            self._count(host, _wire_size(response, size))
            response.close()

    def _piece(self, response: Response, limit: int, watch: Watch) -> bytes:
        host = read_address(response.url).shown
        trouble: Exception = ReplyTooLargeError(host, limit)
        watch.look()
        if watch.left_s <= 0:
            raise trouble
        try:
            with self._guard.reading(watch):
                piece: bytes = response.raw.read1(_PIECE, decode_content=True)
        except TooSlowError:
            pass
        except DecodeError:
            trouble = UnexpectedReplyError("encoding", host=host)
        except (HTTPError, RequestException, OSError):
            trouble = OfflineError(host)
        else:
            return piece
        raise trouble


class Gate:
    """Makes sessions. One a process, built by whoever joins the parts.

    Args:
        settings: proxy and certificates.
        ledger: who was contacted.
        pacer: shared by all sessions of the process.
        wire: makes the transport for a permit; tests put a service here.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        ledger: Ledger,
        pacer: Pacer,
        wire: Callable[[Permit], BaseAdapter] | None = None,
    ) -> None:
        self.ledger = ledger
        self.pacer = pacer
        self.sign_ins = SignIns()
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._wire = wire or (lambda permit: Wire(settings, permit.pinned))

    @property
    def timing(self) -> Timing:
        """The clock of everything in here."""
        return self.pacer.timing

    def session(
        self,
        permit: Permit,
        credentials: Credentials | None,
        *,
        purpose: str,
        stopping: Stopping,
        limits: Limits | None = None,
    ) -> GateSession:
        """A way out for one account; `stopping` is asked every 250 ms while it waits."""
        note = partial(self._note, permit, purpose)
        guard = Guard(permit, credentials, self._wire(permit), note, self.pacer)
        return GateSession(
            guard,
            credentials,
            self.pacer,
            lambda host, size: note(host, size=size),
            stopping,
            limits or Limits(),
        )

    def _note(
        self, permit: Permit, purpose: str, host: str, *, calls: int = 0, size: int = 0
    ) -> None:
        self.ledger.note(host, permit.service, permit.account, purpose, calls=calls, size=size)


def _wire_size(response: Response, decoded: int) -> int:
    tell = getattr(response.raw, "tell", None)
    return int(tell()) if callable(tell) else decoded
