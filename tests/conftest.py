"""Every test gets its own home, a memory keyring and no sockets; surprises fail it."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path

# Random examples explore on developers' machines; an integration run is the same each time.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own; nothing of the real one is read or written."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.delenv("JOLIDRIVE_PROFILE", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return folder


@pytest.fixture(autouse=True)
def no_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses sockets; tests marked `sockets` or `real` get the loopback address."""
    allowed = any(request.node.get_closest_marker(name) for name in ("sockets", "real"))
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else address
        local = self.family == getattr(socket, "AF_UNIX", None)
        if local or (allowed and host in {"127.0.0.1", "::1", "localhost"}):
            connect(self, address)
            return
        pytest.fail(f"this test wanted a socket to {host!r}")

    monkeypatch.setattr(socket.socket, "connect", guarded)
