from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jolidrive.accounts.options import (
    asked_for,
    checked_options,
    options_for_tape,
    public_options,
)
from jolidrive.api.manifest import Flow, Manifest, Option
from jolidrive.api.manifest_reader import read_manifest
from jolidrive.errors import OptionMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

WEBDAV = read_manifest(Path(__file__).parents[3] / "plugins" / "webdav")
GOOD = {"server": "nas.example/files/", "user": "maya", "password": " with blanks "}


def asking(*options: Option, flow: Flow = Flow.NONE) -> Manifest:
    return replace(WEBDAV, options=options, auth=replace(WEBDAV.auth, flow=flow))


def problem(manifest: Manifest, values: Mapping[str, str]) -> tuple[str, str]:
    with pytest.raises(OptionMissingError) as refused:
        checked_options(manifest, values)
    return refused.value.option, refused.value.problem


def test_what_the_flow_needs_is_asked_after_the_manifests_own() -> None:
    assert [option.name for option in asked_for(WEBDAV)] == ["server", "user", "password"]
    assert [option.name for option in asked_for(asking(flow=Flow.TOKEN))] == ["token"]


def test_values_come_in_their_final_form_and_passwords_as_typed() -> None:
    checked = checked_options(WEBDAV, GOOD)
    assert checked == {**GOOD, "server": "https://nas.example/files"}
    assert public_options(WEBDAV, checked) == {
        "server": "https://nas.example/files",
        "user": "maya",
    }


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"user": ""}, ("user", "missing")),
        ({"user": " \t"}, ("user", "missing")),
        ({"user": "a\x00b"}, ("user", "it is too long or odd")),
        ({"password": "a\rb"}, ("password", "it is too long or odd")),
        ({"password": "p" * 4097}, ("password", "it is too long or odd")),
        ({"user": "caf\udce9"}, ("user", "it is too long or odd")),
        ({"colour": "red"}, ("colour", "there is no such value")),
        (
            {"fingerprint": "12:34"},
            ("fingerprint", "a fingerprint is 64 hexadecimal digits"),
        ),
        (
            {"fingerprint": "g" * 64},
            ("fingerprint", "a fingerprint is 64 hexadecimal digits"),
        ),
    ],
)
def test_what_cannot_be_used_is_named(changed: dict[str, str], named: tuple[str, str]) -> None:
    assert problem(WEBDAV, {**GOOD, **changed}) == named


def test_a_fingerprint_is_read_in_any_spelling() -> None:
    typed = ":".join(["AB"] * 32)
    assert checked_options(WEBDAV, {**GOOD, "fingerprint": typed})["fingerprint"] == "ab" * 32


def test_a_default_stands_for_what_was_left_open() -> None:
    manifest = asking(Option(name="shelf", default="all"))
    assert checked_options(manifest, {}) == {"shelf": "all"}
    assert checked_options(manifest, {"shelf": "  "}) == {"shelf": "all"}
    assert checked_options(manifest, {"shelf": "top"}) == {"shelf": "top"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [("yes", "true"), ("TRUE", "true"), ("1", "true"), (" off ", "false"), ("No", "false")],
)
def test_a_switch_is_read_as_people_say_it(typed: str, read: str) -> None:
    manifest = asking(Option(name="likes", type="bool", default="true"))
    assert checked_options(manifest, {"likes": typed}) == {"likes": read}
    assert problem(manifest, {"likes": "maybe"}) == ("likes", "say true or false")


def test_a_path_is_made_whole_and_has_to_be_there(tmp_path: Path, home: Path) -> None:
    manifest = asking(Option(name="path", type="path"))
    (home / "lines").touch()
    assert checked_options(manifest, {"path": "~/lines"}) == {"path": str(home / "lines")}
    nowhere: list[Any] = [
        str(tmp_path / "nothing"),
        "~nobody-of-this-name/x",
        "x" * 300,
        str(home / "lines" / "below"),
    ]
    for typed in nowhere:
        assert problem(manifest, {"path": typed}) == ("path", "there is no such file")


@pytest.mark.parametrize("token", ["tökén", "two words", "\x7f"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    option, _ = problem(asking(flow=Flow.TOKEN), {"token": token})
    assert option == "token"


def test_a_tape_needs_no_values_but_takes_them() -> None:
    assert options_for_tape(WEBDAV, {}) == {}
    assert options_for_tape(WEBDAV, {"server": "nas.example"}) == {
        "server": "https://nas.example"
    }
