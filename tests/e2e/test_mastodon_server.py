"""The Mastodon connector against a server written by others (mastodon_mock)."""

from __future__ import annotations

import http.client
import json
import logging
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jolidrive.accounts.permit import permit_for
from jolidrive.api import Context, Kind, Relation
from jolidrive.connectors.load import load_folder
from jolidrive.errors import SignInNeededError
from jolidrive.net.ledger import Ledger, MemoryLedgerStore
from jolidrive.net.pace import Pacer
from jolidrive.net.session import Gate
from jolidrive.net.wire import NetworkSettings
from jolidrive.paths import shipped_plugins_dir
from jolidrive.sync.check import check_page

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from jolidrive.api import Cursor, Page
    from jolidrive.connectors.contain import Contained

POSTS = 95
TOKEN = "ada_token"
SERVER = shutil.which("mastodon_mock", path=str(Path(sys.executable).parent))
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(SERVER is None, reason="needs: pip install mastodon-mock"),
]


class Bearer:
    """Credentials that never change."""

    def __init__(self, token: str) -> None:
        self._token = token

    def apply(self, headers: MutableMapping[str, str]) -> None:
        headers["Authorization"] = f"Bearer {self._token}"

    def stale(self) -> bool:
        return False

    def refresh(self) -> bool:
        return False


@pytest.fixture(name="port", scope="module")
def a_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [str(SERVER), "serve", "--in-memory", "--demo", "--port", str(port)]
    home, quiet = tmp_path_factory.mktemp("mastodon"), subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=home) as process:
        try:
            until = time.monotonic() + 60
            while not is_open(port):
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def tell(port: int, method: str, path: str, body: Any = None, token: str = TOKEN) -> Any:
    """What somebody does at the server, with the server's own API."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    assert answer.status == 200, (path, answer.status)
    told = json.loads(answer.read())
    connection.close()
    return told


def connect(port: int, token: str = TOKEN) -> Contained:
    loaded = load_folder(shipped_plugins_dir() / "mastodon")
    options = {"server": f"http://127.0.0.1:{port}"}
    permit = permit_for(loaded.manifest, "a1", options)
    object.__setattr__(permit, "pace", 0)
    gate = Gate(NetworkSettings(), Ledger(MemoryLedgerStore()), Pacer())
    session = gate.session(permit, Bearer(token), purpose="sync", stopping=lambda: False)
    return loaded.open(Context(session=session, log=logging.getLogger("t"), options=options))


def pull(port: int, cursor: Cursor = None) -> list[Page]:
    pages = []
    for page in connect(port).pull(cursor):
        checked = check_page(page)
        assert not checked.refused
        assert not checked.page.skipped
        pages.append(checked.page)
    return pages


def shown(pages: list[Page], listing: str) -> set[str]:
    return {
        item.key
        for page in pages
        for item in page.items
        if page.listing == listing and item.kind in {Kind.POST, Kind.ACTIVITY}
    }


def test_everything_is_found_and_then_only_what_is_new(port: int) -> None:
    own = tell(port, "GET", "/api/v1/accounts/verify_credentials")["id"]
    before = {
        post["id"] for post in tell(port, "GET", f"/api/v1/accounts/{own}/statuses?limit=40")
    }
    posted = {
        tell(port, "POST", "/api/v1/statuses", {"status": f"Heron number {n}"})["id"]
        for n in range(POSTS)
    }
    others = tell(port, "POST", "/api/v1/statuses", {"status": "A weir"}, "grace_token")["id"]
    liked = [*sorted(posted)[:50], others]
    for id_ in liked:
        tell(port, "POST", f"/api/v1/statuses/{id_}/favourite")
    tell(port, "POST", f"/api/v1/statuses/{others}/bookmark")

    pages = pull(port)
    assert posted <= shown(pages, "statuses")
    assert before <= shown(pages, "statuses")
    assert set(liked) <= shown(pages, "favourites")
    assert others in shown(pages, "bookmarks")
    weir = next(item for page in pages for item in page.items if item.key == others)
    assert (weir.text, weir.relations) == ("A weir", (Relation.SAVED,))
    assert weir.people[0].handle is not None
    assert weir.people[0].handle.startswith("grace@")

    new = tell(port, "POST", "/api/v1/statuses", {"status": "One more heron"})["id"]
    tell(port, "POST", f"/api/v1/statuses/{new}/favourite")
    later = pull(port, pages[-1].cursor)
    assert new in shown(later, "statuses") & shown(later, "favourites")
    assert sum(len(page.items) for page in later) < sum(len(page.items) for page in pages)


def test_a_stopped_listing_goes_on_where_it_was(port: int) -> None:
    whole = pull(port)
    for stopped in range(1, len(whole)):
        after = pull(port, whole[stopped - 1].cursor)
        for listing in ("statuses", "favourites", "bookmarks"):
            both = shown([*whole[:stopped], *after], listing)
            assert both == shown(whole, listing)


def test_a_token_the_server_does_not_know_asks_to_sign_in(port: int) -> None:
    with pytest.raises(SignInNeededError):
        connect(port, "unknown").identify()
    assert connect(port).identify().label == f"ada@127.0.0.1:{port}"
