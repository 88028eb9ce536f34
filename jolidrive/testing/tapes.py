"""A tape: recorded exchanges with a service, in a folder, one JSON file each.

    {"request": {"method", "url", "headers", "body"?},
     "response": {"status", "headers", "body"}}

A request is answered by method and path. Among several with one path the one with the same
query comes first, then the first that was not used yet; a request that was answered before gets
the same answer again. Anything else is missing. Tapes are read, never written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from jolidrive.api import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer.

    Args:
        body: parsed JSON, or text.
        sent: what the request carried besides its address: headers and body.
    """

    method: str
    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    sent: Json = None

    @property
    def path(self) -> str:
        """The decoded path, without a slash at its end."""
        return _path(self.url)

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The query's pairs, in one order."""
        return _query(self.url)

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        if self.body is None:
            return b""
        if isinstance(self.body, str):
            return self.body.encode("utf-8", "surrogatepass")
        return json.dumps(self.body, ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Missing:
    """A request the tape has no answer for."""

    method: str
    url: str


class Tape:
    """Exchanges, and which of them were used."""

    def __init__(self, exchanges: Iterable[Exchange], unusable: tuple[str, ...] = ()) -> None:
        self.exchanges = tuple(exchanges)
        self.unusable = unusable
        self.missing: list[Missing] = []
        self._used: set[int] = set()

    def answer(self, method: str, url: str) -> Exchange | None:
        """The recorded answer; None, and noted, when there is none."""
        method, path, query = method.upper(), _path(url), _query(url)
        there = [
            number
            for number, one in enumerate(self.exchanges)
            if one.method == method and one.path == path
        ]
        same = [number for number in there if self.exchanges[number].query == query]
        for number in (*_unused(same, self._used), *same, *_unused(there, self._used)):
            self._used.add(number)
            return self.exchanges[number]
        self.missing.append(Missing(method, url))
        return None

    def rewound(self) -> Tape:
        """The same tape from its beginning."""
        return Tape(self.exchanges, self.unusable)

    def with_bodies(self, change: Callable[[Json], Json]) -> Tape:
        """A copy whose bodies went through `change`."""
        return Tape(replace(one, body=change(one.body)) for one in self.exchanges)


def read_tape(folder: Path) -> Tape:
    """All exchanges of a folder, in the order of their files' names.

    Files that are no exchange, or do not name an address, are listed as `unusable`.
    """
    exchanges: list[Exchange] = []
    unusable: list[str] = []
    for file in sorted(folder.glob("*.json")):
        try:
            exchanges.append(_exchange(json.loads(file.read_text(encoding="utf-8"))))
        except (ValueError, KeyError, TypeError, RecursionError):
            unusable.append(file.name)
    return Tape(exchanges, tuple(unusable))


def _exchange(untrusted: Json) -> Exchange:
    """Raises ValueError, KeyError or TypeError when it is none."""
    if not isinstance(untrusted, dict):
        raise TypeError("not an object")
    request, response = untrusted["request"], untrusted["response"]
    if not isinstance(request, dict) or not isinstance(response, dict):
        raise TypeError("not an exchange")
    url, method, status = request["url"], request.get("method", "GET"), response["status"]
    if not isinstance(url, str) or not isinstance(method, str) or not isinstance(status, int):
        raise TypeError("not an exchange")
    headers = response.get("headers") or {}
    return Exchange(
        method=method.upper(),
        url=url,
        status=status,
        headers=_headers(headers if isinstance(headers, dict) else {}),
        body=response.get("body"),
        sent={"headers": request.get("headers"), "body": request.get("body")},
    )


def _headers(untrusted: dict[str, Json]) -> dict[str, str]:
    """Some recorders keep a list of values for each name."""
    told: dict[str, str] = {}
    for name, value in untrusted.items():
        values = value if isinstance(value, list) else [value]
        told[name] = ", ".join(str(one) for one in values)
    return told


def _unused(numbers: list[int], used: set[int]) -> list[int]:
    return [number for number in numbers if number not in used]


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/") or "/"


def _query(url: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True)))
