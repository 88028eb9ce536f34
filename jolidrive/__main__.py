"""`jolidrive`: the window, or the command line when arguments ask for it.

A bare start and `demo` go to the window; `demo --headless` and every other verb to the command
line, which loads no Qt.
"""

from __future__ import annotations

import sys


def main() -> int:
    """The console and window entry point; returns the exit code."""
    from jolidrive.cli.main import run  # noqa: PLC0415 - the window's own start is told by it

    return run(sys.argv[1:], open_window=_open_window, window_demo=_window_demo)


def _open_window(profile: str | None) -> int:
    from jolidrive.gui.app import run_window  # noqa: PLC0415 - Qt only where a window is wanted

    return run_window(profile)


def _window_demo(shots: str | None) -> int:
    from jolidrive.gui.demo import run_demo  # noqa: PLC0415 - Qt only where a window is wanted

    return run_demo(shots)


if __name__ == "__main__":
    sys.exit(main())
