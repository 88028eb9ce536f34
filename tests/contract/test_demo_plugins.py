"""The four demo services: the contract on tapes of the demo cloud, and the cloud itself."""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from jolidrive.api import Context, CursorRefusedError, Item, Kind, Page, Relation
from jolidrive.connectors.load import load_folder
from jolidrive.demo.cloud import DemoCloud
from jolidrive.paths import shipped_plugins_dir
from jolidrive.testing.contract import ConnectorContract
from jolidrive.testing.tapes import Exchange, Tape
from tests.fake.demo_client import Client, LiveSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jolidrive.api import Cursor
    from jolidrive.net.reply import PlainReply

SCOPES = "files.read photos.read social.read media.read"
TAPED_BASE = "http://127.0.0.1:47011"
SERVICES = ("demo_files", "demo_photos", "demo_social", "demo_media")
LOG = logging.getLogger("jolidrive.testing.plugin")


class Recording(LiveSession):
    """Keeps what was asked and answered, under one address."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.exchanges: list[Exchange] = []

    def request(self, method: str, url: str, **asked: Any) -> PlainReply:
        reply = super().request(method, url, **asked)
        body = json.loads(reply.body.replace(self.client.base.encode(), TAPED_BASE.encode()))
        headers = {
            name: value.replace(self.client.base, TAPED_BASE)
            for name, value in reply.headers.items()
        }
        self.exchanges.append(
            Exchange(
                method=method,
                url=self.client.asked[-1].replace(self.client.base, TAPED_BASE),
                headers=headers,
                body=body,
                sent={
                    "headers": {"Authorization": f"Bearer {self.client.token}"},
                    "body": None,
                },
            )
        )
        return reply


def opened(service: str, session: LiveSession) -> Any:
    options = {"server": session.client.base}
    return load_folder(shipped_plugins_dir() / service).open(
        Context(session=session, log=LOG, options=options)
    )


@cache
def recorded(service: str) -> tuple[Exchange, ...]:
    """A first pull, a second one, and who it was; the tape knows no sockets any more."""
    with DemoCloud(busy_every=0) as cloud:
        session = Recording(Client(cloud.base).sign_in(SCOPES))
        connector = opened(service, session)
        connector.identify()
        pages = list(connector.pull(None))
        list(connector.pull(json.loads(json.dumps(pages[-1].cursor))))
    return tuple(session.exchanges)


@pytest.mark.sockets
class DemoContract(ConnectorContract):
    options: ClassVar[Mapping[str, str]] = {"server": TAPED_BASE}

    def _read_tape(self) -> Tape:
        return Tape(recorded(self.folder.name))


class TestDemoFilesContract(DemoContract):
    folder: ClassVar[Path] = shipped_plugins_dir() / "demo_files"


class TestDemoPhotosContract(DemoContract):
    folder: ClassVar[Path] = shipped_plugins_dir() / "demo_photos"


class TestDemoSocialContract(DemoContract):
    folder: ClassVar[Path] = shipped_plugins_dir() / "demo_social"


class TestDemoMediaContract(DemoContract):
    folder: ClassVar[Path] = shipped_plugins_dir() / "demo_media"


# ── against the running cloud ────────────────────────────────────────────────────────────


@pytest.fixture
def cloud() -> Iterator[DemoCloud]:
    with DemoCloud(busy_every=7) as running:
        yield running


@pytest.fixture
def session(cloud: DemoCloud) -> LiveSession:
    return LiveSession(Client(cloud.base).sign_in(SCOPES))


class Kept:
    """What a store would hold: items, the listings that hold them, folders, the cursor."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.holds: dict[str, set[str]] = {}
        self.shown: dict[str, set[str]] = {}
        self.folders: dict[str, str] = {}
        self.cursor: Cursor = None

    def sync(self, connector: Any) -> Kept:
        for page in connector.pull(json.loads(json.dumps(self.cursor))):
            self.save(page)
        return self

    def save(self, page: Page) -> None:
        assert not page.skipped
        self.folders.update({folder.key: folder.name for folder in page.folders})
        for key in page.gone:
            self.items.pop(key, None)
        for item in page.items:
            self.items[item.key] = item
            self.holds.setdefault(item.key, set()).add(page.listing or "")
            self.shown.setdefault(page.listing or "", set()).add(item.key)
        if page.listing and page.complete:
            shown = self.shown.pop(page.listing, set())
            for key, holders in self.holds.items():
                if key not in shown:
                    holders.discard(page.listing)
                if not holders:
                    self.items.pop(key, None)
        self.cursor = page.cursor if page.cursor is not None else self.cursor


@pytest.mark.sockets
@pytest.mark.parametrize("service", SERVICES)
def test_a_pull_brings_everything_and_the_next_day_is_followed(
    service: str, cloud: DemoCloud, session: LiveSession
) -> None:
    connector = opened(service, session)
    kept = Kept().sync(connector)
    assert "Maya" in connector.identify().label or "maya" in connector.identify().label
    cloud.advance()
    kept.sync(connector)
    cloud.advance()
    kept.sync(connector)
    fresh = Kept().sync(opened(service, session))
    assert kept.items == fresh.items
    assert kept.folders.items() >= fresh.folders.items()


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("service", "kinds"),
    [
        ("demo_files", {Kind.DOCUMENT, Kind.PHOTO}),
        ("demo_photos", {Kind.PHOTO}),
        ("demo_social", {Kind.POST, Kind.LINK, Kind.EVENT, Kind.ACTIVITY, Kind.PERSON}),
        ("demo_media", {Kind.MUSIC, Kind.VIDEO}),
    ],
)
def test_it_brings_the_kinds_its_manifest_promises(
    service: str, kinds: set[Kind], session: LiveSession
) -> None:
    kept = Kept().sync(opened(service, session))
    assert {item.kind for item in kept.items.values()} == kinds
    assert set(load_folder(shipped_plugins_dir() / service).manifest.kinds) == kinds


@pytest.mark.sockets
@pytest.mark.parametrize("service", ["demo_files", "demo_photos"])
def test_contents_are_as_long_as_they_are_said_to_be(
    service: str, session: LiveSession
) -> None:
    connector = opened(service, session)
    for item in list(Kept().sync(connector).items.values())[:20]:
        assert item.has_content
        assert len(b"".join(connector.open(item.key))) == item.size


@pytest.mark.sockets
def test_thumbnails_are_asked_for_by_key(session: LiveSession) -> None:
    for service, key in (("demo_photos", "p001"), ("demo_media", "tracks:t001")):
        small = b"".join(opened(service, session).thumbnail(key, 320))
        assert small.startswith(b"\xff\xd8")
    with pytest.raises(FileNotFoundError):
        b"".join(opened("demo_photos", session).thumbnail("p999", 320))


@pytest.mark.sockets
def test_a_refused_cursor_is_told_as_such(cloud: DemoCloud, session: LiveSession) -> None:
    with pytest.raises(CursorRefusedError):
        list(opened("demo_files", session).pull("w0.1"))
    with pytest.raises(CursorRefusedError):
        list(opened("demo_media", session).pull({"tracks": 10_000}))
    pages = opened("demo_photos", session).pull(None)
    stopped_at = next(pages).cursor
    cloud.advance()
    with pytest.raises(CursorRefusedError):
        list(opened("demo_photos", session).pull(stopped_at))


@pytest.mark.sockets
def test_a_list_of_media_that_changed_while_it_was_read_is_read_again(
    cloud: DemoCloud, session: LiveSession
) -> None:
    kept = Kept()
    pages = opened("demo_media", session).pull(None)
    kept.save(next(pages))
    cloud.advance()
    kept.sync(opened("demo_media", session))
    assert kept.items == Kept().sync(opened("demo_media", session)).items


@pytest.mark.sockets
def test_a_post_in_two_lists_has_one_key_and_both_relations(session: LiveSession) -> None:
    pages = list(opened("demo_social", session).pull(None))
    seen: dict[str, set[str]] = {}
    for page in pages:
        for item in page.items:
            seen.setdefault(item.key, set()).add(str(page.listing))
            if page.listing == "posts":
                assert item.relations == (Relation.MADE,)
    assert {"likes", "bookmarks"} in seen.values()
