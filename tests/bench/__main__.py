"""`make bench`: how fast a million items load, answer and vanish.

    python -m tests.bench [--folder DIR] [--items N] [PART]…

Each part runs in a process of its own, so that its memory is its own. The corpus and what is
made of it stay in the folder, which is outside the repository.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

PARTS = ("load", "cold", "search", "revoke")


def main() -> int:
    """Runs the parts; 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir(), "joli-bench")
    )
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)}")
    told = parser.parse_args()
    unknown = set(told.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    told.folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    for part in told.parts or PARTS:
        count = told.items // 2 if part == "revoke" else told.items
        module = f"tests.bench.bench_{part}"
        call = [sys.executable, "-m", module, str(told.folder), str(count)]
        failed |= subprocess.run(call, check=False).returncode
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
