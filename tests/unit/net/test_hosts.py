from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jolidrive.errors import InsecureAddressError
from jolidrive.net.hosts import host_entry, https_spelling, read_address, typed_server


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://example.org", "example.org:443"),
        ("HTTPS://EXAMPLE.org./a?b#c", "example.org:443"),
        ("https://example.org:8443/x@y", "example.org:8443"),
        ("https://bücher.example/", "xn--bcher-kva.example:443"),
        ("https://[2001:db8::1]/", "[2001:db8::1]:443"),
        ("http://127.0.0.1:80/", "127.0.0.1:80"),
        ("http://[::1]:8080/dav", "[::1]:8080"),
        ("https://my_nas.local/", "my_nas.local:443"),
    ],
)
def test_an_address_is_read_as_it_will_be_connected(url: str, entry: str) -> None:
    assert read_address(url).entry == entry


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//example.org/", "scheme"),
        (" https://example.org/", "scheme"),
        ("https:/example.org", "scheme"),
        ("", "scheme"),
        ("https://good@evil/", "credentials"),
        ("https://good:pw@evil/", "credentials"),
        ("https://good\\@evil/", "credentials"),
        ("https://good\\.evil/", "odd_address"),
        ("https://good\t.evil/", "odd_address"),
        ("https://good\r\nHost: evil/", "odd_address"),
        ("https:///path", "odd_address"),
        ("https://good%2eevil/", "odd_address"),
        ("https://a..b/", "odd_address"),
        ("https://-a.b/", "odd_address"),
        ("https://example.org:0/", "odd_address"),
        ("https://example.org:70000/", "odd_address"),
        ("https://example.org:٤٤٣/", "odd_address"),
        ("https://127.1/", "odd_address"),
        ("https://2130706433/", "odd_address"),
        ("https://0x7f000001/", "odd_address"),
        ("https://0x7f.0.0.1/", "odd_address"),
        ("https://0177.0.0.1/", "odd_address"),
        ("https://127.0.0.0x1/", "odd_address"),
        ("https://[::ffff:127.0.0.1]/", "odd_address"),
        ("https://[0:0:0:0:0:0:0:1]/", "odd_address"),
        ("https://[::1%25lo]/", "odd_address"),
        ("https://[.]/", "odd_address"),
        ("https://\u2100.example\u2024/", "odd_address"),
        ("https://" + "a." * 130 + "example/", "odd_address"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(url: str, reason: str) -> None:
    with pytest.raises(InsecureAddressError) as caught:
        read_address(url)
    assert caught.value.reason == reason


def test_wide_digits_become_the_address_they_mean_or_are_refused() -> None:
    assert read_address("https://127.0.0.1/").entry == "127.0.0.1:443"
    assert read_address("https://\uff11\uff12\uff17.0.0.1/").literal_loopback


def test_a_declared_host_without_a_port_means_https() -> None:
    assert host_entry("Example.org") == "example.org:443"
    assert host_entry("[::1]:8080") == "[::1]:8080"


def test_the_usual_port_is_not_shown() -> None:
    assert read_address("https://example.org").shown == "example.org"
    assert read_address("http://127.0.0.1:80").shown == "127.0.0.1"
    assert read_address("http://127.0.0.1:443").shown == "127.0.0.1:443"


def test_a_typed_server_means_https_unless_loopback_was_typed_as_http() -> None:
    plain = typed_server(" http://127.0.0.1:8181/dav/ ")
    assert (plain.address, plain.entry, plain.plain) == (
        "http://127.0.0.1:8181/dav",
        "127.0.0.1:8181",
        True,
    )
    assert typed_server("cloud.example.org").address == "https://cloud.example.org"
    assert not typed_server("https://127.0.0.1").plain


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "http://localhost:8080",
        "http://127.0.0.2/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://user:pw@127.0.0.1/",
    ],
)
def test_plain_http_is_refused_for_everything_but_a_literal_loopback(address: str) -> None:
    with pytest.raises(InsecureAddressError):
        typed_server(address)


def test_oauthlib_sees_https() -> None:
    assert https_spelling("HTTP://127.0.0.1:1/x") == "https://127.0.0.1:1/x"
    assert https_spelling("https://example.org") == "https://example.org"


@given(st.text(max_size=60))
def test_no_text_makes_anything_but_an_address_or_a_refusal(text: str) -> None:
    for url in (text, f"https://{text}", f"https://good.example{text}"):
        try:
            where = read_address(url)
        except InsecureAddressError:
            continue
        assert where.host.isascii()
        assert read_address(f"{where.scheme}://{where.entry}/").entry == where.entry
