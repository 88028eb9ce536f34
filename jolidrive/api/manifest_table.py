"""A table of an untrusted TOML file: typed reading that notes problems instead of raising.

Every key that was asked for is remembered; `finish` names the others as unknown.
"""

from __future__ import annotations

from typing import Final

from .manifest import Scope

MAX_TEXT: Final = 2_000
MAX_LIST: Final = 100


class Table:
    """One table; `present` is False where the file has none (it then reads as empty)."""

    def __init__(
        self, name: str, untrusted: object, problems: list[str], *, present: bool = True
    ) -> None:
        self.label = f"[{name}]" if name else "plugin.toml"
        self.present = present
        self._name = name
        self._problems = problems
        self._asked: set[str] = set()
        self._values: dict[str, object] = untrusted if isinstance(untrusted, dict) else {}
        if not isinstance(untrusted, dict):
            problems.append(f"{self.label}: must be a table")

    def _take(self, key: str) -> object | None:
        self._asked.add(key)
        return self._values.get(key)

    def _wrong(self, key: str, told: str) -> None:
        self._problems.append(f"{self.label} {key}: {told}")

    def names(self) -> tuple[str, ...]:
        """Its keys, in the order of the file."""
        return tuple(self._values)[:MAX_LIST]

    def table(self, key: str, *, required: bool = False) -> Table:
        """A table within it."""
        value = self._take(key)
        name = f"{self._name}.{key}" if self._name else key
        if value is None:
            if required:
                self._problems.append(f"[{name}]: missing")
            return Table(name, {}, self._problems, present=False)
        return Table(name, value, self._problems)

    def text_or_none(self, key: str) -> str | None:
        """A text of one line; None where there is none."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(key, "must be a text in quotes")
        elif len(value) > MAX_TEXT:
            self._wrong(key, f"longer than {MAX_TEXT} characters")
        elif not value.isprintable():
            self._wrong(key, "must be one line of printable characters")
        else:
            return value
        return None

    def text(self, key: str, *, required: bool = False) -> str:
        """A text of one line; empty where there is none."""
        value = self.text_or_none(key)
        if required and self.present and not (value or "").strip():
            if value is not None or key not in self._values:
                self._wrong(key, "missing" if value is None else "empty")
            return ""
        return value or ""

    def flag(self, key: str) -> bool:
        """True or false; false where there is none."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            self._wrong(key, "must be true or false")
        return value is True

    def number(self, key: str, default: float) -> float:
        """A finite number."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool):
            if abs(value) < 10**9:
                return float(value)
            self._wrong(key, "out of range")
            return default
        self._wrong(key, "must be a number")
        return default

    def list_of_texts(self, key: str) -> tuple[str, ...]:
        """A list of texts of one line each."""
        found: list[str] = []
        for value in self._list(key):
            if isinstance(value, str) and value.isprintable() and 0 < len(value) <= MAX_TEXT:
                found.append(value)
            else:
                self._wrong(key, "must be a list of texts in quotes")
                return ()
        return tuple(found)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        values = self._list(key)
        if any(isinstance(value, bool) or not isinstance(value, int) for value in values):
            self._wrong(key, "must be a list of whole numbers")
            return ()
        return tuple(value for value in values if isinstance(value, int))

    def texts(self, key: str) -> dict[str, str]:
        """A table of texts."""
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(key, "must be a table of texts")
            return {}
        inner = Table(f"{self._name}.{key}", value, self._problems)
        return {name: inner.text(name) for name in inner.names()}

    def scopes(self, key: str) -> tuple[Scope, ...]:
        """A list of `{name, reason}`, each with its reason."""
        found: list[Scope] = []
        for number, value in enumerate(self._list(key), 1):
            if not isinstance(value, dict):
                self._wrong(key, f"number {number} must be {{name, reason}}")
                continue
            inner = Table(f"{self._name}.{key} {number}", value, self._problems)
            name = inner.text("name", required=True)
            reason = inner.text_or_none("reason")
            if name and not (reason or "").strip():
                self._wrong(key, f"`{name}` has no reason")
            inner.finish()
            found.append(Scope(name=name, reason=reason or ""))
        if len({scope.name for scope in found}) != len(found):
            self._wrong(key, "asks for one permission twice")
        return tuple(found)

    def finish(self) -> None:
        """Notes every key nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                where = f"{self.label} {key}" if self._name else f"[{key}]"
                self._problems.append(f"{where}: unknown key")

    def _list(self, key: str) -> list[object]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self._wrong(key, "must be a list")
            return []
        if len(value) > MAX_LIST:
            self._wrong(key, f"longer than {MAX_LIST}")
        return value[:MAX_LIST]
