"""Sizes as people write them: `>10mb`, `5kb..10mb`, `1,5 gb`. Units count in thousands.

A size without sign means *about*: what rounds to the number as written, so `10mb` is 9.5 to
10.5 MB and `1.50gb` is narrower than `1.5gb`. Bytes are exact. The ends of a range are exact.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from jolidrive.model.query import Sizes

UNITS: Final = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
MAX_BYTES: Final = 2**63 - 1

_NAMED: Final = {"byte": "b", "bytes": "b", "k": "kb", "m": "mb", "g": "gb", "t": "tb"}
_AMOUNT: Final = (
    r"(\d{1,19}(?:[.,]\d{1,9}(?=[ ]*[a-z]))?)[ ]*(bytes?|[kmgt]?b|[kmgt])?(?![^\W_])"
)
_FROM: Final = re.compile(rf"(>=|<=|>|<)?[ ]*{_AMOUNT}", re.IGNORECASE)
_RANGE: Final = re.compile(
    r"(?:(\d{1,19}(?:[.,]\d{1,9})?)[ ]*(bytes?|[kmgt]?b|[kmgt])?)?[ ]*\.\.[ ]*"
    rf"(?:{_AMOUNT})?",
    re.IGNORECASE,
)


def read_sizes(text: str, pos: int) -> tuple[Sizes, int] | None:
    """The sizes written at `pos` and where they end; None when there are none."""
    if found := _RANGE.match(text, pos):
        sizes = _range(found)
    elif found := _FROM.match(text, pos):
        sizes = _compared(found)
    else:
        return None
    if sizes is None or max(sizes.least or 0, sizes.most or 0) > MAX_BYTES:
        return None
    return sizes, found.start() + len(found[0].rstrip())


def write_sizes(sizes: Sizes) -> str:
    """The shortest text that `read_sizes` takes for exactly these sizes."""
    least, most = sizes.least, sizes.most
    if least is None:
        return "" if most is None else _bounded(most, most + 1, "<=", "<")
    if most is None:
        return _bounded(least, least - 1, ">=", ">")
    middle = (least + most + 1) // 2
    for about in (_amount(middle), f"{middle}b"):
        if read_sizes(about, 0) == (sizes, len(about)):
            return about
    return f"{_amount(least)}..{_amount(most)}"


def _range(found: re.Match[str]) -> Sizes | None:
    low, low_unit, high, high_unit = found.groups()
    if low is None and high is None:
        return None
    least = None if low is None else int(_bytes(low, low_unit or high_unit))
    most = None if high is None else int(_bytes(high, high_unit))
    if least is not None and most is not None and least > most:
        least, most = most, least
    return Sizes(least, most)


def _compared(found: re.Match[str]) -> Sizes | None:
    sign, number, unit = found.groups()
    if unit is None and not number.isdigit():
        return None
    exact = int(_bytes(number, unit))
    match sign:
        case ">":
            return Sizes(exact + 1, None)
        case ">=":
            return Sizes(exact, None)
        case "<":
            return Sizes(None, exact - 1) if exact else None
        case "<=":
            return Sizes(None, exact)
    factor = UNITS[_unit(unit)]
    places = len(re.sub(r"^\d+[.,]?", "", number))
    half = 0 if factor == 1 else int(factor / Decimal(10) ** places / 2)
    return Sizes(max(0, exact - half), max(exact, exact + half - 1))


def _bytes(number: str, unit: str | None) -> Decimal:
    return Decimal(number.replace(",", ".")) * UNITS[_unit(unit)]


def _unit(name: str | None) -> str:
    lower = (name or "b").lower()
    return _NAMED.get(lower, lower)


def _bounded(inside: int, outside: int, closed: str, opened: str) -> str:
    """One side only, by whichever of its two bounds is the rounder number."""
    if outside >= 0 and len(_amount(outside)) < len(_amount(inside)):
        return f"{opened}{_amount(outside)}"
    return f"{closed}{_amount(inside)}"


def _amount(size: int) -> str:
    """`10000000` as `10mb`, `1500` as `1.5kb`, `1501` as `1501b`."""
    for unit, factor in reversed(UNITS.items()):
        if size >= factor and size * 100 % factor == 0:
            return f"{(Decimal(size) / factor).normalize():f}{unit}"
    return f"{size}b"
