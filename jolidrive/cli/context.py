"""What every verb shares: the profile, how it is opened, what a terminal is asked."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from jolidrive.errors import KeyringLockedError
from jolidrive.paths import default_profile

from .output import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jolidrive.drive import Drive


@dataclass(frozen=True, slots=True)
class Front:
    """How the window is opened, told from outside."""

    open: Callable[[str | None], int]
    demo: Callable[[str | None], int]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the program."""

    profile: Path | None
    passphrase_file: Path | None
    front: Front

    @property
    def folder(self) -> Path:
        """The profile's folder."""
        return self.profile or default_profile()

    def drive(self) -> Drive:
        """The profile, opened; a context manager."""
        from jolidrive.drive import Drive  # noqa: PLC0415 - `--help` needs none of it

        return Drive.open(self.folder, passphrase=self.passphrase)

    @property
    def wants_passphrase(self) -> bool:
        """Whether a passphrase file was named."""
        return self.passphrase_file is not None

    def passphrase(self, *, forced: bool) -> str | None:
        """The passphrase; None when nobody gave one and nobody must (see `Drive.open`)."""
        if self.passphrase_file is not None:
            if str(self.passphrase_file) == "-":
                text = sys.stdin.readline()
            else:
                text = _read(self.passphrase_file)
            return text.splitlines()[0] if text else ""
        if not forced:
            return None
        if sys.stdin.isatty():
            answer: str = click.prompt("Passphrase", hide_input=True, err=True)
            return answer
        raise KeyringLockedError


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise click.BadParameter(f"{file} cannot be read as text.") from None


class TerminalAsker:
    """Answers a connect's questions on a terminal."""

    def __init__(self, *, browser: bool) -> None:
        self._browser = browser

    def open(self, url: str) -> bool:
        """Opens a browser, unless told not to or there is no screen."""
        if not self._browser or not _has_screen():
            return False
        import webbrowser  # noqa: PLC0415 - a search opens none

        return webbrowser.open(url)

    def show(self, url: str) -> None:
        """Shows the address."""
        say("Open this address in a browser, and say yes there:")
        say(f"  {url}")

    def trust(self, host: str, fingerprint: str) -> bool:
        """Asks whether a certificate is trusted; never without a terminal."""
        if not sys.stdin.isatty():
            return False
        say(f"Nobody vouches for the certificate of {host}.")
        say(f"Its SHA-256 fingerprint is {fingerprint}.")
        return click.confirm("Trust it for this account?", default=False, err=True)

    def confirm(self, label: str) -> bool:
        """Asks whether the person is the one the service names."""
        if not sys.stdin.isatty():
            return True
        return click.confirm(f"Signed in as {label}. Is that you?", default=True, err=True)

    def cancelled(self) -> bool:
        """A terminal cancels with Ctrl+C."""
        return False


def _has_screen() -> bool:
    if sys.platform in {"darwin", "win32"} or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
