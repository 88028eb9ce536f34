"""Reads the answer to a PROPFIND: what lies in one folder. Everything in it is untrusted.

Servers write a member's address as they like: relative or absolute, with another host or prefix
when a proxy stands before them, a folder with or without a slash at its end, themselves first
or last. So addresses are cut into decoded parts, and only the last part of a member counts: the
connector goes on from its own address, never to one the server wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

Parts = tuple[str, ...]

_D: Final = "{DAV:}"
_OC: Final = "{http://owncloud.org/ns}"

ASKED: Final = b"""<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop>
<d:resourcetype/><d:getetag/><d:getlastmodified/><d:creationdate/><d:getcontentlength/>
<d:getcontenttype/><d:current-user-principal/><oc:fileid/><oc:size/><oc:favorite/>
<oc:owner-display-name/>
</d:prop></d:propfind>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file or folder as the server tells it.

    Args:
        parts: its decoded address, cut at slashes; empty when it could not be decoded.
        is_folder: a collection.
        etag: changes when it changes.
        fileid: a number of its own; only Nextcloud, ownCloud and their kin tell one.
    """

    parts: Parts
    is_folder: bool
    etag: str = ""
    changed_at: datetime | None = None
    created_at: datetime | None = None
    size: int | None = None
    mime: str = ""
    fileid: str = ""
    favorite: bool = False
    owner: str = ""
    principal: str = ""

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.parts[-1] if self.parts else ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder and what lies directly in it; `strays` counts what cannot lie there."""

    folder: Member | None
    members: tuple[Member, ...]
    strays: int = 0


def parts_of(address: str) -> Parts | None:
    """The decoded parts of an address; None when they are not UTF-8 or not usable as names."""
    try:
        path = urlsplit(address).path
        parts = tuple(unquote(part, errors="strict") for part in path.split("/") if part)
    except ValueError:
        return None
    if any("/" in part or "\0" in part or part in {".", ".."} for part in parts):
        return None
    return parts


def read_listing(reply: Element, asked: Sequence[str]) -> Listing:
    """What a folder's reply tells; `asked` are addresses the folder itself may go by."""
    found: list[Member] = []
    strays = 0
    for response in reply.findall(f"{_D}response"):
        member = _member(response)
        if member is None:
            strays += 1
        else:
            found.append(member)
    home = _home(found, [parts for one in asked if (parts := parts_of(one)) is not None])
    folder = next((one for one in found if one.parts == home), None)
    inside = {
        one.name: one
        for one in found
        if len(one.parts) == len(home) + 1 and one.parts[:-1] == home
    }
    known = len(inside) + (folder is not None)
    return Listing(folder, tuple(inside.values()), strays + len(found) - known)


def _home(found: list[Member], asked: list[Parts]) -> Parts:
    """The address the server means by the folder that was asked for."""
    told = {one.parts for one in found}
    for parts in asked:
        if parts in told or any(one[:-1] == parts for one in told):
            return parts
    if not found:
        return asked[0] if asked else ()
    first = found[0]
    below = [parts for parts in told if parts != first.parts]
    around = all(parts[: len(first.parts)] == first.parts for parts in below)
    as_deep = any(len(parts) == len(first.parts) for parts in asked)
    if first.is_folder and around and (below or as_deep):
        return first.parts
    return first.parts[:-1]


def _member(response: Element) -> Member | None:
    parts = parts_of((response.findtext(f"{_D}href") or "").strip())
    if parts is None:
        return None
    told = _properties(response)
    kind = told.get(f"{_D}resourcetype")
    principal = told.get(f"{_D}current-user-principal")
    size = _text(told, f"{_D}getcontentlength")
    return Member(
        parts=parts,
        is_folder=kind is not None and kind.find(f"{_D}collection") is not None,
        etag=_text(told, f"{_D}getetag").removeprefix("W/").strip('"'),
        changed_at=_http_date(_text(told, f"{_D}getlastmodified")),
        created_at=_iso_date(_text(told, f"{_D}creationdate")),
        size=int(size) if size.isascii() and size.isdigit() and len(size) < 19 else None,
        mime=_text(told, f"{_D}getcontenttype").partition(";")[0].strip().lower(),
        fileid=_text(told, f"{_OC}fileid"),
        favorite=_text(told, f"{_OC}favorite") == "1",
        owner=_text(told, f"{_OC}owner-display-name"),
        principal="" if principal is None else (principal.findtext(f"{_D}href") or "").strip(),
    )


def _properties(response: Element) -> dict[str, Element]:
    """The properties the server has; it lists those it lacks apart, with another status."""
    told: dict[str, Element] = {}
    for propstat in response.findall(f"{_D}propstat"):
        status = (propstat.findtext(f"{_D}status") or "200").split()
        if "200" in status:
            for prop in propstat.findall(f"{_D}prop"):
                told.update((one.tag, one) for one in prop)
    return told


def _text(told: dict[str, Element], name: str) -> str:
    found = told.get(name)
    return (found.text or "").strip() if found is not None else ""


def _http_date(text: str) -> datetime | None:
    try:
        return _with_zone(parsedate_to_datetime(text)) if text else None
    except (ValueError, TypeError, OverflowError):
        return None


def _iso_date(text: str) -> datetime | None:
    try:
        return _with_zone(datetime.fromisoformat(text)) if text else None
    except ValueError:
        return None


def _with_zone(moment: datetime) -> datetime | None:
    """With a zone; the first day of 1970 is what servers write for *not known*."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if moment.timestamp() > 86_400 or moment.timestamp() < 0 else None
