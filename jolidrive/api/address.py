"""Addresses with places to fill in: `{server}` (typed) and `{grant.hostname}` (told).

One rule for the manifest reader, the consent sheet, the gate and the connectors, so that all
of them mean the same host. Nothing here talks to anybody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES: Final = ("{server}", "{grant.hostname}")
"""What an address or a host of a manifest may leave open."""

_PLACE: Final = re.compile(r"\{[^{}]*\}")


def places(template: str) -> tuple[str, ...]:
    """The places of a template, known or not: `{server}/token` has `{server}`."""
    return tuple(_PLACE.findall(template))


def server_address(typed: str) -> str:
    """What a person typed as a server, as an address without a slash at its end.

    `example.social` becomes `https://example.social`; a scheme that was typed stays.
    """
    address = typed.strip()
    if "://" not in address:
        address = f"https://{address}"
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rstrip('/')}"


def fill_address(
    template: str, options: Mapping[str, str], grant: Mapping[str, str] | None = None
) -> str | None:
    """The address with its places filled in; None while one of them is not known."""
    known = {
        "{server}": server_address(options.get("server", "")) if options.get("server") else "",
        "{grant.hostname}": (grant or {}).get("hostname", ""),
    }
    for place in places(template):
        if not known.get(place):
            return None
        template = template.replace(place, known[place])
    return template


def fill_host(
    template: str, options: Mapping[str, str], grant: Mapping[str, str] | None = None
) -> str | None:
    """A declared host with its place filled in, as `host` or `host:port`; None if not known."""
    if not places(template):
        return template
    filled = fill_address(template, options, grant)
    if filled is None:
        return None
    try:
        parts = urlsplit(filled if "://" in filled else f"https://{filled}")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{host}:{port}" if port else host
