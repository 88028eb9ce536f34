"""A D-Bus session of the test's own with an unlocked gnome-keyring in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARTS: Final = ("dbus-daemon", "gnome-keyring-daemon", "secret-tool", "gdbus")
INSTALL: Final = "needs: apt-get install gnome-keyring libsecret-tools dbus libglib2.0-bin"


@dataclass(frozen=True, kw_only=True)
class KeyringSession:
    """What a child needs to find this keyring."""

    environment: dict[str, str]

    def holds(self, account: str) -> bool:
        """Whether `secret-tool` sees a key of this account."""
        done = subprocess.run(
            ["secret-tool", "lookup", "service", "Jolidrive", "username", account],
            env={"PATH": os.environ["PATH"], **self.environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        return bool(done.stdout.strip())


@contextmanager
def keyring_session(folder: Path) -> Iterator[KeyringSession]:
    """Both daemons are ended by the process ids kept here."""
    if any(shutil.which(part) is None for part in PARTS):
        pytest.skip(INSTALL)
    environment = {"HOME": str(folder / "keyring-home")}
    for name in ("XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        environment[name] = str(folder / "keyring-home" / name.lower())
        (folder / "keyring-home" / name.lower()).mkdir(mode=0o700, parents=True)
    whole = {"PATH": os.environ["PATH"], **environment}
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        env=whole,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as bus:
        try:
            assert bus.stdout is not None
            environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
            with _unlocked(whole | environment):
                yield KeyringSession(environment=environment)
        finally:
            bus.terminate()


@contextmanager
def _unlocked(environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(
        ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as daemon:
        try:
            assert daemon.stdin is not None
            daemon.stdin.write("pw\n")
            daemon.stdin.close()
            subprocess.run(
                ["gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.secrets"],
                env=environment,
                check=True,
            )
            yield
        finally:
            daemon.terminate()
