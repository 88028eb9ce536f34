"""What the parts of a manifest must fulfil together. Each rule gives readable lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .address import PLACES, places
from .manifest import ClientPolicy, Flow, RedirectStyle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .manifest import Auth, Manifest, Network

_HOST: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_NEEDED: Final = {
    Flow.CODE: ("authorize_url", "token_url"),
    Flow.DEVICE: ("authorize_url", "token_url"),
    Flow.BROWSER_POLL: ("authorize_url",),
    Flow.OAUTH1: ("authorize_url", "token_url"),
}
_ADDRESSES: Final = ("authorize_url", "token_url", "revoke_url", "register_url", "manage_url")
_ASKED: Final = ("token_url", "revoke_url", "register_url")
_WITH_CLIENT: Final = frozenset({Flow.CODE, Flow.DEVICE, Flow.OAUTH1})


def readable(line: str) -> str:
    """A line for people, with what a terminal could obey taken out."""
    return "".join(one if one.isprintable() else "?" for one in line[:300])


def host_problem(host: str) -> str | None:
    """Why this cannot be a declared host; None when it can."""
    if host in PLACES:
        return None
    if "{" in host or "}" in host:
        return f"has an unknown place; known are {' and '.join(PLACES)}"
    if "*" in host:
        return "is a wildcard; name each host"
    if "/" in host or "@" in host:
        return "must be the host alone, without scheme and path"
    if not _HOST.fullmatch(host):
        return "is no host name in small letters (no port, no number address)"
    return None


def address_problem(address: str) -> str | None:
    """Why this cannot be an address of `[auth]`; None when it can."""
    if any(place not in PLACES for place in places(address)):
        return f"has an unknown place; known are {' and '.join(PLACES)}"
    if address.startswith("{server}"):
        rest = address.removeprefix("{server}")
        return None if rest.startswith("/") or not rest else "needs a `/` after {server}"
    return _https_problem(address)


def _https_problem(address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "is no address"
    if parts.scheme != "https":
        return "must start with https:// or {server}"
    if "@" in parts.netloc:
        return "may not hold credentials"
    problem = host_problem(parts.netloc)
    return f"host {problem}" if problem else None


def auth_problems(auth: Auth, network: Network) -> Iterator[str]:
    """What the flow needs and does not have, and addresses at hosts nobody declared."""
    for key in _NEEDED.get(auth.flow, ()):
        if not getattr(auth, key):
            yield f"[auth] {key}: missing, the flow `{auth.flow}` needs it"
    yield from _client_problems(auth)
    if auth.redirect is RedirectStyle.EXACT and not auth.redirect_ports:
        yield "[auth] redirect_ports: missing, `exact` needs the ports that were registered"
    declared = {*network.token_hosts, *network.open_hosts}
    for key in _ASKED:
        address: str | None = getattr(auth, key)
        if address and (host := _host_of(address)) and host not in declared:
            yield f"[auth] {key}: [network] does not declare its host {host}"
    if auth.flow is not Flow.NONE and not network.token_hosts:
        yield "[network] token_hosts: missing, nobody would get the token"


def _client_problems(auth: Auth) -> Iterator[str]:
    if auth.flow not in _WITH_CLIENT:
        return
    if auth.client is ClientPolicy.DYNAMIC and not auth.register_url:
        yield "[auth] register_url: missing, client `dynamic` needs it"
    if auth.client is ClientPolicy.SHIPPED and not auth.client_id:
        yield "[auth] client_id: missing, client `shipped` needs it"


def open_places(manifest: Manifest) -> Iterator[str]:
    """`{server}` without an option `server` that the person could type."""
    used = {*manifest.network.token_hosts, *manifest.network.open_hosts}
    for key in _ADDRESSES:
        used.update(places(getattr(manifest.auth, key) or ""))
    typed = {option.name: option for option in manifest.options}
    if "{server}" in used and "server" not in typed:
        yield "[options.server]: missing, {server} is used"
    if "server" in typed and typed["server"].secret:
        yield "[options.server] secret: an address that is shown cannot be a secret"


def _host_of(address: str) -> str:
    if address.startswith("{server}"):
        return "{server}"
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
