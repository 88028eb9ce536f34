"""The Mastodon connector: its contract, and what it makes of what servers send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from jolidrive.api import CursorRefusedError, Kind, Person, Relation
from jolidrive.connectors.load import load_folder
from jolidrive.testing import ConnectorContract, Exchange, Tape, play, play_pages, read_tape
from jolidrive.testing import tape_session as session_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.api import Item, Json

FOLDER = Path(__file__).parents[2] / "plugins" / "mastodon"
TAPE = Path(__file__).parent / "tapes" / "mastodon"
OPTIONS = {"server": "heron.example"}
RECORDED = Path(__file__).parents[3] / "shared" / "reference" / "recorded" / "mastodon"


class TestMastodon(ConnectorContract):
    folder = FOLDER
    tape = TAPE
    options: ClassVar[Mapping[str, str]] = OPTIONS


@pytest.fixture(name="items")
def items_of_the_tape() -> dict[str, Item]:
    played = play(load_folder(FOLDER), read_tape(TAPE), OPTIONS)
    assert played.error is None
    assert played.missing == ()
    return {item.key: item for item in played.items}


def test_a_post_is_read_with_people_tags_reactions_and_edits(items: dict[str, Item]) -> None:
    post = items["100"]
    assert post.kind is Kind.POST
    assert post.title == "Herons at the weir & more"
    assert post.text == "Herons at the weir & more\n#birds"
    assert post.people == (
        Person(name="Maya Okafor", handle="maya@heron.example"),
        Person(role="mentioned", name="ines", handle="ines@otter.example"),
    )
    assert post.tags == ("birds",)
    assert post.reactions == {"likes": 4, "shares": 1, "comments": 2}
    assert post.changed_at is not None


def test_pictures_and_videos_are_items_of_their_own(items: dict[str, Item]) -> None:
    picture, video = items["media:501"], items["media:502"]
    assert (picture.kind, picture.title, picture.width) == (
        Kind.PHOTO,
        "A heron on a stone",
        1600,
    )
    assert picture.thumbnail == "https://heron.example/system/media/501/small.jpg"
    assert (video.kind, video.duration_s) == (Kind.VIDEO, 12.5)
    assert "media:503" not in items


def test_a_picture_at_a_host_nobody_declared_has_no_thumbnail(items: dict[str, Item]) -> None:
    assert items["media:502"].thumbnail is None


def test_a_boost_is_an_activity_that_names_both(items: dict[str, Item]) -> None:
    boost = items["102"]
    assert boost.kind is Kind.ACTIVITY
    assert boost.title == "Boosted Inês: A walk along the river"
    assert [person.role for person in boost.people] == ["author", "by"]


def test_polls_warnings_and_linked_pages_are_read(items: dict[str, Item]) -> None:
    assert items["101"].text == "A question\n• Tea\n• Coffee"
    assert items["link:103"].url == "https://river.example/story"


def test_a_favourite_is_saved_and_a_post_listed_twice_has_one_key() -> None:
    loaded = load_folder(FOLDER)
    pages = list(play_pages(loaded, session_of(loaded, read_tape(TAPE), OPTIONS), OPTIONS))
    listed = [
        (page.listing, item.relations)
        for page in pages
        for item in page.items
        if item.key == "100"
    ]
    assert listed == [("statuses", (Relation.MADE,)), ("bookmarks", (Relation.SAVED,))]
    assert [page.listing for page in pages if page.complete] == [
        "statuses",
        "favourites",
        "bookmarks",
    ]


def test_the_next_sync_asks_only_for_what_is_new() -> None:
    loaded, tape = load_folder(FOLDER), read_tape(TAPE)
    cursor = play(loaded, tape, OPTIONS).cursor
    session = session_of(loaded, tape, OPTIONS)
    pages = list(play_pages(loaded, session, OPTIONS, cursor))
    assert not any(page.complete for page in pages)
    asked = [url.partition("/api/v1/")[2] for _, url in session.asked]
    assert asked == [
        "accounts/verify_credentials",
        "accounts/7001/statuses?limit=40&min_id=103",
        "accounts/7001/statuses?limit=40",
        "favourites?limit=40",
        "bookmarks?limit=40",
    ]


def test_after_a_week_everything_is_listed_anew() -> None:
    loaded, tape = load_folder(FOLDER), read_tape(TAPE)
    cursor = play(loaded, tape, OPTIONS).cursor
    assert isinstance(cursor, dict)
    old = {**cursor, "listed_at": "2020-01-01T00:00:00+00:00"}
    session = session_of(loaded, tape, OPTIONS)
    with pytest.raises(CursorRefusedError):
        list(play_pages(loaded, session, OPTIONS, old))


@pytest.mark.parametrize("cursor", [7, "x", [], {}, {"listed_at": []}, {"listed_at": "2020"}])
def test_a_cursor_of_another_shape_is_refused(cursor: Json) -> None:
    loaded = load_folder(FOLDER)
    session = session_of(loaded, read_tape(TAPE), OPTIONS)
    with pytest.raises(CursorRefusedError):
        list(play_pages(loaded, session, OPTIONS, cursor))


def test_a_list_the_server_does_not_have_costs_only_that_list() -> None:
    tape = read_tape(TAPE)
    without = Tape(one for one in tape.exchanges if "bookmarks" not in one.url)
    played = play(load_folder(FOLDER), without, OPTIONS)
    assert played.error is None
    assert len(played.items) == 10
    assert played.balance.skipped == {"the server does not give the list of bookmarks (404)": 1}


def test_a_link_header_that_leads_in_a_circle_ends() -> None:
    circle = '<https://heron.example/api/v1/favourites?limit=40&max_id=1>; rel="next"'
    exchanges = [
        Exchange(
            method=one.method,
            url=one.url,
            headers={"Link": circle} if "favourites" in one.url else one.headers,
            body=one.body,
        )
        for one in read_tape(TAPE).exchanges
    ]
    again = Exchange(
        method="GET",
        url="https://heron.example/api/v1/favourites?limit=40&max_id=1",
        headers={"Link": circle},
        body=[],
    )
    assert play(load_folder(FOLDER), Tape([*exchanges, again]), OPTIONS).error is None


@pytest.mark.skipif(not RECORDED.is_dir(), reason="recorded replies are kept elsewhere")
def test_recorded_replies_of_real_servers_are_read() -> None:
    for file in sorted(RECORDED.glob("*.json")):
        recorded = json.loads(file.read_text(encoding="utf-8"))["response"]
        if recorded["status"] != 200 or not isinstance(recorded["body"], list):
            continue
        statuses: list[Json] = [
            one
            for one in recorded["body"]
            if isinstance(one, dict) and {"id", "content", "account"} <= one.keys()
        ]
        if not statuses:
            continue
        me = read_tape(TAPE).exchanges[0]
        url = "https://heron.example/api/v1/accounts/7001/statuses"
        listed = Exchange(method="GET", url=url, body=statuses)
        played = play(load_folder(FOLDER), Tape([me, listed]), OPTIONS)
        assert played.error is None, file.name
        assert len(played.items) >= len(statuses) - 1, file.name
        assert not played.balance.failed, file.name
