"""What every connector must keep to, as tests its author inherits.

Name the plugin's folder, a tape and the options in a subclass whose name starts with `Test`,
and pytest runs the rest. A plugin that asks no network leaves the tape out.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from jolidrive.api import ASK, Context
from jolidrive.api.manifest_reader import read_manifest
from jolidrive.connectors.load import load_folder

from .play import play_pages, tape_session
from .tapes import Exchange, Tape, read_tape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jolidrive.api import Cursor, Item, Json, Page
    from jolidrive.connectors.load import Loaded

    from .session import TapeSession

NO_TAPE: Final = Path()
"""For a plugin that asks no network."""

_MALFORMED: Final[tuple[Json, ...]] = (None, 7, "?", [], {}, {"id": None}, {"id": {"id": []}})
_SECRET_NAMES: Final = ("authorization", "token", "secret", "password", "cookie", "api_key")


class ConnectorContract:
    """Inherit, and set `folder`, `tape` and `options`."""

    folder: ClassVar[Path]
    tape: ClassVar[Path] = NO_TAPE
    options: ClassVar[Mapping[str, str]] = {}

    # ── the contract ─────────────────────────────────────────────────────────────────────

    def test_its_manifest_has_no_problems(self) -> None:
        """`read_manifest` raises with all of them."""
        read_manifest(self.folder)

    def test_it_says_who_has_signed_in(self) -> None:
        """The same identity each time."""
        first, second = (self._connect(self._session()).identify() for _ in range(2))
        _expect(first == second, "identify() tells another identity each time")

    def test_it_asks_declared_hosts_only(self) -> None:
        """No request is refused, and thumbnails lie at hosts that may be asked."""
        session = self._session()
        pages = list(self._pages(session))
        _expect(not session.refused, f"asked hosts or methods it may not: {session.refused}")
        for item in _items(pages):
            if item.thumbnail and item.thumbnail != ASK:
                session.permit.check("GET", item.thumbnail)

    def test_its_items_have_usable_and_stable_keys(self) -> None:
        """Two pulls from the beginning give the same keys, and something at all."""
        first, second = _state(self._pages()), _state(self._pages())
        _expect(bool(first), "the tape gives no item at all")
        _expect(first.keys() == second.keys(), "a second look gives other keys")

    def test_it_resumes_after_every_page(self) -> None:
        """Stopped after any page, the next pull brings what was left."""
        whole = list(self._pages())
        for stopped in range(1, len(whole)):
            before = whole[:stopped]
            after = list(self._pages(cursor=_cursor_after(before)))
            got = _state(iter([*before, *after]))
            _expect(
                got.keys() == _state(iter(whole)).keys(),
                f"stopped after page {stopped}, it does not end with the same items",
            )

    def test_its_second_pull_finds_nothing_new(self) -> None:
        """From the last cursor, no item is new or different."""
        whole = list(self._pages())
        before = {(page.listing, item.key): item for page in whole for item in page.items}
        for page in self._pages(cursor=_cursor_after(whole)):
            for item in page.items:
                known = before.get((page.listing, item.key))
                _expect(known is not None, "a second pull gives an item the first did not")
                _expect(item == known, "a second pull gives an item that is different")

    def test_it_survives_malformed_records(self) -> None:
        """Nonsense between the records of every list costs none of the others."""
        before = _state(self._pages())
        broken = self._read_tape().with_bodies(_with_nonsense)
        after = _state(self._pages(tape_session(self._loaded(), broken, self.options)))
        lost = len(before.keys() - after.keys())
        _expect(not lost, f"{lost} items are lost beside malformed records")

    def test_its_items_hold_no_token(self) -> None:
        """What the tape sent as secrets is in no item and no cursor."""
        secrets = _secrets(self._read_tape())
        told = "\n".join(repr(page) for page in self._pages())
        _expect(not any(one in told for one in secrets), "a token is in what it gives")

    # ── for a plugin's own tests ─────────────────────────────────────────────────────────

    def _loaded(self) -> Loaded:
        return load_folder(self.folder)

    def _read_tape(self) -> Tape:
        if self.tape is NO_TAPE:
            return Tape(())
        _expect(self.tape.is_dir(), "there is no folder of this name for a tape")
        return read_tape(self.tape)

    def _session(self) -> TapeSession:
        return tape_session(self._loaded(), self._read_tape(), self.options)

    def _connect(self, session: TapeSession) -> Any:  # noqa: ANN401 - whatever the author wrote
        log = logging.getLogger("jolidrive.testing.plugin")
        context = Context(session=session, log=log, options=dict(self.options))
        return self._loaded().open(context)

    def _pages(
        self, session: TapeSession | None = None, cursor: Cursor = None
    ) -> Iterator[Page]:
        playing = session or self._session()
        return play_pages(self._loaded(), playing, self.options, cursor)


def _expect(fulfilled: bool, told: str) -> None:  # noqa: FBT001 - reads as assert does
    if not fulfilled:
        raise AssertionError(told)


def _items(pages: Iterator[Page] | list[Page]) -> Iterator[Item]:
    for page in pages:
        yield from page.items


def _state(pages: Iterator[Page]) -> dict[str, Item]:
    """What is there after these pages, listings that were completed taken into account."""
    there: dict[str, Item] = {}
    for page in pages:
        below = tuple(f"{path}/" for path in page.gone_below)
        for key, item in list(there.items()):
            if key in page.gone or (below and f"{item.folder or ''}/".startswith(below)):
                del there[key]
        there.update((item.key, item) for item in page.items)
    return there


def _cursor_after(pages: list[Page]) -> Cursor:
    """The last cursor told, as it comes back from the store."""
    told = [page.cursor for page in pages if page.cursor is not None]
    cursor: Cursor = json.loads(json.dumps(told[-1])) if told else None
    return cursor


def _with_nonsense(body: Json) -> Json:
    if isinstance(body, str):
        return _xml_with_nonsense(body)
    if isinstance(body, dict):
        return {name: _with_nonsense(value) for name, value in body.items()}
    if isinstance(body, list):
        inside = [_with_nonsense(one) for one in body]
        records = any(isinstance(one, dict) for one in body)
        return [*_MALFORMED, *inside, *_MALFORMED] if records else inside
    return body


def _xml_with_nonsense(text: str) -> str:
    """Empty and broken members in a WebDAV listing; other texts stay."""
    for prefix in ("D:", "d:", ""):
        end = f"</{prefix}multistatus>"
        if end in text:
            response = f"{prefix}response"
            broken = (
                f"<{response}/><{response}><{prefix}href>%ff%fe</{prefix}href></{response}>"
            )
            return text.replace(end, broken + end)
    return text


def _secrets(tape: Tape) -> set[str]:
    """Values of at least eight characters that the tape's requests sent as secrets."""
    found: set[str] = set()
    for exchange in tape.exchanges:
        found.update(_secrets_of(exchange))
    return found


def _secrets_of(exchange: Exchange) -> Iterator[str]:
    for pairs in (exchange.query, _flat(exchange.sent)):
        for name, value in pairs:
            if any(secret in name.lower() for secret in _SECRET_NAMES):
                yield from (part for part in value.split() if len(part) >= 8)


def _flat(value: Json, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from _flat(one, inner)
    elif isinstance(value, str):
        yield name, value
