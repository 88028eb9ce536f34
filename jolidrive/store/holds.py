"""Which listing shows which item: an item that no listing holds is removed.

A service may list one thing twice (bookmarked *and* liked). Each listing holds it with the
relations it tells, and the item has those of all its holds. A listing that is listed anew
raises its generation with its first page; every item it shows is held by that generation, and
`complete` lets go what an older one holds. So a listing spread over many pages, and over many
processes that were killed in between, still ends with the right items. Pages that name no
listing are a listing of their own, listed anew only in a full listing (`start_anew`), which
opens a new generation of every listing there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .bulk import insert
from .rows import encode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

PLAIN: Final = ""
"""The name of the listing of pages that name none."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing in its present generation."""

    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class LetGo:
    """Items a listing no longer holds: those nobody holds, and those with relations left."""

    unheld: frozenset[int]
    others: Mapping[int, int]


class Holds:
    """The holds of one account, during one write transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def listing(self, name: str | None) -> Listing:
        """The listing a page belongs to; a named one is being listed anew from here on."""
        row = self._conn.execute(
            "SELECT number, generation, open FROM listings WHERE name = ?", (name or PLAIN,)
        ).fetchone()
        if row is None:
            row = self._conn.execute(
                "INSERT INTO listings (name, generation, open, since) VALUES (?, 1, ?, 0)"
                " RETURNING number, generation, open",
                (name or PLAIN, int(bool(name))),
            ).fetchone()
        number, generation, is_open = row
        if name and not is_open:
            generation += 1
            self._conn.execute(
                "UPDATE listings SET generation = ?, open = 1 WHERE number = ?",
                (generation, number),
            )
        return Listing(number, generation)

    def hold(
        self, listing: Listing, shown: Mapping[int, int], known: Iterable[int]
    ) -> dict[int, int]:
        """Notes that a listing shows items (number to relations).

        Returns:
            For the `known` ones, which had holds before: their relations over all listings.
        """
        joined = {number: shown[number] for number in known}
        held = self._conn.execute(
            "SELECT item, listing, generation, relations FROM holds"
            " WHERE item IN (SELECT value FROM json_each(?))",
            (encode(list(joined)),),
        )
        same: set[int] = set()
        for item, by, generation, relations in held:
            if by != listing.number:
                joined[item] |= relations
            elif (generation, relations) == (listing.generation, shown[item]):
                same.add(item)
        insert(
            self._conn,
            "holds (listing, item, generation, relations)",
            [
                (listing.number, number, listing.generation, relations)
                for number, relations in shown.items()
                if number not in same
            ],
            "ON CONFLICT (listing, item) DO UPDATE"
            " SET generation = excluded.generation, relations = excluded.relations",
        )
        return joined

    def complete(self, listing: Listing) -> LetGo:
        """Ends a listing: lets go what its present generation did not show."""
        self._conn.execute("UPDATE listings SET open = 0 WHERE number = ?", (listing.number,))
        return self._let_go(
            "listing = ? AND generation < ?", listing.number, listing.generation
        )

    def begin_full(self) -> None:
        """Begins a new generation of every listing."""
        self._conn.execute(
            "UPDATE listings SET generation = generation + 1, since = generation + 1"
        )

    def complete_full(self) -> LetGo:
        """Lets go what was not shown since `begin_full`, by any listing."""
        return self._let_go(
            "(listing, item) IN (SELECT listing, item FROM holds"
            " JOIN listings ON listings.number = listing WHERE holds.generation < since)"
        )

    def _let_go(self, which: str, *values: int) -> LetGo:
        rows = self._conn.execute(
            f"DELETE FROM holds WHERE {which} RETURNING item",
            values,
        )
        dropped = {item for (item,) in rows}
        left: dict[int, int] = {}
        for item, relations in self._conn.execute(
            "SELECT item, relations FROM holds WHERE item IN (SELECT value FROM json_each(?))",
            (encode(sorted(dropped)),),
        ):
            left[item] = left.get(item, 0) | relations
        return LetGo(frozenset(dropped - left.keys()), left)
