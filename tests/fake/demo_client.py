# ruff: noqa: ARG002 - the shape of api.Session

"""A small HTTP client for tests of the demo cloud: the standard library, the loopback address.

`Client` signs in as Jolidrive does (code, PKCE S256); `LiveSession` is an `api.Session` on it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from jolidrive.api import Json, UnexpectedReplyError
from jolidrive.net.reply import PlainReply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REDIRECT = "http://127.0.0.1:50007/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-for-tests"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def told(self) -> dict[str, str]:
        """What a redirect carries in its query."""
        query = parse_qs(urlsplit(self.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}


@dataclass
class Client:
    base: str
    token: str = ""
    refresh: str = ""
    asked: list[str] = field(default_factory=list)

    def send(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Got:
        url = urljoin(self.base, url)
        self.asked.append(url)
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            sent = dict(headers or {})
            if self.token:
                sent.setdefault("Authorization", f"Bearer {self.token}")
            if form is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(
                method, target, urlencode(form) if form is not None else None, sent
            )
            reply = connection.getresponse()
            told = {name.lower(): value for name, value in reply.getheaders()}
            return Got(reply.status, told, reply.read())
        finally:
            connection.close()

    def get(self, url: str) -> Got:
        return self.send("GET", url)

    def consent_address(self, scope: str, **changed: str | None) -> str:
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "jolidrive-demo",
            "redirect_uri": REDIRECT,
            "scope": scope,
            "state": "a state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changed,
        }
        kept = {name: value for name, value in asked.items() if value is not None}
        return f"/oauth/authorize?{urlencode(kept)}"

    def decide(self, page: Got, decision: str) -> Got:
        ticket = page.body.decode().partition('name="ticket" value="')[2].partition('"')[0]
        return self.send("POST", "/oauth/authorize", {"ticket": ticket, "decision": decision})

    def code(self, scope: str) -> str:
        return self.decide(self.get(self.consent_address(scope)), "allow").told["code"]

    def exchange(self, code: str, **changed: str) -> Got:
        form = {
            "grant_type": "authorization_code",
            "client_id": "jolidrive-demo",
            "redirect_uri": REDIRECT,
            "code": code,
            "code_verifier": VERIFIER,
        }
        return self.send("POST", "/oauth/token", {**form, **changed})

    def renew(self, refresh: str) -> Got:
        form = {
            "grant_type": "refresh_token",
            "client_id": "jolidrive-demo",
            "refresh_token": refresh,
        }
        return self.send("POST", "/oauth/token", form)

    def sign_in(self, scope: str) -> Client:
        pair = self.exchange(self.code(scope)).json
        self.token, self.refresh = pair["access_token"], pair["refresh_token"]
        return self


class LiveSession:
    """What a connector holds, on a `Client`: no pace, no retries, 429 asked again."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> PlainReply:
        if params:
            url += ("&" if "?" in url else "?") + urlencode(params)
        got = self.client.send(method, url)
        while got.status == 429:
            got = self.client.send(method, url)
        return PlainReply(got.status, got.headers, url, got.body)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> PlainReply:
        return self.request("GET", url, params=params)

    def post(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> PlainReply:
        return self.request("POST", url, params=params)

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, limit: int
    ) -> Iterator[bytes]:
        reply = self.request("GET", url)
        if reply.status != 200:
            raise UnexpectedReplyError("status", status=reply.status)
        return iter((reply.body,))
