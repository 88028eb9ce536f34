"""Places in addresses are filled the same way everywhere."""

from __future__ import annotations

import pytest

from jolidrive.api.address import fill_address, fill_host, server_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" heron.example ", "https://heron.example"),
        ("https://heron.example/", "https://heron.example"),
        ("http://127.0.0.1:8080/dav/", "http://127.0.0.1:8080/dav"),
    ],
)
def test_a_typed_server_becomes_an_address(typed: str, address: str) -> None:
    assert server_address(typed) == address


def test_places_are_filled_or_nothing_is() -> None:
    options = {"server": "heron.example"}
    assert fill_address("{server}/token", options) == "https://heron.example/token"
    assert fill_address("{server}/token", {}) is None
    assert fill_address("https://{grant.hostname}/x", options) is None
    told = fill_address("https://{grant.hostname}/x", options, {"hostname": "eu.heron.example"})
    assert told == "https://eu.heron.example/x"


@pytest.mark.parametrize(
    ("server", "host"),
    [
        ("heron.example/dav", "heron.example"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:9", "[::1]:9"),
        ("https://x:y", None),
        ("https://", None),
        ("", None),
    ],
)
def test_a_host_is_a_name_and_its_port(server: str, host: str | None) -> None:
    assert fill_host("{server}", {"server": server}) == host


def test_a_plain_host_stays_as_it_is() -> None:
    assert fill_host("api.heron.example", {}) == "api.heron.example"
