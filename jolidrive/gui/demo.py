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
from .ending import ends_on_signals
from .walk import Walk

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from .ending import Ending

_PICTURES = "jolidrive-demo-pictures"


def run_demo(shots: str | None = None, scheme: str = "system") -> int:
    """Opens the demo; returns the exit code.

    Args:
        shots: a folder for screenshots; naming one, or having no screen, makes it walk alone.
        scheme: `system`, `light` or `dark`.
    """
    alone = shots is not None or not has_display()
    app = make_application()
    with (
        ends_on_signals(app) as ending,
        tempfile.TemporaryDirectory(prefix="jolidrive-demo-") as folder,
        DemoCloud() as cloud,
    ):
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
            try:
                running.start()
                if alone:
                    return _walk(app, running, ending, Path(shots or _PICTURES))
                running.window.go("add")
                return ending.run()
            finally:
                running.stop()


def _walk(app: QApplication, running: Running, ending: Ending, shots: Path) -> int:
    shots.mkdir(parents=True, exist_ok=True)
    running.window.resize(1280, 800)
    walk = Walk(running, HeadlessBrowser(), shots, say=_say)
    walk.ended.connect(app.exit)
    walk.start()
    code = ending.run()
    if not has_display():
        _say("There is no screen here, so the demo walked alone.")
    _say(f"Pictures of each step stay in {shots.absolute()}; all else of the demo is gone.")
    return code


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the walk is watched on a terminal
