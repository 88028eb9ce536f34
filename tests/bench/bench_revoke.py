"""How fast an account is out of reach and deleted: `python -m tests.bench.bench_revoke FOLDER`.

An account of many items with as many thumbnails of 6 kB is made once and copied for each try.
Another process searches all the while and tells when it found nothing any more; in the second
try a third process syncs the account meanwhile.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from jolidrive.drive import Drive
from jolidrive.errors import JolidriveError
from jolidrive.paths import Profile
from jolidrive.store.erase import folder_bytes
from jolidrive.store.thumbnails import Thumbnails
from jolidrive.vault.keyring import MemoryKeys

from .bench_load import load, rate_between
from .corpus import Corpus, json_line
from .report import heading, say, timed_s

PICTURE_BYTES: Final = 6_000
_AT_ONCE: Final = 2_000


def _lines(path: Path, count: int) -> None:
    corpus = Corpus(77)
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{json_line(corpus.item(n))}\n" for n in range(1, count + 1))


def made(folder: Path, count: int) -> Path:
    """A profile with one account of so many items and thumbnails."""
    root = folder / f"revoke-{count}"
    if (root / "done").exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    path = root / "items.jsonl"
    _lines(path, count)
    with Drive.open(root / "profile", keys=MemoryKeys()) as drive:
        account, reached = load(drive, root / "profile", path)
    first, last = rate_between(reached, 0, 0.1), rate_between(reached, 0.9, 1)
    say(
        f"one account of {count:,}: {rate_between(reached, 0, 1):,.0f} items a second,"
        f" first tenth {first:,.0f}, last tenth {last:,.0f}"
    )
    noise = os.urandom(PICTURE_BYTES * 2)
    thumbnails = Thumbnails(Profile(root / "profile").account_dir(account))
    for start in range(1, count + 1, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count + 1))
        thumbnails.put({n: noise[n % PICTURE_BYTES :][:PICTURE_BYTES] for n in numbers})
    thumbnails.close()
    (root / "done").touch()
    return root


def watch(root: Path) -> None:
    """Searches until nothing is found; tells when it began and when that was."""
    with Drive.open(root, keys=MemoryKeys()) as drive:
        while drive.search("", limit=1).total:
            sys.stdout.write("found\n")
            sys.stdout.flush()
            time.sleep(0.005)
        sys.stdout.write(f"{time.monotonic()}\n")


def sync(root: Path) -> None:
    """Lists the account anew until it is taken away."""
    with Drive.open(root, keys=MemoryKeys()) as drive:
        account = drive.accounts()[0].account
        sys.stdout.write("syncing\n")
        sys.stdout.flush()
        try:
            drive.sync(account, full=True)
        except JolidriveError as gone:
            sys.stdout.write(f"{type(gone).__name__} at {time.monotonic()}\n")


def _start(what: str, root: Path) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", "tests.bench.bench_revoke", what, str(root)]
    process = subprocess.Popen(call, stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout is not None
    process.stdout.readline()
    return process


def plain_unlink_s(folder: Path, size: int) -> float:
    """Seconds to delete one file of this size: less no program can do on this file system."""
    path = folder / "plain-unlink"
    block = os.urandom(2**20)
    with path.open("wb") as file:
        for _ in range(size // len(block)):
            file.write(block)
    os.sync()
    return timed_s(path.unlink)


def once(folder: Path, count: int, *, syncing: bool) -> float:
    """One revoke, watched; seconds until everything was deleted."""
    root = folder / "revoke-now"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(made(folder, count) / "profile", root)
    os.sync()
    held = folder_bytes(root / "accounts") / 1e6
    with Drive.open(root, keys=MemoryKeys()) as drive:
        account = drive.accounts()[0].account
        drive.preview_revoke(account)
        helper = _start("sync", root) if syncing else None
        watcher = _start("watch", root)
        told: list[str] = []
        reading = threading.Thread(target=lambda: told.extend(watcher.stdout or ()))
        reading.start()
        time.sleep(3.0 if syncing else 0.5)
        began = time.monotonic()
        receipt = drive.revoke(account)
        deleted = time.monotonic() - began
        reading.join()
        for process in (watcher, helper):
            if process is not None:
                process.communicate()
    left = list((root / "accounts").iterdir())
    beside = "while it syncs" if syncing else "at rest"
    say(
        f"{receipt.items:,} items, {held:,.0f} MB, {beside}: out of reach after"
        f" {float(told[-1]) - began:.3f} s (0.3), deleted after {deleted:.3f} s (1.0),"
        f" left {len(left)}"
    )
    shutil.rmtree(root, ignore_errors=True)
    return deleted


def main() -> None:
    """The tries; or, called by itself, the process beside."""
    if sys.argv[1] in {"watch", "sync"}:
        {"watch": watch, "sync": sync}[sys.argv[1]](Path(sys.argv[2]))
        return
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500_000
    heading("Revoking")
    for items in (max(count // 100, 100), count):
        root = made(folder, items)
        spent = [once(folder, items, syncing=syncing) for syncing in (False, True)]
        plain = plain_unlink_s(folder, folder_bytes(root / "profile"))
        say(
            f"plain: one file as large is unlinked in {plain:.3f} s;"
            f" ratio {max(spent) / plain:.2f}"
        )


if __name__ == "__main__":
    main()
