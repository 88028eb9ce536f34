"""What the store holds after etag walks is what the server holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jolidrive.connectors.load import load_folder
from jolidrive.store.account_store import AccountAbout, AccountStore
from jolidrive.testing import Exchange, Tape, play_pages, read_tape, tape_session

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "plugins" / "webdav"
TAPE = Path(__file__).parent / "tapes" / "nextcloud"
OPTIONS = {"server": "cloud.example"}
FILES = {"Documents/Lease.pdf", "Documents/Old/2019.odt", "Photos/Heron.jpg", "Readme.md"}


@pytest.fixture(name="store")
def a_store(tmp_path: Path) -> Iterator[AccountStore]:
    about = AccountAbout(label="l", identity="i", service="webdav", options=OPTIONS)
    store = AccountStore.create(tmp_path / "account", about)
    yield store
    store.close()


def sync(store: AccountStore, tape: Tape, *, pages: int = 1_000) -> None:
    """Stores up to so many pages of a pull."""
    loaded = load_folder(FOLDER)
    walk = play_pages(loaded, tape_session(loaded, tape, OPTIONS), OPTIONS, store.cursor)
    for _, page in zip(range(pages), walk, strict=False):
        store.save_page(page)


def later(*pairs: tuple[str, str]) -> Tape:
    """The tape with texts exchanged in addresses and bodies, and the root's etag another."""
    exchanges = []
    for one in read_tape(TAPE).exchanges:
        url, body = one.url, str(one.body or "").replace("&quot;r1", "&quot;r2")
        for old, new in pairs:
            url, body = url.replace(old, new), body.replace(old, new)
        exchanges.append(Exchange(method=one.method, url=url, status=one.status, body=body))
    return Tape(exchanges)


def held(store: AccountStore) -> set[str]:
    known = FILES | {key.replace("Documents", "Papers") for key in FILES} | {"Photos/New.jpg"}
    return {key for key in known if store.item(key) is not None}


def test_all_files_are_held_whatever_the_walk_was_stopped_at(store: AccountStore) -> None:
    for pages in (1, 2, 3, 1_000):
        sync(store, read_tape(TAPE), pages=pages)
    assert held(store) == FILES
    assert store.totals.items == 4


def test_a_renamed_folder_takes_all_below_it_along(store: AccountStore) -> None:
    sync(store, read_tape(TAPE))
    sync(store, later(("/Documents/", "/Papers/")))
    assert held(store) == {key.replace("Documents", "Papers") for key in FILES}
    assert store.totals.items == 4


def test_a_file_that_took_anothers_place_is_all_that_changes(store: AccountStore) -> None:
    sync(store, read_tape(TAPE))
    sync(store, later(("Heron.jpg", "New.jpg"), ("&quot;p1", "&quot;p2")))
    assert held(store) == FILES - {"Photos/Heron.jpg"} | {"Photos/New.jpg"}
    assert store.totals.items == 4
