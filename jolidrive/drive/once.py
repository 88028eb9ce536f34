"""Parts that are made when first needed, and once only, whatever the number of threads.

Why not `functools.cached_property`: since Python 3.12 it takes no lock, and two gates or two
ledgers of one profile would each hold half of the truth.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_LOCK = "_making"


class Makes:
    """Base of whoever has parts made once: one lock, as making one may need another."""

    def __init__(self) -> None:
        self._making = threading.RLock()

    def made(self, name: str) -> bool:
        """Whether a part was made already."""
        return name in vars(self)


class once(Generic[T]):  # noqa: N801 - used as a decorator, like `property`
    """A part of a `Makes`, made at the first use."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Makes, owner: type) -> T: ...

    def __get__(self, instance: Makes | None, owner: type) -> Self | T:
        """The part; later uses find it in the object itself and never come here."""
        if instance is None:
            return self
        with getattr(instance, _LOCK):
            there = vars(instance)
            if self._name not in there:
                there[self._name] = self._make(instance)
            return cast("T", there[self._name])
