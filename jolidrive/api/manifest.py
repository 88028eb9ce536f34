"""`plugin.toml`: everything Jolidrive knows of a plugin before any of its code runs.

    [plugin]   id, name, summary, version, license, api = "1", entry = "connector:Mastodon",
               audience = "everyone" | "demo", group = "files" | "photos" | "social" | …
    [auth]     flow, authorize_url, token_url, revoke_url, register_url, redirect, client,
               state, scopes = [{name, reason}], manage_url (where a person sees the grant)
    [network]  token_hosts, open_hosts, pace (requests a second), methods = {METHOD = "reason"}
    [data]     kinds = {kind = "what of it"}, stays_out = "…"
    [options.<name>]  type, label, default, secret

Addresses may hold `{server}` (typed by the person) and `{grant.hostname}` (told with the
token). Unknown keys are errors, and all problems are told at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.model.item import Kind


class Audience(StrEnum):
    """Who sees the plugin: everyone, or demo profiles only."""

    EVERYONE = "everyone"
    DEMO = "demo"


class Flow(StrEnum):
    """How somebody signs in."""

    CODE = "code"
    DEVICE = "device"
    TOKEN = "token"  # noqa: S105 - the name of a flow
    PASSWORD = "password"  # noqa: S105 - the name of a flow
    BROWSER_POLL = "browser_poll"
    OAUTH1 = "oauth1"
    NONE = "none"


class RedirectStyle(StrEnum):
    """The four incompatible kinds of loopback redirect.

    `ip`: `http://127.0.0.1:<any port>/callback`; `localhost`: the word, any port; `either`:
    both work, any port; `exact`: one of the ports registered beforehand (`redirect_ports`).
    """

    IP = "ip"
    LOCALHOST = "localhost"
    EITHER = "either"
    EXACT = "exact"


class ClientPolicy(StrEnum):
    """Where the client id comes from: shipped, the person's own, or registered per server."""

    SHIPPED = "shipped"
    OWN = "own"
    DYNAMIC = "dynamic"


class RegisterStyle(StrEnum):
    """How a client is registered: RFC 7591, or one POST to `/api/v1/apps`."""

    RFC7591 = "rfc7591"
    APPS = "apps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A permission asked for, and why, as shown to the person."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value the person types. `type` is `text`, `address`, `path` or `bool`."""

    name: str
    type: str = "text"
    label: str = ""
    default: str | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """Section `[auth]`.

    Args:
        flow: how somebody signs in.
        authorize_url: address of the consent page.
        token_url: address that gives tokens.
        revoke_url: RFC 7009 address; None: the service has none.
        register_url: address of dynamic registration.
        register_style: its dialect.
        redirect: style of loopback redirect.
        redirect_ports: for `exact`: ports registered beforehand.
        client: where the client id comes from.
        client_id: for `shipped`.
        client_secret: for `shipped`, where the service insists (not confidential here).
        scopes: permissions with their reasons.
        scope_separator: usually a space.
        state_returned: False where the service drops `state`.
        manage_url: page where the person sees the grant at the service.
        extra: more parameters for the consent page.
    """

    flow: Flow
    authorize_url: str | None = None
    token_url: str | None = None
    revoke_url: str | None = None
    register_url: str | None = None
    register_style: RegisterStyle = RegisterStyle.RFC7591
    redirect: RedirectStyle = RedirectStyle.IP
    redirect_ports: tuple[int, ...] = ()
    client: ClientPolicy = ClientPolicy.SHIPPED
    client_id: str | None = None
    client_secret: str | None = None
    scopes: tuple[Scope, ...] = ()
    scope_separator: str = " "
    state_returned: bool = True
    manage_url: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Section `[network]`: who may be asked, how often, and by which methods beyond reading.

    Hosts are names, `{server}` or `{grant.hostname}`; `pace` is requests a second to one host.
    """

    token_hosts: tuple[str, ...] = ()
    open_hosts: tuple[str, ...] = ()
    pace: float = 5.0
    methods: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All of `plugin.toml`, checked."""

    id: str
    name: str
    summary: str
    version: str
    license: str
    api: str
    entry: str
    auth: Auth
    network: Network
    kinds: Mapping[Kind, str]
    audience: Audience = Audience.EVERYONE
    group: str = "other"
    stays_out: str = ""
    options: tuple[Option, ...] = ()

    @property
    def keeps_secrets(self) -> bool:
        """Whether an account of it has anything that must be sealed."""
        return self.auth.flow is not Flow.NONE or any(option.secret for option in self.options)
