"""An item's fields as two columns of words."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from jolidrive.model.item import Kind, Relation

from . import phrases
from .label import Label
from .tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jolidrive.model.item import Item, StoredItem
    from jolidrive.model.result import Hit

    from .theme import Look

_TAKEN = {Kind.PHOTO: "Taken", Kind.VIDEO: "Taken", Kind.EVENT: "When"}


def kind_line(
    kind: Kind,
    mime: str | None,
    size: int | None,
    sides: tuple[int | None, int | None] = (None, None),
) -> str:
    """“Photo, 3264 × 2448, 3.1 MB”, “PDF document, 84 kB”."""
    name = phrases.initial(phrases.tr(phrases.KINDS[kind][0]))
    if kind is Kind.DOCUMENT and mime:
        ending = (mimetypes.guess_extension(mime) or "").lstrip(".").upper()
        name = phrases.tr("{} document").format(ending) if ending else name
    parts = [name]
    if all(sides):
        parts.append(f"{sides[0]} × {sides[1]}")
    if size is not None:
        parts.append(phrases.size(size))
    return ", ".join(parts)


class FieldTable(QWidget):
    """Names of 76 wide, values beside them."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnMinimumWidth(0, 76)
        self._grid.setColumnStretch(1, 1)

    def show_hit(self, hit: Hit, service: str) -> None:
        """What a result knows."""
        rows = []
        if hit.created_at is not None:
            name = _TAKEN.get(hit.kind, "Created")
            rows.append((name, phrases.moment(hit.created_at)))
        if hit.folder:
            rows.append(("Folder", hit.folder.replace("/", " / ")))
        rows.append(("From", service))
        self._fill(rows)

    def show_item(self, stored: StoredItem, service: str) -> None:
        """All that is known."""
        self._fill(list(_fields(stored, service)))

    def _fill(self, rows: list[tuple[str, str]]) -> None:
        while (entry := self._grid.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (name, value) in enumerate(rows):
            head = Label(phrases.tr(name), tone=Tone.TEXT_3, step="dense")
            words = Label(value, step="dense", wrap=True)
            words.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            words.setAccessibleName(f"{head.text()}: {value}")
            self._grid.addWidget(head, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, at, 1)


def _fields(stored: StoredItem, service: str) -> Iterator[tuple[str, str]]:
    item, marks = stored.item, stored.marks
    if item.created_at is not None:
        yield _TAKEN.get(item.kind, "Created"), phrases.moment(item.created_at)
    if item.changed_at is not None and item.changed_at != item.created_at:
        yield "Changed", phrases.moment(item.changed_at)
    if item.duration_s:
        yield "Length", phrases.duration(item.duration_s)
    yield from _where(item)
    by = [person.name or person.handle or "" for person in item.people]
    yield from _unless_empty("People", filter(None, by))
    yield "From", service
    relations = item.relations or (Relation.MADE,)
    yield "Relation", ", ".join(phrases.tr(phrases.RELATIONS[r]) for r in relations)
    yield from _unless_empty("Tags", dict.fromkeys((*item.tags, *marks.tags)))
    counts = [f"{phrases.number(n)} {name}" for name, n in item.reactions.items()]
    yield from _unless_empty("Reactions", counts)
    yield from _unless_empty("Seen by", filter(None, [item.visibility]))
    yield from _unless_empty("Note", filter(None, [marks.note]))


def _unless_empty(name: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    words = ", ".join(values)
    if words:
        yield name, words


def _where(item: Item) -> Iterator[tuple[str, str]]:
    if item.place is not None:
        name = item.place.name
        if not name and item.place.lat is not None and item.place.lon is not None:
            name = f"{item.place.lat:.4f}, {item.place.lon:.4f}"
        if name:
            yield "Place", name
    if item.album:
        yield "Album", item.album
    if item.folder:
        yield "Folder", item.folder.replace("/", " / ")
