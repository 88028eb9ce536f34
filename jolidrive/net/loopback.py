"""Receives one browser redirect on this computer, and nothing else.

The first `/callback` with the right `state` wins; everything else gets 404 (browsers ask for
/favicon.ico), also a guess by another program. It listens on loopback addresses only, for one
sign-in, and only as long as that waits. Nothing of a request is ever logged.
"""

from __future__ import annotations

import hmac
import os
import select
import socket
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, ClassVar, Final, Self
from urllib.parse import parse_qs, urlsplit

from jolidrive.api.manifest import RedirectStyle
from jolidrive.errors import CancelledError, SignInTimedOutError, UnexpectedReplyError

from .pace import LOOK_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .pace import Timing

PATH: Final = "/callback"
_WORDS: Final = {RedirectStyle.LOCALHOST: "localhost"}
_LONGEST: Final = 4096
_FACTS: Final[tuple[str, ...]] = ("hostname", "locationid")
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Jolidrive</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 30em; margin: 18vh auto }}
h1 {{ font-size: 1.5em; font-weight: 600 }}
</style></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
_DONE: Final = _PAGE.format(
    title="Jolidrive has the answer.",
    text="Close this tab and go back to Jolidrive. It shows there how it goes on.",
)
_REFUSED: Final = _PAGE.format(
    title="Nothing was connected.",
    text="You said no, so Jolidrive keeps nothing. Close this tab and go back to Jolidrive.",
)
_NOTHING: Final = _PAGE.format(
    title="Nothing waits here.",
    text="This address only receives the answer to a sign-in that Jolidrive has just begun.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What the browser brought: a code or an error; `facts` are public."""

    code: str = field(default="", repr=False)
    error: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class SignIns:
    """How many sign-ins wait in this process. One a process, held by the `Gate`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """One more waits meanwhile."""
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    @property
    def only_one(self) -> bool:
        """Whether an answer without `state` can mean one sign-in only."""
        with self._lock:
            return self._waiting == 1


class Listener:
    """Waits for one redirect.

    Args:
        style: how the service wants the address spelled.
        ports: for `exact`: the registered ones, tried in order.
        state: what the answer must bring back.
        state_returned: False where the service drops `state`; then an answer without one
            counts only while no other sign-in waits.
        sign_ins: all that wait in this process.
    """

    def __init__(
        self,
        style: RedirectStyle,
        ports: tuple[int, ...],
        *,
        state: str,
        state_returned: bool,
        sign_ins: SignIns,
    ) -> None:
        self._state = state
        self._state_returned = state_returned
        self._sign_ins = sign_ins
        self._lock = threading.Lock()
        self._callback: Callback | None = None
        self._answered = threading.Event()
        self._word = _WORDS.get(style, "127.0.0.1")
        self._servers = _open(style, ports, self)
        self.port: int = self._servers[0].server_address[1]

    @property
    def redirect_uri(self) -> str:
        """The address to give to the service."""
        return f"http://{self._word}:{self.port}{PATH}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stops listening."""
        for server in self._servers:
            server.server_close()

    def wait(self, cancelled: Callable[[], bool], timing: Timing, within_s: float) -> Callback:
        """The one answer.

        Raises:
            CancelledError: the person, or a process that is closing, stopped it.
            SignInTimedOutError: nobody came back in time.
        """
        until = timing.monotonic() + within_s
        with self._sign_ins.waiting():
            while self._callback is None or not self._answered.is_set():
                if cancelled():
                    raise CancelledError
                if timing.monotonic() >= until:
                    raise SignInTimedOutError(within_s)
                self._serve_some()
            return self._callback

    def receive(self, untrusted_target: str, untrusted_host: str) -> tuple[int, str]:
        """Status and page for a GET of `target`; keeps it when it is the awaited one."""
        parts = urlsplit(untrusted_target)
        callback = None
        if parts.path == PATH and untrusted_host in self._names():
            callback = self._read(parts.query)
        with self._lock:
            if callback is None or self._callback is not None:
                return 404, _NOTHING
            self._callback = callback
        return 200, _REFUSED if callback.error else _DONE

    def served(self) -> None:
        """A page has been sent; ends the wait when the answer is there."""
        if self._callback is not None:
            self._answered.set()

    def _names(self) -> frozenset[str]:
        """What a browser sent here calls us; another name points to us from outside."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    def _read(self, query: str) -> Callback | None:
        try:
            values = parse_qs(query, keep_blank_values=True, max_num_fields=30)
        except ValueError:
            return None
        if any(len(many) > 1 or len(many[0]) > _LONGEST for many in values.values()):
            return None
        one = {name: many[0] for name, many in values.items()}
        if not self._is_ours(one.get("state", "")):
            return None
        facts: dict[str, str] = {name: one[name] for name in _FACTS if name in one}
        if one.get("error"):
            return Callback(error=one["error"][:100], facts=facts)
        return Callback(code=one["code"], facts=facts) if one.get("code") else None

    def _is_ours(self, state: str) -> bool:
        if state or self._state_returned:
            return hmac.compare_digest(state.encode(), self._state.encode())
        return self._sign_ins.only_one

    def _serve_some(self) -> None:
        ready, _, _ = select.select(self._servers, [], [], LOOK_S / 2)
        for server in ready:
            server.handle_request()
        if ready:
            self._answered.wait(LOOK_S / 2)


class _Handler(BaseHTTPRequestHandler):
    timeout: ClassVar[float | None] = 5.0

    def do_GET(self) -> None:
        if not isinstance(self.server, _Server):
            return
        listener = self.server.listener
        status, page = listener.receive(self.path, self.headers.get("Host", ""))
        body = page.encode()
        try:
            self.send_response_only(status)
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        finally:
            listener.served()

    def do_OTHER(self) -> None:
        self.send_response_only(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_OTHER  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own
        """Says nothing: the line would hold the code."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    timeout: float | None = 0.0
    allow_reuse_address = os.name == "posix"

    def __init__(self, family: socket.AddressFamily, port: int, listener: Listener) -> None:
        self.address_family = family
        self.listener = listener
        host = "::1" if family is socket.AF_INET6 else "127.0.0.1"
        super().__init__((host, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is nobody's error."""


def _open(style: RedirectStyle, ports: tuple[int, ...], listener: Listener) -> list[_Server]:
    """Listens on the first port that is free, for `localhost` on both loopback addresses.

    Raises:
        UnexpectedReplyError: every registered port is taken (`reason` is `ports_taken`).
    """
    wanted = ports if style is RedirectStyle.EXACT else (0,) * 5
    for port in wanted:
        servers: list[_Server] = []
        try:
            servers.append(_Server(socket.AF_INET, port, listener))
            if style is RedirectStyle.LOCALHOST and _has_ipv6():
                taken = servers[0].server_address[1]
                servers.append(_Server(socket.AF_INET6, int(taken), listener))
        except OSError:
            for server in servers:
                server.server_close()
            continue
        return servers
    raise UnexpectedReplyError("ports_taken", host="127.0.0.1")


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


def registered_redirects(style: RedirectStyle, ports: tuple[int, ...]) -> tuple[str, ...]:
    """The addresses to register with a service beforehand."""
    if style is RedirectStyle.EXACT:
        return tuple(f"http://127.0.0.1:{port}{PATH}" for port in ports)
    if style is RedirectStyle.EITHER:
        return (f"http://127.0.0.1{PATH}", f"http://localhost{PATH}")
    return (f"http://{_WORDS.get(style, '127.0.0.1')}{PATH}",)
