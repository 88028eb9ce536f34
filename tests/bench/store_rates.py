"""How fast the store takes items and gives changes; prints, asserts nothing.

    python tests/bench/store_rates.py FOLDER [ITEMS] [PAGE]

Items stored so far with the rate of the last tenth, a second of this process's own time
(beside a busy neighbour the clock tells nothing); then changes read, a second listing with
everything unchanged, and the size of the file.
"""

# ruff: noqa: T201, S311 - a script that prints, with chance that repeats

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from jolidrive.api import Page
from jolidrive.model.item import Item, Kind, Person
from jolidrive.store.account_store import AccountAbout, AccountStore

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = [f"word{number}" for number in range(20_000)]


def _item(number: int, chance: random.Random) -> Item:
    return Item(
        key=f"{chance.getrandbits(64):016x}-{number}",
        kind=chance.choice(list(Kind)),
        title=" ".join(chance.choices(_WORDS, k=5)),
        text=" ".join(chance.choices(_WORDS, k=25)),
        url=f"https://example.org/{number}",
        people=(Person(name=chance.choice(_WORDS)),),
        created_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
        folder=f"folder{number // 50}",
        mime="text/plain",
        size=number,
        tags=tuple(chance.choices(_WORDS, k=2)),
    )


def _pages(items: int, page: int) -> Iterator[Page]:
    chance = random.Random(1)
    for first in range(0, items, page):
        here = range(first, min(first + page, items))
        yield Page(items=tuple(_item(number, chance) for number in here), cursor=first)


def _save(store: AccountStore, items: int, page: int, name: str) -> None:
    tenth, spent, count, total = max(1, items // 10), 0.0, 0, 0.0
    for current in _pages(items, page):
        began = time.process_time()
        store.save_page(current)
        spent += time.process_time() - began
        count += len(current.items)
        if count % tenth < page:
            print(f"{name} {count:>9}: {tenth / spent:>9.0f} items/s", flush=True)
            total, spent = total + spent, 0.0
    print(f"{name} in all: {items / (total + spent):.0f} items/s")


def _follow(store: AccountStore) -> None:
    began, after, count = time.process_time(), 0, 0
    while changes := store.changes(after, 2000):
        count += len(changes)
        after = changes[-1].seq
    print(f"changes: {count / (time.process_time() - began):.0f} rows/s")


def main() -> None:
    folder = Path(sys.argv[1])
    items = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    page = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    about = AccountAbout(label="bench", identity="bench", service="bench")
    store = AccountStore.create(folder / "bench", about)
    _save(store, items, page, "new")
    _follow(store)
    _save(store, items, page, "unchanged")
    size = (folder / "bench" / "items.db").stat().st_size
    print(f"items.db: {size / 2**20:.0f} MiB, {store.totals.items} items")
    store.close()


if __name__ == "__main__":
    main()
