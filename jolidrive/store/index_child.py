"""Follows one account's store in a process of its own: commands on standard input, answers out.

Why a process: see `index_process`. It is given the account's folder and id. `follow` brings the
index up to the store; each commit is answered by `{"step": number}`, the end by `{}`. `close`
waits for merges and ends. When its input ends, whoever started it is gone and no longer holds
the account's lock: it stops at once, which harms an index as little as a kill does.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

from jolidrive.errors import StoreError

from .account_store import AccountStore
from .index_writer import TextIndexWriter

FOLLOW: Final = "follow"
CLOSE: Final = "close"


def serve(folder: Path, account: str, commands: queue.SimpleQueue[str]) -> None:
    """Obeys until the first command that is not `follow`."""
    with closing(AccountStore.open(folder, read_only=True)) as store:
        writer = TextIndexWriter(
            folder,
            store,
            account=account,
            on_commit=lambda step: _tell({"step": step}),
        )
        with closing(writer):
            while commands.get() == FOLLOW:
                writer.follow()
                _tell({})


def _tell(values: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def _listen(commands: queue.SimpleQueue[str]) -> None:
    """Hands on each line; nothing more to read is the end."""
    rest = b""
    while got := os.read(0, 4096):  # not `sys.stdin`, whose lock the end of the program wants
        *lines, rest = (rest + got).split(b"\n")
        for line in lines:
            commands.put(line.decode("ascii", "replace"))
    os._exit(1)


def main() -> int:
    """The child's whole life."""
    gc.disable()  # nothing here makes circles, and looking for them is a tenth of the time
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(commands,), daemon=True).start()
    folder, account = sys.argv[-2:]
    try:
        serve(Path(folder), account, commands)
    except StoreError as trouble:
        _tell({"error": type(trouble).__name__, "told": trouble.args})
    return 0


if __name__ == "__main__":
    sys.exit(main())
