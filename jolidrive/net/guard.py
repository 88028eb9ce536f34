"""The gate: every byte out passes `Guard.send`, and nothing else opens a connection.

Kept here, in one sitting's reading, is the promise *your data stays here*:

1. Only declared hosts are asked, each redirect hop again (whoever follows redirects comes
   back here); hosts are compared as they will be connected.
2. HTTPS only. Plain HTTP only to `127.0.0.1` or `[::1]`, and only where the person typed that
   very address (or in the demo).
3. Only reading methods, and what the manifest declares besides.
4. The token is added last, on a copy nobody else ever holds, only for `token_hosts`. Neither
   the reply nor an error leads back to that copy.

The guard does not retry, follow, read bodies or know what a token looks like.
"""

from __future__ import annotations

import http.client
import re
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from requests import Response
from requests.adapters import BaseAdapter
from requests.cookies import RequestsCookieJar
from requests.exceptions import RequestException
from requests.exceptions import SSLError as RequestsSslError
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from jolidrive.errors import (
    CertificateUnknownError,
    HostNotAllowedError,
    InsecureAddressError,
    JolidriveError,
    MethodNotAllowedError,
    OfflineError,
    ReplyTooLargeError,
)

from .hosts import Address, host_entry, read_address
from .pace import Watch
from .sockets import TooSlowError
from .wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping, Sequence

    from requests import PreparedRequest

    from .pace import Pacer

READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT", "SEARCH"})
NEVER: Final = frozenset({"CONNECT", "TRACE"})
HEADERS_LIMIT: Final = 65_536
DEFAULT_S: Final = 120.0
REFUSED_HEADERS: Final = frozenset(
    {
        "authorization",
        "connection",
        "cookie",
        "cookie2",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    }
)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BAD_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BAD_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f\\]|[^\x00-\x7f]")
_REST: Final = re.compile(r"[^:]+://[^/?#]*([^#]*).*", re.DOTALL)
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


Answer: TypeAlias = Response | JolidriveError


class Credentials(Protocol):
    """What proves who asks. The guard calls `apply`, the session the rest."""

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Adds itself to the headers of the copy that goes out."""
        ...

    def stale(self) -> bool:
        """Whether it is known to be out of date, so that a refresh saves a refused call."""
        ...

    def refresh(self) -> bool:
        """Gets a new one; False when there is none to be had."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What one account may ask. Hosts are names or `name:port`, nothing left to fill in.

    Args:
        account: its id; None while nobody has signed in yet.
        service: the plugin's id.
        token_hosts: get the token.
        open_hosts: may be asked, never get the token.
        methods: allowed besides `READING`.
        typed_loopback: entries (`127.0.0.1:8080`) the person typed as `http://`, or the demo's.
        pinned_fingerprint: SHA-256 of the only certificate the token hosts may show.
        pace: requests a second to one host; 0: any.
    """

    account: str | None
    service: str
    token_hosts: frozenset[str] = frozenset()
    open_hosts: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    typed_loopback: frozenset[str] = frozenset()
    pinned_fingerprint: str | None = None
    pace: float = 5.0
    allowed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Brings hosts into the form they are compared in."""
        tokens = frozenset(host_entry(host) for host in self.token_hosts)
        opens = frozenset(host_entry(host) for host in self.open_hosts)
        typed = frozenset(host_entry(host) for host in self.typed_loopback)
        object.__setattr__(self, "token_hosts", tokens)
        object.__setattr__(self, "open_hosts", opens)
        object.__setattr__(self, "typed_loopback", typed)
        object.__setattr__(self, "allowed", tokens | opens)
        methods = frozenset(name.upper() for name in self.methods)
        if not all(_METHOD.fullmatch(name) and name not in NEVER for name in methods):
            raise ValueError("a method nobody may declare")
        object.__setattr__(self, "methods", methods)
        if self.pinned_fingerprint is not None:
            pin = self.pinned_fingerprint.replace(":", "").lower()
            if not _FINGERPRINT.fullmatch(pin):
                raise ValueError("a fingerprint is 64 hexadecimal digits")
            object.__setattr__(self, "pinned_fingerprint", pin)

    @property
    def pinned(self) -> dict[str, str]:
        """Host entry → fingerprint, for the wire."""
        pin = self.pinned_fingerprint
        return dict.fromkeys(self.token_hosts, pin) if pin else {}

    def check(self, method: str, url: str) -> Address:
        """Where a request would go.

        Raises:
            GuardError: it may not.
        """
        where = read_address(url)
        if where.entry not in self.allowed:
            raise HostNotAllowedError(where.shown, self.service)
        if where.scheme != "https":
            self._check_plain(where)
        if method not in READING and method not in self.methods:
            raise MethodNotAllowedError(method[:20], self.service)
        return where

    def _check_plain(self, where: Address) -> None:
        if not where.literal_loopback or where.entry not in self.typed_loopback:
            raise InsecureAddressError(where.shown, "plain_http")


class Note(Protocol):
    """Where the guard counts: the ledger, with service, account and purpose filled in."""

    def __call__(self, host: str, *, calls: int = 0, size: int = 0) -> None:
        """Counts requests, and body bytes either way."""
        ...


class Guard(BaseAdapter):
    """The adapter every request passes.

    Args:
        permit: what may be asked.
        credentials: added last; None: there are none.
        wire: the transport; in tests, the service.
        note: counts every request.
        pacer: lets each host breathe.
    """

    def __init__(
        self,
        permit: Permit,
        credentials: Credentials | None,
        wire: BaseAdapter,
        note: Note,
        pacer: Pacer,
    ) -> None:
        super().__init__()
        self.permit = permit
        self.watch = Watch(lambda: False, pacer.timing, DEFAULT_S)
        self._credentials = credentials
        self._wire = wire
        self._note = note
        self._pacer = pacer

    def __repr__(self) -> str:
        return f"Guard({self.permit.service!r})"

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002, ARG002 - bodies are always streamed
        timeout: object = None,  # noqa: ARG002 - the wire's own
        verify: object = True,  # noqa: ARG002, FBT002 - the settings' own
        cert: object = None,  # noqa: ARG002 - the settings' own
        proxies: object = None,  # noqa: ARG002 - the settings' own
    ) -> Response:
        """Lets a request out, or raises.

        Raises:
            GuardError: it may not go out, and nothing was sent; or nobody vouches for the
                certificate, and nothing but a handshake was sent.
            OfflineError: there was no way to the host, or it did not answer in time.
            CancelledError: it was stopped.
        """
        url, method = request.url or "", request.method or ""
        where = self.permit.check(method, url)
        if _BAD_ADDRESS.search(url):
            raise InsecureAddressError(where.shown, "odd_address")
        copy = _stripped(request, where)
        self._pacer.take(where.entry, self.permit.pace, self.watch)
        self._note(where.shown, calls=1, size=len(copy.body or b""))
        credentials = self._credentials_for(where)
        if credentials is None:
            answer = self._send(copy, where)
        else:
            answer = self._send_with_token(copy, where, credentials)
        if isinstance(answer, JolidriveError):
            raise answer
        return _unlinked(answer, request)

    def gets_token(self, url: str) -> bool:
        """Whether a request to this address carries the credentials."""
        return self._credentials_for(read_address(url)) is not None

    @contextmanager
    def reading(self, watch: Watch) -> Iterator[None]:
        """While an answer or its body is waited for."""
        if isinstance(self._wire, Wire):
            with self._wire.holder.using(watch):
                yield
        else:
            yield

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._wire.close()

    def _credentials_for(self, where: Address) -> Credentials | None:
        return self._credentials if where.entry in self.permit.token_hosts else None

    def _send_with_token(
        self, stripped: PreparedRequest, where: Address, credentials: Credentials
    ) -> Answer:
        """The one place where a token meets a request.

        Errors are returned: a raised one would carry this frame, with the copy in it, to
        whoever looks at its traceback.
        """
        copy = stripped.copy()
        credentials.apply(copy.headers)
        if not all(header_is_sound(name, value) for name, value in copy.headers.items()):
            return InsecureAddressError(where.shown, "odd_token")
        return self._send(copy, where)

    def _send(self, copy: PreparedRequest, where: Address) -> Answer:
        try:
            with self.reading(self.watch):
                return self._wire.send(copy, stream=True)
        except JolidriveError as error:
            return bare(error)
        except (RequestException, HTTPError, OSError, TooSlowError) as error:
            causes = list(_causes(error))
        if any(isinstance(cause, ssl.SSLError | RequestsSslError) for cause in causes):
            return self._certificate_trouble(copy, where, causes)
        if any(_endless_headers(cause) for cause in causes):
            return ReplyTooLargeError(where.shown, HEADERS_LIMIT)
        return OfflineError(where.shown)

    def _certificate_trouble(
        self, copy: PreparedRequest, where: Address, causes: Sequence[BaseException]
    ) -> JolidriveError:
        pin = self.permit.pinned.get(where.entry)
        refused = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes)
        if pin is None and not refused:
            return OfflineError(where.shown)
        seen = self._fingerprint(copy)
        if isinstance(seen, JolidriveError):
            return seen
        if pin is not None and seen in {pin, None}:
            return OfflineError(where.shown)
        return CertificateUnknownError(where.shown, seen)

    def _fingerprint(self, copy: PreparedRequest) -> str | JolidriveError | None:
        if not isinstance(self._wire, Wire):
            return None
        try:
            with self.reading(self.watch):
                return self._wire.fingerprint(copy)
        except JolidriveError as error:
            return bare(error)
        except TooSlowError:
            return None


def _stripped(request: PreparedRequest, where: Address) -> PreparedRequest:
    """A copy with the address as it was checked, no forbidden header, an honest length.

    Raises:
        ValueError: a header that could become two, or a body of unknown length.
    """
    copy = request.copy()
    found = _REST.fullmatch(request.url or "")
    rest = found[1] if found else ""
    slash = "" if rest.startswith("/") else "/"
    copy.url = f"{where.scheme}://{where.shown}{slash}{rest}"
    if isinstance(copy.body, str):
        copy.body = copy.body.encode()
    if not isinstance(copy.body, bytes | None):
        raise ValueError("a body is bytes")  # noqa: TRY004 - requests calls it a value
    copy.headers = CaseInsensitiveDict(_allowed_headers(request.headers))
    copy.headers.pop("Content-Length", None)
    if copy.body or copy.method not in READING:
        copy.headers["Content-Length"] = str(len(copy.body or b""))
    return copy


def _allowed_headers(headers: Mapping[str, str | bytes]) -> Iterator[tuple[str, str]]:
    for name, untrusted_value in headers.items():
        value = untrusted_value
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if not header_is_sound(name, value):
            raise ValueError("a header holds what no header may hold")
        if not header_is_refused(name):
            yield name, value


def header_is_sound(name: str, value: str) -> bool:
    """Whether it stays one header: no line ends, no other control characters."""
    fits = all(ord(letter) < 256 for letter in value)
    return bool(_NAME.fullmatch(name)) and not _BAD_VALUE.search(value) and fits


def header_is_refused(name: str) -> bool:
    """Whether only the guard and the transport may set it."""
    return name.lower() in REFUSED_HEADERS or name.lower().startswith("proxy-")


def _unlinked(response: Response, request: PreparedRequest) -> Response:
    """The answer, leading to the request as it came in, not as it went out; no cookies."""
    response.request = request
    response.connection = None  # type: ignore[assignment] # nobody needs the way back
    response.url = request.url or ""
    response.history = []
    response.cookies = RequestsCookieJar()
    return response


def bare(error: JolidriveError) -> JolidriveError:
    """An error without the frames it went through: one of them holds the copy."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it was made of, each once."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        this = waiting.pop()
        if isinstance(this, BaseException) and id(this) not in seen:
            seen.add(id(this))
            yield this
            waiting += [this.__cause__, this.__context__, getattr(this, "reason", None)]
            waiting += this.args


def _endless_headers(cause: BaseException) -> bool:
    """http.client gives up at 100 headers, or one of 64 kB."""
    return (
        isinstance(cause, http.client.LineTooLong) or type(cause) is http.client.HTTPException
    )
