"""Tapes answer as promised, and a tape session keeps the gate's rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jolidrive.errors import (
    HostNotAllowedError,
    InsecureAddressError,
    MethodNotAllowedError,
    RateLimitedError,
    ReplyTooLargeError,
    ServiceDownError,
    SignInNeededError,
    UnexpectedReplyError,
)
from jolidrive.net.guard import Permit
from jolidrive.testing import Exchange, Missing, Tape, TapeSession, read_tape

if TYPE_CHECKING:
    from pathlib import Path

    from jolidrive.api import Json

HOST = "https://heron.example"


def get(path: str, body: Json = None, status: int = 200, **headers: str) -> Exchange:
    return Exchange(method="GET", url=HOST + path, status=status, headers=headers, body=body)


def session(*exchanges: Exchange) -> TapeSession:
    permit = Permit(account=None, service="s", token_hosts=frozenset({"heron.example"}))
    return TapeSession(Tape(exchanges), permit)


def told(tape: Tape, *paths: str) -> list[Json]:
    answers = (tape.answer("GET", HOST + path) for path in paths)
    return [one.body if one else "missing" for one in answers]


def test_the_same_query_comes_first_then_the_first_unused() -> None:
    tape = Tape([get("/a?p=1", "one"), get("/a?p=2", "two"), get("/a?p=3", "three")])
    assert told(tape, "/a?p=2", "/a", "/a?p=9", "/a?p=9", "/a?p=2") == [
        "two",
        "one",
        "three",
        "missing",
        "two",
    ]
    assert tape.missing == [Missing("GET", HOST + "/a?p=9")]


def test_the_order_of_a_query_and_a_slash_at_the_end_do_not_matter() -> None:
    tape = Tape([get("/a%20b/?x=1&y=", "found")])
    assert told(tape, "/a b?y=&x=1") == ["found"]


def test_one_request_recorded_twice_is_played_in_order() -> None:
    tape = Tape([get("/a", "first"), get("/a", "second")])
    assert told(tape, "/a", "/a", "/a") == ["first", "second", "first"]


def test_the_method_counts() -> None:
    assert Tape([get("/a", "x")]).answer("PROPFIND", HOST + "/a") is None


def test_a_tape_is_read_from_a_folder(tmp_path: Path) -> None:
    def write(name: str, value: Any) -> None:
        (tmp_path / name).write_text(value if isinstance(value, str) else json.dumps(value))

    request = {"method": "get", "url": HOST + "/a", "headers": {"Authorization": "x"}}
    response = {"status": 200, "headers": {"Link": ["a", "b"]}, "body": {"n": 1}}
    write("2.json", {"request": request, "response": response, "source": {}})
    write("1.json", {"request": {"url": HOST + "/b"}, "response": {"status": 204}})
    write("3.json", {"request": {"method": "GET", "url": None}, "response": response})
    write("4.json", "not json")
    write("5.json", [1])
    write("6.json", {"request": [], "response": {"status": 200}})
    write("7.json", {"request": request, "response": {"status": "200"}})
    write("notes.txt", "ignored")
    tape = read_tape(tmp_path)
    assert [one.url for one in tape.exchanges] == [HOST + "/b", HOST + "/a"]
    assert tape.exchanges[1].headers == {"Link": "a, b"}
    assert tape.unusable == ("3.json", "4.json", "5.json", "6.json", "7.json")


def test_a_request_that_is_not_there_gets_404_and_is_listed() -> None:
    playing = session()
    assert playing.get(HOST + "/none", params={"a": "b"}).status == 404
    assert playing.tape.missing == [Missing("GET", HOST + "/none?a=b")]


def test_bodies_are_json_text_or_nothing() -> None:
    playing = session(get("/j", {"a": "ü"}), get("/t", "plain ü"), get("/n"), get("/x", "<a/>"))
    assert playing.get(HOST + "/j").json() == {"a": "ü"}
    assert playing.get(HOST + "/t").text() == "plain ü"
    assert playing.get(HOST + "/n").text() == ""
    assert playing.get(HOST + "/x").xml().tag == "a"
    assert b"".join(playing.stream(HOST + "/t", limit=100)) == "plain ü".encode()


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, SignInNeededError), (429, RateLimitedError), (503, ServiceDownError)],
)
def test_statuses_become_the_errors_of_the_real_session(
    status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        session(get("/a", status=status)).get(HOST + "/a")


def test_a_redirect_is_followed_only_to_declared_hosts() -> None:
    there = get("/a", status=302, Location="/b")
    away = get("/c", status=302, Location="https://else.example/")
    circle = get("/d", status=302, Location="/d")
    playing = session(there, get("/b", "found"), away, circle)
    assert playing.get(HOST + "/a").text() == "found"
    with pytest.raises(HostNotAllowedError):
        playing.get(HOST + "/c")
    assert playing.refused == [("GET", "https://else.example/")]
    with pytest.raises(UnexpectedReplyError):
        playing.get(HOST + "/d")


def test_the_gates_rules_hold() -> None:
    playing = session(get("/a", "long"))
    with pytest.raises(HostNotAllowedError):
        playing.get("https://else.example/")
    with pytest.raises((InsecureAddressError, HostNotAllowedError)):
        playing.get("http://heron.example/")
    with pytest.raises(MethodNotAllowedError):
        playing.request("DELETE", HOST + "/a")
    with pytest.raises(ValueError, match="header"):
        playing.get(HOST + "/a", headers={"authorization": "x"})
    with pytest.raises(ValueError, match="at most one"):
        playing.post(HOST + "/a", json={}, body=b"")
    with pytest.raises(ReplyTooLargeError):
        playing.stream(HOST + "/a", limit=2)
    with pytest.raises(UnexpectedReplyError):
        playing.stream(HOST + "/none", limit=2)
