"""From a manifest and what the person typed to what an account may ask, nothing left open.

The consent sheet, the gate and the sign-in all mean these hosts, fixed when the
account is made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jolidrive.api.address import fill_address, fill_host
from jolidrive.errors import InsecureAddressError, OptionMissingError
from jolidrive.net.guard import Permit
from jolidrive.net.hosts import TypedServer, typed_server

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.api.manifest import Auth, Manifest

SERVER: Final = "server"
FINGERPRINT: Final = "fingerprint"
"""An option every service with a typed server has: the certificate to trust (SHA-256)."""


def permit_for(
    manifest: Manifest,
    account: str | None,
    options: Mapping[str, str],
    grant: Mapping[str, str] | None = None,
) -> Permit:
    """What the account may ask.

    Hosts told with the token (`{grant.…}`) are left out while nothing was told.

    Raises:
        OptionMissingError: the typed server cannot be used.
        InsecureAddressError: it was typed as plain HTTP to another computer.
    """
    plain: frozenset[str] = frozenset()
    if options.get(SERVER):
        server = _typed(manifest, options[SERVER])
        plain = frozenset({server.entry}) if server.plain else frozenset()
    return Permit(
        account=account,
        service=manifest.id,
        token_hosts=_hosts(manifest.network.token_hosts, options, grant),
        open_hosts=_hosts(manifest.network.open_hosts, options, grant),
        methods=frozenset(manifest.network.methods),
        typed_loopback=plain,
        pinned_fingerprint=options.get(FINGERPRINT) or None,
        pace=manifest.network.pace,
    )


def sign_in_permit(permit: Permit) -> Permit:
    """The same, with the POST that a token endpoint needs."""
    return replace(permit, methods=permit.methods | {"POST"})


def auth_for(
    auth: Auth, options: Mapping[str, str], grant: Mapping[str, str] | None = None
) -> Auth:
    """The sign-in's addresses with their places filled in; None where one is not known yet."""

    def filled(address: str | None) -> str | None:
        return fill_address(address, options, grant) if address else None

    return replace(
        auth,
        authorize_url=filled(auth.authorize_url),
        token_url=filled(auth.token_url),
        revoke_url=filled(auth.revoke_url),
        register_url=filled(auth.register_url),
        manage_url=filled(auth.manage_url),
    )


def _typed(manifest: Manifest, address: str) -> TypedServer:
    try:
        return typed_server(address)
    except InsecureAddressError as trouble:
        if trouble.reason == "plain_http":
            raise
        raise OptionMissingError(manifest.name, SERVER, problem="it is no address") from None


def _hosts(
    templates: tuple[str, ...], options: Mapping[str, str], grant: Mapping[str, str] | None
) -> frozenset[str]:
    filled = (fill_host(template, options, grant) for template in templates)
    return frozenset(host for host in filled if host)
