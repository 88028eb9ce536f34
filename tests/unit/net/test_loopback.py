from __future__ import annotations

import http.client
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from jolidrive.api.manifest import RedirectStyle
from jolidrive.errors import CancelledError, SignInTimedOutError, UnexpectedReplyError
from jolidrive.net.loopback import Callback, Listener, SignIns, _has_ipv6, registered_redirects
from jolidrive.net.pace import Timing

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sockets
STATE = "right-state"


class Waiting:
    """A listener that waits in a thread."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.stopped = threading.Event()
        self.outcome: Callback | Exception | None = None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        try:
            self.outcome = self.listener.wait(self.stopped.is_set, Timing(), 60.0)
        except CancelledError as error:
            self.outcome = error

    def ask(self, target: str, method: str = "GET", host: str = "127.0.0.1") -> int:
        connection = http.client.HTTPConnection(host, self.listener.port, timeout=10)
        try:
            connection.request(method, target)
            return connection.getresponse().status
        finally:
            connection.close()

    def end(self) -> None:
        self.stopped.set()
        self.thread.join()
        self.listener.close()


def listener(
    *,
    style: RedirectStyle = RedirectStyle.IP,
    ports: tuple[int, ...] = (),
    state_returned: bool = True,
    sign_ins: SignIns | None = None,
) -> Listener:
    return Listener(
        style,
        ports,
        state=STATE,
        state_returned=state_returned,
        sign_ins=sign_ins or SignIns(),
    )


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    made = Waiting(listener())
    yield made
    made.end()


def test_the_first_callback_with_the_right_state_wins(waiting: Waiting) -> None:
    wrong = [
        "/",
        "/favicon.ico",
        "/callback",
        "/callback/",
        f"/callback/x?code=a&state={STATE}",
        "/callback?code=a",
        "/callback?code=a&state=wrong",
        "/callback?code=a&state=%C3%BC",
        f"/callback?state={STATE}",
        f"/callback?code=&state={STATE}",
        f"/callback?code=a&code=b&state={STATE}",
        f"/callback?code=a&state={STATE}&state={STATE}",
        f"/callback?code={'a' * 5000}&state={STATE}",
        f"/callback?{'&'.join(f'a{n}=1' for n in range(40))}&code=a&state={STATE}",
    ]
    assert [waiting.ask(target) for target in wrong] == [404] * len(wrong)
    for method in ("POST", "HEAD", "OPTIONS"):
        assert waiting.ask(f"/callback?code=a&state={STATE}", method) == 404
    assert waiting.ask(f"/callback?code=the-code&state={STATE}&hostname=h") == 200
    waiting.thread.join()
    assert waiting.outcome == Callback(code="the-code", facts={"hostname": "h"})
    assert "the-code" not in repr(waiting.outcome)
    assert waiting.listener.receive(f"/callback?code=b&state={STATE}", "127.0.0.1")[0] == 404


def test_another_name_that_points_here_is_refused() -> None:
    with listener() as one:
        target = f"/callback?code=a&state={STATE}"
        assert one.receive(target, f"evil.example:{one.port}")[0] == 404
        assert one.receive(target, "")[0] == 404
        assert one.receive(target, f"localhost:{one.port}")[0] == 200


def test_a_browser_that_opens_a_connection_and_says_nothing_stops_nobody(
    waiting: Waiting,
) -> None:
    with socket.create_connection(("127.0.0.1", waiting.listener.port)):
        assert waiting.ask(f"/callback?code=a&state={STATE}") == 200
        waiting.thread.join()


def test_an_error_needs_the_right_state_too(waiting: Waiting) -> None:
    assert waiting.ask("/callback?error=access_denied") == 404
    assert waiting.ask(f"/callback?error=access_denied&state={STATE}") == 200
    waiting.thread.join()
    assert waiting.outcome == Callback(error="access_denied")


def test_without_state_an_answer_counts_only_while_one_sign_in_waits() -> None:
    sign_ins = SignIns()
    first = Waiting(listener(state_returned=False, sign_ins=sign_ins))
    try:
        with sign_ins.waiting():
            assert first.ask("/callback?code=a") == 404
        assert first.ask("/callback?code=a&state=wrong") == 404
        assert first.ask("/callback?code=a") == 200
    finally:
        first.end()
    assert first.outcome == Callback(code="a")


def test_waiting_can_be_cancelled(waiting: Waiting) -> None:
    waiting.stopped.set()
    waiting.thread.join()
    assert isinstance(waiting.outcome, CancelledError)


def test_waiting_ends_in_time() -> None:
    ticks = iter(range(100))
    timing = Timing(monotonic=lambda: float(next(ticks)))
    with listener() as one, pytest.raises(SignInTimedOutError) as caught:
        one.wait(lambda: False, timing, 2.0)
    assert caught.value.after_s == 2.0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_word_localhost_is_answered_on_both_addresses(host: str) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("needs: a system with IPv6")
    made = Waiting(listener(style=RedirectStyle.LOCALHOST))
    try:
        assert made.listener.redirect_uri == f"http://localhost:{made.listener.port}/callback"
        assert made.ask(f"/callback?code=a&state={STATE}", host=host) == 200
    finally:
        made.end()


def test_an_exact_port_is_the_first_that_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, listener() as other:
        busy, free = taken.getsockname()[1], other.port
        other.close()
        with listener(style=RedirectStyle.EXACT, ports=(busy, free)) as one:
            assert one.redirect_uri == f"http://127.0.0.1:{free}/callback"
        with pytest.raises(UnexpectedReplyError) as caught:
            listener(style=RedirectStyle.EXACT, ports=(busy,))
    assert caught.value.reason == "ports_taken"


def test_it_listens_on_loopback_only() -> None:
    with listener() as one:
        addresses = {server.server_address[0] for server in one._servers}
    assert addresses == {"127.0.0.1"}


def test_each_style_is_registered_in_its_own_spelling() -> None:
    assert registered_redirects(RedirectStyle.IP, ()) == ("http://127.0.0.1/callback",)
    assert registered_redirects(RedirectStyle.LOCALHOST, ()) == ("http://localhost/callback",)
    assert len(registered_redirects(RedirectStyle.EITHER, ())) == 2
    assert registered_redirects(RedirectStyle.EXACT, (1, 2)) == (
        "http://127.0.0.1:1/callback",
        "http://127.0.0.1:2/callback",
    )
