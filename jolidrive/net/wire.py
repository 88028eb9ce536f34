"""The transport under the guard: TLS and proxy. It decides nothing about who is asked.

A service is replaced here in tests. Certificates come from the settings, never from the
environment. A pinned certificate is compared before the first byte of HTTP; an unknown one is
fetched once more, by a handshake that ends before any byte of HTTP, to tell its fingerprint.
"""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from .sockets import (
    CONNECT_S,
    SILENCE_S,
    WatchHolder,
    pool_classes,
    tls_socket_class,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from requests import PreparedRequest, Response
    from requests.adapters import _HostParams, _PoolKwargs
    from urllib3.poolmanager import ProxyManager


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """The way to the network.

    Args:
        proxy: `http://…` or `https://…` of a proxy; loopback addresses never go through it.
        ca_file: certificates (PEM) to trust besides the usual ones.
        use_system_store: trust what the system trusts instead of the bundled list.
    """

    proxy: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    use_system_store: bool = False

    def __post_init__(self) -> None:
        if self.proxy is not None and not self.proxy.startswith(("http://", "https://")):
            raise ValueError("a proxy is an http:// or https:// address")


def trusted_context(settings: NetworkSettings) -> ssl.SSLContext:
    """What is trusted: the bundled list or the system's, and the person's own certificates.

    Not `ssl.create_default_context`, which writes keys where SSLKEYLOGFILE says.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if settings.use_system_store:
        context.load_default_certs()
    else:
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    if settings.ca_file is not None:
        context.load_verify_locations(settings.ca_file)
    return context


def _unverified_context() -> ssl.SSLContext:
    """For a certificate that is compared by its fingerprint, or only looked at."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Wire(HTTPAdapter):
    """Sends what the guard has let out. One wire serves one session.

    Args:
        settings: proxy and certificates.
        pinned: entry of a host (`nas.local:443`) → SHA-256 of the only certificate it may show.
    """

    def __init__(self, settings: NetworkSettings, pinned: Mapping[str, str]) -> None:
        self.settings = settings
        self.holder = WatchHolder()
        self._pinned = pinned
        self._pools = pool_classes(self.holder)
        super().__init__(max_retries=0)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        context = trusted_context(self.settings)
        context.sslsocket_class = tls_socket_class(self.holder)
        return context

    @cached_property
    def _unverified(self) -> ssl.SSLContext:
        context = _unverified_context()
        context.sslsocket_class = tls_socket_class(self.holder)
        return context

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,  # noqa: FBT001, FBT002 - requests' own
        **pool_kwargs: object,
    ) -> None:
        """Makes the pools with connections of our own."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: object) -> ProxyManager:
        """The same, through a proxy, which is checked by the usual certificates."""
        manager: ProxyManager = super().proxy_manager_for(
            proxy, proxy_ssl_context=self._trusted, **proxy_kwargs
        )
        manager.pool_classes_by_scheme = self._pools
        return manager

    def build_connection_pool_key_attributes(
        self,
        request: PreparedRequest,
        verify: object,  # noqa: ARG002 - not asked: the settings decide
        cert: object = None,  # noqa: ARG002
    ) -> tuple[_HostParams, _PoolKwargs]:
        """Which certificate the host has to show."""
        host, _ = super().build_connection_pool_key_attributes(request, verify=True)
        if host["scheme"] == "http":
            return host, cast("_PoolKwargs", {})
        pin = self._pinned.get(_entry(host))
        if pin is None:
            return host, cast("_PoolKwargs", {"ssl_context": self._trusted})
        pinned = {"ssl_context": self._unverified, "assert_fingerprint": pin}
        return host, cast("_PoolKwargs", pinned)

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """The contexts carry everything; requests would add its own list here."""

    def send(
        self,
        request: PreparedRequest,
        stream: bool = True,  # noqa: ARG002, FBT001, FBT002 - the shape of every adapter
        timeout: object = None,  # noqa: ARG002
        verify: object = True,  # noqa: ARG002, FBT002
        cert: object = None,  # noqa: ARG002
        proxies: object = None,  # noqa: ARG002
    ) -> Response:
        """Sends by our own proxy and time limits; what requests would choose is ignored."""
        return super().send(
            request,
            stream=True,
            timeout=(CONNECT_S, SILENCE_S),
            proxies=self._proxies(request),
        )

    def fingerprint(self, request: PreparedRequest) -> str | None:
        """SHA-256 of the certificate the host shows now; None when it shows none."""
        bare = request.copy()
        bare.headers.clear()
        bare.body = None
        probe = _Probe(self.settings, self.holder)
        try:
            probe.send(bare).close()
        except (RequestException, OSError):
            return probe.seen
        finally:
            probe.close()
        return probe.seen

    def _proxies(self, request: PreparedRequest) -> dict[str, str]:
        host = (request.url or "").split("/", 3)[2]
        local = host.partition(":")[0] == "127.0.0.1" or host.startswith("[::1]")
        return {"all": self.settings.proxy} if self.settings.proxy and not local else {}


class _Probe(Wire):
    """A wire whose every TLS connection ends after the handshake: nothing is sent on it."""

    def __init__(self, settings: NetworkSettings, holder: WatchHolder) -> None:
        super().__init__(settings, {})
        self.seen: str | None = None
        self._looking = _unverified_context()
        self._looking.sslsocket_class = tls_socket_class(holder, self._keep)

    def build_connection_pool_key_attributes(
        self,
        request: PreparedRequest,
        verify: object,  # noqa: ARG002 - not asked: everything is welcome
        cert: object = None,  # noqa: ARG002
    ) -> tuple[_HostParams, _PoolKwargs]:
        """Whatever it shows is welcome."""
        host, _ = HTTPAdapter.build_connection_pool_key_attributes(self, request, verify=True)
        return host, cast("_PoolKwargs", {"ssl_context": self._looking})

    def _keep(self, certificate: bytes | None) -> None:
        if certificate:
            self.seen = hashlib.sha256(certificate).hexdigest()
        raise ssl.SSLError("seen")


def _entry(host: _HostParams) -> str:
    name = f"[{host['host']}]" if ":" in host["host"] else host["host"]
    return f"{name}:{host['port'] or 443}"
