"""The WebDAV connector: its contract, both walks, and odd servers."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from jolidrive.api import Context, CursorRefusedError, Kind
from jolidrive.connectors.load import load_folder
from jolidrive.errors import UnexpectedReplyError
from jolidrive.testing import (
    ConnectorContract,
    Exchange,
    Tape,
    play,
    play_pages,
    read_tape,
    tape_session,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.api import Cursor, Page
    from jolidrive.connectors.contain import Contained
    from jolidrive.testing import TapeSession

FOLDER = Path(__file__).parents[2] / "plugins" / "webdav"
TAPES = Path(__file__).parent / "tapes"
PLAIN = {"server": "https://files.example/dav/"}
CLOUD = {"server": "cloud.example"}
RECORDED = Path(__file__).parents[3] / "shared" / "reference" / "recorded" / "webdav"


class TestPlainServer(ConnectorContract):
    folder = FOLDER
    tape = TAPES / "webdav"
    options: ClassVar[Mapping[str, str]] = PLAIN


class TestNextcloud(ConnectorContract):
    folder = FOLDER
    tape = TAPES / "nextcloud"
    options: ClassVar[Mapping[str, str]] = CLOUD


def connect(session: TapeSession, options: dict[str, str]) -> Contained:
    loaded = load_folder(FOLDER)
    context = Context(session=session, log=logging.getLogger("test"), options=options)
    return loaded.open(context)


def pages_of(
    tape: Tape, options: dict[str, str], cursor: Cursor = None
) -> tuple[list[Page], list[str]]:
    loaded = load_folder(FOLDER)
    session = tape_session(loaded, tape, options)
    pages = list(play_pages(loaded, session, options, cursor))
    return pages, [url for _, url in session.asked]


def test_names_are_decoded_once_and_typed_by_server_or_ending() -> None:
    played = play(load_folder(FOLDER), read_tape(TAPES / "webdav"), PLAIN)
    items = {item.title: item for item in played.items}
    assert sorted(items) == ["cup&saucer.jpg", "plan%20B.md", "song.flac", "weir.txt"]
    assert items["plan%20B.md"].mime == "text/markdown"
    assert items["plan%20B.md"].key == "plan%2520B.md"
    assert items["cup&saucer.jpg"].kind is Kind.PHOTO
    assert items["cup&saucer.jpg"].folder == "Café & tea"
    assert items["cup&saucer.jpg"].created_at != items["cup&saucer.jpg"].changed_at
    assert items["song.flac"].kind is Kind.MUSIC
    assert items["song.flac"].folder == "Notes/deep"
    assert items["weir.txt"].mime == "text/plain"
    assert played.balance.skipped == {"a folder the server refuses to show": 1}


def test_a_key_leads_back_to_the_content() -> None:
    loaded = load_folder(FOLDER)
    session = tape_session(loaded, read_tape(TAPES / "webdav"), PLAIN)
    connector = connect(session, PLAIN)
    assert b"".join(connector.open("Notes/weir.txt")) == b"Herons at the weir"
    with pytest.raises(FileNotFoundError):
        list(connector.open("Notes/gone.txt"))
    list_of_gone = session.asked[-1]
    assert list_of_gone == ("GET", "https://files.example/dav/Notes/gone.txt")


def test_a_plain_server_is_walked_whole_and_the_listing_completed() -> None:
    pages, _ = pages_of(read_tape(TAPES / "webdav"), PLAIN)
    assert {page.listing for page in pages} == {"files"}
    assert [page.complete for page in pages][-1]


def test_a_folder_that_could_not_be_shown_leaves_the_listing_open() -> None:
    exchanges = [
        Exchange(
            method=one.method,
            url=one.url,
            status=423 if "locked" in one.url else 207,
            body=one.body,
        )
        for one in read_tape(TAPES / "webdav").exchanges
        if one.method == "PROPFIND"
    ]
    pages, _ = pages_of(Tape(exchanges), PLAIN)
    assert not any(page.complete for page in pages)


def test_the_files_of_a_nextcloud_are_found_below_the_bare_address() -> None:
    loaded = load_folder(FOLDER)
    session = tape_session(loaded, read_tape(TAPES / "nextcloud"), CLOUD)
    identity = connect(session, CLOUD).identify()
    assert identity.label == "maya at cloud.example/remote.php/webdav"
    played = play(loaded, read_tape(TAPES / "nextcloud"), CLOUD)
    heron = next(item for item in played.items if item.title == "Heron.jpg")
    assert heron.url == "https://cloud.example/f/5"
    assert heron.extra == {"fileid": "5", "favorite": True}


def test_an_unchanged_nextcloud_costs_one_look() -> None:
    tape = read_tape(TAPES / "nextcloud")
    pages, asked = pages_of(tape, CLOUD)
    assert len(asked) == 5
    again, asked = pages_of(tape, CLOUD, pages[-1].cursor)
    assert again == []
    assert len(asked) == 2


def changed(tape: Tape, *pairs: tuple[str, str], without: str = "none") -> Tape:
    """The tape with texts of its bodies exchanged, and without one folder's listing."""
    exchanges = []
    for one in tape.exchanges:
        body = one.body if isinstance(one.body, str) else ""
        for old, new in pairs:
            body = body.replace(old, new)
        if without not in one.url:
            exchanges.append(
                Exchange(method=one.method, url=one.url, status=one.status, body=body)
            )
    return Tape(exchanges)


def test_only_folders_whose_etag_changed_are_entered() -> None:
    tape = read_tape(TAPES / "nextcloud")
    pages, _ = pages_of(tape, CLOUD)
    later = changed(
        tape, ("&quot;r1&quot;", "&quot;r2&quot;"), ("&quot;p1&quot;", "&quot;p2&quot;")
    )
    again, asked = pages_of(later, CLOUD, pages[-1].cursor)
    assert [url.partition("webdav/")[2] for url in asked] == ["", "", "Photos/"]
    assert all(page.complete for page in again if page.listing)


def test_a_removed_folder_takes_everything_below_it() -> None:
    tape = read_tape(TAPES / "nextcloud")
    pages, _ = pages_of(tape, CLOUD)
    moved = ("/Documents/", "/Papers/")
    later = changed(tape, ("&quot;r1&quot;", "&quot;r2&quot;"), moved)
    again, _ = pages_of(later, CLOUD, pages[-1].cursor)
    assert ("Documents",) in [page.gone_below for page in again]


def test_a_walk_that_was_stopped_enters_only_what_is_left() -> None:
    tape = read_tape(TAPES / "nextcloud")
    loaded = load_folder(FOLDER)
    walk = play_pages(loaded, tape_session(loaded, tape, CLOUD), CLOUD)
    pages = [next(walk) for _ in range(4)]
    _, asked = pages_of(tape, CLOUD, pages[-1].cursor)
    assert "Documents/" not in " ".join(asked[2:3])


def test_a_loop_of_folders_ends() -> None:
    exchanges = []
    for depth in range(60):
        path = "/dav/" + "loop/" * depth
        body = (
            '<multistatus xmlns="DAV:">'
            + "".join(
                f"<response><href>{href}</href><propstat><prop><resourcetype><collection/>"
                "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
                for href in (path, path + "loop/")
            )
            + "</multistatus>"
        )
        url = f"https://files.example{path}"
        exchanges.append(Exchange(method="PROPFIND", url=url, status=207, body=body))
    played = play(load_folder(FOLDER), Tape(exchanges), PLAIN)
    assert played.balance.skipped == {"a folder nested too deep, or in a loop": 1}
    assert not played.missing


@pytest.mark.parametrize(
    "href", ["/dav/..%2Fsecret", "/dav/a%2Fb", "/other/x", "/dav/%00", "//"]
)
def test_an_address_that_leads_out_of_its_folder_is_left_out(href: str) -> None:
    def response(address: str, kind: str) -> str:
        return (
            f"<response><href>{address}</href><propstat><prop><resourcetype>{kind}"
            "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
        )

    body = (
        f'<multistatus xmlns="DAV:">{response("/dav/", "<collection/>")}'
        f"{response(href, '')}{response('/dav/good.txt', '')}</multistatus>"
    )
    root = Exchange(method="PROPFIND", url=PLAIN["server"], status=207, body=body)
    played = play(load_folder(FOLDER), Tape([root]), PLAIN)
    assert [item.key for item in played.items] == ["good.txt"]
    assert sum(played.balance.skipped.values()) == 1


def test_an_address_without_webdav_is_told() -> None:
    loaded = load_folder(FOLDER)
    with pytest.raises(UnexpectedReplyError) as told:
        connect(tape_session(loaded, Tape([]), PLAIN), PLAIN).identify()
    assert (told.value.reason, told.value.status) == ("no_webdav", 404)


def test_a_cursor_of_the_other_walk_is_refused() -> None:
    with pytest.raises(CursorRefusedError):
        pages_of(read_tape(TAPES / "nextcloud"), CLOUD, {"at": None})


@pytest.mark.parametrize("folders", [0, [], ["x"], {"a": 1}, [1, {}], ["e", {"a": [[], {}]}]])
def test_a_broken_memory_means_a_whole_walk(folders: Cursor) -> None:
    cursor: Cursor = {"folders": folders, "listed_at": "x", "partial": False}
    pages, _ = pages_of(read_tape(TAPES / "nextcloud"), CLOUD, cursor)
    assert sum(len(page.items) for page in pages) == 4


@pytest.mark.skipif(not RECORDED.is_dir(), reason="recorded replies are kept elsewhere")
def test_recorded_replies_of_real_servers_are_read() -> None:
    read = 0
    for file in sorted(RECORDED.glob("*.json")):
        recorded = json.loads(file.read_text(encoding="utf-8"))
        if recorded["response"]["status"] != 207:
            continue
        root = Exchange(
            method="PROPFIND",
            url=PLAIN["server"],
            status=207,
            body=recorded["response"]["body"],
        )
        played = play(load_folder(FOLDER), Tape([root]), PLAIN)
        # One of them is no XML (an attribute without a value), and is told so.
        assert str(played.error or "not_xml").find("not_xml") >= 0, file.name
        assert not played.balance.failed, file.name
        read += len(played.items)
    assert read >= 3
