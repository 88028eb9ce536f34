"""The log: one file a profile, small, kept a few days, without content.

Messages hold ids and counts only. Never titles, addresses of items, people or tokens, so that
a log needs no wiping when an account goes; a test plants words and looks.
"""

from __future__ import annotations

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

_NAME: Final = "jolidrive.log"
_BYTES: Final = 500_000
_FILES: Final = 3
_MOST_PLACES: Final = 12


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


def places_of(mistake: BaseException) -> str:
    """A mistake of our own as a line of the log: its class and where, never what it says.

    What an exception says may hold a title or an address, as in *Invalid isoformat string*.
    """
    frames = traceback.extract_tb(mistake.__traceback__)[-_MOST_PLACES:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(mistake).__name__} at {places or 'an unknown place'}"
