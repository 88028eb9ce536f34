"""Items to put into a store, and what must hold of every store."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from jolidrive.model.item import Item, Kind
from jolidrive.store.account_store import AccountAbout, AccountStore

if TYPE_CHECKING:
    from pathlib import Path

ABOUT = AccountAbout(label="maya@example.org", identity="1", service="testing")


def an_item(key: str, **fields: Any) -> Item:
    given = {"kind": Kind.DOCUMENT, "title": f"title of {key}", **fields}
    return Item(key=key, **given)


def a_store(folder: Path) -> AccountStore:
    return AccountStore.create(folder, ABOUT)


def all_changes(store: AccountStore, limit: int = 7) -> list[Any]:
    """Every change, read in small steps."""
    found: list[Any] = []
    while changes := store.changes(found[-1].seq if found else 0, limit):
        found.extend(changes)
    return found


def check_consistent(store: AccountStore) -> None:
    """Totals equal counts, every item is held, numbers rise and are given once."""
    conn = sqlite3.connect(store.folder / "items.db")
    try:
        _check_totals(conn, store)
        _check_rows(conn, store)
    finally:
        conn.close()


def _check_totals(conn: sqlite3.Connection, store: AccountStore) -> None:
    totals = store.totals
    assert totals.items == conn.execute("SELECT COUNT(*) FROM items").fetchone()[0]
    kinds = dict(conn.execute("SELECT kind, COUNT(*) FROM items GROUP BY kind"))
    assert {kind.value: count for kind, count in totals.by_kind.items()} == kinds
    pictures = conn.execute(
        "SELECT COUNT(thumbnail_bytes), COALESCE(SUM(thumbnail_bytes), 0) FROM items"
    ).fetchone()
    assert (totals.thumbnails, totals.thumbnail_bytes) == pictures
    texts = conn.execute("SELECT COALESCE(SUM(bytes), 0) FROM contents").fetchone()[0]
    assert totals.content_bytes == texts
    marks = conn.execute(
        "SELECT COALESCE(SUM(starred), 0), COALESCE(SUM(note <> ''), 0),"
        " COALESCE(SUM(json_array_length(tags)), 0) FROM marks"
    ).fetchone()
    assert (totals.starred, totals.notes, totals.tags) == marks


def _check_rows(conn: sqlite3.Connection, store: AccountStore) -> None:
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    unheld = "SELECT COUNT(*) FROM items WHERE number NOT IN (SELECT item FROM holds)"
    assert conn.execute(unheld).fetchone() == (0,)
    joined: dict[int, int] = {}
    for item, relations in conn.execute("SELECT item, relations FROM holds"):
        joined[item] = joined.get(item, 0) | relations
    assert joined == dict(conn.execute("SELECT number, relations FROM items"))
    seqs = [
        seq
        for (seq,) in conn.execute("SELECT seq FROM items UNION ALL SELECT seq FROM removals")
    ]
    assert len(set(seqs)) == len(seqs)
    assert max(seqs, default=0) <= store.last_seq()
    numbers = [
        n
        for (n,) in conn.execute("SELECT number FROM items UNION ALL SELECT item FROM removals")
    ]
    assert len(set(numbers)) == len(numbers)
