"""An answer as a connector sees it: plain values, and no way back to the request."""

from __future__ import annotations

import json
import re
from email.message import Message
from typing import TYPE_CHECKING, Final, NoReturn

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from requests.structures import CaseInsensitiveDict

from jolidrive.errors import UnexpectedReplyError

from .hosts import read_address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from jolidrive.model.item import Json

_KEPT_BACK: Final = frozenset({"set-cookie", "set-cookie2"})
_CHARSETS: Final = re.compile(
    r"utf-?(8|16|32)(-?[lb]e)?(-sig)?|us-ascii|ascii|latin-?1|iso[-_]?8859[-_]?\d+|windows-?\d+"
    r"|cp\d+|koi8-?[rut]|mac-?\w+|big5(-?hkscs)?|gb\w+|hz|euc[-_]?\w+|shift[-_]?jis|iso-?2022-?\w+"
)


class PlainReply:
    """Implements `api.Reply`."""

    __slots__ = ("_body", "_headers", "_status", "_url")

    def __init__(self, status: int, headers: Mapping[str, str], url: str, body: bytes) -> None:
        self._status = status
        self._headers: Mapping[str, str] = CaseInsensitiveDict(
            (name, value) for name, value in headers.items() if name.lower() not in _KEPT_BACK
        )
        self._url = url
        self._body = body

    def __repr__(self) -> str:
        return f"<Reply {self._status}>"

    @property
    def status(self) -> int:
        """HTTP status."""
        return self._status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers, by any spelling of their names."""
        return self._headers

    @property
    def url(self) -> str:
        """The address that answered, after redirects."""
        return self._url

    @property
    def body(self) -> bytes:
        """The body as it came, decompressed."""
        return self._body

    def json(self) -> Json:
        """The body as JSON.

        Raises:
            UnexpectedReplyError: it is not JSON.
        """
        try:
            value: Json = json.loads(self._body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            trouble = self._unexpected("not_json")
        else:
            return value
        raise trouble

    def text(self) -> str:
        """The body as text, by the charset it names, else UTF-8."""
        charset = self._charset() or "utf-8-sig"
        try:
            return self._body.decode(charset, "replace")
        except (LookupError, UnicodeError):
            return self._body.decode("utf-8-sig", "replace")

    def xml(self) -> Element:
        """The body as XML, read without entities or outside references.

        Raises:
            UnexpectedReplyError: it is not XML, or not harmless XML.
        """
        try:
            element: Element = defusedxml.ElementTree.fromstring(self._body, forbid_dtd=True)
        except (SyntaxError, DefusedXmlException, ValueError, LookupError):
            trouble = self._unexpected("not_xml")
        else:
            return element
        raise trouble

    def _charset(self) -> str | None:
        message = Message()
        message["Content-Type"] = self._headers.get("Content-Type", "")
        charset = message.get_content_charset()
        return charset if charset and _CHARSETS.fullmatch(charset) else None

    def _unexpected(self, reason: str) -> UnexpectedReplyError:
        host = read_address(self._url).shown
        return UnexpectedReplyError(reason, host=host, status=self._status)


def _no_number(_: str) -> NoReturn:
    raise ValueError
