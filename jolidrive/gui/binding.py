"""Keeps `None`, `True` and `False` alive under PySide6 6.12 on Python 3.11.

Question: PySide6 6.12.0 gives back `None` without counting it (measured: each call of a method
without a result takes one reference away). From Python 3.12 on `None` is immortal and nothing
happens; on 3.11 its count reaches nought after some minutes of painting, and the interpreter
stops with “deallocating None”. It does the same to `True` and `False`, seen at the end of a
program (“bool_dealloc”). Options: PySide6 6.11, whose Addons carry 278 MB of web engine;
Python 3.12 at least; or a count so large that it lasts. The last changes nothing for anyone.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_PLENTY: Final = 1 << 40


def keep_none() -> None:
    """Gives each of them references enough for a thousand years of painting. Twice is fine."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    if ctypes.sizeof(ctypes.c_ssize_t) != 8:
        return
    for kept in (None, True, False):
        if sys.getrefcount(kept) < _PLENTY:
            ctypes.c_ssize_t.from_address(id(kept)).value += _PLENTY
