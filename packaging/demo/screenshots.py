# ruff: noqa: INP001 - scripts run by hand, no package

"""Takes the pictures of the README: the real window over the demo, at 1280 × 800.

    python packaging/demo/screenshots.py resources/screenshots

Each picture is what a person sees after connecting the four demo services. Pillow makes the
files small; nothing is painted over.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile  # noqa: TID251 - the throwaway profile itself is what must vanish
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QTimer

from jolidrive.api import Wanted
from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive
from jolidrive.gui.app import Running, make_application
from jolidrive.settings import write_settings
from jolidrive.vault.keyring import MemoryKeys

if TYPE_CHECKING:
    from collections.abc import Callable

EXACT = 96
QUERY = (
    "kind:photo date:2019..2024 -service:demo_files flowers OR raccoon OR cat OR sky OR coffee"
)


class Asker:
    """Says yes on the demo's consent page, as its browser would."""

    def __init__(self) -> None:
        self._browser = HeadlessBrowser()

    def open(self, url: str) -> bool:
        """Goes there and says yes."""
        return self._browser.open(url)

    def show(self, url: str) -> None:
        """Nobody reads it."""

    def trust(self, host: str, fingerprint: str) -> bool:  # noqa: ARG002 - the asker's shape
        """Nothing unknown."""
        return False

    def confirm(self, label: str) -> bool:  # noqa: ARG002 - the asker's shape
        """It is the same person."""
        return True

    def cancelled(self) -> bool:
        """Nobody gives up."""
        return False


def main(target: Path) -> int:
    """Takes all of them."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    target.mkdir(parents=True, exist_ok=True)
    app = make_application()
    with tempfile.TemporaryDirectory() as folder, DemoCloud() as cloud:
        profile = Path(folder)
        write_settings(profile / "settings.toml", audience="demo")
        with Drive.open(profile, keys=MemoryKeys()) as drive:
            for entry in drive.services():
                if entry.demo:
                    wanted = Wanted(kinds=frozenset(entry.kinds))
                    account = drive.connect(
                        entry.id, {"server": cloud.base}, asker=Asker(), wanted=wanted
                    )
                    drive.sync(account)
            running = Running(app, drive, worker_arguments=("--profile", folder, "work"))
            running.window.resize(1280, 800)
            running.start()
            take(running, target)
            running.stop()
    return 0


def take(running: Running, target: Path) -> None:
    """Search in both schemes, then what else is worth showing."""
    window = running.window
    for scheme in ("light", "dark"):
        running.look.set_scheme(scheme)
        window.search.set_text(QUERY)
        settle(running, lambda: answered(running, QUERY))
        window.search.results.enter()
        settle(running, lambda: bool(running.window.watch.services))
        grab(running, target / f"search-{scheme}.png")
    running.look.set_scheme("light")
    account = next(a.account for a in window.watch.accounts if a.service == "demo_photos")
    window.go(f"account:{account}")
    settle(running, lambda: True)
    grab(running, target / "service-light.png")
    window.sheets.revoke(account)
    settle(running, lambda: window.sheet is not None)
    grab(running, target / "revoke-light.png")
    if window.sheet is not None:
        window.sheet.cancel()
    window.go("privacy")
    settle(running, lambda: True)
    grab(running, target / "privacy-light.png")


def answered(running: Running, text: str) -> bool:
    """Whether the newest question has its answer."""
    page = running.window.search.session.page
    return page is not None and page.query == text


def settle(running: Running, until: Callable[[], bool]) -> None:
    """Lets the window work until it is quiet, and has been for half a second."""
    quiet = 0
    while quiet < 10:
        loop = QEventLoop()
        QTimer.singleShot(50, loop.quit)
        loop.exec()
        quiet = quiet + 1 if until() and not running.tasks.busy else 0


def grab(running: Running, file: Path) -> None:
    """The window as a small PNG."""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    running.window.grab().save(held, "PNG")
    picture = Image.open(io.BytesIO(bytes(held.data().data()))).convert("RGB")
    small(picture).save(file, optimize=True)
    print(file, f"{file.stat().st_size / 1000:.0f} kB")  # noqa: T201 - a program of its own


def small(picture: Image.Image) -> Image.Image:
    """In 256 colours: the window's own ones exactly, what is left for the photographs."""
    counted = picture.getcolors(picture.width * picture.height) or []
    exact = [colour for _, colour in sorted(counted, reverse=True)[:EXACT]]
    left = picture.quantize(256 - EXACT, method=Image.Quantize.MEDIANCUT, kmeans=2)
    flat = [part for colour in exact if isinstance(colour, tuple) for part in colour] + (
        left.getpalette() or []
    )
    holder = Image.new("P", (1, 1))
    holder.putpalette(flat[: 256 * 3])
    return picture.quantize(palette=holder, dither=Image.Dither.FLOYDSTEINBERG)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
