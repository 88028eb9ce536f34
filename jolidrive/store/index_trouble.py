"""What Tantivy raises, as our errors. Tantivy tells causes only in the text of a ValueError.

A damaged segment can also make it panic; the binding raises that as `PanicException`, which is
no `Exception`, so it is caught here by name and nowhere else.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jolidrive.errors import DiskFullError, StoreBusyError, StoreDamagedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUSY = ("LockBusy", "Lockfile", "lock")
_FULL = ("os error 28", "No space left", "StorageFull", "os error 112")


@contextmanager
def told_as_ours(account: str) -> Iterator[None]:
    """Turns Tantivy's troubles into StoreError."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise _ours(str(error), account) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise StoreDamagedError("index", account) from None


def _ours(said: str, account: str) -> StoreError:
    if any(sign in said for sign in _FULL):
        return DiskFullError()
    if any(sign in said for sign in _BUSY):
        return StoreBusyError(account, "index")
    return StoreDamagedError("index", account)
