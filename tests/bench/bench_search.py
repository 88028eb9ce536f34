"""How fast a million items answer: `python -m tests.bench.bench_search FOLDER [ITEMS]`.

Makes ten accounts' indexes once and keeps them in FOLDER (outside the repository), then asks
what a person would type. Prints milliseconds, and ratios to plain Tantivy (one index, one
field, no facets) and plain SQLite FTS5 over the same items in the same run.
"""

from __future__ import annotations

import random
import resource
import shutil
import sqlite3
import sys
import time
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tantivy

from jolidrive.model.query import And, Everything, Match, Phrase, Query, Sort, Word
from jolidrive.model.result import FacetName
from jolidrive.model.words import index_text
from jolidrive.search.account import OpenAccount
from jolidrive.search.searcher import Searcher, Wish
from jolidrive.store.index_schema import FORMAT
from jolidrive.store.index_writer import TextIndexWriter
from jolidrive.store.text_index import TextIndex

from .corpus import ACCOUNTS, Corpus, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jolidrive.model.item import Removal, StoredItem

ASKED: Final = 200
_FACETS: Final = (
    FacetName.SERVICE,
    FacetName.KIND,
    FacetName.YEAR,
    FacetName.TYPE,
    FacetName.RELATION,
)
_NAMED: Final = (FacetName.PEOPLE, FacetName.PLACE, FacetName.TAG)


def say(text: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class CorpusFeed:
    """A made-up account as the index writer reads a store."""

    def __init__(self, account: int, count: int, words: list[str]) -> None:
        self._items = Corpus(account, words).stored(count)
        self._count = count
        self.made_s = 0.0

    def last_seq(self) -> int:
        return self._count

    def changes(self, after: int, limit: int) -> Sequence[StoredItem | Removal]:
        began = time.perf_counter()
        del after  # asked in order
        found = [item for item, _ in zip(self._items, range(limit), strict=False)]
        self.made_s += time.perf_counter() - began
        return found

    def items(self, numbers: Iterable[int]) -> dict[int, StoredItem]:
        del numbers  # rows are not read here
        return {}


def indexes(folder: Path, count: int) -> list[OpenAccount]:
    """The ten indexes, made where they are not there yet."""
    words = vocabulary()
    each = count // ACCOUNTS
    accounts = []
    began, made_s, fresh = time.perf_counter(), 0.0, 0
    for number in range(ACCOUNTS):
        home = folder / f"format-{FORMAT}-{each}" / str(number)
        feed = CorpusFeed(number, each, words)
        if not (home / "done").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            writer = TextIndexWriter(home, feed, account=str(number))
            writer.follow()
            writer.close()
            (home / "done").touch()
            made_s += feed.made_s
            fresh += each
        index = TextIndex.open(home, str(number))
        accounts.append(OpenAccount(str(number), f"service{number}", str(number), feed, index))
    if fresh:
        spent = time.perf_counter() - began - made_s
        say(f"indexing alone: {fresh / spent:,.0f} items a second, all threads together")
    return accounts


def typed(words: list[str]) -> list[Query]:
    """Queries of one to three words drawn as they stand in texts, the last a beginning."""
    chance = random.Random(5)  # noqa: S311 - repeatable on purpose
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    asked: list[Query] = []
    for i in range(ASKED):
        drawn = chance.choices(words, cum_weights=weights, k=1 + i % 3)
        cut = 1 + (i // 3) % 5
        asked.append(_and([*map(Word, drawn[:-1]), Word(drawn[-1][:cut], Match.PREFIX)]))
    return asked


def _and(parts: list[Word]) -> Query:
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def timed(name: str, calls: Sequence[Callable[[], object]]) -> float:
    """Runs each once after one to warm up; prints and returns the median in ms."""
    calls[0]()
    spent = []
    for call in calls:
        began = time.perf_counter()
        call()
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    median, p95 = spent[len(spent) // 2], spent[int(len(spent) * 0.95) - 1]
    say(f"{name:42} median {median:8.2f}   p95 {p95:8.2f}   worst {spent[-1]:8.2f} ms")
    return median


def ours(searcher: Searcher, words: list[str]) -> float:
    """Everything a person waits for."""

    def ask(query: Query, wish: Wish) -> Callable[[], object]:
        return lambda: searcher.find(query, wish)

    page = Wish(facets=_FACETS)
    usual = timed("page, total, five facets", [ask(query, page) for query in typed(words)])
    bare = Wish()
    timed("page and total", [ask(query, bare) for query in typed(words)])
    letters = [Word(letter, Match.PREFIX) for letter in "bcdfghjklmnprstvwaeiou"]
    timed("one letter, five facets", [ask(letter, page) for letter in letters])
    pairs = [Phrase((words[i], words[j])) for i in range(6) for j in range(6)]
    timed("phrases of very common words", [ask(pair, page) for pair in pairs])
    named = Wish(facets=_NAMED)
    some = typed(words)[:40]
    timed("people, place, tag", [ask(query, named) for query in some])
    for sort in Sort:
        timed(f"everything, {sort.value}", [ask(Everything(), Wish(sort=sort))] * 5)
    near = [Word(word, Match.NEAR) for word in words[10:2000:100]]
    timed("near spelling", [ask(word, page) for word in near])
    return usual


def plain_tantivy(folder: Path, count: int) -> Callable[[str], object]:
    """One index over a tenth of the items, one field, best 50: as an example would do it."""
    home = folder / f"plain-tantivy-{count}"
    schema = tantivy.SchemaBuilder().add_text_field("all", tokenizer_name="whitespace").build()
    if not (home / "meta.json").exists():
        home.mkdir(parents=True, exist_ok=True)
        writer = tantivy.Index(schema, str(home)).writer(50_000_000, 1)
        for stored in Corpus(0).stored(count):
            text = index_text(f"{stored.item.title} {stored.item.text}")
            writer.add_document(tantivy.Document(all=text))
        writer.commit()
        writer.wait_merging_threads()
    index = tantivy.Index.open(str(home))
    searcher = index.searcher()
    return lambda text: searcher.search(
        index.parse_query(text, ["all"], conjunction_by_default=True), 50
    )


def plain_sqlite(folder: Path, count: int) -> Callable[[str], object]:
    """FTS5 over the same tenth, best 50 and the count."""
    path = folder / f"plain-sqlite-{count}.db"
    fresh = not path.exists()
    conn = sqlite3.connect(path)
    if fresh:
        conn.execute("CREATE VIRTUAL TABLE words USING fts5(body, prefix='1 2')")
        conn.executemany(
            "INSERT INTO words VALUES (?)",
            ((f"{s.item.title} {s.item.text}",) for s in Corpus(0).stored(count)),
        )
        conn.commit()

    def ask(text: str) -> object:
        conn.execute("SELECT count(*) FROM words WHERE words MATCH ?", [text]).fetchall()
        best = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 50"
        return conn.execute(best, [text]).fetchall()

    return ask


def main() -> None:
    """Makes what is missing, asks, prints."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder.mkdir(parents=True, exist_ok=True)
    accounts = indexes(folder, count)
    searcher = Searcher(accounts)
    words = vocabulary()
    say(f"{count:,} items in {ACCOUNTS} indexes")
    usual = ours(searcher, words)
    tenth = count // ACCOUNTS
    asked = [" ".join(words[i : i + 1 + i % 3]) for i in range(20)]
    tantivy_ask, sqlite_ask = plain_tantivy(folder, tenth), plain_sqlite(folder, tenth)
    tantivy_ms = timed(
        "plain Tantivy, a tenth, page and total",
        [lambda text=text: tantivy_ask(text) for text in asked],  # type: ignore[misc]
    )
    sqlite_ms = timed(
        "plain SQLite FTS5, a tenth, page and total",
        [lambda text=text: sqlite_ask(text) for text in asked],  # type: ignore[misc]
    )
    say(f"ours with facets over ten times as many: {usual / tantivy_ms:.1f} x plain Tantivy,")
    say(f"  {usual / sqlite_ms:.2f} x plain SQLite")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"peak memory, mapped files included: {peak:,.0f} MB")
    searcher.close()


if __name__ == "__main__":
    main()
