"""The text of a PDF, read by a child process that may hang, crash or burst.

The only part of `content` that starts a process; nothing of the PDF touches the disk.
"""

from __future__ import annotations

import subprocess  # noqa: TID251 - pdfium needs limits that only a process has, see pdf_child
import sys
from pathlib import Path
from typing import Final

from .outcome import Extracted, Trouble

_SECONDS: Final = 15
_MEMORY: Final = 768 * 1024 * 1024
_CHILD: Final = Path(__file__).with_name("pdf_child.py")


def pdf_text(
    data: bytes, *, most_chars: int, seconds: int = _SECONDS, memory: int = _MEMORY
) -> Extracted:
    """The text of all pages; what was read until a limit, with the reason.

    Args:
        data: the file.
        most_chars: the text is cut there.
        seconds: no page is begun later; the child is ended ten seconds after.
        memory: bytes of address space the child may have (where the system can tell it so).
    """
    limits = [str(most_chars), str(seconds), str(memory)]
    with subprocess.Popen(  # noqa: S603 - our own file, no shell, only numbers as arguments
        [*_command(), *limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        try:
            told, _ = child.communicate(data, timeout=seconds + 10)
        except subprocess.TimeoutExpired:
            child.kill()
            return Extracted(trouble=Trouble.PDF_CUT)
        finally:
            child.kill()
    if child.returncode != 0:
        return Extracted(trouble=Trouble.PDF_BROKEN)
    reason, _, text = told.partition(b"\n")
    trouble = Trouble(reason.decode()) if reason else None
    return Extracted(text.decode("utf-8", "replace"), trouble)


def _command() -> list[str]:
    """Our interpreter on the child's file; a frozen program is its own interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "read-pdf"]
    # -P: the child's folder holds modules with common names and is no place to import from.
    return [sys.executable, "-P", str(_CHILD)]
