"""A service of letters: a plugin of the person's own, and what answers it under the guard.

The plugin asks for pages and gives what it was told; so a test says what a service answers, and
everything between (guard, session, containment, check, store) is the program's own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from jolidrive.drive import Drive
from jolidrive.drive.shared import KeptLedger
from jolidrive.net.ledger import Ledger
from jolidrive.net.pace import Pacer
from jolidrive.net.session import Gate
from jolidrive.net.wire import NetworkSettings
from jolidrive.vault.keyring import MemoryKeys
from tests.fake.wire import FakeTime, FakeWire, Said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from requests import PreparedRequest

    from jolidrive.drive.shared import Shared
    from jolidrive.model.account import Account
    from jolidrive.vault.keyring import Keys

HOST = "api.letters.example"
OPTIONS = {"token": "a-token-nobody-guesses"}

MANIFEST = """
[plugin]
id = "letters"
name = "Letters"
summary = "Letters somebody kept."
version = "1.0"
license = "MIT"
api = "1"
entry = "connector:Letters"

[auth]
flow = "token"

[network]
token_hosts = ["api.letters.example"]
pace = 1000

[data]
kinds = { document = "letters" }
"""

CONNECTOR = """
import json
from datetime import datetime

from jolidrive.api import (
    Connector, CursorRefusedError, Folder, Identity, Item, Kind, Page, Person, Skipped,
)

BASE = "https://api.letters.example"


class Letters(Connector):
    def identify(self):
        me = self.session.get(f"{BASE}/me").json()
        return Identity(key=me["id"], label=me["name"])

    def pull(self, cursor):
        more = True
        while more:
            reply = self.session.get(f"{BASE}/page", params={"cursor": json.dumps(cursor)})
            if reply.status == 410:
                raise CursorRefusedError
            told = reply.json()
            if "crash" in told:
                raise RuntimeError("the words of a letter")
            if "ask" in told:
                self.session.request(*told["ask"])
            more, cursor = told["more"], told["cursor"]
            yield page(told)

    def open(self, key):
        return self.session.stream(f"{BASE}/content/{key}", limit=20_000_000)

    def thumbnail(self, key, side):
        return self.session.stream(f"{BASE}/small/{key}", limit=1_000_000)


def page(told):
    if "odd" in told:
        return Page(items=told["odd"])
    return Page(
        items=tuple(map(item, told.get("items", ()))),
        gone=tuple(told.get("gone", ())),
        gone_below=tuple(told.get("gone_below", ())),
        folders=tuple(Folder(**folder) for folder in told.get("folders", ())),
        skipped=tuple(Skipped(key=k, reason=r) for k, r in told.get("skipped", ())),
        listing=told.get("listing"),
        complete=told.get("complete", False),
        total=told.get("total"),
        cursor=told["cursor"],
    )


def item(record):
    fields = dict(record)
    fields.setdefault("title", f"letter {fields['key']}")
    fields.setdefault("kind", Kind.DOCUMENT)
    if "people" in fields:
        fields["people"] = tuple(Person(name=name) for name in fields["people"])
    if isinstance(fields.get("created_at"), str):
        fields["created_at"] = datetime.fromisoformat(fields["created_at"])
    return Item(**fields)
"""


def install(profile: Path, manifest: str = MANIFEST, connector: str = CONNECTOR) -> Path:
    """Puts the plugin where a person would; its folder."""
    found = re.search(r'^id = "(\w+)"', manifest, re.MULTILINE)
    folder = profile / "plugins" / (found[1] if found else "odd")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugin.toml").write_text(manifest)
    (folder / "__init__.py").touch()
    (folder / "connector.py").write_text(connector)
    return folder


@dataclass
class Letters:
    """The service. `pages` are told one after another; the cursor is the number of the next.

    Args:
        pages: the listing, each as the plugin reads it.
        contents: key → bytes of a file.
        instead: asked first; what it answers goes out, None lets the service answer.
    """

    pages: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    instead: Callable[[str], Said | Exception | None] | None = None
    who: str = "u1"
    time: FakeTime = field(default_factory=FakeTime)
    wires: list[FakeWire] = field(default_factory=list)

    @property
    def sent(self) -> list[PreparedRequest]:
        return [request for wire in self.wires for request in wire.sent]

    def answer(self, request: PreparedRequest) -> Said | Exception:
        parts = urlsplit(request.url or "")
        said = self.instead(parts.path) if self.instead else None
        if said is not None:
            return said
        if parts.path == "/me":
            return as_json({"id": self.who, "name": f"{self.who} at Letters"})
        if parts.path == "/page":
            return as_json(self._page(json.loads(parse_qs(parts.query)["cursor"][0])))
        found = self.contents.get(parts.path.rpartition("/")[2])
        return Said(404) if found is None else Said(body=found)

    def _page(self, cursor: int | None) -> dict[str, Any]:
        number = cursor or 0
        if number >= len(self.pages):
            return {"cursor": number, "more": False}
        return {
            "cursor": number + 1,
            "more": number + 1 < len(self.pages),
            **self.pages[number],
        }

    def gate(self, shared: Shared) -> Gate:
        """For `Drive.open(make_gate=…)`."""
        timing = self.time.timing
        ledger = Ledger(KeptLedger(shared.ledger, shared.may_name_hosts), timing)
        return Gate(NetworkSettings(), ledger, Pacer(timing), lambda _permit: self._wire())

    def _wire(self) -> FakeWire:
        wire = FakeWire(self.answer)
        self.wires.append(wire)
        return wire

    def drive(self, profile: Path, keys: Keys | None = None) -> Drive:
        """A profile with the plugin, approved."""
        if not (profile / "plugins" / "letters").exists():
            install(profile)
        drive = Drive.open(profile, keys=keys or MemoryKeys(), make_gate=self.gate)
        drive.approve_plugin("letters")
        return drive


def as_json(value: object) -> Said:
    return Said(headers={"Content-Type": "application/json"}, body=json.dumps(value).encode())


def connect(drive: Drive) -> Account:
    return drive.connect("letters", OPTIONS)


def letters(*keys: str, **fields: Any) -> dict[str, Any]:
    """A page of letters."""
    return {"items": [{"key": key, **fields} for key in keys]}
