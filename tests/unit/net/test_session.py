from __future__ import annotations

import gzip
import io
import logging
import zlib
from typing import TYPE_CHECKING

import pytest
import requests

from jolidrive.errors import (
    CancelledError,
    HostNotAllowedError,
    InsecureAddressError,
    OfflineError,
    RateLimitedError,
    ReplyTooLargeError,
    ServiceDownError,
    SignInNeededError,
    UnexpectedReplyError,
)
from jolidrive.net.credentials import PasswordCredentials, StaticToken
from jolidrive.net.guard import Permit
from jolidrive.net.ledger import Ledger, MemoryLedgerStore
from jolidrive.net.pace import Pacer
from jolidrive.net.session import Gate, GateSession, Limits
from jolidrive.net.wire import NetworkSettings
from tests.fake.wire import FakeTime, FakeWire, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

    from requests import PreparedRequest

    from jolidrive.api import Session
    from jolidrive.net.guard import Credentials

API = "https://api.example"
PERMIT = Permit(
    account="a1",
    service="demo",
    token_hosts=frozenset({"api.example", "127.0.0.1:8080"}),
    open_hosts=frozenset({"cdn.example"}),
    methods=frozenset({"POST"}),
    typed_loopback=frozenset({"127.0.0.1:8080"}),
    pace=0,
)


class Aging:
    """A token that is refused until it was refreshed."""

    def __init__(self, *, stale: bool = False, renewable: bool = True) -> None:
        self.number = 1
        self.is_stale = stale
        self.renewable = renewable

    def apply(self, headers: MutableMapping[str, str]) -> None:
        headers["Authorization"] = f"Bearer {self.number}"

    def stale(self) -> bool:
        return self.is_stale

    def refresh(self) -> bool:
        self.number += 1
        self.is_stale = False
        return self.renewable


class World:
    """A session, the service behind it, its clock and its ledger."""

    def __init__(
        self,
        answer: Callable[[PreparedRequest], Said | Exception],
        *,
        credentials: Credentials | None = None,
        limits: Limits | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.time = FakeTime()
        self.wire = FakeWire(answer)
        self.store = MemoryLedgerStore()
        self.ledger = Ledger(self.store, self.time.timing)
        self.gate = Gate(
            NetworkSettings(), self.ledger, Pacer(self.time.timing), lambda _: self.wire
        )
        self.session: GateSession = self.gate.session(
            PERMIT,
            credentials or StaticToken("t"),
            purpose="sync",
            stopping=stopping,
            limits=limits,
        )


def in_turn(*said: Said | Exception) -> Callable[[PreparedRequest], Said | Exception]:
    waiting = list(said)
    return lambda _: waiting.pop(0)


def test_a_session_is_what_the_plugin_api_promises() -> None:
    session: Session = World(in_turn()).session
    assert "demo" in repr(session)


def test_a_request_becomes_a_plain_reply() -> None:
    said = Said(201, {"X-A": "1", "Set-Cookie": "s=1"}, b'{"a": [1]}')
    world = World(in_turn(said))
    reply = world.session.post(f"{API}/x", params={"q": "ü"}, json={"b": 1})
    assert (reply.status, reply.headers["x-a"], reply.json()) == (201, "1", {"a": [1]})
    assert "Set-Cookie" not in reply.headers
    assert reply.url == f"{API}/x?q=%C3%BC"
    assert "201" in repr(reply)
    sent = world.wire.sent[0]
    assert sent.body == b'{"b": 1}'
    assert sent.headers["User-Agent"] == "Jolidrive"
    assert "Cookie" not in sent.headers


def test_forms_and_bytes_go_out_as_given() -> None:
    world = World(in_turn(Said(), Said()))
    world.session.post(API, form={"a": "b c"})
    world.session.request("PROPFIND", API, body=b"<x/>", headers={"Depth": "1"})
    form, body = world.wire.sent
    assert form.body == b"a=b+c"
    assert (body.method, body.body, body.headers["Depth"]) == ("PROPFIND", b"<x/>", "1")
    with pytest.raises(ValueError, match="at most one"):
        world.session.post(API, form={"a": "b"}, body=b"x")


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Host", "Proxy-Authorization"])
def test_a_plugin_is_told_when_it_sets_a_header_of_the_gate(name: str) -> None:
    world = World(in_turn())
    with pytest.raises(ValueError, match="gate"):
        world.session.get(API, headers={name: "x"})


def test_a_header_with_a_line_end_is_the_plugins_mistake() -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        World(in_turn()).session.get(API, headers={"X-A": "1\r\nX-B: 2"})


# ── redirects ────────────────────────────────────────────────────────────────────────────


def moved(to: str, status: int = 302) -> Said:
    return Said(status, {"Location": to})


def test_a_redirect_to_an_open_host_goes_without_the_token() -> None:
    world = World(in_turn(moved("https://cdn.example/f"), Said(body=b"file")))
    reply = world.session.get(f"{API}/f")
    assert (reply.text(), reply.url) == ("file", "https://cdn.example/f")
    assert "Authorization" in world.wire.sent[0].headers
    assert "Authorization" not in world.wire.sent[1].headers


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("https://evil.example/", HostNotAllowedError),
        ("//evil.example/", HostNotAllowedError),
        ("https://api.example:444/", HostNotAllowedError),
        ("http://api.example/", InsecureAddressError),
        ("http://127.0.0.1:8080/", InsecureAddressError),
        ("https://api.example@evil.example/", InsecureAddressError),
        ("https://evil.example\\@api.example/", InsecureAddressError),
        ("file:///etc/passwd", InsecureAddressError),
        ("https://127.1/", InsecureAddressError),
    ],
)
def test_a_redirect_to_anywhere_else_is_refused(to: str, error: type[Exception]) -> None:
    world = World(in_turn(moved(to)))
    with pytest.raises(error):
        world.session.get(f"{API}/f")
    assert len(world.wire.sent) == 1


def test_a_relative_redirect_in_utf8_is_followed() -> None:
    location = "/ü?a".encode().decode("latin-1")
    world = World(in_turn(moved(location), moved("/\u20ac"), Said()))
    world.session.get(f"{API}/f")
    urls = [request.url for request in world.wire.sent]
    assert urls == [f"{API}/f", f"{API}/%C3%BC?a", f"{API}/%E2%82%AC"]


def test_a_redirect_loop_ends() -> None:
    world = World(lambda _: moved(f"{API}/again"))
    with pytest.raises(UnexpectedReplyError) as caught:
        world.session.get(f"{API}/f")
    assert caught.value.reason == "redirects"
    assert len(world.wire.sent) == 6


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("PROPFIND", 301, "PROPFIND"),
        ("HEAD", 303, "HEAD"),
    ],
)
def test_a_redirect_keeps_or_changes_the_method(method: str, status: int, then: str) -> None:
    world = World(in_turn(moved(f"{API}/2", status), Said()))
    body = b"<x/>" if method != "HEAD" else None
    headers = {"Content-Type": "text/xml", "Depth": "1"}
    world.session.request(method, f"{API}/1", body=body, headers=headers)
    second = world.wire.sent[1]
    assert second.method == then
    assert second.body == (None if then == "GET" else body)
    assert second.headers["Depth"] == "1"
    assert ("Content-Type" in second.headers) is (then != "GET")


def test_a_redirect_status_without_an_address_is_a_reply() -> None:
    assert World(in_turn(Said(304))).session.get(API).status == 304
    assert World(in_turn(Said(302))).session.get(API).status == 302


# ── trying again ─────────────────────────────────────────────────────────────────────────


def test_trouble_is_tried_again_with_growing_waits() -> None:
    world = World(in_turn(Said(502), requests.ConnectionError(), Said(500), Said(200)))
    assert world.session.get(API).status == 200
    assert sum(world.time.slept) == pytest.approx(0.5 + 1.0 + 2.0)


def test_a_service_that_stays_down_is_down() -> None:
    world = World(lambda _: Said(503))
    with pytest.raises(ServiceDownError) as caught:
        world.session.get(API)
    assert (caught.value.host, caught.value.status) == ("api.example", 503)
    assert len(world.wire.sent) == 4


def test_a_broken_way_stays_broken() -> None:
    world = World(lambda _: requests.ConnectionError())
    with pytest.raises(OfflineError):
        world.session.get(API)
    assert len(world.wire.sent) == 4


@pytest.mark.parametrize("said", [Said(500), requests.ConnectionError()])
def test_a_post_is_not_sent_twice(said: Said | Exception) -> None:
    world = World(lambda _: said)
    with pytest.raises((ServiceDownError, OfflineError)):
        world.session.post(API)
    assert len(world.wire.sent) == 1


def test_retry_after_is_obeyed() -> None:
    world = World(
        in_turn(Said(429, {"Retry-After": "20"}), Said(503, {"Retry-After": "3"}), Said())
    )
    assert world.session.get(API).status == 200
    assert sum(world.time.slept) == pytest.approx(23.0)
    assert max(world.time.slept) <= 0.25


def test_a_refused_post_is_sent_again_after_the_wait() -> None:
    world = World(in_turn(Said(429, {"Retry-After": "1"}), Said()))
    assert world.session.post(API).status == 200


@pytest.mark.parametrize(
    ("status", "after", "seconds"),
    [(429, "3600", 3600.0), (503, "900", 900.0), (429, None, None)],
)
def test_more_patience_than_we_have_is_told(
    status: int, after: str | None, seconds: float | None
) -> None:
    headers = {"Retry-After": after} if after else {}
    world = World(lambda _: Said(status, headers))
    with pytest.raises(RateLimitedError) as caught:
        world.session.get(API)
    assert caught.value.retry_after_s == seconds


def test_patience_is_counted_over_all_tries() -> None:
    world = World(lambda _: Said(429, {"Retry-After": "25"}))
    with pytest.raises(RateLimitedError):
        world.session.get(API)
    assert len(world.wire.sent) == 3


def test_a_stop_while_waiting_is_noticed() -> None:
    world = World(
        lambda _: Said(429, {"Retry-After": "50"}),
        stopping=lambda: world.time.seconds > 1003.0,
    )
    with pytest.raises(CancelledError):
        world.session.get(API)
    assert world.time.seconds <= 1003.5


def test_a_body_that_breaks_off_is_read_again() -> None:
    whole = Said(headers={"Content-Length": "4"}, body=b"full")
    world = World(in_turn(Said(headers={"Content-Length": "9"}, body=b"ha"), whole))
    assert world.session.get(API).text() == "full"
    broken = World(lambda _: Said(headers={"Content-Length": "9"}, body=b"ha"))
    with pytest.raises(OfflineError):
        broken.session.get(API)


# ── signing in again ─────────────────────────────────────────────────────────────────────


def by_number(request: PreparedRequest) -> Said:
    return Said(200 if request.headers.get("Authorization") == "Bearer 2" else 401)


def test_a_refused_token_is_refreshed_once() -> None:
    world = World(by_number, credentials=Aging())
    assert world.session.get(API).status == 200
    assert len(world.wire.sent) == 2


def test_a_token_known_to_be_old_is_refreshed_before_it_is_used() -> None:
    world = World(by_number, credentials=Aging(stale=True))
    assert world.session.get(API).status == 200
    assert len(world.wire.sent) == 1


@pytest.mark.parametrize(
    "credentials", [Aging(renewable=False), PasswordCredentials("u", "p"), StaticToken("x")]
)
def test_without_a_new_token_the_person_signs_in_again(credentials: Credentials) -> None:
    world = World(lambda _: Said(401), credentials=credentials)
    with pytest.raises(SignInNeededError):
        world.session.get(API)


def test_a_new_token_that_is_refused_too_means_signing_in_again() -> None:
    world = World(lambda _: Said(401), credentials=Aging())
    with pytest.raises(SignInNeededError):
        world.session.get(API)
    assert len(world.wire.sent) == 2


def test_a_401_of_a_host_without_the_token_is_a_reply() -> None:
    world = World(lambda _: Said(401), credentials=Aging())
    assert world.session.get("https://cdn.example/x").status == 401


def test_a_password_goes_as_basic() -> None:
    world = World(in_turn(Said()), credentials=PasswordCredentials("maya", "ü"))
    world.session.get(API)
    assert world.wire.sent[0].headers["Authorization"] == "Basic bWF5YTrDvA=="


# ── bodies ───────────────────────────────────────────────────────────────────────────────


def test_a_body_over_the_limit_is_refused() -> None:
    world = World(lambda _: Said(body=b"x" * 1001), limits=Limits(body=1000))
    with pytest.raises(ReplyTooLargeError):
        world.session.get(API)
    assert len(world.wire.sent) == 1


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_counted_after_decompression(layers: int) -> None:
    bomb = b"\0" * 50_000_000
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    said = Said(headers={"Content-Encoding": ", ".join(["gzip"] * layers)}, body=bomb)
    world = World(lambda _: said, limits=Limits(body=1_000_000))
    with pytest.raises(ReplyTooLargeError):
        world.session.get(API)


def test_a_deflated_body_is_read_and_a_broken_one_is_named() -> None:
    good = Said(headers={"Content-Encoding": "deflate"}, body=zlib.compress(b"text"))
    assert World(in_turn(good)).session.get(API).text() == "text"
    bad = Said(headers={"Content-Encoding": "gzip"}, body=b"no gzip")
    with pytest.raises(UnexpectedReplyError) as caught:
        World(in_turn(bad)).session.get(API)
    assert caught.value.reason == "encoding"


def test_a_stream_comes_in_pieces_and_keeps_its_limit() -> None:
    world = World(lambda _: Said(body=b"x" * 200_000))
    pieces = list(world.session.stream(f"{API}/f", limit=200_000))
    assert len(pieces) > 1
    assert sum(map(len, pieces)) == 200_000
    with pytest.raises(ReplyTooLargeError):
        list(world.session.stream(f"{API}/f", limit=199_999))


def test_a_stream_is_a_200_or_nothing() -> None:
    world = World(lambda _: Said(404))
    with pytest.raises(UnexpectedReplyError) as caught:
        world.session.stream(f"{API}/f", limit=10)
    assert caught.value.status == 404


def test_a_stop_ends_a_stream() -> None:
    stopped: list[bool] = []
    world = World(lambda _: Said(body=b"x" * 200_000), stopping=lambda: bool(stopped))

    def take() -> Iterator[int]:
        for piece in world.session.stream(f"{API}/f", limit=200_000):
            stopped.append(True)
            world.time.sleep(0.3)
            yield len(piece)

    with pytest.raises(CancelledError):
        list(take())


def test_a_body_that_never_ends_meets_the_end_of_the_time() -> None:
    class Dripping(io.BytesIO):
        def read1(self, _: int | None = -1) -> bytes:
            world.time.sleep(1.0)
            return b"x"

    def answer(_: PreparedRequest) -> Said:
        return Said(body=b"x")

    world = World(answer)
    plain = world.wire.send

    def dripping(request: PreparedRequest, *args: object, **more: object) -> requests.Response:
        response = plain(request, *args, **more)
        response.raw._fp = Dripping()
        return response

    world.wire.send = dripping  # type: ignore[method-assign]
    with pytest.raises(ReplyTooLargeError):
        world.session.get(API)
    assert world.time.seconds < 1000 + 125


def test_the_ledger_knows_host_calls_and_bytes_and_no_path() -> None:
    world = World(lambda _: Said(body=b"12345"))
    world.session.get(f"{API}/secret-path?secret-query")
    world.session.post(f"{API}/x", body=b"abc")
    world.ledger.flush()
    (row,) = world.store.rows
    assert (row.host, row.service, row.account) == ("api.example", "demo", "a1")
    assert (row.purpose, row.calls, row.bytes) == ("sync", 2, 13)
    assert "secret" not in repr(row)


def test_libraries_below_cannot_log_addresses() -> None:
    World(in_turn())
    for name in ("urllib3.connectionpool", "requests_oauthlib.oauth2_session", "oauthlib"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR)


def test_closing_a_session_closes_its_connections() -> None:
    world = World(in_turn())
    world.session.close()
    assert world.wire.closed
    assert world.gate.timing.monotonic() == world.time.seconds


@pytest.mark.parametrize("proxy", ["socks5://x", "example.org:3128"])
def test_a_proxy_is_an_http_address(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        NetworkSettings(proxy=proxy)


def test_the_settings_do_not_show_the_password_of_a_proxy() -> None:
    assert "pw" not in repr(NetworkSettings(proxy="http://me:pw@proxy.example:3128"))
