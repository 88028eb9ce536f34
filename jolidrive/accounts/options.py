"""What the person typed, checked against the manifest before anything is contacted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jolidrive.api.address import server_address
from jolidrive.api.manifest import Flow, Manifest, Option
from jolidrive.errors import OptionMissingError

from .permit import FINGERPRINT, SERVER

if TYPE_CHECKING:
    from collections.abc import Mapping

USER: Final = Option(name="user", label="User name")
PASSWORD: Final = Option(name="password", label="App password", secret=True)
TOKEN: Final = Option(name="token", label="Access token", secret=True)
"""What the flows `password` and `token` ask for besides the manifest's own options."""

_LONGEST: Final = 4_096
_ODD: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and half characters as of a file's name that is no text."""

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_SAID: Final = {
    **dict.fromkeys(("true", "yes", "on", "1"), "true"),
    **dict.fromkeys(("false", "no", "off", "0"), "false"),
}
_FINGERPRINT_DIGITS: Final = 64


def asked_for(manifest: Manifest) -> tuple[Option, ...]:
    """Every value the person types before a sign-in, in the order it is asked for."""
    if manifest.auth.flow is Flow.PASSWORD:
        return (*manifest.options, USER, PASSWORD)
    if manifest.auth.flow is Flow.TOKEN:
        return (*manifest.options, TOKEN)
    return manifest.options


def checked_options(manifest: Manifest, values: Mapping[str, str]) -> dict[str, str]:
    """All values in their final form, defaults filled in.

    Raises:
        OptionMissingError: one is missing, unknown, or cannot be used.
    """
    asked = {option.name: option for option in asked_for(manifest)}
    checked = {
        name: _checked(manifest, option, values.get(name)) for name, option in asked.items()
    }
    if SERVER in asked and values.get(FINGERPRINT):
        checked[FINGERPRINT] = _fingerprint(manifest, values[FINGERPRINT])
    for name in values:
        if name not in checked and name != FINGERPRINT:
            raise OptionMissingError(manifest.name, name, problem="there is no such value")
    return checked


def options_for_tape(manifest: Manifest, values: Mapping[str, str]) -> dict[str, str]:
    """What a connector sees when a tape is played to it; nothing has to be there."""
    given = {option.name: option.default or "" for option in manifest.options}
    given.update(values)
    for option in manifest.options:
        if option.type == "address" and given[option.name]:
            given[option.name] = server_address(given[option.name])
    return {name: value for name, value in given.items() if value}


def public_options(manifest: Manifest, values: Mapping[str, str]) -> dict[str, str]:
    """What the connector sees and the store keeps: everything but secrets."""
    secret = {option.name for option in asked_for(manifest) if option.secret}
    return {name: value for name, value in values.items() if name not in secret}


def _checked(manifest: Manifest, option: Option, value: str | None) -> str:
    if value is None or (not value.strip() and option.default is not None):
        value = option.default
    if value is None or not value.strip():
        raise OptionMissingError(manifest.name, option.name)
    if len(value) > _LONGEST or _ODD.search(value):
        raise OptionMissingError(manifest.name, option.name, problem="it is too long or odd")
    if option is TOKEN and not _TOKEN.fullmatch(value.strip()):
        raise OptionMissingError(manifest.name, option.name, problem="it is no access token")
    if option.type == "address":
        return server_address(value)
    if option.type == "bool":
        return _yes_or_no(manifest, option, value)
    if option.type == "path":
        return _path(manifest, option, value)
    return value


def _path(manifest: Manifest, option: Option, value: str) -> str:
    try:
        path = Path(value).expanduser().absolute()
        there = path.exists()
    except (OSError, RuntimeError, ValueError):  # a name too long, or of no user
        there, path = False, Path()
    if not there:
        raise OptionMissingError(manifest.name, option.name, problem="there is no such file")
    return str(path)


def _yes_or_no(manifest: Manifest, option: Option, value: str) -> str:
    said = _SAID.get(value.strip().lower())
    if said is None:
        raise OptionMissingError(manifest.name, option.name, problem="say true or false")
    return said


def _fingerprint(manifest: Manifest, value: str) -> str:
    digits = value.replace(":", "").strip().lower()
    if len(digits) != _FINGERPRINT_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise OptionMissingError(
            manifest.name, FINGERPRINT, problem="a fingerprint is 64 hexadecimal digits"
        )
    return digits
