"""For plugin authors: tapes (recorded exchanges replayed) and contract tests.

from jolidrive.testing import ConnectorContract

class TestMine(ConnectorContract):
    folder = Path(__file__).parent.parent
    tape = Path(__file__).parent / "tape"
    options = {"server": "https://example.social"}
"""

from __future__ import annotations

from .contract import ConnectorContract
from .play import Played, play, play_pages, tape_session
from .session import TapeSession
from .tapes import Exchange, Missing, Tape, read_tape

__all__ = [
    "ConnectorContract",
    "Exchange",
    "Missing",
    "Played",
    "Tape",
    "TapeSession",
    "play",
    "play_pages",
    "read_tape",
    "tape_session",
]
