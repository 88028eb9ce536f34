"""The person at the consent page, for a demo without a screen.

It does what a browser does: fetches the page, reads its form, sends the button that was
pressed, and follows the redirect to the listener. It visits the loopback address only.
"""

from __future__ import annotations

import threading
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOSTS: Final = frozenset({"127.0.0.1", "::1"})
_HOPS_MOST: Final = 6
_WAIT_S: Final = 10.0
_PAGE_LIMIT: Final = 1_000_000


class HeadlessBrowser:
    """Answers the demo's own consent page.

    Args:
        allow: which button is pressed.
    """

    def __init__(self, *, allow: bool = True) -> None:
        self._allow = allow
        self.shown: list[str] = []

    def open(self, url: str) -> bool:
        """Starts to visit `url`, as a browser of its own would; False where it may not go."""
        if not _may_visit(url):
            return False
        threading.Thread(target=self._visit_quietly, args=(url,), daemon=True).start()
        return True

    def show(self, url: str) -> None:
        """Where a person would copy the address by hand; it is only remembered."""
        self.shown.append(url)

    def visit(self, url: str) -> int:
        """Goes the whole way and returns the last page's status.

        Raises:
            ValueError: the way leads off the loopback address, or does not end.
        """
        body: Mapping[str, str] | None = None
        for _ in range(_HOPS_MOST):
            if not _may_visit(url):
                raise ValueError("not on this computer")
            status, location, text = _fetch(url, body)
            body = None
            if location is not None:
                url = urljoin(url, location)
                continue
            form = _Form()
            form.feed(text)
            if form.action is None:
                return status
            url = urljoin(url, form.action)
            body = {**form.fields, "decision": "allow" if self._allow else "deny"}
        raise ValueError("the way does not end")

    def _visit_quietly(self, url: str) -> None:
        try:
            self.visit(url)
        except (OSError, HTTPException, ValueError):
            return  # as when a person closes the page: whoever waits for the answer times out


class _Form(HTMLParser):
    """The first form of a page: where it goes, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = told.get("action", "")
        if tag == "input" and told.get("type") == "hidden":
            self.fields[told.get("name", "")] = told.get("value", "")


def _may_visit(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _HOSTS


def _fetch(url: str, body: Mapping[str, str] | None) -> tuple[int, str | None, str]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_WAIT_S)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if body is None:
            connection.request("GET", target)
        else:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", target, urlencode(body), form)
        reply = connection.getresponse()
        text = reply.read(_PAGE_LIMIT).decode("utf-8", "replace")
        return reply.status, reply.headers.get("Location"), text
    finally:
        connection.close()
