"""Stores one page: folders, removals, items, holds and the cursor, in one transaction.

Whether an item is new, changed or unchanged is told by a digest of the service's own fields
together with its folder and its relations over all listings. The raw reply is kept up to date
but is no part of that: it often holds addresses that differ at every call. Where a page gives
a key twice the last one counts, and the earlier one is *unchanged*, so that everything seen is
accounted for. A key that the page takes away and gives again (a move) keeps its number, its
content and its picture.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .bulk import insert
from .folders import Folders
from .holds import Holds
from .removal import remove_items
from .rows import (
    CREATED,
    FIELDS,
    KIND,
    content_marker,
    day,
    digest,
    encode,
    field_values,
    packed_raw,
    relation_bits,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jolidrive.api import Page
    from jolidrive.model.item import Item

    from .holds import LetGo, Listing
    from .totals import Step

_OWN: Final = ("digest", "raw_digest", "folder", "relations", "created_day", *FIELDS)
_ITEMS: Final = f"items (number, key, seq, {', '.join(_OWN)})"
_UPDATE: Final = (
    f"UPDATE items SET seq = ?, {', '.join(f'{name} = ?' for name in _OWN)} WHERE number = ?"
)
_EXISTING: Final = """
    SELECT key, number, digest, raw_digest, folder, relations, kind, treated.marker
      FROM items LEFT JOIN treated ON treated.item = items.number
     WHERE key IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCounts:
    """What a page did: everything it showed is new, changed or unchanged.

    Args:
        removed: items that are gone; they were not shown.
        moved: items of other pages that lie in another folder now.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    moved: int = 0


class _Existing(NamedTuple):
    number: int
    digest: bytes
    raw_digest: bytes | None
    folder: int | None
    relations: int
    kind: str
    treated: str | None


class _Shown(NamedTuple):
    """An item of the page, ready to be compared and written."""

    number: int
    item: Item
    values: tuple[Any, ...]
    digest: bytes
    raw: str | bytes | None
    raw_digest: bytes | None
    folder: int | None

    def columns(self, relations: int) -> tuple[Any, ...]:
        """The values of `_OWN`."""
        created_day = day(*self.values[CREATED : CREATED + 2])
        return (self.digest, self.raw_digest, self.folder, relations, created_day, *self.values)

    @property
    def kind(self) -> str:
        """The kind as it is stored."""
        kind: str = self.values[KIND]
        return kind


def write_page(step: Step, page: Page) -> PageCounts:
    """Stores a page within the caller's transaction; the cursor is the caller's."""
    folders = Folders(step)
    holds = Holds(step.conn)
    moved = folders.tell(page.folders)
    listing = holds.listing(page.listing)
    items = {item.key: item for item in page.items}
    existing = _existing(step, items)
    spared = {old.number for old in existing.values()}
    removed = remove_items(step, _gone(step, page, folders) - spared)

    new, changed = _write_items(step, items, existing, folders, (holds, listing))
    if page.complete and page.listing:
        removed += drop_holds(step, holds.complete(listing))
    return PageCounts(
        new=new,
        changed=changed,
        unchanged=len(page.items) - new - changed,
        removed=removed,
        moved=moved,
    )


def drop_holds(step: Step, dropped: LetGo) -> int:
    """Removes what no listing holds and joins the relations of the rest; counts the removed."""
    rows = step.conn.execute(
        "SELECT number, relations FROM items WHERE number IN (SELECT value FROM json_each(?))",
        (encode(sorted(dropped.others)),),
    ).fetchall()
    step.conn.executemany(
        "UPDATE items SET relations = ?, seq = ? WHERE number = ?",
        [
            (dropped.others[number], step.next_seq(), number)
            for number, relations in rows
            if relations != dropped.others[number]
        ],
    )
    return remove_items(step, dropped.unheld)


def _existing(step: Step, keys: Iterable[str]) -> dict[str, _Existing]:
    rows = step.conn.execute(_EXISTING, (encode(list(keys)),))
    return {key: _Existing(*rest) for key, *rest in rows}


def _gone(step: Step, page: Page, folders: Folders) -> set[int]:
    numbers = folders.below(page.gone_below)
    if page.gone:
        numbers |= folders.drop(page.gone)
        found = step.conn.execute(
            "SELECT number FROM items WHERE key IN (SELECT value FROM json_each(?))",
            (encode(page.gone),),
        )
        numbers.update(number for (number,) in found)
    return numbers


def _write_items(
    step: Step,
    items: Mapping[str, Item],
    existing: Mapping[str, _Existing],
    folders: Folders,
    held: tuple[Holds, Listing],
) -> tuple[int, int]:
    """Writes the items of a page; how many are new and how many changed."""
    holds, listing = held
    known: list[tuple[_Shown, _Existing]] = []
    fresh: list[_Shown] = []
    bits: dict[int, int] = {}
    for item in items.values():
        old = existing.get(item.key)
        shown = _shown(item, old.number if old else step.next_seq(), folders)
        bits[shown.number] = relation_bits(item.relations)
        if old:
            known.append((shown, old))
        else:
            fresh.append(shown)

    _insert(step, fresh, bits)
    joined = holds.hold(listing, bits, [shown.number for shown, _ in known])
    changed = [
        (shown, old)
        for shown, old in known
        if (shown.digest, shown.folder, joined[shown.number])
        != (old.digest, old.folder, old.relations)
    ]
    _update(step, changed, joined)
    _keep_raws(step, [new for new, old in known if new.raw_digest != old.raw_digest])
    return len(fresh), len(changed)


def _shown(item: Item, number: int, folders: Folders) -> _Shown:
    values = field_values(item)
    raw = packed_raw(item.raw)
    raw_digest = None
    if raw is not None:
        raw_bytes = raw if isinstance(raw, bytes) else raw.encode()
        raw_digest = hashlib.blake2b(raw_bytes, digest_size=8).digest()
    return _Shown(number, item, values, digest(values), raw, raw_digest, folders.number(item))


def _insert(step: Step, fresh: list[_Shown], bits: Mapping[int, int]) -> None:
    conn = step.conn
    insert(
        conn,
        _ITEMS,
        [
            (new.number, new.item.key, new.number, *new.columns(bits[new.number]))
            for new in fresh
        ],
    )
    insert(
        conn,
        "raws (item, raw)",
        [(new.number, new.raw) for new in fresh if new.raw is not None],
    )
    insert(
        conn,
        "pending (item)",
        [(new.number,) for new in fresh if content_marker(new.item) is not None],
    )
    for kind, count in Counter(new.kind for new in fresh).items():
        step.grow_kind(kind, count)


def _update(
    step: Step, changed: list[tuple[_Shown, _Existing]], joined: Mapping[int, int]
) -> None:
    step.conn.executemany(
        _UPDATE,
        [(step.next_seq(), *new.columns(joined[new.number]), new.number) for new, _ in changed],
    )
    for new, old in changed:
        if new.kind != old.kind:
            step.grow_kind(old.kind, -1)
            step.grow_kind(new.kind, 1)
        marker = content_marker(new.item)
        if marker is None:
            step.conn.execute("DELETE FROM pending WHERE item = ?", (new.number,))
        elif marker != old.treated:
            step.conn.execute("INSERT OR IGNORE INTO pending (item) VALUES (?)", (new.number,))


def _keep_raws(step: Step, shown: list[_Shown]) -> None:
    numbers = [(new.number,) for new in shown]
    step.conn.executemany("DELETE FROM raws WHERE item = ?", numbers)
    step.conn.executemany(
        "INSERT INTO raws (item, raw) VALUES (?, ?)",
        [(new.number, new.raw) for new in shown if new.raw is not None],
    )
    step.conn.executemany(
        "UPDATE items SET raw_digest = ? WHERE number = ?",
        [(new.raw_digest, new.number) for new in shown],
    )
