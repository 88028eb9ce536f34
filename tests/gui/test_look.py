"""Colours from one table, with the contrasts look.md promises."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from jolidrive.gui.binding import keep_none
from jolidrive.gui.tokens import DARK, KIND_TONE, LIGHT, SERIES, Tone, contrast, rgba
from jolidrive.model.item import Kind

if TYPE_CHECKING:
    from jolidrive.gui.app import Running

SURFACES = (
    Tone.WINDOW,
    Tone.CONTENT,
    Tone.RAISED,
    Tone.SUNKEN,
    Tone.HOVER,
    Tone.PRESSED,
    Tone.SELECTION,
    Tone.SELECTION_IDLE,
    Tone.ACCENT_SOFT,
)
TEXTS = (
    Tone.TEXT,
    Tone.TEXT_2,
    Tone.TEXT_3,
    Tone.ACCENT,
    Tone.DANGER,
    Tone.SUCCESS,
    Tone.WARNING,
)
ON_FILLS = (
    (Tone.ON_ACCENT, Tone.ACCENT_FILL),
    (Tone.ON_ACCENT, Tone.ACCENT_HOVER),
    (Tone.ON_DANGER, Tone.DANGER_FILL),
    (Tone.ON_MARK, Tone.MARK),
    (Tone.DANGER, Tone.DANGER_SOFT),
    (Tone.SUCCESS, Tone.SUCCESS_SOFT),
    (Tone.WARNING, Tone.WARNING_SOFT),
    (Tone.TEXT_2, Tone.WARNING_SOFT),
    (Tone.TEXT_2, Tone.DANGER_SOFT),
    (Tone.TEXT_2, Tone.SUCCESS_SOFT),
)
CONTROL_SURFACES = (Tone.WINDOW, Tone.CONTENT, Tone.RAISED, Tone.SUNKEN, Tone.HOVER)


@pytest.mark.parametrize("table", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reaches_four_and_a_half_on_every_surface(table: dict[Tone, str]) -> None:
    for text, surface in (*itertools.product(TEXTS, SURFACES), *ON_FILLS):
        assert contrast(table[text], table[surface]) >= 4.45, (text, surface)


@pytest.mark.parametrize("table", [LIGHT, DARK], ids=["light", "dark"])
def test_borders_rings_and_kinds_reach_three(table: dict[Tone, str]) -> None:
    borders = itertools.product((Tone.CONTROL, Tone.FOCUS), CONTROL_SURFACES)
    icons = itertools.product(KIND_TONE.values(), CONTROL_SURFACES)
    charts = itertools.product(SERIES, (Tone.RAISED,))
    for tone, surface in (*borders, *icons, *charts):
        assert contrast(table[tone], table[surface]) >= 2.95, (tone, surface)


def test_both_tables_know_every_colour_and_every_kind() -> None:
    assert set(LIGHT) == set(DARK) == set(Tone)
    assert set(KIND_TONE) == set(Kind)
    assert rgba(LIGHT[Tone.SCRIM])[3] == 0x66


def test_the_palette_follows_the_scheme(running: Running) -> None:
    running.look.set_scheme("dark")
    palette = QApplication.palette()
    assert palette.color(QPalette.ColorRole.Window).name().upper() == DARK[Tone.WINDOW]
    assert palette.color(QPalette.ColorRole.Accent).name().upper() == DARK[Tone.ACCENT_FILL]
    running.look.set_scheme("light")
    palette = QApplication.palette()
    assert palette.color(QPalette.ColorRole.Base).name().upper() == LIGHT[Tone.CONTENT]


def test_a_missing_icon_or_mark_is_drawn_all_the_same(running: Running) -> None:
    icons = running.look.icons
    blank = QPixmap(32, 32)
    blank.fill("transparent")
    for drawn in (
        icons.icon("no-such-icon", Tone.TEXT, 16, 2),
        icons.mark("no-such-service", 16, 2, tone=Tone.TEXT_2),
    ):
        assert drawn.size() == blank.size()
        assert drawn.toImage() != blank.toImage()


def test_an_icon_is_drawn_once_for_a_size_and_a_ratio(running: Running) -> None:
    icons = running.look.icons
    once = icons.icon("search", Tone.TEXT, 16, 2)
    assert icons.icon("search", Tone.TEXT, 16, 2).cacheKey() == once.cacheKey()
    assert icons.icon("search", Tone.TEXT, 16, 1).cacheKey() != once.cacheKey()


def test_text_is_never_smaller_than_eight_points(running: Running) -> None:
    assert running.look.font(-20).pointSizeF() == 8.0


def test_painting_does_not_use_up_none(running: Running) -> None:
    keep_none()
    assert sys.getrefcount(None) > 1 << 30
