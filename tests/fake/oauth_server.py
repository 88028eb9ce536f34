"""A tiny OAuth 2 server on the loopback address: PKCE S256, rotation, expiry, revocation.

It says yes at once (or no, by `refuse`), so a test's `Browser` is a plain HTTP GET.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = tuple[int, dict[str, str], bytes]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@dataclass
class OAuthServer:
    """What it gave and what it saw; the fields are a test's knobs."""

    base: str = ""
    refuse: str = ""
    drop_state: bool = False
    granted: str | None = None
    expires_in: object = 3600
    secret: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    token_answer: Answer | None = None
    revoke_answer: Answer | None = None
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        path = str(environ["PATH_INFO"])
        kind = environ.get("CONTENT_TYPE", "")
        if kind.startswith("application/json"):
            asked = {name: json.dumps(value) for name, value in json.loads(body).items()}
        else:
            text = body.decode() or str(environ["QUERY_STRING"])
            asked = {name: many[0] for name, many in parse_qs(text).items()}
        self.seen.append((path, asked))
        routes = {
            "/authorize": self.authorize,
            "/token": self.token,
            "/revoke": self.revoke,
            "/apps": self.apps,
            "/register": self.register,
        }
        if path in routes:
            status, headers, answer = routes[path](asked)
        else:
            allowed = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
            status, headers, answer = (200 if allowed in self.access else 401), {}, b"{}"
        start(f"{status} -", [*headers.items(), ("Content-Length", str(len(answer)))])
        return [answer]

    def authorize(self, asked: dict[str, str]) -> Answer:
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return self.no("invalid_request")
        back: dict[str, str] = {"hostname": "eu.example.org"}
        if not self.drop_state:
            back["state"] = asked["state"]
        if self.refuse:
            back["error"] = self.refuse
        else:
            back["code"] = secrets.token_hex(8)
            self.codes[back["code"]] = asked
        return 302, {"Location": f"{asked['redirect_uri']}?{urlencode(back)}"}, b""

    def token(self, asked: dict[str, str]) -> Answer:
        if self.token_answer is not None:
            return self.token_answer
        if self.secret is not None and asked.get("client_secret") != self.secret:
            return self.no("invalid_client", 401)
        if asked.get("grant_type") == "refresh_token":
            if asked["refresh_token"] not in self.refresh:
                return self.no("invalid_grant")
            self.refresh.discard(asked["refresh_token"])
            return self.give()
        code = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code is None or (code["code_challenge"], code["redirect_uri"]) != (
            challenge,
            asked["redirect_uri"],
        ):
            return self.no("invalid_grant")
        return self.give()

    def give(self) -> Answer:
        access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self.access.add(access)
        self.refresh.add(refresh)
        reply: dict[str, Any] = {
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "bearer",
            "expires_in": self.expires_in,
            **self.extra,
        }
        if self.granted is not None:
            reply["scope"] = self.granted
        return 200, {"Content-Type": "application/json"}, json.dumps(reply).encode()

    def revoke(self, asked: dict[str, str]) -> Answer:
        if self.revoke_answer is not None:
            return self.revoke_answer
        self.access.discard(asked["token"])
        self.refresh.discard(asked["token"])
        return 200, {}, b""

    def apps(self, asked: dict[str, str]) -> Answer:
        reply = {"client_id": "app-1", "client_secret": "app-secret", "asked": asked}
        return 200, {"Content-Type": "application/json"}, json.dumps(reply).encode()

    def register(self, _: dict[str, str]) -> Answer:
        return 201, {"Content-Type": "application/json"}, b'{"client_id": "dynamic-1"}'

    def no(self, code: str, status: int = 400) -> Answer:
        return (
            status,
            {"Content-Type": "application/json"},
            json.dumps({"error": code}).encode(),
        )


@contextmanager
def oauth_server() -> Iterator[OAuthServer]:
    """Serves until the test ends."""
    app = OAuthServer()
    with WSGIServer(("127.0.0.1", 0), _Quiet) as server:
        server.set_app(app)
        app.base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield app
        finally:
            server.shutdown()
            thread.join()
