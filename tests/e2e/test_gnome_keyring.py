"""Keys in a real Secret Service (gnome-keyring), and in the states where it is of no use.

Each test runs a child inside `dbus-run-session` with folders of its own, so neither the
person's keyring nor their D-Bus session is ever touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

_PARTS: Final = ("dbus-run-session", "gnome-keyring-daemon", "secret-tool", "gdbus")
_MISSING: Final = [part for part in _PARTS if shutil.which(part) is None]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        bool(_MISSING),
        reason="apt install gnome-keyring libsecret-tools dbus libglib2.0-bin",
    ),
]

ROOT: Final = Path(__file__).parents[2]

START: Final = """
import base64, json, subprocess, sys
from pathlib import Path
from jolidrive.errors import JolidriveError, KeyringLockedError
from jolidrive.vault.keyring import SystemKeys
from jolidrive.vault.vault import Secrets, Vault

def daemon(*more, typed="pw\\n"):
    started = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--components=secrets", *more],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        text=True,
    )
    started.stdin.write(typed)
    started.stdin.close()
    subprocess.run(
        ["gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.secrets"],
        check=True,
    )
    return started

def name_of_error(call):
    try:
        call()
    except JolidriveError as error:
        return [type(error).__name__, *map(str, error.args)]
    return None

def lookup(name):
    done = subprocess.run(
        ["secret-tool", "lookup", "service", "Jolidrive", "username", name],
        capture_output=True, text=True, check=False,
    )
    return done.stdout.strip()

told = {}
"""


def told_by(script: str, tmp_path: Path, *, bus: bool = True) -> dict[str, Any]:
    """What a child in its own session printed as JSON."""
    folders = {name: tmp_path / name.lower() for name in ("XDG_DATA_HOME", "XDG_RUNTIME_DIR")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    environment = {name: str(folder) for name, folder in folders.items()}
    environment |= {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "FOLDER": str(tmp_path),
    }
    child = [sys.executable, "-c", START + script + "\nprint(json.dumps(told))"]
    done = subprocess.run(
        ["dbus-run-session", "--", *child] if bus else child,
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_secrets_lie_under_a_key_in_an_unlocked_keyring(tmp_path: Path) -> None:
    told = told_by(
        """
service = daemon("--unlock")
keys = SystemKeys()
folder = Path("account")
folder.mkdir()
vault = Vault(keys, lambda account: folder, Path("clients"))
secrets = Secrets(token={"access_token": "t" * 6000})
told["backend"] = keys.backend_names()
told["before"] = lookup("a")
vault.save("a", secrets)
told["kept"] = lookup("a") == base64.b64encode(keys.get("a")).decode()
told["same"] = vault.load("a") == secrets
vault.forget("a")
told["after"] = lookup("a")
keys.forget("a")
told["gone"] = keys.get("a")
service.terminate()
service.wait()
""",
        tmp_path,
    )
    assert told == {
        "backend": ["keyring.backends.SecretService.Keyring"],
        "before": "",
        "kept": True,
        "same": True,
        "after": "",
        "gone": None,
    }


def test_without_a_session_bus_the_keyring_is_missing(tmp_path: Path) -> None:
    told = told_by(
        'told["error"] = name_of_error(lambda: SystemKeys().get("a"))', tmp_path, bus=False
    )
    assert told["error"] == ["KeyringMissingError", "keyring.backends.fail.Keyring"]


def test_a_locked_keyring_is_told_as_locked(tmp_path: Path) -> None:
    told = told_by(
        """
service = daemon("--unlock")
SystemKeys().put("a", bytes(32))
locking = [
    "gdbus", "call", "--session", "--dest", "org.freedesktop.secrets",
    "--object-path", "/org/freedesktop/secrets",
    "--method", "org.freedesktop.Secret.Service.Lock",
    "['/org/freedesktop/secrets/collection/login']",
]
subprocess.run(locking, check=True, stdout=subprocess.DEVNULL)
keys = SystemKeys(patience_s=3)
told["get"] = name_of_error(lambda: keys.get("a"))
told["put"] = name_of_error(lambda: keys.put("a", bytes(32)))
told["forget"] = name_of_error(lambda: keys.forget("a"))
service.terminate()
service.wait()
""",
        tmp_path,
    )
    assert told == {name: ["KeyringLockedError"] for name in ("get", "put", "forget")}


def test_a_service_without_a_collection_does_not_block_for_ever(tmp_path: Path) -> None:
    told = told_by(
        """
service = daemon(typed="")
keys = SystemKeys(patience_s=3)
told["get"] = name_of_error(lambda: keys.get("a"))
told["put"] = name_of_error(lambda: keys.put("a", bytes(32)))
service.terminate()
service.wait()
""",
        tmp_path,
    )
    assert told == {name: ["KeyringLockedError"] for name in ("get", "put")}
