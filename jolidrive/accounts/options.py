"""What the person typed, checked against the manifest before anything is contacted."""

from __future__ import annotations

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
    if len(value) > _LONGEST or "\n" in value or "\x00" in value:
        raise OptionMissingError(manifest.name, option.name, problem="it is too long or odd")
    if option.type == "address":
        return server_address(value)
    if option.type == "path":
        return _path(manifest, option, value)
    return value


def _path(manifest: Manifest, option: Option, value: str) -> str:
    path = Path(value).expanduser().absolute()
    if not path.exists():
        raise OptionMissingError(manifest.name, option.name, problem="there is no such file")
    return str(path)


def _fingerprint(manifest: Manifest, value: str) -> str:
    digits = value.replace(":", "").strip().lower()
    if len(digits) != _FINGERPRINT_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise OptionMissingError(
            manifest.name, FINGERPRINT, problem="a fingerprint is 64 hexadecimal digits"
        )
    return digits
