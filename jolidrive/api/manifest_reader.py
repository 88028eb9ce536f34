"""Reads `plugin.toml` and reports all problems at once. Runs nothing of the plugin.

What the file says becomes a `Manifest` only when nothing is wrong with it: an unknown key is a
problem too, for a misspelt `token_hosts` must not quietly mean *none*.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final, TypeVar

from jolidrive.errors import ManifestInvalidError, PluginTooNewError
from jolidrive.model.item import Kind

from .manifest import (
    Audience,
    Auth,
    ClientPolicy,
    Flow,
    Manifest,
    Network,
    Option,
    RedirectStyle,
    RegisterStyle,
)
from .manifest_rules import (
    address_problem,
    auth_problems,
    host_problem,
    open_places,
    readable,
)
from .manifest_table import Table

if TYPE_CHECKING:
    from enum import StrEnum
    from pathlib import Path

FILE_NAME: Final = "plugin.toml"
MAX_BYTES: Final = 64_000
API_MAJORS: Final = ("1",)
"""The majors of the plugin API spoken here."""

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_ENTRY: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
_API: Final = re.compile(r"(\d{1,3})(?:\.\d{1,3})?")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_TYPES: Final = frozenset({"text", "address", "path", "bool"})
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT", "SEARCH"})

E = TypeVar("E", bound="StrEnum")


def read_manifest(path: Path) -> Manifest:
    """The manifest of a plugin's folder (or the `plugin.toml` itself), checked.

    Raises:
        ManifestInvalidError: with every problem, one readable line each.
        PluginTooNewError: it asks for a plugin API that is not spoken here.
    """
    file = path / FILE_NAME if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError:
        raise ManifestInvalidError(file.parent.name, [f"{FILE_NAME} cannot be read"]) from None
    return parse_manifest(data, fallback_id=file.parent.name)


def parse_manifest(data: bytes, *, fallback_id: str = "") -> Manifest:
    """The manifest in the bytes of a `plugin.toml`; `fallback_id` names it in errors.

    Raises:
        ManifestInvalidError: with every problem, one readable line each.
        PluginTooNewError: it asks for a plugin API that is not spoken here.
    """
    if len(data) > MAX_BYTES:
        raise ManifestInvalidError(
            fallback_id, [f"{FILE_NAME} is larger than {MAX_BYTES} bytes"]
        )
    try:
        untrusted = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ManifestInvalidError(fallback_id, [f"{FILE_NAME} is not UTF-8"]) from None
    except (ValueError, RecursionError) as trouble:
        told = (
            str(trouble)
            if isinstance(trouble, tomllib.TOMLDecodeError)
            else "nested too deep or out of range"
        )
        raise ManifestInvalidError(fallback_id, [f"{FILE_NAME} is not TOML: {told}"]) from None
    return _Reader(untrusted, fallback_id).manifest()


class _Reader:
    """One reading: collects problems, gives the manifest when there are none."""

    def __init__(self, untrusted: dict[str, object], fallback_id: str) -> None:
        self.problems: list[str] = []
        self._fallback_id = fallback_id
        self._top = Table("", untrusted, self.problems)

    def manifest(self) -> Manifest:
        plugin = self._top.table("plugin", required=True)
        api = self._api(plugin)
        identity = self._shaped(plugin, "id", _ID, "small letters, digits, `-` or `_` between")
        if len(identity) > 40:
            self.problems.append("[plugin] id: longer than 40 characters")
        manifest = Manifest(
            id=identity,
            name=plugin.text("name", required=True),
            summary=plugin.text("summary", required=True),
            version=plugin.text("version", required=True),
            license=plugin.text("license", required=True),
            api=api,
            entry=self._shaped(plugin, "entry", _ENTRY, "module:Class"),
            audience=self._one_of(plugin, "audience", Audience, Audience.EVERYONE),
            group=plugin.text("group") or "other",
            auth=self._auth(self._top.table("auth", required=True)),
            network=self._network(self._top.table("network")),
            kinds=self._kinds(data := self._top.table("data", required=True)),
            stays_out=data.text("stays_out"),
            options=self._options(self._top.table("options")),
        )
        plugin.finish()
        data.finish()
        self._top.finish()
        self.problems.extend(auth_problems(manifest.auth, manifest.network))
        self.problems.extend(open_places(manifest))
        if self.problems:
            problems = [readable(problem) for problem in self.problems]
            raise ManifestInvalidError(readable(manifest.id or self._fallback_id), problems)
        return manifest

    # ── [plugin] ─────────────────────────────────────────────────────────────────────────

    def _api(self, plugin: Table) -> str:
        wanted = plugin.text("api", required=True)
        match = _API.fullmatch(wanted)
        if match is None:
            if wanted:
                self.problems.append('[plugin] api: not a version such as "1"')
            return wanted
        if match[1] not in API_MAJORS:
            raise PluginTooNewError(readable(plugin.text("id") or self._fallback_id), wanted)
        return wanted

    def _shaped(self, table: Table, key: str, shape: re.Pattern[str], told: str) -> str:
        value = table.text(key, required=True)
        if value and not shape.fullmatch(value):
            self.problems.append(f"{table.label} {key}: not of the form {told}")
        return value

    def _one_of(self, table: Table, key: str, allowed: type[E], default: E) -> E:
        value = table.text(key)
        if not value:
            return default
        try:
            return allowed(value)
        except ValueError:
            choices = ", ".join(f"`{choice}`" for choice in allowed)
            self.problems.append(f"{table.label} {key}: must be one of {choices}")
            return default

    # ── [auth] ───────────────────────────────────────────────────────────────────────────

    def _auth(self, table: Table) -> Auth:
        if table.present and not table.text("flow"):
            self.problems.append("[auth] flow: missing")
        auth = Auth(
            flow=self._one_of(table, "flow", Flow, Flow.NONE),
            authorize_url=self._address(table, "authorize_url"),
            token_url=self._address(table, "token_url"),
            revoke_url=self._address(table, "revoke_url"),
            register_url=self._address(table, "register_url"),
            register_style=self._one_of(
                table, "register_style", RegisterStyle, RegisterStyle.RFC7591
            ),
            redirect=self._one_of(table, "redirect", RedirectStyle, RedirectStyle.IP),
            redirect_ports=self._ports(table),
            client=self._one_of(table, "client", ClientPolicy, ClientPolicy.SHIPPED),
            client_id=table.text("client_id") or None,
            client_secret=table.text("client_secret") or None,
            scopes=table.scopes("scopes"),
            scope_separator=table.text("scope_separator") or " ",
            state_returned=self._state(table),
            manage_url=self._address(table, "manage_url"),
            extra=table.texts("extra"),
        )
        table.finish()
        return auth

    def _address(self, table: Table, key: str) -> str | None:
        value = table.text(key)
        if value and (problem := address_problem(value)):
            self.problems.append(f"{table.label} {key}: {problem}")
        return value or None

    def _ports(self, table: Table) -> tuple[int, ...]:
        ports = table.numbers("redirect_ports")
        if any(not 1024 <= port <= 65535 for port in ports):
            self.problems.append("[auth] redirect_ports: must lie between 1024 and 65535")
        return ports

    def _state(self, table: Table) -> bool:
        value = table.text("state") or "returned"
        if value not in {"returned", "not_returned"}:
            self.problems.append("[auth] state: must be `returned` or `not_returned`")
        return value != "not_returned"

    # ── [network], [data], [options] ─────────────────────────────────────────────────────

    def _network(self, table: Table) -> Network:
        methods = table.texts("methods")
        for method, reason in methods.items():
            if not _METHOD.fullmatch(method):
                self.problems.append(f"[network] methods: `{method}` is no method in capitals")
            elif method in _READING:
                self.problems.append(f"[network] methods: {method} is allowed without asking")
            if not reason.strip():
                self.problems.append(f"[network] methods: {method} has no reason")
        pace = table.number("pace", 5.0)
        if not 0 < pace <= 1000:
            self.problems.append("[network] pace: must be above 0 and at most 1000 a second")
        network = Network(
            token_hosts=self._hosts(table, "token_hosts"),
            open_hosts=self._hosts(table, "open_hosts"),
            pace=pace,
            methods=methods,
        )
        for host in sorted(set(network.token_hosts) & set(network.open_hosts)):
            self.problems.append(f"[network] {host} is both a token host and an open host")
        table.finish()
        return network

    def _hosts(self, table: Table, key: str) -> tuple[str, ...]:
        hosts = table.list_of_texts(key)
        for host in hosts:
            if problem := host_problem(host):
                self.problems.append(f"[network] {key}: `{host}` {problem}")
        if len(set(hosts)) != len(hosts):
            self.problems.append(f"[network] {key}: names a host twice")
        return hosts

    def _kinds(self, table: Table) -> dict[Kind, str]:
        kinds: dict[Kind, str] = {}
        told = table.texts("kinds")
        for name, what in told.items():
            if name not in set(Kind):
                self.problems.append(f"[data] kinds: `{name}` is no kind of item")
            elif not what.strip():
                self.problems.append(f"[data] kinds: {name} does not say what of it")
            else:
                kinds[Kind(name)] = what
        if table.present and not told:
            self.problems.append("[data] kinds: missing")
        return kinds

    def _options(self, tables: Table) -> tuple[Option, ...]:
        options: list[Option] = []
        for name in tables.names():
            table = tables.table(name)
            if not _WORD.fullmatch(name):
                self.problems.append(f"[options.{name}]: the name must be a small plain word")
            type_ = table.text("type") or "text"
            if type_ not in _TYPES:
                known = ", ".join(f"`{one}`" for one in sorted(_TYPES))
                self.problems.append(f"{table.label} type: must be one of {known}")
            options.append(
                Option(
                    name=name,
                    type=type_,
                    label=table.text("label", required=True),
                    default=table.text_or_none("default"),
                    secret=table.flag("secret"),
                )
            )
            table.finish()
        return tuple(options)
