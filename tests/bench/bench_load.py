"""How fast a file is stored and searchable: `python -m tests.bench.bench_load FOLDER [ITEMS]`.

Ten accounts through the `jsonl` service, one after the other, by the same calls a script makes;
a sync has ended when everything is in the text index and merges are done. The profile stays in
FOLDER/profile for the parts that need a million items.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import time
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tantivy

from jolidrive.drive import Drive
from jolidrive.model.events import IndexChanged
from jolidrive.model.words import index_text
from jolidrive.paths import Profile
from jolidrive.store.text_index import TextIndex
from jolidrive.vault.keyring import MemoryKeys

from .corpus import ACCOUNTS, write_jsonl
from .report import children_peak_mb, cpu_s, heading, peak_mb, say, timed_s

if TYPE_CHECKING:
    from collections.abc import Iterator

PROFILE: Final = "profile"
PLAIN_ITEMS: Final = 50_000


def load(drive: Drive, root: Path, path: Path) -> tuple[str, list[tuple[float, int]]]:
    """Reads a file into a new account; its id, and how far the index was at which second."""
    account = drive.connect("jsonl", {"path": str(path)}).id
    folder = Profile(root).account_dir(account)
    began = time.perf_counter()
    reached = [(0.0, 0)]

    def look(_event: IndexChanged) -> None:
        index = TextIndex.open(folder, account)
        reached.append((time.perf_counter() - began, index.step))
        index.close()

    watching = drive.hub.subscribe(IndexChanged, look)
    balance = drive.sync(account, content=False)
    watching.close()
    reached.append((time.perf_counter() - began, balance.new))
    return account, reached


def rate_between(reached: list[tuple[float, int]], first: float, last: float) -> float:
    """Items a second from one share of the way to another."""
    whole = reached[-1][1]

    def at(items: float) -> float:
        for (s0, n0), (s1, n1) in pairwise(reached):
            if n0 <= items <= n1 and n1 > n0:
                return s0 + (s1 - s0) * (items - n0) / (n1 - n0)
        return reached[-1][0]

    spent = at(whole * last) - at(whole * first)
    return whole * (last - first) / spent if spent else 0.0


def _plain_sqlite(folder: Path, lines: list[bytes]) -> None:
    path = folder / "plain-load.db"
    path.unlink(missing_ok=True)
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("CREATE TABLE items (key TEXT PRIMARY KEY, kind, title, text, line)")

    def rows() -> Iterator[tuple[object, ...]]:
        for line in lines:
            item = json.loads(line)
            yield item["key"], item["kind"], item["title"], item["text"], line

    conn.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?)", rows())
    conn.commit()
    conn.close()
    path.unlink()


def _plain_tantivy(folder: Path, lines: list[bytes]) -> None:
    home = folder / "plain-load"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    schema = tantivy.SchemaBuilder().add_text_field("all", tokenizer_name="whitespace").build()
    writer = tantivy.Index(schema, str(home)).writer(50_000_000, 1)
    for line in lines:
        item = json.loads(line)
        writer.add_document(tantivy.Document(all=index_text(f"{item['title']} {item['text']}")))
    writer.commit()
    writer.wait_merging_threads()
    shutil.rmtree(home)


def plain(folder: Path, path: Path) -> tuple[float, float]:
    """Items a second of SQLite and of Tantivy, each as an example would use it, alone."""
    with path.open("rb") as file:
        lines = list(islice(file, PLAIN_ITEMS))
    sqlite = len(lines) / timed_s(lambda: _plain_sqlite(folder, lines))
    return sqlite, len(lines) / timed_s(lambda: _plain_tantivy(folder, lines))


def main() -> None:
    """Loads, prints; compares at the end, so that its memory is not counted."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    paths = write_jsonl(folder / "corpus", count // ACCOUNTS)
    root = folder / PROFILE
    shutil.rmtree(root, ignore_errors=True)
    heading(f"Loading {count:,} items into {ACCOUNTS} accounts")
    rates, cpu, began = [], cpu_s(), time.perf_counter()
    with Drive.open(root, keys=MemoryKeys()) as drive:
        for path in paths:
            _, reached = load(drive, root, path)
            rates.append(reached[-1][1] / reached[-1][0])
            say(f"  {path.name}: {rates[-1]:,.0f} items a second")
    spent, cpu = time.perf_counter() - began, cpu_s() - cpu
    own, child = peak_mb(), children_peak_mb()
    say(f"stored and searchable: {count / spent:,.0f} items a second (wanted: 8,000)")
    say(f"processor: {cpu / count * 1e6:.0f} µs an item, all processes and threads")
    say(f"first tenth {rates[0]:,.0f}, last tenth {rates[-1]:,.0f} items a second")
    say(f"peak memory: {own:.0f} MB, with its indexing child {own + child:.0f} MB (below 400)")
    sqlite, tantivy_rate = plain(folder, paths[0])
    say(f"plain SQLite, storing alone: {sqlite:,.0f} items a second")
    say(f"plain Tantivy, indexing alone: {tantivy_rate:,.0f} items a second")
    both = 1 / (1 / sqlite + 1 / tantivy_rate)
    say(f"ratio to both, one after the other ({both:,.0f}): {count / spent / both:.2f}")


if __name__ == "__main__":
    main()
