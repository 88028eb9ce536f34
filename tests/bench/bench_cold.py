"""How long `jolidrive search` takes from process start to printed, and how much memory.

python -m tests.bench.bench_cold FOLDER      after bench_load has made FOLDER/profile
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from .bench_load import PROFILE
from .corpus import vocabulary
from .report import heading, middle, private_mb, say, timed_s

RUNS: Final = 7


def _call(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "jolidrive", "--profile", str(root), "search", *words]


def spent_s(call: list[str]) -> float:
    """Seconds until the process has printed and ended."""
    return timed_s(lambda: subprocess.run(call, check=True, stdout=subprocess.DEVNULL))


def most_private_mb(call: list[str]) -> float:
    """The most private memory seen, looked at every two milliseconds."""
    most = 0.0
    with subprocess.Popen(call, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, private_mb(process.pid))
            time.sleep(0.002)
    return most


def main() -> None:
    """Runs it a few times, after one that warms the system's file cache."""
    root = Path(sys.argv[1]) / PROFILE
    words = vocabulary()
    heading(f"Cold command line on {root}")
    floor = middle([spent_s([sys.executable, "-c", "pass"]) for _ in range(RUNS)])
    for name, call in {
        "a word": _call(root, words[300]),
        "two words, facets, JSON": _call(root, words[5], words[90], "--facets", "--json"),
        "a common beginning, facets": _call(root, "b*", "--facets"),
    }.items():
        spent_s(call)
        times = [spent_s(call) for _ in range(RUNS)]
        say(
            f"{name}: median {middle(times) * 1000:.0f} ms, worst {max(times) * 1000:.0f} ms"
            f" (below 1,000), {middle(times) / floor:.1f} x a bare interpreter;"
            f" private memory {most_private_mb(call):.0f} MB (below 200)"
        )
    say(f"a bare interpreter: {floor * 1000:.0f} ms; processes {os.cpu_count()}")


if __name__ == "__main__":
    main()
