"""Untrusted page → items we accept. The one place where what a connector gave is trusted.

Nothing is repaired by guessing: a field that cannot be used is left empty (a date's raw value
is kept in `extra`), a record without a usable key or kind is refused with a reason, and a page
never fails for one record. May not log content.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from jolidrive.api import Cursor, Folder, Item, Kind, Page, Skipped

from .clean import CLEANERS, MAX_WORDS, count, is_key, line, path, plain_json, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FIELDS: Final = fields(Item)
_values: Final = attrgetter(*(f.name for f in _FIELDS))


def _default(one: Field[Any]) -> object:
    """What a field is when nothing was said."""
    if one.default_factory is not MISSING:
        return one.default_factory()
    return None if one.default is MISSING else one.default


_CLEAN: Final = tuple((f.name, CLEANERS[f.name], _default(f)) for f in _FIELDS)
"""Name, cleaner, and what stands where nothing usable was said."""

_DATES: Final = frozenset({"created_at", "changed_at"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A page we accept, and how many of its records were refused, by reason."""

    page: Page
    refused: Mapping[str, int]


class _RefusedError(Exception):
    """This record cannot be used; the reason is ours."""


def check_page(untrusted: object) -> Checked:
    """What can be used of a page.

    Raises:
        TypeError: it is no page at all, or its lists are not lists (a mistake of the plugin).
    """
    if not isinstance(untrusted, Page):
        raise TypeError(f"pull gave {type(untrusted).__name__}, not a Page")
    refused: dict[str, int] = {}
    items: list[Item] = []
    for untrusted_item in untrusted.items:
        try:
            items.append(check_item(untrusted_item))
        except _RefusedError as refusal:
            reason = str(refusal)
            refused[reason] = refused.get(reason, 0) + 1
    page = Page(
        items=tuple(items),
        gone=tuple(key for key in untrusted.gone if is_key(key)),
        gone_below=tuple(p for p in map(path, untrusted.gone_below) if p),
        skipped=tuple(map(_skipped, untrusted.skipped)),
        cursor=_cursor(untrusted.cursor),
        total=count(untrusted.total),
        folders=tuple(f for f in map(_folder, untrusted.folders) if f),
        listing=line(untrusted.listing, 100) if untrusted.listing is not None else None,
        complete=bool(untrusted.complete),
    )
    return Checked(page, refused)


def check_item(untrusted: object) -> Item:
    """One item, cleaned; the same object when there was nothing to clean."""
    if not isinstance(untrusted, Item):
        raise _RefusedError("not an item")
    if not is_key(untrusted.key):
        raise _RefusedError("no usable key")
    changes = _changes(untrusted)
    if not isinstance(changes.get("kind", untrusted.kind), Kind):
        raise _RefusedError("unknown kind")
    if changes.get("title", untrusted.title) is None:
        changes["title"] = ""
    return replace(untrusted, **changes) if changes else untrusted


def _changes(untrusted: Item) -> dict[str, Any]:
    """The fields whose cleaned value is another one; unusable dates are kept as text."""
    changes: dict[str, Any] = {}
    unusable: dict[str, str] = {}
    for (name, cleaner, default), value in zip(_CLEAN, _values(untrusted), strict=True):
        if value is default:
            continue
        clean = default if value is None else cleaner(value)
        if clean is None:
            clean = default
        if clean is value:
            continue
        changes[name] = clean
        if clean is None and name in _DATES:
            unusable[f"{name}_raw"] = short(str(value)) or ""
    if unusable:
        changes["extra"] = {**changes.get("extra", untrusted.extra), **unusable}
    return changes


def _cursor(value: Cursor) -> Cursor:
    try:
        return plain_json(value)
    except ValueError as trouble:
        raise TypeError(f"the cursor is {trouble}") from trouble


def _folder(value: object) -> Folder | None:
    if not isinstance(value, Folder) or not is_key(value.key):
        return None
    name = (line(value.name, MAX_WORDS) or "").replace("/", "-")
    parent = value.parent if is_key(value.parent) else None
    return Folder(key=value.key, parent=parent, name=name)


def _skipped(value: object) -> Skipped:
    if not isinstance(value, Skipped):
        return Skipped(key="", reason="left out")
    return Skipped(key=short(value.key) or "", reason=line(value.reason, 200) or "left out")


def reasons(skipped: Iterable[Skipped]) -> dict[str, int]:
    """Reason to count."""
    counts: dict[str, int] = {}
    for one in skipped:
        counts[one.reason] = counts.get(one.reason, 0) + 1
    return counts
