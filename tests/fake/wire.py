"""A service at the one seam where tests replace it: the transport under the guard."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.response import HTTPResponse

from jolidrive.net.pace import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from requests import PreparedRequest, Response


@dataclass
class Said:
    """What a fake service answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class FakeWire(BaseAdapter):
    """Answers with `answer(request)`; keeps every request as it went out."""

    def __init__(self, answer: Callable[[PreparedRequest], Said | Exception]) -> None:
        super().__init__()
        self.answer = answer
        self.sent: list[PreparedRequest] = []
        self.closed = False

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        self.sent.append(request)
        said = self.answer(request)
        if isinstance(said, Exception):
            raise said
        raw = HTTPResponse(
            body=io.BytesIO(said.body),
            headers=dict(said.headers),
            status=said.status,
            preload_content=False,
            request_method=request.method,
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        self.closed = True


class FakeTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def timing(self) -> Timing:
        return Timing(
            monotonic=lambda: self.seconds,
            sleep=self.sleep,
            now=lambda: datetime.fromtimestamp(1_800_000_000 + self.seconds, UTC),
            chance=lambda: 0.0,
        )
