"""Publish and subscribe to events, from any thread.

Handlers run in the publisher's thread and may not raise into it: what a handler raises is
logged, and the next handler runs.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from jolidrive.log import places_of
from jolidrive.model.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable

E = TypeVar("E", bound=Event)
_log = logging.getLogger(__name__)


class Subscription(Generic[E]):
    """A handle; `close()` ends the subscription."""

    def __init__(self, hub: Hub, event_class: type[E], handler: Callable[[E], None]) -> None:
        self._hub = hub
        self._entry = (event_class, handler)

    def close(self) -> None:
        """No more events arrive. Closing twice is fine."""
        self._hub.drop(self._entry)


class Hub:
    """Joins those who say what happened with those who want to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handlers: list[tuple[type[Event], Callable[[Any], None]]] = []

    def subscribe(self, event_class: type[E], handler: Callable[[E], None]) -> Subscription[E]:
        """Calls `handler` for each event of this class or one below it."""
        with self._lock:
            self._handlers.append((event_class, handler))
        return Subscription(self, event_class, handler)

    def publish(self, event: Event) -> None:
        """Tells everybody who wants to know, in this thread."""
        with self._lock:
            wanted = [handler for cls, handler in self._handlers if isinstance(event, cls)]
        for handler in wanted:
            try:
                handler(event)
            except Exception as mistake:  # noqa: BLE001 - it must not stop a sync
                _log.error("a handler of %s: %s", type(event).__name__, places_of(mistake))

    def drop(self, entry: tuple[type[Event], Callable[[Any], None]]) -> None:
        """Forgets one subscription (see `Subscription.close`)."""
        with self._lock:
            if entry in self._handlers:
                self._handlers.remove(entry)
