from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from tests.fake.demo_client import REDIRECT, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sockets


class Listener:
    """Answers one request, as the app that waits for a callback does."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/callback"
        self.asked = ""
        self.done = threading.Event()
        self._thread = threading.Thread(target=self._once, daemon=True)
        self._thread.start()

    def _once(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:
            return
        with connection:
            self.asked = connection.recv(65536).decode().partition("\r\n")[0]
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.done.set()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    waiting = Listener()
    yield waiting
    if not waiting.done.is_set():
        socket.create_connection(("127.0.0.1", int(waiting.address.split(":")[2][:-9]))).close()
    waiting._thread.join(5)
    waiting.close()


@pytest.mark.parametrize(("allow", "told"), [(True, "code="), (False, "error=access_denied")])
def test_it_answers_the_page_and_goes_on_to_the_listener(
    listener: Listener,
    allow: bool,  # noqa: FBT001 - a parameter of the table above
    told: str,
) -> None:
    with DemoCloud() as cloud:
        address = Client(cloud.base).consent_address("files.read")
        address = address.replace(quote(REDIRECT, safe=""), quote(listener.address, safe=""))
        assert HeadlessBrowser(allow=allow).open(f"{cloud.base}{address}")
        assert listener.done.wait(10)
    assert told in listener.asked
    assert "state=a+state" in listener.asked


def test_it_visits_the_loopback_address_only() -> None:
    browser = HeadlessBrowser()
    assert not browser.open("https://example.org/oauth/authorize")
    assert not browser.open("http://example.org/")
    with pytest.raises(ValueError, match="not on this computer"):
        browser.visit("http://192.168.0.1/")


def test_it_ends_on_a_page_without_a_form() -> None:
    with DemoCloud() as cloud:
        assert HeadlessBrowser().visit(f"{cloud.base}/view/files/f001") == 200
        assert HeadlessBrowser().visit(f"{cloud.base}/nowhere") == 404


def test_an_address_to_copy_is_remembered() -> None:
    browser = HeadlessBrowser()
    browser.show("http://127.0.0.1:1/x")
    assert browser.shown == ["http://127.0.0.1:1/x"]
