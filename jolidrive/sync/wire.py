"""Events and commands as lines of JSON, between the window and its worker process.

An event goes out as `{"event": class name, …fields}` and comes in as the same class again, so
that the window publishes what happened in the worker as if it had happened in itself.

A command is one of:
    {"keys": {account: base64}}      keys that lie in no system keyring; the first line, if any
    {"do": "sync", "account": id, "full": false, "content": true}
    {"do": "stop", "account": id}
    {"do": "pause"}   {"do": "resume"}   {"do": "quit"}
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any, Final

from jolidrive.model import events
from jolidrive.model.balance import Balance
from jolidrive.model.events import Event

_CLASSES: Final[dict[str, type[Event]]] = {
    cls.__name__: cls
    for cls in vars(events).values()
    if isinstance(cls, type) and issubclass(cls, Event) and cls is not Event
}


def event_line(event: Event) -> str:
    """One line of JSON, without its line end. Receipts stay in the process that made them."""
    values = {"event": type(event).__name__, **asdict(event)}
    values.pop("receipt", None)
    return json.dumps(values)  # ASCII: whatever characters the other side's pipe speaks


def read_event(line: str) -> Event | None:
    """The event of a line; None for a line of another kind.

    Raises:
        ValueError: it is not a line of this protocol.
    """
    values: dict[str, Any] = _object(line)
    cls = _CLASSES.get(values.pop("event", ""))
    if cls is None:
        return None
    known = {f.name for f in fields(cls)}
    kept = {name: value for name, value in values.items() if name in known}
    if isinstance(kept.get("balance"), dict):
        kept["balance"] = _balance(kept["balance"])
    try:
        return cls(**kept)
    except TypeError as trouble:
        raise ValueError("a field is missing") from trouble


def read_command(line: str) -> dict[str, Any]:
    """The command of a line.

    Raises:
        ValueError: it is not an object of JSON.
    """
    return _object(line)


def _object(line: str) -> dict[str, Any]:
    values = json.loads(line)
    if not isinstance(values, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one kind of error for the caller
    return values


def _balance(values: dict[str, Any]) -> Balance:
    content = values.pop("content", None)
    return Balance(**values, content=_balance(content) if isinstance(content, dict) else None)
