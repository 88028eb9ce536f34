"""Addresses, read the way they will be connected: one strict reading for everybody.

The guard compares hosts only through `Address`, and the connection is opened to the very host
that was compared, so no second parser can be talked into another one. What can be read in two
ways (credentials, backslashes, `127.1`, a percent sign in a host) is refused, not repaired.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

import idna

from jolidrive.errors import InsecureAddressError

_PORTS: Final = {"https": 443, "http": 80}
_SPLIT: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)")
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f\\]")
_AUTHORITY: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@%]+)(?::([0-9]{1,5}))?")
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes. `host` is in lower case, IDNA, without brackets or last dot."""

    scheme: str
    host: str
    port: int

    @property
    def entry(self) -> str:
        """Host and port, as they stand in a permit: `example.org:443`, `[::1]:8080`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def shown(self) -> str:
        """The host for people and the ledger: the port only where it is not the usual one."""
        usual = _PORTS[self.scheme] == self.port
        return self.entry.removesuffix(f":{self.port}") if usual else self.entry

    @property
    def literal_loopback(self) -> bool:
        """Whether this is `127.0.0.1` or `::1`, written exactly so."""
        return self.host in _LOOPBACK


@dataclass(frozen=True, slots=True)
class TypedServer:
    """A server address the person typed.

    Args:
        address: as typed, without a slash at its end.
        entry: host and port for `Permit.token_hosts`.
        plain: typed as `http://` at a literal loopback address: goes to `typed_loopback`.
    """

    address: str
    entry: str
    plain: bool


def read_address(url: str) -> Address:
    """Reads scheme, host and port of an address.

    Raises:
        InsecureAddressError: it is not HTTP(S), carries credentials, or can be read in
            more than one way. The error names the host only where there is a clear one.
    """
    found = _SPLIT.fullmatch(url.split("#", 1)[0])
    if found is None or found[1].lower() not in _PORTS:
        raise InsecureAddressError("", "scheme")
    scheme, authority = found[1].lower(), found[2]
    if "@" in authority:
        raise InsecureAddressError("", "credentials")
    host, port = _read_authority(authority)
    return Address(scheme, host, _PORTS[scheme] if port is None else port)


def host_entry(host: str) -> str:
    """A declared host as it stands in a permit; without a port it means HTTPS's own.

    Raises:
        InsecureAddressError: it is not a host name.
    """
    name, port = _read_authority(host)
    return Address("https", name, 443 if port is None else port).entry


def typed_server(address: str) -> TypedServer:
    """Reads what the person typed; without a scheme it means `https://`.

    Raises:
        InsecureAddressError: plain HTTP to anything but `127.0.0.1` or `[::1]`, or an odd
            address.
    """
    typed = address.strip()
    if "://" not in typed:
        typed = f"https://{typed}"
    where = read_address(typed)
    plain = where.scheme == "http"
    if plain and not where.literal_loopback:
        raise InsecureAddressError(where.shown, "plain_http")
    return TypedServer(typed.rstrip("/"), where.entry, plain)


def https_spelling(url: str) -> str:
    """The address with `https://`, for oauthlib, which reads nothing else."""
    return f"https://{url[7:]}" if url[:7].lower() == "http://" else url


def _read_authority(authority: str) -> tuple[str, int | None]:
    found = None if _CONTROL.search(authority) else _AUTHORITY.fullmatch(authority)
    if found is None:
        raise InsecureAddressError("", "odd_address")
    port = int(found[2]) if found[2] else None
    if port is not None and not 0 < port < 65536:
        raise InsecureAddressError("", "odd_address")
    return _read_host(found[1]), port


def _read_host(text: str) -> str:
    if text.startswith("["):
        return _read_ipv6(text[1:-1])
    host = _to_ascii(text).removesuffix(".")
    if not _NAME.fullmatch(host) or len(host) > 253:
        raise InsecureAddressError("", "odd_address")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _read_ipv4(host)
    return host


def _to_ascii(text: str) -> str:
    if text.isascii():
        return text.lower()
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise InsecureAddressError("", "odd_address") from None


def _read_ipv4(text: str) -> str:
    """Only the four plain numbers: `127.1`, `0x7f.1`, `017.0.0.1`, `2130706433` are odd."""
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise InsecureAddressError("", "odd_address") from None


def _read_ipv6(text: str) -> str:
    """Only the usual spelling, and no IPv4 address in disguise."""
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise InsecureAddressError("", "odd_address") from None
    if address.ipv4_mapped is not None or str(address) != text.lower():
        raise InsecureAddressError("", "odd_address")
    return str(address)
