"""`settings.toml` of a profile: read once at the edge, checked, given to whoever needs it.

A setting that cannot be used is left at its default and told by `Settings.problems`; a broken
file never stops the program.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RULES: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "audience": (lambda value: value in {"everyone", "demo"}, "is everyone or demo"),
    "proxy": (
        lambda value: not value or value.startswith(("http://", "https://")),
        "is an http:// or https:// address",
    ),
    "ca_file": (lambda value: not value or Path(value).is_file(), "names no file"),
    "interval_minutes": (lambda value: 5 <= value <= 24 * 60, "is from 5 to 1440"),
}
"""What a value must be, and how that is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person can set.

    Args:
        audience: `everyone`, or `demo` for a throwaway demo profile.
        proxy: address of an HTTP proxy for everything that leaves; empty: none.
        ca_file: file of extra certificates to trust.
        system_certificates: trust what the system trusts, instead of the shipped list.
        interval_minutes: while the window is open each account syncs this often.
        problems: what in the file could not be used, one line each.
    """

    audience: str = "everyone"
    proxy: str = ""
    ca_file: str = ""
    system_certificates: bool = False
    interval_minutes: int = 30
    problems: tuple[str, ...] = field(default=())

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo profile."""
        return self.audience == "demo"


def read_settings(file: Path) -> Settings:
    """The settings in `file`; defaults where there is none."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        return Settings(problems=(f"settings.toml cannot be read: {type(trouble).__name__}",))
    return _checked(raw)


def write_settings(file: Path, **values: str | bool | int) -> None:
    """Writes a new file holding just these values (used for throwaway profiles)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: str | bool | int) -> str:  # noqa: FBT001 - a value of a setting
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _checked(raw: dict[str, Any]) -> Settings:
    defaults = Settings()
    problems: list[str] = []
    good: dict[str, Any] = {}
    known = {f.name for f in fields(Settings)} - {"problems"}
    for name, value in raw.items():
        if name not in known:
            problems.append(f"settings.toml: “{name}” is not a setting")
        elif type(value) is not type(getattr(defaults, name)):
            problems.append(f"settings.toml: “{name}” has the wrong type")
        elif name in _RULES and not _RULES[name][0](value):
            problems.append(f"settings.toml: “{name}” {_RULES[name][1]}")
        else:
            good[name] = value
    return Settings(**good, problems=tuple(problems))
