"""Sockets that notice a stop: every wait is cut into steps of 250 ms.

In each step the `Watch` of the request under way is looked at, so a stop is noticed while a
server is silent, and a server that drips a byte now and then still meets the end of the whole
time. Only the system's name lookup cannot be interrupted. Nothing here knows of HTTP's rules.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError

from .pace import LOOK_S, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer

CONNECT_S: Final = 10.0
SILENCE_S: Final = 30.0
T = TypeVar("T")
_Where = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


class TooSlowError(Exception):
    """The whole time of a request is over. Never leaves `net`."""


class WatchHolder:
    """The watch of the request under way, for each thread its own."""

    def __init__(self) -> None:
        self._here = threading.local()

    @contextmanager
    def using(self, watch: Watch) -> Iterator[None]:
        """Everything on this wire looks at `watch` meanwhile."""
        before = getattr(self._here, "watch", None)
        self._here.watch = watch
        try:
            yield
        finally:
            self._here.watch = before

    def look(self) -> None:
        """Goes on, or raises.

        Raises:
            CancelledError: it was stopped.
            TooSlowError: the whole time is over.
        """
        watch: Watch | None = getattr(self._here, "watch", None)
        if watch is not None:
            watch.look()
            if watch.left_s <= 0:
                raise TooSlowError


def in_steps(sock: socket.socket, holder: WatchHolder, act: Callable[[], T]) -> T:
    """Calls a blocking `act` again and again for `LOOK_S`, until the socket's own timeout."""
    limit = sock.gettimeout()
    left = SILENCE_S if limit is None else limit
    try:
        while True:
            holder.look()
            sock.settimeout(min(LOOK_S, left))
            try:
                return act()
            except TimeoutError:
                left -= LOOK_S
                if left <= 0:
                    raise
    finally:
        sock.settimeout(limit)


def tls_socket_class(
    holder: WatchHolder, shown: Callable[[bytes | None], None] | None = None
) -> type[ssl.SSLSocket]:
    """A TLS socket that looks at the watch; `shown` is given the certificate when it came."""

    class WatchedTlsSocket(ssl.SSLSocket):
        def recv_into(
            self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0
        ) -> int:
            plain = super().recv_into
            return in_steps(self, holder, lambda: plain(buffer, nbytes, flags))

        def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - ssl's own
            plain = super().do_handshake
            try:
                in_steps(self, holder, lambda: plain(block))
                if shown is not None:
                    shown(self.getpeercert(binary_form=True))
            except BaseException:
                self.close()  # ssl itself does so for its own errors only
                raise

    return WatchedTlsSocket


def pool_classes(holder: WatchHolder) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools, with sockets of ours in them."""

    class PlainConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, holder)

    class TlsConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, holder)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection  # type: ignore[mutable-override] # urllib3's own way

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection  # type: ignore[mutable-override] # urllib3's own way

    return {"http": PlainPool, "https": TlsPool}


def _socket_class(holder: WatchHolder) -> type[socket.socket]:
    class WatchedSocket(socket.socket):
        def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
            plain = super().recv_into
            return in_steps(self, holder, lambda: plain(buffer, nbytes, flags))

    return WatchedSocket


def _connect(connection: HTTPConnection, holder: WatchHolder) -> socket.socket:
    """Opens a TCP connection in steps; the first address that answers wins."""
    try:
        found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NameResolutionError(connection.host, connection, socket.gaierror()) from None
    made = _socket_class(holder)
    for family, kind, protocol, _, address in found:
        sock = made(family, kind, protocol)
        try:
            if _reached(sock, address, holder):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(SILENCE_S)
                return sock
        except BaseException:
            sock.close()
            raise
        sock.close()
    raise NewConnectionError(connection, "no address answers")


def _reached(sock: socket.socket, address: _Where, holder: WatchHolder) -> bool:
    sock.setblocking(False)  # noqa: FBT003 - the socket module's own
    try:
        sock.connect(address)
    except (BlockingIOError, InterruptedError):
        return _answered(sock, holder)
    except OSError:
        return False
    return True


def _answered(sock: socket.socket, holder: WatchHolder) -> bool:
    left = CONNECT_S
    while left > 0:
        holder.look()
        _, ready, broken = select.select([], [sock], [sock], LOOK_S)
        if ready or broken:
            return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        left -= LOOK_S
    return False
