"""The demo cloud: a real OAuth 2 and API server, on the loopback address and nowhere else.

Threads of the standard library's WSGI server answer; oauthlib's server side guards the door.
Tokens and codes live in memory; nothing is logged and nothing is written. Only requests that
name the loopback address as their host are answered, so that no web page can reach in under a
name of its own.
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from jolidrive.paths import resources_dir

from .door import Door
from .files_api import FilesApi
from .media_api import MediaApi
from .photos_api import PhotosApi
from .social_api import SocialApi
from .view import view
from .wire import Answer, Request, trouble
from .world import World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType
    from typing import Self
    from wsgiref.types import StartResponse, WSGIEnvironment

    from .wire import Api

_ADDRESS: Final = "127.0.0.1"
_BODY_LIMIT: Final = 64 * 1024


class DemoCloud:
    """A small cloud that lives as long as this object says.

    Args:
        port: 0 takes a free one.
        folder: the world's files; None: those that ship.
        token_life_s: seconds an access token lives, short so that refreshing is seen.
        busy_every: every so many API requests one is told to wait a second; 0 never.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        folder: Path | None = None,
        token_life_s: float = 10.0,
        busy_every: int = 90,
    ) -> None:
        self._port = port
        self._busy_every = busy_every
        self._asked = 0
        self._lock = threading.Lock()
        self._server: WSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.world = World(folder or resources_dir() / "demo")
        self._photos = PhotosApi(self.world)
        apis: tuple[Api, ...] = (
            FilesApi(self.world),
            self._photos,
            SocialApi(self.world),
            MediaApi(self.world),
        )
        self._apis = {api.prefix: api for api in apis}
        self.door = Door(self.world, frozenset(api.scope for api in apis), token_life_s)

    @property
    def base(self) -> str:
        """The address, `http://127.0.0.1:<port>`, while the cloud runs."""
        return f"http://{_ADDRESS}:{self._port}"

    def start(self) -> str:
        """Begins to answer; returns the address."""
        if self._server is None:
            server = make_server(_ADDRESS, self._port, self._answer, _Server, _Handler)
            self._port = server.server_port
            self._server = server
            self._thread = threading.Thread(
                target=server.serve_forever, args=(0.05,), name="demo-cloud", daemon=True
            )
            self._thread.start()
        return self.base

    def stop(self) -> None:
        """Stops answering and frees the port. May be called twice."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def advance(self) -> int:
        """Lets the next day happen between two syncs; returns how many things changed."""
        return self.world.advance()

    # ── requests ─────────────────────────────────────────────────────────────────────────

    def _answer(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        answer = self._routed(environ)
        headers = [
            *answer.headers.items(),
            ("Content-Length", str(len(answer.body))),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _routed(self, environ: WSGIEnvironment) -> Answer:
        if environ.get("HTTP_HOST") != f"{_ADDRESS}:{self._port}":
            return trouble(421, "wrong_host")
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > _BODY_LIMIT:
            return trouble(413, "too_large")
        body = environ["wsgi.input"].read(int(length)).decode("utf-8", "replace")
        request = _request(environ, self.base, body)
        found = self.door.answer(request) or view(request, self.world)
        return found or self._api(request)

    def _api(self, request: Request) -> Answer:
        api = next((a for p, a in self._apis.items() if request.path.startswith(p)), None)
        if api is None:
            return trouble(404, "not_found")
        if request.method not in {"GET", "HEAD"}:
            return trouble(405, "read_only", {"Allow": "GET, HEAD"})
        if request.path.startswith(self._photos.open_prefix):
            return self._photos.answer_open(request)
        refused = self.door.refusal(request, api.scope)
        if refused is not None:
            return refused
        return self._busy() or api.answer(request)

    def _busy(self) -> Answer | None:
        with self._lock:
            self._asked += 1
            busy = self._busy_every > 0 and self._asked % self._busy_every == 0
        return trouble(429, "slow_down", {"Retry-After": "1"}) if busy else None


def _request(environ: WSGIEnvironment, base: str, body: str) -> Request:
    path = environ["PATH_INFO"].encode("latin-1", "replace").decode("utf-8", "replace")
    asked = environ.get("QUERY_STRING", "")
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    return Request(
        method=environ["REQUEST_METHOD"],
        path=path,
        uri=f"{base}{path}" + (f"?{asked}" if asked else ""),
        base=base,
        query=dict(parse_qsl(asked, keep_blank_values=True)),
        headers=headers,
        body=body,
    )


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self) -> None:
        """Binds without asking the name service who 127.0.0.1 is, as the base class would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = _ADDRESS, int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in mid-answer is no news; nothing is written."""


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: addresses of items would be in it."""
