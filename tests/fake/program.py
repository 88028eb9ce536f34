"""Jolidrive as a person at a terminal uses it: a process, its exit code, what it printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
PATIENCE_S = 240


def plain_environment(home: Path) -> dict[str, str]:
    """A home of its own, no screen, no session bus, no keyring."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
    }


@dataclass(kw_only=True)
class Program:
    """One profile and how the program is called for it."""

    profile: Path
    environment: Mapping[str, str]
    options: tuple[str, ...] = ()
    start: tuple[str, ...] = (sys.executable, "-m", "jolidrive")
    err: str = field(default="", init=False)

    def __call__(self, *words: str, code: int = 0, typed: str = "") -> str:
        done = subprocess.run(
            self._command(words),
            env=dict(self.environment),
            cwd=self.profile.parent,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        self.err = done.stderr
        assert done.returncode == code, (words, done.stdout[-2000:], done.stderr[-2000:])
        assert "Traceback" not in done.stderr
        return done.stdout

    def json(self, *words: str, code: int = 0, typed: str = "") -> Any:
        return json.loads(self(*words, "--json", code=code, typed=typed))

    def keys(self, query: str) -> set[str]:
        """The keys of everything a query finds."""
        page = self.json("search", query, "--limit", "10000")
        found = [hit["key"] for hit in page["hits"]]
        assert page["total"] == len(found) == len(set(found))
        return set(found)

    def sign_in(self, *words: str, visit: Callable[[str], None], code: int = 0) -> Any:
        """Connects; `visit` gets the address the program shows, as a browser would."""
        with subprocess.Popen(
            self._command((*words, "--no-browser", "--json")),
            env=dict(self.environment),
            cwd=self.profile.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            lines: list[str] = []
            for line in process.stderr:
                lines.append(line)
                if line.strip().startswith(("http://", "https://")):
                    break
            assert process.poll() is None, lines
            visit(lines[-1].strip())
            out, err = process.communicate(timeout=PATIENCE_S)
        self.err = "".join(lines) + err
        assert process.returncode == code, (out, self.err)
        return json.loads(out) if out else None

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [*self.start, "--profile", str(self.profile), *self.options, *words]


class _Form(HTMLParser):
    """The one form of a consent page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = values.get("action", "")
        elif tag == "input" and "name" in values:
            self.fields[values["name"]] = values.get("value", "")
        elif tag == "button" and "name" in values:
            self.buttons.append((values["name"], values.get("value", "")))


def choose(button: str) -> Callable[[str], None]:
    """Someone who opens the consent page and presses the button of that value."""

    def visit(url: str) -> None:
        page = requests.get(url, timeout=20)
        page.raise_for_status()
        form = _Form(page.text)
        name = next(name for name, value in form.buttons if value == button)
        answer = requests.post(
            urljoin(url, form.action), data={**form.fields, name: button}, timeout=20
        )
        assert answer.status_code == 200
        assert "/callback?" in answer.url

    return visit
