"""Entries of a lighthouse's log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from jolidrive.api import Connector, Identity, Item, Kind, Page, Person, Skipped, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.api import Cursor, Json

API = "https://api.lighthouse.example/v1"


class Lighthouse(Connector):
    """One keeper's log."""

    def identify(self) -> Identity:
        """The keeper."""
        me = self.session.get(f"{API}/me").json()
        if not isinstance(me, dict):
            me = {}
        return Identity(key=str(me["id"]), label=str(me["name"]))

    def pull(self, cursor: Cursor) -> Iterator[Page]:
        """Entries since the last one seen, oldest first."""
        after = cursor if isinstance(cursor, str) else ""
        while True:
            reply = self.session.get(f"{API}/entries", params={"after": after}).json()
            entries = reply.get("entries") if isinstance(reply, dict) else None
            if not isinstance(entries, list) or not entries:
                return
            page = read_entries(entries)
            last = page.cursor
            yield page
            if not isinstance(last, str) or last == after:
                return
            after = last


def read_entries(entries: list[Json]) -> Page:
    """What can be used becomes items; one bad record never fails the page."""
    items: list[Item] = []
    skipped: list[Skipped] = []
    for entry in entries:
        try:
            items.append(read_entry(entry))
        except (KeyError, TypeError, ValueError):
            skipped.append(Skipped(key="", reason="an entry without id or date"))
    last = items[-1].key if items else None
    return Page(items=tuple(items), skipped=tuple(skipped), cursor=last)


def read_entry(untrusted: Json) -> Item:
    """One entry. Raises KeyError, TypeError or ValueError when it is none."""
    if not isinstance(untrusted, dict) or not isinstance(untrusted["id"], str):
        raise TypeError
    words = plain_text(str(untrusted["html"]))
    return Item(
        key=untrusted["id"],
        kind=Kind.POST,
        title=words.partition("\n")[0][:100],
        text=words,
        url=f"https://lighthouse.example/entries/{untrusted['id']}",
        people=(Person(name=str(untrusted["keeper"])),),
        created_at=datetime.fromisoformat(str(untrusted["written_at"])),
        raw=untrusted,
    )
