"""Colours and measures of `look.md`, as one table. Values only: nothing here paints.

A test computes every contrast from these tables, so a colour is changed here or nowhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jolidrive.model.item import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


class Tone(StrEnum):
    """Names of colours."""

    WINDOW = "window"
    CONTENT = "content"
    RAISED = "raised"
    SUNKEN = "sunken"
    HOVER = "hover"
    PRESSED = "pressed"
    HAIRLINE = "hairline"
    HAIRLINE_STRONG = "hairline-strong"
    CONTROL = "control"
    SCRIM = "scrim"
    TEXT = "text"
    TEXT_2 = "text-2"
    TEXT_3 = "text-3"
    TEXT_OFF = "text-off"
    ACCENT = "accent"
    ACCENT_HOVER = "accent-hover"
    ACCENT_FILL = "accent-fill"
    ON_ACCENT = "on-accent"
    ACCENT_SOFT = "accent-soft"
    SELECTION = "selection"
    SELECTION_IDLE = "selection-idle"
    FOCUS = "focus"
    MARK = "mark"
    ON_MARK = "on-mark"
    DANGER = "danger"
    DANGER_FILL = "danger-fill"
    ON_DANGER = "on-danger"
    DANGER_SOFT = "danger-soft"
    SUCCESS = "success"
    SUCCESS_SOFT = "success-soft"
    WARNING = "warning"
    WARNING_SOFT = "warning-soft"
    KIND_PHOTO = "kind-photo"
    KIND_VIDEO = "kind-video"
    KIND_MUSIC = "kind-music"
    KIND_DOCUMENT = "kind-document"
    KIND_LINK = "kind-link"
    KIND_PLACE = "kind-place"
    KIND_POST = "kind-post"
    KIND_ACTIVITY = "kind-activity"
    KIND_EVENT = "kind-event"
    KIND_PERSON = "kind-person"
    SERIES_1 = "series-1"
    SERIES_2 = "series-2"
    SERIES_3 = "series-3"
    SERIES_4 = "series-4"
    SERIES_5 = "series-5"
    SERIES_6 = "series-6"
    SERIES_7 = "series-7"
    SERIES_8 = "series-8"
    MAP_LAND = "map-land"
    MAP_WATER = "map-water"
    MAP_COAST = "map-coast"


LIGHT: Final[dict[Tone, str]] = {
    Tone.WINDOW: "#F5F4F1",
    Tone.CONTENT: "#FFFFFF",
    Tone.RAISED: "#FFFFFF",
    Tone.SUNKEN: "#ECEAE5",
    Tone.HOVER: "#EDEBE6",
    Tone.PRESSED: "#E2DFD8",
    Tone.HAIRLINE: "#E1DED7",
    Tone.HAIRLINE_STRONG: "#C8C4BB",
    Tone.CONTROL: "#7E7A71",
    Tone.SCRIM: "#00000066",
    Tone.TEXT: "#1E1F22",
    Tone.TEXT_2: "#4F504D",
    Tone.TEXT_3: "#64635E",
    Tone.TEXT_OFF: "#9B9993",
    Tone.ACCENT: "#0B6472",
    Tone.ACCENT_HOVER: "#084F5B",
    Tone.ACCENT_FILL: "#0B6472",
    Tone.ON_ACCENT: "#FFFFFF",
    Tone.ACCENT_SOFT: "#DCEDEF",
    Tone.SELECTION: "#CFE5E9",
    Tone.SELECTION_IDLE: "#E4E1DB",
    Tone.FOCUS: "#0E7C8C",
    Tone.MARK: "#FFE08A",
    Tone.ON_MARK: "#1E1F22",
    Tone.DANGER: "#AE251D",
    Tone.DANGER_FILL: "#B3261E",
    Tone.ON_DANGER: "#FFFFFF",
    Tone.DANGER_SOFT: "#FBE8E6",
    Tone.SUCCESS: "#246534",
    Tone.SUCCESS_SOFT: "#E2F0E5",
    Tone.WARNING: "#7D4B00",
    Tone.WARNING_SOFT: "#FBEDD0",
    Tone.KIND_PHOTO: "#2B6CD4",
    Tone.KIND_VIDEO: "#6A54D8",
    Tone.KIND_MUSIC: "#A340B4",
    Tone.KIND_DOCUMENT: "#566478",
    Tone.KIND_LINK: "#0A7F68",
    Tone.KIND_PLACE: "#3B7F2D",
    Tone.KIND_POST: "#BC560A",
    Tone.KIND_ACTIVITY: "#CB3B68",
    Tone.KIND_EVENT: "#8A6700",
    Tone.KIND_PERSON: "#8A5A44",
    Tone.SERIES_1: "#0B6472",
    Tone.SERIES_2: "#C06A0B",
    Tone.SERIES_3: "#6A54D8",
    Tone.SERIES_4: "#3B7F2D",
    Tone.SERIES_5: "#CB3B68",
    Tone.SERIES_6: "#566478",
    Tone.SERIES_7: "#8A6700",
    Tone.SERIES_8: "#2B6CD4",
    Tone.MAP_LAND: "#F3F1EC",
    Tone.MAP_WATER: "#DCE5E8",
    Tone.MAP_COAST: "#7E7A71",
}
DARK: Final[dict[Tone, str]] = {
    Tone.WINDOW: "#17191B",
    Tone.CONTENT: "#1D1F22",
    Tone.RAISED: "#26292D",
    Tone.SUNKEN: "#111315",
    Tone.HOVER: "#25282C",
    Tone.PRESSED: "#30343A",
    Tone.HAIRLINE: "#32363B",
    Tone.HAIRLINE_STRONG: "#4A4F57",
    Tone.CONTROL: "#868C95",
    Tone.SCRIM: "#0000008C",
    Tone.TEXT: "#ECECEA",
    Tone.TEXT_2: "#BDBEBA",
    Tone.TEXT_3: "#ADAFAB",
    Tone.TEXT_OFF: "#6C6F73",
    Tone.ACCENT: "#6CC6D2",
    Tone.ACCENT_HOVER: "#8FD8E2",
    Tone.ACCENT_FILL: "#6CC6D2",
    Tone.ON_ACCENT: "#06262B",
    Tone.ACCENT_SOFT: "#163A41",
    Tone.SELECTION: "#1B4650",
    Tone.SELECTION_IDLE: "#33373C",
    Tone.FOCUS: "#6CC6D2",
    Tone.MARK: "#6A5312",
    Tone.ON_MARK: "#FFF4D0",
    Tone.DANGER: "#F39B93",
    Tone.DANGER_FILL: "#C23B32",
    Tone.ON_DANGER: "#FFFFFF",
    Tone.DANGER_SOFT: "#42211E",
    Tone.SUCCESS: "#86CB95",
    Tone.SUCCESS_SOFT: "#1C3524",
    Tone.WARNING: "#E9B963",
    Tone.WARNING_SOFT: "#3C2E11",
    Tone.KIND_PHOTO: "#7DAAF5",
    Tone.KIND_VIDEO: "#A99EF6",
    Tone.KIND_MUSIC: "#D592E0",
    Tone.KIND_DOCUMENT: "#A5B2C4",
    Tone.KIND_LINK: "#4FC3A5",
    Tone.KIND_PLACE: "#86C56F",
    Tone.KIND_POST: "#F0975A",
    Tone.KIND_ACTIVITY: "#F28AA5",
    Tone.KIND_EVENT: "#D9B84A",
    Tone.KIND_PERSON: "#D2A488",
    Tone.SERIES_1: "#6CC6D2",
    Tone.SERIES_2: "#F0975A",
    Tone.SERIES_3: "#A99EF6",
    Tone.SERIES_4: "#86C56F",
    Tone.SERIES_5: "#F28AA5",
    Tone.SERIES_6: "#A5B2C4",
    Tone.SERIES_7: "#D9B84A",
    Tone.SERIES_8: "#7DAAF5",
    Tone.MAP_LAND: "#2A2E33",
    Tone.MAP_WATER: "#14171A",
    Tone.MAP_COAST: "#868C95",
}

KIND_TONE: Final[Mapping[Kind, Tone]] = {kind: Tone(f"kind-{kind.value}") for kind in Kind}
KIND_ICON: Final[Mapping[Kind, str]] = {
    Kind.PHOTO: "image",
    Kind.VIDEO: "film",
    Kind.MUSIC: "music",
    Kind.DOCUMENT: "file-text",
    Kind.LINK: "link",
    Kind.PLACE: "map-pin",
    Kind.POST: "message-square",
    Kind.ACTIVITY: "heart",
    Kind.EVENT: "calendar",
    Kind.PERSON: "user",
}
SERIES: Final = tuple(Tone(f"series-{number}") for number in range(1, 9))

# Logical pixels.
SIDEBAR: Final = 224
RAIL: Final = 56
FACETS: Final = 180
DETAILS: Final = 304
RESULTS_LEAST: Final = 360
TOP_BAR: Final = 56
CHIP_BAR: Final = 44
STATUS: Final = 28
WINDOW_LEAST: Final = (760, 520)
WINDOW_FIRST: Final = (1280, 800)
CARD_LEAST: Final = 168
CARD_MOST: Final = 240
LIST_ROW: Final = 72

# Window widths at which the layout changes.
FACETS_CLOSE: Final = 1280
DETAILS_CLOSE: Final = 1040
SIDEBAR_RAIL: Final = 860


def rgba(hexadecimal: str) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha of `#RRGGBB` or `#RRGGBBAA`."""
    digits = hexadecimal.lstrip("#").ljust(8, "F")
    red, green, blue, alpha = (int(digits[at : at + 2], 16) for at in range(0, 8, 2))
    return red, green, blue, alpha


def contrast(first: str, second: str) -> float:
    """The contrast of two opaque colours, as WCAG 2.2 counts it (1 to 21)."""
    lights = sorted((_luminance(first), _luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in rgba(colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
