"""A child process for tests of kills and of several processes: does what its lines say.

Each line of standard input is one JSON command; each answer is one JSON line. `{"go": …}` is
written before a command starts, so that a parent can kill it at a random moment after it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from jolidrive.drive import Drive
from jolidrive.errors import JolidriveError


def main() -> None:
    """Runs commands until the input ends."""
    profile = Path(sys.argv[1])
    keep_open = sys.argv[2:] == ["--keep-open"]
    drive = Drive.open(profile) if keep_open else None
    tell({"ready": True})
    for line in sys.stdin:
        command = json.loads(line)
        tell({"go": command["do"]})
        try:
            if drive is not None:
                tell({"done": run(drive, command)})
            else:
                with Drive.open(profile) as fresh:
                    done = run(fresh, command)
                tell({"done": done})
        except JolidriveError as error:
            tell({"error": type(error).__name__})
    if drive is not None:
        drive.close()


def tell(value: object) -> None:
    """One line out."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def run(drive: Drive, command: dict[str, Any]) -> object:
    """One command."""
    what, account = command["do"], str(command.get("account", ""))
    if what == "connect":
        return drive.connect("jsonl", {"path": command["path"]}).id
    if what == "sync":
        outcome = drive.run_sync(account, full=bool(command.get("full")))
        return type(outcome.error).__name__ if outcome.error else None
    if what == "search":
        page = drive.search(command["text"], limit=20, facets=("service", "kind", "year"))
        return [page.total, [hit.excerpt for hit in page.hits][:1]]
    if what == "mark":
        marks = drive.mark(account, command["key"], add_tags=[command["tag"]])
        return list(marks.tags)
    if what == "revoke":
        return list(drive.revoke(account).left)
    if what == "accounts":
        return [summary.account for summary in drive.accounts()]
    raise ValueError(what)


if __name__ == "__main__":
    main()
