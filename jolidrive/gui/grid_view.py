"""Results as pictures."""

from __future__ import annotations

from PySide6.QtCore import QSize

from .tile_view import TileView
from .tokens import CARD_LEAST, CARD_MOST

PADDING = 6
CAPTIONS = 6 + 17 + 16 + 6
"""Gap, title, line below, and the card's own padding under the picture."""


class GridView(TileView):
    """As many cards in a row as fit, each 168 to 240 wide."""

    wish = 192
    """How wide a card would like to be; a setting, later."""

    @property
    def margin(self) -> tuple[int, int]:
        """A little air around the cards."""
        return (10, 8)

    def measure(self, width: int) -> tuple[int, QSize]:
        """Cards share the width evenly."""
        card = max(CARD_LEAST, min(CARD_MOST, self.wish))
        columns = max(1, round(width / card))
        while columns > 1 and width // columns < CARD_LEAST:
            columns -= 1
        tile = width // columns
        picture = (tile - 2 * PADDING) * 3 // 4
        return columns, QSize(tile, PADDING + picture + CAPTIONS + 4)
