from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jolidrive.errors import (
    CancelledError,
    CertificateUnknownError,
    OfflineError,
    ReplyTooLargeError,
)
from jolidrive.net.credentials import StaticToken
from jolidrive.net.guard import Permit
from jolidrive.net.ledger import Ledger, MemoryLedgerStore
from jolidrive.net.pace import Pacer
from jolidrive.net.session import Gate, GateSession, Limits
from jolidrive.net.wire import NetworkSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.sockets
TOKEN = "canary-token"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """A raw server: reads up to the empty line, then does `answer(connection)`."""

    def __init__(
        self, answer: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None
    ) -> None:
        self.answer, self.tls = answer, tls
        self.heard: list[bytes] = []
        self.over = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(0.05)
        self.port: int = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self.listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, plain: socket.socket) -> None:
        try:
            with self.tls.wrap_socket(plain, server_side=True) if self.tls else plain as sock:
                heard = b""
                while b"\r\n\r\n" not in heard:
                    piece = sock.recv(65536)
                    if not piece:
                        return
                    heard += piece
                self.heard.append(heard)
                self.answer(sock)
        except OSError:
            plain.close()

    def close(self) -> None:
        self.over.set()
        self.thread.join()
        self.listening.close()


@contextmanager
def serving(
    answer: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    server = Server(answer, tls)
    try:
        yield server
    finally:
        server.close()


def hello(sock: socket.socket) -> None:
    sock.sendall(HELLO)


@contextmanager
def session_to(
    server: Server,
    *,
    settings: NetworkSettings | None = None,
    pin: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
    limits: Limits | None = None,
    host: str = "127.0.0.1",
) -> Iterator[GateSession]:
    entry = f"{host}:{server.port}"
    permit = Permit(
        account="a1",
        service="demo",
        token_hosts=frozenset({entry}),
        typed_loopback=frozenset() if server.tls else frozenset({entry}),
        pinned_fingerprint=pin,
        pace=0,
    )
    gate = Gate(settings or NetworkSettings(), Ledger(MemoryLedgerStore()), Pacer())
    session = gate.session(
        permit,
        StaticToken(TOKEN),
        purpose="sync",
        stopping=stopping,
        limits=limits or Limits(tries=1),
    )
    try:
        yield session
    finally:
        session.close()


# ── plain sockets ────────────────────────────────────────────────────────────────────────


def test_a_request_reaches_a_typed_loopback_address() -> None:
    with serving(hello) as server, session_to(server) as session:
        assert session.get(f"http://127.0.0.1:{server.port}/a?b").text() == "hello"
        (heard,) = server.heard
    assert heard.startswith(b"GET /a?b HTTP/1.1\r\n")
    assert f"Authorization: Bearer {TOKEN}".encode() in heard
    assert f"Host: 127.0.0.1:{server.port}\r\n".encode() in heard


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(hello) as server, session_to(server) as session:
        assert session.get(f"http://127.0.0.1:{server.port}/").status == 200


def test_a_loopback_address_never_goes_through_the_proxy() -> None:
    settings = NetworkSettings(proxy="http://127.0.0.1:9")
    with serving(hello) as server, session_to(server, settings=settings) as session:
        assert session.get(f"http://127.0.0.1:{server.port}/").status == 200


def test_https_goes_through_the_proxy_as_a_tunnel() -> None:
    def refuse(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")

    with serving(refuse) as proxy:
        settings = NetworkSettings(proxy=f"http://me:pw@127.0.0.1:{proxy.port}")
        permit = Permit(
            account=None, service="demo", token_hosts=frozenset({"api.example"}), pace=0
        )
        gate = Gate(settings, Ledger(MemoryLedgerStore()), Pacer())
        session = gate.session(
            permit,
            StaticToken(TOKEN),
            purpose="sync",
            stopping=lambda: False,
            limits=Limits(tries=1),
        )
        with pytest.raises(OfflineError):
            session.get("https://api.example/secret")
        session.close()
        (heard,) = proxy.heard
    assert heard.startswith(b"CONNECT api.example:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic" in heard
    assert TOKEN.encode() not in heard
    assert b"secret" not in heard


def test_nobody_there_is_offline() -> None:
    with serving(hello) as server, session_to(server) as session:
        server.close()
        with pytest.raises(OfflineError):
            session.get(f"http://127.0.0.1:{server.port}/")


def test_a_name_that_is_not_known_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    gate = Gate(NetworkSettings(), Ledger(MemoryLedgerStore()), Pacer())
    permit = Permit(account=None, service="demo", open_hosts=frozenset({"api.example"}))
    session = gate.session(
        permit, None, purpose="sync", stopping=lambda: False, limits=Limits(tries=1)
    )
    with pytest.raises(OfflineError):
        session.get("https://api.example/")


@pytest.mark.parametrize(
    "line",
    [b"X-A: " + b"a" * 70_000 + b"\r\n", b"".join(b"X-%d: 1\r\n" % n for n in range(200))],
)
def test_endless_headers_are_given_up(line: bytes) -> None:
    def endless(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n" + line + b"\r\n")

    with (
        serving(endless) as server,
        session_to(server) as session,
        pytest.raises(ReplyTooLargeError),
    ):
        session.get(f"http://127.0.0.1:{server.port}/")


def dripping(server: list[Server], first: bytes) -> Callable[[socket.socket], None]:
    def answer(sock: socket.socket) -> None:
        sock.sendall(first)
        while not server[0].over.wait(0.05):
            sock.sendall(b"a")

    return answer


@pytest.mark.parametrize(
    ("first", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nX-A: ", OfflineError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", ReplyTooLargeError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", ReplyTooLargeError),
    ],
)
def test_a_server_that_drips_meets_the_end_of_the_time(
    first: bytes, error: type[Exception]
) -> None:
    made: list[Server] = []
    with serving(dripping(made, first)) as server:
        made.append(server)
        limits = Limits(tries=1, within_s=0.5)
        with session_to(server, limits=limits) as session, pytest.raises(error):
            session.get(f"http://127.0.0.1:{server.port}/")


def test_a_stop_is_noticed_while_a_server_is_silent() -> None:
    heard = threading.Event()
    made: list[Server] = []

    def silent(_: socket.socket) -> None:
        heard.set()
        made[0].over.wait()

    with serving(silent) as server:
        made.append(server)
        with (
            session_to(server, stopping=heard.is_set) as session,
            pytest.raises(CancelledError) as caught,
        ):
            session.get(f"http://127.0.0.1:{server.port}/")
    assert caught.value.__context__ is None


def test_a_connection_is_kept_for_the_next_request() -> None:
    count = 0

    def twice(sock: socket.socket) -> None:
        nonlocal count
        count += 1
        sock.sendall(HELLO)
        sock.recv(65536)
        sock.sendall(HELLO)

    with serving(twice) as server, session_to(server) as session:
        for _ in range(2):
            assert session.get(f"http://127.0.0.1:{server.port}/").text() == "hello"
    assert count == 1


# ── certificates ─────────────────────────────────────────────────────────────────────────


class Certificate:
    """A self-signed certificate for 127.0.0.1."""

    def __init__(self, folder: Path, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
                critical=False,
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.file = folder / f"{name}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
        der = made.public_bytes(serialization.Encoding.DER)
        self.fingerprint = hashlib.sha256(der).hexdigest()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file)


@pytest.fixture
def home_made(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path, "nas")


@pytest.mark.parametrize("system", [False, True])
def test_an_unknown_certificate_is_shown_by_its_fingerprint(
    home_made: Certificate, *, system: bool
) -> None:
    settings = NetworkSettings(use_system_store=system)
    with (
        serving(hello, home_made.context) as server,
        session_to(server, settings=settings) as session,
    ):
        with pytest.raises(CertificateUnknownError) as caught:
            session.get(f"https://127.0.0.1:{server.port}/")
        assert server.heard == []
    assert caught.value.fingerprint == home_made.fingerprint
    assert caught.value.host == f"127.0.0.1:{server.port}"


def test_a_pinned_certificate_is_accepted(home_made: Certificate) -> None:
    with (
        serving(hello, home_made.context) as server,
        session_to(server, pin=home_made.fingerprint) as session,
    ):
        assert session.get(f"https://127.0.0.1:{server.port}/").text() == "hello"
        assert TOKEN.encode() in server.heard[0]


def test_another_certificate_than_the_pinned_one_gets_nothing(
    home_made: Certificate, tmp_path: Path
) -> None:
    other = Certificate(tmp_path, "other")
    with (
        serving(hello, other.context) as server,
        session_to(server, pin=home_made.fingerprint) as session,
    ):
        with pytest.raises(CertificateUnknownError) as caught:
            session.get(f"https://127.0.0.1:{server.port}/")
        assert server.heard == []
    assert caught.value.fingerprint == other.fingerprint


def test_a_certificate_of_the_persons_own_authority_is_trusted(home_made: Certificate) -> None:
    settings = NetworkSettings(ca_file=home_made.file)
    with (
        serving(hello, home_made.context) as server,
        session_to(server, settings=settings) as session,
    ):
        assert session.get(f"https://127.0.0.1:{server.port}/").text() == "hello"


def test_the_environment_names_no_certificates(
    home_made: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(home_made.file))
    with (
        serving(hello, home_made.context) as server,
        session_to(server) as session,
        pytest.raises(CertificateUnknownError),
    ):
        session.get(f"https://127.0.0.1:{server.port}/")


def test_a_server_without_tls_is_offline(home_made: Certificate) -> None:
    def serve(sock: socket.socket) -> None:
        with sock:
            sock.sendall(HELLO)

    with serving(hello, home_made.context) as server:
        server.serve = serve  # type: ignore[assignment, method-assign]
        with session_to(server) as session, pytest.raises(OfflineError):
            session.get(f"https://127.0.0.1:{server.port}/")


def test_a_stop_is_noticed_while_a_certificate_is_looked_at(home_made: Certificate) -> None:
    calls = 0

    def stopping() -> bool:
        return calls > 1

    with serving(hello, home_made.context) as server:
        plain = server.serve

        def serve(sock: socket.socket) -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                plain(sock)
            else:
                with sock:
                    server.over.wait()

        server.serve = serve  # type: ignore[assignment, method-assign]
        with session_to(server, stopping=stopping) as session, pytest.raises(CancelledError):
            session.get(f"https://127.0.0.1:{server.port}/")


def test_a_certificate_that_takes_too_long_is_unknown(home_made: Certificate) -> None:
    calls = 0
    with serving(hello, home_made.context) as server:
        plain = server.serve

        def serve(sock: socket.socket) -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                plain(sock)
            else:
                with sock:
                    server.over.wait()

        server.serve = serve  # type: ignore[assignment, method-assign]
        limits = Limits(tries=1, within_s=1.0)
        with (
            session_to(server, limits=limits) as session,
            pytest.raises(CertificateUnknownError) as caught,
        ):
            session.get(f"https://127.0.0.1:{server.port}/")
    assert caught.value.fingerprint is None
