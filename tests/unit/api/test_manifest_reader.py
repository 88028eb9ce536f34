"""Manifests: all problems at once, in readable lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jolidrive.api.manifest import (
    Audience,
    ClientPolicy,
    Flow,
    Option,
    RedirectStyle,
    RegisterStyle,
    Scope,
)
from jolidrive.api.manifest_reader import parse_manifest, read_manifest
from jolidrive.errors import ManifestInvalidError, PluginTooNewError
from jolidrive.model.item import Kind

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
[plugin]
id = "harbour"
name = "Harbour"
summary = "Ships and tides."
version = "1.2"
license = "MIT"
api = "1"
entry = "connector:Harbour"
"""
AUTH = """
[auth]
flow = "code"
authorize_url = "{server}/oauth/authorize"
token_url = "{server}/oauth/token"
revoke_url = "https://id.harbour.example/revoke"
register_url = "{server}/apps"
register_style = "apps"
redirect = "exact"
redirect_ports = [8712]
client = "dynamic"
state = "not_returned"
scopes = [{ name = "read", reason = "To list ships" }]
extra = { prompt = "consent" }
"""
REST = """
[network]
token_hosts = ["{server}", "id.harbour.example"]
open_hosts = ["pictures.harbour.example", "{grant.hostname}"]
pace = 2
methods = { PUT = "Asks for an export" }

[data]
kinds = { photo = "Ships", event = "Tides" }

[options.server]
type = "address"
label = "Server"
"""
WHOLE = PLUGIN + AUTH + REST
SMALL = PLUGIN + '[auth]\nflow = "none"\n[data]\nkinds = { document = "All" }\n'


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ManifestInvalidError) as told:
        parse_manifest(text.encode())
    return told.value.problems


def test_a_whole_manifest_is_read() -> None:
    manifest = parse_manifest(WHOLE.encode())
    assert (manifest.id, manifest.entry, manifest.api) == ("harbour", "connector:Harbour", "1")
    assert manifest.auth.flow is Flow.CODE
    assert manifest.auth.client is ClientPolicy.DYNAMIC
    assert manifest.auth.register_style is RegisterStyle.APPS
    assert manifest.auth.redirect is RedirectStyle.EXACT
    assert manifest.auth.redirect_ports == (8712,)
    assert manifest.auth.state_returned is False
    assert manifest.auth.scopes == (Scope(name="read", reason="To list ships"),)
    assert manifest.auth.extra == {"prompt": "consent"}
    assert manifest.network.token_hosts == ("{server}", "id.harbour.example")
    assert manifest.network.pace == 2.0
    assert manifest.kinds == {Kind.PHOTO: "Ships", Kind.EVENT: "Tides"}
    assert manifest.options == (Option(name="server", type="address", label="Server"),)
    assert manifest.audience is Audience.EVERYONE
    assert manifest.keeps_secrets


def test_a_small_manifest_needs_no_network() -> None:
    manifest = parse_manifest(SMALL.encode())
    assert manifest.network.token_hosts == ()
    assert not manifest.keeps_secrets


def test_all_problems_are_told_at_once() -> None:
    told = problems(
        '[plugin]\nid = "Bad Id"\nname = 7\napi = "1"\nentry = "nowhere"\ncolour = "red"\n'
        '[auth]\nflow = "magic"\n[data]\nkinds = { cat = "Cats" }\n[extra]\n'
    )
    assert told == (
        "[plugin] id: not of the form small letters, digits, `-` or `_` between",
        "[plugin] name: must be a text in quotes",
        "[plugin] summary: missing",
        "[plugin] version: missing",
        "[plugin] license: missing",
        "[plugin] entry: not of the form module:Class",
        (
            "[auth] flow: must be one of `code`, `device`, `token`, `password`, "
            "`browser_poll`, `oauth1`, `none`"
        ),
        "[data] kinds: `cat` is no kind of item",
        "[plugin] colour: unknown key",
        "[extra]: unknown key",
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"{server}", "id', '"*.harbour.example", "id', "is a wildcard; name each host"),
        ('"{server}", "id', '"https://a.example", "id', "without scheme and path"),
        ('"{server}", "id', '"a.example/x", "id', "without scheme and path"),
        ('"{server}", "id', '"me@a.example", "id', "without scheme and path"),
        ('"{server}", "id', '"127.0.0.1", "id', "is no host name"),
        ('"{server}", "id', '"localhost", "id', "is no host name"),
        ('"{server}", "id', '"A.Example", "id', "is no host name"),
        ('"{server}", "id', '"a.example:8080", "id', "is no host name"),
        ('"{server}", "id', '"a.example.", "id', "is no host name"),
        ('"{server}", "id', '"{host}", "id', "has an unknown place"),
        ('"{server}", "id', '"x.{server}", "id', "has an unknown place"),
        ('token_hosts = ["', 'token_hosts = ["id.harbour.example", "', "names a host twice"),
        ('"pictures.', '"id.', "is both a token host and an open host"),
        ("https://id.", "http://id.", "must start with https:// or {server}"),
        ("https://id.", "https://me:pw@id.", "may not hold credentials"),
        ("https://id.", "https://other.", "does not declare its host other.harbour.example"),
        ("https://id.harbour.example/", "{server}x/", "needs a `/` after {server}"),
        ("{server}/oauth/token", "{serve}/token", "has an unknown place"),
        ('token_url = "{server}/oauth/token"', "", "token_url: missing, the flow `code`"),
        ('register_url = "{server}/apps"', "", "register_url: missing, client `dynamic`"),
        ('client = "dynamic"', "", "client_id: missing, client `shipped` needs it"),
        ("redirect_ports = [8712]", "", "redirect_ports: missing"),
        ("[8712]", "[80]", "must lie between 1024 and 65535"),
        ("[8712]", "[true]", "must be a list of whole numbers"),
        (', reason = "To list ships"', "", "`read` has no reason"),
        ('reason = "To list ships"', 'reason = " "', "`read` has no reason"),
        ('PUT = "Asks for an export"', 'PUT = ""', "PUT has no reason"),
        ("PUT =", "GET =", "GET is allowed without asking"),
        ("PUT =", "put =", "is no method in capitals"),
        ("pace = 2", "pace = 0", "pace: must be above 0"),
        ("pace = 2", "pace = nan", "pace: out of range"),
        ("pace = 2", 'pace = "x"', "pace: must be a number"),
        ('state = "not_returned"', 'state = "no"', "must be `returned` or `not_returned`"),
        ("[options.server]", "[options.where]", "[options.server]: missing, {server} is used"),
        ('label = "Server"', 'label = "Server"\nsecret = true', "cannot be a secret"),
        ('label = "Server"', "", "[options.server] label: missing"),
        ('type = "address"', 'type = "colour"', "type: must be one of"),
        ('api = "1"', 'api = "one"', 'api: not a version such as "1"'),
        ('name = "Harbour"', 'name = "a\\u0007b"', "must be one line of printable characters"),
        ("[data]", "[[data]]", "[data]: must be a table"),
        ('photo = "Ships"', 'photo = ""', "photo does not say what of it"),
    ],
)
def test_each_rule_is_told_in_a_line(old: str, new: str, told: str) -> None:
    assert old in WHOLE
    lines = problems(WHOLE.replace(old, new))
    assert any(told in line for line in lines), lines
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize("api", ["2", "2.0", "0", "11"])
def test_another_major_of_the_api_is_too_new(api: str) -> None:
    with pytest.raises(PluginTooNewError) as told:
        parse_manifest(SMALL.replace('api = "1"', f'api = "{api}"').encode())
    assert (told.value.plugin, told.value.wanted) == ("harbour", api)


def test_a_later_minor_of_the_api_is_read() -> None:
    manifest = parse_manifest(SMALL.replace('api = "1"', 'api = "1.7"').encode())
    assert manifest.api == "1.7"


@pytest.mark.parametrize("id_", ["a/b", "../x", "", "A", "1a", "a--b", "-a", "a.b", "a" * 41])
def test_an_id_is_a_plain_small_word(id_: str) -> None:
    assert any(" id:" in line for line in problems(SMALL.replace('"harbour"', f'"{id_}"')))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe", "is not UTF-8"),
        (b"[plugin", "is not TOML"),
        (b"x" * 70_000, "is larger than"),
        (b"a = " + b"[" * 30_000, "is not TOML"),
        (b"plugin = 3\nauth = []\ndata = 1", "[plugin]: must be a table"),
    ],
)
def test_a_file_that_is_no_manifest_is_told(data: bytes, told: str) -> None:
    with pytest.raises(ManifestInvalidError) as raised:
        parse_manifest(data, fallback_id="folder")
    assert any(told in line for line in raised.value.problems)


def test_a_folder_or_the_file_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "plugin.toml").write_text(SMALL)
    assert read_manifest(tmp_path) == read_manifest(tmp_path / "plugin.toml")
    with pytest.raises(ManifestInvalidError):
        read_manifest(tmp_path / "nothing")


def test_a_problem_carries_nothing_a_terminal_could_obey() -> None:
    lines = problems(SMALL + '"\\u001b[31mred" = 1\n')
    assert any("?[31mred: unknown key" in line for line in lines)


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1" + "0" * 5_000, "inf", "nan"])
def test_a_number_without_measure_is_told(number: str) -> None:
    assert problems(WHOLE.replace("pace = 2", f"pace = {number}"))
