from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jolidrive.gui.facet_panel import FacetPanel
from jolidrive.model.result import FacetName, FacetValue

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from jolidrive.gui.app import Running


def test_new_rows_stand_below_each_other_at_once(qtbot: QtBot, running: Running) -> None:
    panel = FacetPanel(running.look)
    qtbot.addWidget(panel)
    panel.resize(180, 600)
    panel.show()
    names = (FacetName.TAG, FacetName.PEOPLE, FacetName.PLACE)
    values = tuple(FacetValue(f"v{i}", 9 - i) for i in range(5))
    panel.show_facets(dict.fromkeys(names, values), {}, {})
    for name in names:
        rows = [panel.row(name, value.value) for value in values]
        tops = [row.y() for row in rows if row is not None]
        assert [below - above for above, below in pairwise(tops)] == [24] * 4
