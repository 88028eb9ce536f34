"""A process that writes pages is killed at random moments; what it leaves must be whole."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from jolidrive.model.item import StoredItem
from jolidrive.store.account_store import AccountStore
from tests.fake.stored import a_store, all_changes, check_consistent

ROUNDS = 20
REPOSITORY = Path(__file__).parents[3]

WRITER = """
import sys
from pathlib import Path
from jolidrive.api import Page
from jolidrive.model.item import Relation
from jolidrive.model.item import StoredItem
from jolidrive.store.account_store import AccountStore
from jolidrive.store.marks import mark
from tests.fake.stored import an_item

store = AccountStore.open(Path(sys.argv[1]))
done = int(sys.argv[2])
while True:
    done += 1
    if not done % 7 and not store.anew:
        store.start_anew()
    keys = [f"{done % 9}-{n}" for n in range(40)]
    items = [an_item(key, text=str(done), has_content=True, raw={"n": done}) for key in keys]
    gone = tuple(f"{(done + 4) % 9}-{n}" for n in range(20))
    listing = "liked" if done % 2 else None
    store.save_page(Page(items=tuple(items), gone=gone, cursor=done, listing=listing,
                         complete=not done % 3))
    mark(store, keys[0], note=str(done))
    if store.anew and not done % 5:
        store.finish_anew()
    print(done, flush=True)
"""


def test_a_killed_writer_leaves_cursor_items_totals_and_holds_in_step(tmp_path: Path) -> None:
    folder = tmp_path / "acc1"
    a_store(folder).close()
    chance = random.Random()  # noqa: S311 - moments, not secrets
    newest = 0
    for _ in range(ROUNDS):
        acknowledged = _write_and_kill(folder, newest, chance)
        store = AccountStore.open(folder)
        check_consistent(store)
        cursor = store.cursor
        if cursor is None:  # killed right after a full listing began
            assert store.anew
            newest = acknowledged
        else:
            assert isinstance(cursor, int)
            assert cursor >= acknowledged
            _check_newest_page(store, cursor)
            newest = cursor
        store.close()


def _write_and_kill(folder: Path, newest: int, chance: random.Random) -> int:
    """Kills after one to eight pages and a moment; the last page that was told."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(newest)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(chance.randint(1, 8))]
        try:
            child.wait(timeout=chance.random() * 0.02)
        except subprocess.TimeoutExpired:
            child.kill()
        return int(lines[-1])


def _check_newest_page(store: AccountStore, cursor: int) -> None:
    """The page of the cursor is there whole, and nothing newer."""
    items = [change for change in all_changes(store, 500) if isinstance(change, StoredItem)]
    newest = [found for found in items if found.item.text == str(cursor)]
    assert len(newest) == 40
    assert all(int(found.item.text) <= cursor for found in items)
    assert store.raw(newest[0].item.key) == {"n": cursor}
