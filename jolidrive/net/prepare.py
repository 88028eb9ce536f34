"""Requests as they could go out, before the guard sees them.

What the guard would drop or refuse as a plugin's mistake is told to its author here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from requests import Request
from requests.exceptions import RequestException

from jolidrive.errors import InsecureAddressError

from .guard import header_is_refused
from .hosts import read_address

if TYPE_CHECKING:
    from requests import PreparedRequest

USER_AGENT: Final = "Jolidrive"


def prepared_request(request: Request) -> PreparedRequest:
    """A request as it could go out; what the guard would drop is told to the author here.

    Raises:
        GuardError: an address that can be read in two ways.
        ValueError: a header that belongs to the gate, or none at all.
    """
    where = read_address(request.url or "")
    for name in request.headers:
        if header_is_refused(name):
            raise ValueError(f"the gate sets the header {name.lower()}")
    request.headers = {
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "gzip, deflate",
        "Accept": "*/*",
        **request.headers,
    }
    try:
        prepared = request.prepare()
    except RequestException:
        prepared = None
    if prepared is None:
        raise ValueError("a request that cannot be sent")
    if read_address(prepared.url or "") != where:
        raise InsecureAddressError(where.shown, "odd_address")
    return prepared


def redirected(request: PreparedRequest, status: int, location: str) -> PreparedRequest:
    """The request for the next hop.

    Raises:
        InsecureAddressError: from HTTPS to plain HTTP, or an odd address.
    """
    before = read_address(request.url or "")
    try:
        untrusted = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        untrusted = location
    target = urljoin(request.url or "", untrusted.strip())
    where = read_address(target)
    if before.scheme == "https" and where.scheme != "https":
        raise InsecureAddressError(where.shown, "downgrade")
    method = request.method or ""
    turns_to_get = (status == 303 and method != "HEAD") or (
        status in {301, 302} and method == "POST"
    )
    following = Request(
        "GET" if turns_to_get else method, target, headers=dict(request.headers)
    )
    if turns_to_get:
        following.headers = {
            name: value
            for name, value in following.headers.items()
            if not name.lower().startswith("content-")
        }
    else:
        following.data = request.body or b""
    return prepared_request(following)
