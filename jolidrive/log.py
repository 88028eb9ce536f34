"""The log: one file a profile, small, kept a few days, without content.

Messages hold ids and counts only. Never titles, addresses of items, people or tokens, so that
a log needs no wiping when an account goes; a test plants words and looks.
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_NAME: Final = "jolidrive.log"
_BYTES: Final = 500_000
_FILES: Final = 3


def start_log(folder: Path) -> logging.Handler:
    """Writes warnings and worse of `jolidrive` to `folder`; `stop_log` ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / _NAME, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger("jolidrive").addHandler(handler)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Takes the handler away again and closes its file."""
    logging.getLogger("jolidrive").removeHandler(handler)
    handler.close()
