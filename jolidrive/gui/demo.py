"""The demo in the window: on a screen one looks around oneself; without one it walks alone.

The cloud answers on the loopback address, the profile is thrown away at the end, and keys stay
in memory.
"""

from __future__ import annotations

import tempfile  # noqa: TID251 - the throwaway profile itself is what must vanish
from pathlib import Path
from typing import TYPE_CHECKING

from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive
from jolidrive.settings import write_settings
from jolidrive.vault.keyring import MemoryKeys

from .app import Running, has_display, make_application
from .walk import Walk

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_PICTURES = "jolidrive-demo-pictures"


def run_demo(shots: str | None = None, scheme: str = "system") -> int:
    """Opens the demo; returns the exit code.

    Args:
        shots: a folder for screenshots; naming one, or having no screen, makes it walk alone.
        scheme: `system`, `light` or `dark`.
    """
    alone = shots is not None or not has_display()
    app = make_application()
    with tempfile.TemporaryDirectory(prefix="jolidrive-demo-") as folder, DemoCloud() as cloud:
        profile = Path(folder)
        write_settings(profile / "settings.toml", audience="demo")
        with Drive.open(profile, keys=MemoryKeys()) as drive:
            given = {e.id: {"server": cloud.base} for e in drive.services() if e.demo}
            running = Running(
                app,
                drive,
                worker_arguments=("--profile", folder, "work"),
                given=given,
            )
            running.look.set_scheme(scheme)
            running.start()
            if alone:
                code = _walk(app, running, Path(shots or _PICTURES))
            else:
                running.window.go("add")
                code = app.exec()
            running.stop()
    return code


def _walk(app: QApplication, running: Running, shots: Path) -> int:
    shots.mkdir(parents=True, exist_ok=True)
    running.window.resize(1280, 800)
    walk = Walk(running, HeadlessBrowser(), shots, say=_say)
    walk.ended.connect(app.exit)
    walk.start()
    code = app.exec()
    _say(f"Pictures of each step are in {shots.absolute()}")
    return code


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the walk is watched on a terminal
