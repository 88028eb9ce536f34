from __future__ import annotations

import http.client
import ssl
import traceback
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests import PreparedRequest, Request
from urllib3.exceptions import ProtocolError

from jolidrive.errors import (
    CancelledError,
    CertificateUnknownError,
    HostNotAllowedError,
    InsecureAddressError,
    JolidriveError,
    MethodNotAllowedError,
    OfflineError,
    ReplyTooLargeError,
)
from jolidrive.net.credentials import PasswordCredentials, StaticToken
from jolidrive.net.guard import REFUSED_HEADERS, Guard, Permit
from jolidrive.net.pace import Pacer, Watch
from jolidrive.net.sockets import TooSlowError
from tests.fake.wire import FakeTime, FakeWire, Said

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "canary-token-1234567890"
LOOPBACK = "127.0.0.1:8080"
PERMIT = Permit(
    account="a1",
    service="demo",
    token_hosts=frozenset({"api.example", LOOPBACK}),
    open_hosts=frozenset({"cdn.example"}),
    methods=frozenset({"post"}),
    typed_loopback=frozenset({LOOPBACK}),
    pace=0,
)


def fine(_: PreparedRequest) -> Said:
    return Said()


class Gatehouse:
    """A guard, the service behind it and what was counted."""

    def __init__(
        self,
        answer: Callable[[PreparedRequest], Said | Exception] = fine,
        permit: Permit = PERMIT,
        token: str = TOKEN,
    ) -> None:
        self.time = FakeTime()
        self.wire = FakeWire(answer)
        self.notes: list[tuple[str, int, int]] = []
        self.guard = Guard(
            permit, StaticToken(token), self.wire, self.note, Pacer(self.time.timing)
        )

    def note(self, host: str, *, calls: int = 0, size: int = 0) -> None:
        self.notes.append((host, calls, size))

    def send(self, method: str, url: str, **parts: Any) -> requests.Response:
        return self.guard.send(Request(method, url, **parts).prepare())

    def raw(self, url: str, method: str = "GET", **headers: str) -> requests.Response:
        request = PreparedRequest()
        request.method, request.url = method, url
        request.headers = requests.structures.CaseInsensitiveDict(headers)
        return self.guard.send(request)


def test_a_token_host_gets_the_token_and_an_open_host_never_does() -> None:
    house = Gatehouse()
    house.send("GET", "https://api.example/x")
    house.send("GET", "https://cdn.example/x")
    first, second = house.wire.sent
    assert first.headers["Authorization"] == f"Bearer {TOKEN}"
    assert "Authorization" not in second.headers
    assert house.guard.gets_token("https://api.example/")
    assert not house.guard.gets_token("https://cdn.example/")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://api.example.evil.example/",
        "https://api.example:8443/",
        "https://xapi.example/",
        "https://127.0.0.1:8081/",
        "http://127.0.0.1/",
    ],
)
def test_a_host_that_is_not_declared_is_never_asked(url: str) -> None:
    house = Gatehouse()
    with pytest.raises(HostNotAllowedError):
        house.raw(url)
    assert house.wire.sent == []
    assert house.notes == []


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example:443/",
        "http://api.example@127.0.0.1:8080/",
        "https://api.example@evil.example/",
        "http://127.1:8080/",
        "http://2130706433:8080/",
        "http://0x7f000001:8080/",
        "http://[::ffff:127.0.0.1]:8080/",
        "https://api.example/a b",
        "https://api.example/a\r\nX: y",
        "https://api.example/\\evil",
        "https://api.example/ü",
        "https:\\\\api.example/",
        "",
    ],
)
def test_an_insecure_or_ambiguous_address_is_never_asked(url: str) -> None:
    house = Gatehouse()
    with pytest.raises(InsecureAddressError):
        house.raw(url)
    assert house.wire.sent == []


def test_localhost_is_no_literal_loopback() -> None:
    permit = Permit(
        account=None,
        service="demo",
        token_hosts=frozenset({"localhost:8080"}),
        typed_loopback=frozenset({"localhost:8080"}),
    )
    house = Gatehouse(permit=permit)
    with pytest.raises(InsecureAddressError):
        house.raw("http://localhost:8080/")


def test_plain_http_needs_that_very_address_to_have_been_typed() -> None:
    house = Gatehouse()
    house.raw("http://127.0.0.1:8080/")
    assert house.wire.sent[0].headers["Authorization"] == f"Bearer {TOKEN}"
    declared_only = Permit(
        account=None, service="demo", token_hosts=frozenset({LOOPBACK}), pace=0
    )
    with pytest.raises(InsecureAddressError):
        Gatehouse(permit=declared_only).raw("http://127.0.0.1:8080/")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "get", "G\r\nET", "MKCOL", ""])
def test_a_method_that_was_not_declared_is_refused(method: str) -> None:
    house = Gatehouse()
    with pytest.raises(MethodNotAllowedError):
        house.raw("https://api.example/", method)
    assert house.wire.sent == []


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT", "SEARCH", "POST"]
)
def test_reading_and_declared_methods_go_out(method: str) -> None:
    house = Gatehouse()
    house.send(method, "https://api.example/")
    assert house.wire.sent[0].method == method


@pytest.mark.parametrize("name", sorted({*REFUSED_HEADERS, "Proxy-Authorization", "Proxy-Foo"}))
def test_a_header_that_belongs_to_the_gate_is_dropped(name: str) -> None:
    house = Gatehouse()
    house.raw("https://cdn.example/", **{name.title(): "smuggled", "X-Fine": "1"})
    sent = house.wire.sent[0]
    assert "smuggled" not in sent.headers.values()
    assert sent.headers["X-Fine"] == "1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "1\r\nX-B: 2"),
        ("X-A", "1\n 2"),
        ("X-A", "1\x00"),
        ("X-A", "\u20ac"),
        ("X A", "1"),
        ("X:A", "1"),
        ("", "1"),
        ("X-A\r\nX-B", "1"),
    ],
)
def test_a_header_that_could_become_two_is_refused(name: str, value: str) -> None:
    house = Gatehouse()
    with pytest.raises(ValueError, match="header"):
        house.raw("https://api.example/", **{name: value})
    assert house.wire.sent == []


def test_a_header_given_as_bytes_is_read_like_any_other() -> None:
    house = Gatehouse()
    request = Request("GET", "https://api.example/").prepare()
    request.headers["X-A"] = b"one"  # type: ignore[assignment] # requests allows it
    house.guard.send(request)
    assert house.wire.sent[0].headers["X-A"] == "one"


def test_a_length_that_lies_is_replaced() -> None:
    house = Gatehouse()
    house.raw("https://api.example/", "GET", **{"Content-Length": "900"})
    house.send("POST", "https://api.example/", data="ä", headers={"Content-Length": "900"})
    assert "Content-Length" not in house.wire.sent[0].headers
    assert house.wire.sent[1].headers["Content-Length"] == "2"
    assert house.notes == [("api.example", 1, 0), ("api.example", 1, 2)]


def test_a_body_of_unknown_length_is_refused() -> None:
    house = Gatehouse()
    request = Request("POST", "https://api.example/").prepare()
    request.body = iter([b"x"])  # type: ignore[assignment] # requests allows it
    with pytest.raises(ValueError, match="body"):
        house.guard.send(request)


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "a\nb", "a\u20ac"])
def test_a_token_that_would_become_two_headers_never_goes_out(token: str) -> None:
    house = Gatehouse(token=token)
    with pytest.raises(InsecureAddressError) as caught:
        house.send("GET", "https://api.example/")
    assert caught.value.reason == "odd_token"
    assert house.wire.sent == []


def test_the_request_goes_to_the_host_as_it_was_checked() -> None:
    house = Gatehouse()
    house.raw("HTTPS://API.Example.:443?a=b#part")
    assert house.wire.sent[0].url == "https://api.example/?a=b"


def everything_reachable(thing: object, seen: dict[int, object]) -> None:
    """Walks attributes and containers, as a curious plugin would."""
    if id(thing) in seen or isinstance(thing, type | str | bytes | int | float):
        if isinstance(thing, str | bytes):
            seen[id(thing)] = thing
        return
    seen[id(thing)] = thing
    parts: list[object] = list(getattr(thing, "__dict__", {}).values())
    if isinstance(thing, dict):
        parts += [*thing.keys(), *thing.values()]
    if isinstance(thing, list | tuple | set):
        parts += list(thing)
    for part in parts:
        everything_reachable(part, seen)


def test_a_reply_does_not_lead_to_the_token() -> None:
    house = Gatehouse(lambda _: Said(headers={"Set-Cookie": "a=b"}))
    response = house.send("GET", "https://api.example/x")
    seen: dict[int, object] = {}
    everything_reachable(response, seen)
    assert not [one for one in seen.values() if isinstance(one, str) and TOKEN in one]
    assert "Authorization" not in response.request.headers
    assert len(response.cookies) == 0
    assert not response.history


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (requests.ConnectionError("x"), OfflineError),
        (requests.ReadTimeout("x"), OfflineError),
        (ProtocolError("x"), OfflineError),
        (OSError("x"), OfflineError),
        (TooSlowError(), OfflineError),
        (requests.exceptions.SSLError(ssl.SSLError("handshake")), OfflineError),
        (
            requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed")),
            CertificateUnknownError,
        ),
        (
            requests.ConnectionError(ProtocolError("x", http.client.LineTooLong("h"))),
            ReplyTooLargeError,
        ),
        (
            requests.ConnectionError(http.client.HTTPException("got more than 100")),
            ReplyTooLargeError,
        ),
        (CancelledError(), CancelledError),
    ],
)
def test_an_error_does_not_lead_to_the_token(
    trouble: Exception, error: type[JolidriveError]
) -> None:
    def answer(request: PreparedRequest) -> Said:
        if isinstance(trouble, requests.RequestException):
            trouble.request = request
        raise trouble

    house = Gatehouse(answer)
    with pytest.raises(error) as caught:
        house.send("GET", "https://api.example/x")
    raised = caught.value
    assert raised.__context__ is None
    assert raised.__cause__ is None
    frames = [frame for frame, _ in traceback.walk_tb(raised.__traceback__)]
    for frame in frames:
        for name, value in frame.f_locals.items():
            if name not in {"self", "house", "trouble", "caught", "answer"}:
                assert TOKEN not in str(getattr(value, "headers", value))


def test_a_pinned_host_that_breaks_off_is_offline_not_unknown() -> None:
    permit = Permit(
        account=None,
        service="demo",
        token_hosts=frozenset({"nas.home"}),
        pinned_fingerprint=":".join(["AB"] * 32),
        pace=0,
    )
    assert permit.pinned == {"nas.home:443": "ab" * 32}
    house = Gatehouse(lambda _: requests.exceptions.SSLError(ssl.SSLError("x")), permit)
    with pytest.raises(OfflineError):
        house.send("GET", "https://nas.home/")


def test_a_fingerprint_is_64_digits() -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        Permit(account=None, service="demo", pinned_fingerprint="abc")


@pytest.mark.parametrize("method", ["CONNECT", "trace", "PUT\r\nX", ""])
def test_some_methods_can_be_declared_by_nobody(method: str) -> None:
    with pytest.raises(ValueError, match="method"):
        Permit(account=None, service="demo", methods=frozenset({method}))


def test_a_redirect_followed_by_requests_passes_the_gate_again() -> None:
    def answer(request: PreparedRequest) -> Said:
        if request.url == "https://api.example/cdn":
            return Said(302, {"Location": "https://cdn.example/file"})
        if request.url == "https://api.example/out":
            return Said(302, {"Location": "https://evil.example/"})
        return Said(body=b"content")

    house = Gatehouse(answer)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", house.guard)
        session.mount("http://", house.guard)
        assert session.get("https://api.example/cdn").content == b"content"
        assert "Authorization" not in house.wire.sent[-1].headers
        with pytest.raises(HostNotAllowedError):
            session.get("https://api.example/out")
    assert {request.url for request in house.wire.sent} == {
        "https://api.example/cdn",
        "https://cdn.example/file",
        "https://api.example/out",
    }
    assert house.wire.closed


def test_a_stop_is_noticed_before_anything_is_sent() -> None:
    house = Gatehouse()
    house.guard.watch = Watch(lambda: True, house.time.timing, 120.0)
    with pytest.raises(CancelledError):
        house.send("GET", "https://api.example/")
    assert house.wire.sent == []
    assert house.notes == []


def test_credentials_and_guard_show_nothing() -> None:
    house = Gatehouse()
    assert TOKEN not in repr(house.guard)
    assert TOKEN not in repr(StaticToken(TOKEN))
    assert TOKEN not in repr(PasswordCredentials("maya", TOKEN))


def test_a_guard_without_credentials_adds_nothing() -> None:
    time = FakeTime()
    wire = FakeWire(fine)
    guard = Guard(PERMIT, None, wire, lambda *_, **__: None, Pacer(time.timing))
    guard.send(Request("GET", "https://api.example/").prepare())
    assert "Authorization" not in wire.sent[0].headers
