"""The `Link` header: the only way through favourites and bookmarks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from jolidrive.api import Reply

_LINK: Final = re.compile(r'<([^<>]{1,4000})>\s*;\s*rel="?(\w+)"?')


def next_params(reply: Reply, rel: str) -> dict[str, str]:
    """The query of the address called `rel`; empty where there is none.

    The address itself is not followed: behind a proxy some servers write it with another
    scheme or host.
    """
    for address, name in _LINK.findall(reply.headers.get("Link", "")):
        if name == rel:
            try:
                return dict(parse_qsl(urlsplit(address).query))
            except ValueError:
                return {}
    return {}
