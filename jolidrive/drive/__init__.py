"""Drive: the one object both fronts and every script hold. It builds and joins all parts."""

from __future__ import annotations

from .facade import Drive
from .worker import open_worker

__all__ = ["Drive", "open_worker"]
