"""What the parts of the bench share: lines of the report, memory of processes, an idle look.

Nothing here asserts: a bench prints, a person reads.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROLLUP: Final = re.compile(r"^Anonymous:\s+(\d+) kB", re.MULTILINE)
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
MB: Final = 1024
"""Of the kilobytes the system counts in."""


def say(text: str = "") -> None:
    """One line of the report."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def heading(text: str) -> None:
    """Begins a part, with how busy the machine is: beside a busy neighbour numbers rise."""
    busy = os.getloadavg()[0]
    say(f"\n{text}  (load average {busy:.1f} on {os.cpu_count()} cores)")


def peak_mb() -> float:
    """The most memory this process ever had, mapped files included."""
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / MB if found else 0.0


def children_peak_mb() -> float:
    """The most memory any child of this process had."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MB


def private_mb(pid: int) -> float:
    """The private, anonymous memory of a process; 0 once it is gone."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = _ROLLUP.search(told)
    return int(found[1]) / MB if found else 0.0


def cpu_s() -> float:
    """Processor time of this process and its ended children."""
    own, children = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed_s(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def middle(values: Sequence[float]) -> float:
    """The median."""
    return sorted(values)[len(values) // 2]
