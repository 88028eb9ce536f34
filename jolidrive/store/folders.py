"""Folders: plain paths as some services tell them, and folders with ids as others do.

The path of a folder with an id is computed from its parents whenever one of them is told, and
kept with it; items only point at their folder. So a folder that moves is one row, and the
items below it get a new change number because what is searched about them changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .rows import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jolidrive.model.item import Folder, Item

    from .totals import Step

_DEEPEST: Final = 200
"""Parents further up are not looked at: only a circle is that deep."""


class Folders:
    """The folders of one account, during one write transaction."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._conn = step.conn
        self._known: dict[tuple[str, str], int] = {}

    def number(self, item: Item) -> int | None:
        """The folder an item lies in; made where it is new."""
        if item.parent is not None:
            return self._find("key", item.parent)
        if item.folder is not None:
            return self._find("path", item.folder)
        return None

    def tell(self, folders: Iterable[Folder]) -> int:
        """Takes in folders with ids and gives items below changed paths a new number.

        Returns:
            How many items lie somewhere else now.
        """
        told = {folder.key: folder for folder in folders}
        self._conn.executemany(
            "INSERT INTO folders (key, parent, name) VALUES (?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET parent = excluded.parent, name = excluded.name",
            [(folder.key, folder.parent, folder.name) for folder in told.values()],
        )
        moved: dict[str, str] = {}
        for key in told:
            self._repath(key, moved)
        return self._renumber(moved)

    def below(self, paths: Iterable[str]) -> set[int]:
        """Numbers of the items in these folders and everywhere under them."""
        items: set[int] = set()
        for path in paths:
            found = self._conn.execute(
                "SELECT items.number FROM items JOIN folders ON folders.number = items.folder"
                " WHERE path = :path OR path > :path || '/' AND path < :path || '0'"
                if path
                else "SELECT number FROM items",  # the root: everything there is
                {"path": path},
            )
            items.update(number for (number,) in found)
        return items

    def drop(self, keys: Iterable[str]) -> set[int]:
        """Forgets folders with ids and those under them; numbers of the items they held."""
        gone: set[str] = set()
        waiting = self._among(keys)
        while waiting:
            gone.update(waiting)
            children = self._conn.execute(
                "SELECT key FROM folders WHERE key IS NOT NULL"
                " AND parent IN (SELECT value FROM json_each(?))",
                (encode(waiting),),
            )
            waiting = [key for (key,) in children if key not in gone]
        held = self._conn.execute(
            "SELECT items.number FROM items JOIN folders ON folders.number = items.folder"
            " WHERE folders.key IN (SELECT value FROM json_each(?))",
            (encode(sorted(gone)),),
        )
        items = {number for (number,) in held}
        # the rows stay while items point at them; unnamed, they are as if never told
        self._conn.executemany(
            "UPDATE folders SET parent = NULL, name = NULL, path = NULL WHERE key = ?",
            [(key,) for key in gone],
        )
        return items

    def _among(self, keys: Iterable[str]) -> list[str]:
        found = self._conn.execute(
            "SELECT key FROM folders WHERE key IN (SELECT value FROM json_each(?))",
            (encode(list(keys)),),
        )
        return [key for (key,) in found]

    def _find(self, column: str, value: str) -> int:
        number = self._known.get((column, value))
        if number is None:
            number = self._known[column, value] = self._look_up(column, value)
        return number

    def _look_up(self, column: str, value: str) -> int:
        plain = " AND +key IS NULL" if column == "path" else ""  # + keeps to the index by path
        row = self._conn.execute(
            f"SELECT number FROM folders WHERE {column} = ?{plain}",
            (value,),
        ).fetchone()
        if row is None:
            row = self._conn.execute(
                f"INSERT INTO folders ({column}) VALUES (?) RETURNING number",
                (value,),
            ).fetchone()
        return int(row[0])

    def _repath(self, key: str, moved: dict[str, str]) -> None:
        """Computes the path of a folder and of all below it; puts changed ones in `moved`."""
        waiting = [(key, self._path(key))]
        seen: set[str] = set()
        while waiting:
            current, path = waiting.pop()
            changed = self._conn.execute(
                "UPDATE folders SET path = ?1 WHERE key = ?2 AND path IS NOT ?1",
                (path, current),
            ).rowcount
            if not changed or current in seen:
                continue
            seen.add(current)
            moved[current] = path
            children = self._conn.execute(
                "SELECT key, name FROM folders WHERE parent = ? AND name IS NOT NULL",
                (current,),
            )
            waiting.extend((child, _join(path, name)) for child, name in children)

    def _path(self, key: str | None) -> str:
        names: list[str] = []
        for _ in range(_DEEPEST):
            row = self._conn.execute(
                "SELECT parent, name FROM folders WHERE key = ?", (key,)
            ).fetchone()
            if row is None or row[1] is None:
                break
            names.append(row[1])
            key = row[0]
        path = ""
        for name in reversed(names):
            path = _join(path, name)
        return path

    def _renumber(self, folders: Iterable[str]) -> int:
        items = self._conn.execute(
            "SELECT items.number FROM items JOIN folders ON folders.number = items.folder"
            " WHERE folders.key IN (SELECT value FROM json_each(?)) ORDER BY items.number",
            (encode(list(folders)),),
        ).fetchall()
        self._conn.executemany(
            "UPDATE items SET seq = ? WHERE number = ?",
            [(self._step.next_seq(), number) for (number,) in items],
        )
        return len(items)


def _join(path: str, name: str) -> str:
    return f"{path}/{name}" if path and name else path or name
