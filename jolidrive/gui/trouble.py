"""Errors as the window tells them: what happened, what stays safe, what helps."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jolidrive.errors import Advice, JolidriveError
from jolidrive.wording import words_for

from .phrases import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger(__name__)
_BUTTONS: Mapping[Advice, str] = {
    Advice.RETRY: "Try again",
    Advice.WAIT: "Try again",
    Advice.SIGN_IN: "Sign in again",
    Advice.ASK_USER: "Try again",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble in words."""

    happened: str
    rest: str
    button: str


def trouble_words(error: Exception) -> Trouble:
    """Words for an error. What is no error of the world is our mistake, and says so."""
    if not isinstance(error, JolidriveError):
        _log.error("our own mistake: %s", type(error).__name__, exc_info=error)
        stays = tr("What is on this computer stays. The log names the place.")
        return Trouble(tr("Jolidrive made a mistake."), stays, "")
    words = words_for(error)
    # A way of doing it on the command line is no help here.
    todo = "" if "--set" in words.todo or "jolidrive " in words.todo else words.todo
    rest = " ".join(part for part in (words.data, todo) if part)
    return Trouble(words.happened, rest, tr(_BUTTONS.get(type(error).advice, "")))
