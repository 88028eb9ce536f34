"""Results as rows with an excerpt."""

from __future__ import annotations

from PySide6.QtCore import QSize

from .tile_view import TileView
from .tokens import LIST_ROW


class ListView(TileView):
    """One row a line, 72 high."""

    def measure(self, width: int) -> tuple[int, QSize]:
        """All of the width."""
        return 1, QSize(width, LIST_ROW)
