"""Requests and answers of the demo cloud, as plain values between WSGI and the services."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from string import Template
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.model.item import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `base` is the address the cloud was called by; `uri` the whole address."""

    method: str
    path: str
    uri: str
    base: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def number(self, name: str, default: int, most: int) -> int:
        """A number from the query, held between 0 and `most`; `default` where it is none."""
        text = self.query.get(name, "")
        return min(int(text), most) if text.isascii() and text.isdigit() else default

    def tail(self, prefix: str) -> str | None:
        """What follows `prefix` in the path, None where the path does not start so."""
        return self.path[len(prefix) :] if self.path.startswith(prefix) else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Api(Protocol):
    """One service behind the cloud's door: only requests with its scope get here."""

    prefix: str
    scope: str

    def answer(self, request: Request) -> Answer:
        """The answer to a GET whose path starts with `prefix`."""
        ...


def json_answer(
    value: Json, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    """JSON, as the services send it."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json", **(headers or {})})


def trouble(status: int, code: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An error the way the services tell it."""
    return json_answer({"error": code}, status, headers)


def redirect(address: str) -> Answer:
    """Sends the browser elsewhere."""
    return Answer(302, headers={"Location": address, "Cache-Control": "no-store"})


def page(template: str, values: Mapping[str, str], status: int = 200) -> Answer:
    """An HTML page; every value is escaped, except those named `…_html`."""
    safe = {
        name: text if name.endswith("_html") else html.escape(text)
        for name, text in values.items()
    }
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        # A form's redirect counts as its action, and ours leads back to a loopback listener.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; form-action 'self' http:; base-uri 'none'; frame-ancestors 'none'",
    }
    return Answer(status, Template(template).substitute(safe).encode(), headers)
