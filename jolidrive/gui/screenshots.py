"""Pictures of every screen, light and dark, at 100 % and 200 %: to be looked at.

    python -m jolidrive.gui.screenshots FOLDER

Each combination is the demo's walk in a process of its own, for Qt takes its scale at start.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess, QProcessEnvironment

from .demo import run_demo

if TYPE_CHECKING:
    from collections.abc import Sequence

_MINUTES_MS = 300_000


def main(arguments: Sequence[str]) -> int:
    """One folder: all combinations. A folder and a scheme: this one, in this process."""
    if len(arguments) == 2:
        return run_demo(arguments[0], arguments[1])
    if len(arguments) != 1:
        print(__doc__)  # noqa: T201 - a program of its own
        return 2
    codes = [
        _in_own_process(Path(arguments[0]), scheme, scale)
        for scheme, scale in product(("light", "dark"), (1, 2))
    ]
    return max(codes)


def _in_own_process(folder: Path, scheme: str, scale: int) -> int:
    process = QProcess()
    surroundings = QProcessEnvironment.systemEnvironment()
    surroundings.insert("QT_QPA_PLATFORM", "offscreen")
    surroundings.insert("QT_SCALE_FACTOR", str(scale))
    process.setProcessEnvironment(surroundings)
    process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
    target = str(folder / f"{scheme}-{scale}00")
    process.start(sys.executable, ["-m", "jolidrive.gui.screenshots", target, scheme])
    process.waitForFinished(_MINUTES_MS)
    return process.exitCode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
