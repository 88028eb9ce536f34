# ruff: noqa: INP001 - scripts run by hand, no package

"""Draws the demo's illustrations: layered landscapes out of noise. No picture goes in."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

W, H = 1024, 683
SCENES = {
    # name: sky top, sky bottom, far land, near land, sun (x, y, radius, colour) or None, kind
    "dawn": ("#3b5b8c", "#f6c9a0", "#8d9bb8", "#22344f", (0.30, 0.47, 46, "#fff0d0"), "ridges"),
    "noon": ("#4d97cf", "#d9eef7", "#8fb3c9", "#27563f", None, "ridges"),
    "dusk": ("#2b2350", "#f08a5d", "#7a4b73", "#1c1430", (0.66, 0.50, 58, "#ffd27a"), "ridges"),
    "snow": ("#9db4cf", "#eef3f8", "#c9d6e4", "#5f7893", None, "ridges"),
    "forest": ("#c7d8d0", "#eef3ea", "#8fae9d", "#123328", None, "firs"),
    "autumn": ("#e9d8b4", "#fbf1dc", "#d49a5a", "#7a2f1b", (0.72, 0.30, 40, "#fff6d8"), "firs"),
    "sea": ("#2f6fa8", "#fbd9a8", "#3f86a6", "#0d3b57", (0.50, 0.52, 52, "#fff1c4"), "waves"),
    "night-sea": (
        "#0b1230",
        "#3a4f86",
        "#233a66",
        "#060c1e",
        (0.70, 0.22, 34, "#f4f1e2"),
        "waves",
    ),
    "dunes": ("#7fb4d6", "#fbe6c4", "#e6b877", "#a8592a", (0.22, 0.24, 36, "#fffbe6"), "dunes"),
    "lavender": (
        "#8fb7e0",
        "#fbe9d4",
        "#9c86c4",
        "#4a3780",
        (0.78, 0.40, 44, "#fff4cf"),
        "dunes",
    ),
    "terraces": ("#bfe0e8", "#f4f7e0", "#9cc77e", "#2f6a3c", None, "dunes"),
    "city": ("#131a38", "#d3728a", "#3a3860", "#0d0f1f", (0.24, 0.40, 40, "#ffe3b0"), "towers"),
    "harbour": (
        "#20456b",
        "#f5b78e",
        "#4b6a86",
        "#13293d",
        (0.60, 0.50, 48, "#ffe6b8"),
        "towers",
    ),
    "aurora": ("#050b1e", "#12405a", "#123048", "#03070f", None, "aurora"),
}


def draw(scene: str, seed: int) -> Image.Image:
    """One picture; the same scene and seed give the same picture."""
    top, bottom, far, near, sun, kind = SCENES[scene]
    rng = np.random.default_rng(seed)
    picture = _sky(top, bottom)
    if kind == "aurora":
        picture = _aurora(picture, rng)
    if scene in {"night-sea", "aurora", "city"}:
        _stars(picture, rng)
    if sun:
        picture = _sun(picture, sun)
    layers = 6
    for layer in range(layers):
        part = layer / (layers - 1)
        _layer(picture, kind, part, _between(far, near, part), rng)
    grain = rng.normal(0, 3.0, (H, W, 1))
    return Image.fromarray(np.clip(np.asarray(picture, float) + grain, 0, 255).astype("uint8"))


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)


def _between(one: str, two: str, part: float) -> tuple[int, int, int]:
    red, green, blue = (_rgb(one) * (1 - part) + _rgb(two) * part) / 255
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    mixed = colorsys.hls_to_rgb(hue, light, min(1.0, strength * 1.08))
    return tuple(int(value * 255) for value in mixed)  # type: ignore[return-value]


def _sky(top: str, bottom: str) -> Image.Image:
    part = np.clip(np.linspace(0, 1.35, H), 0, 1)[:, None, None] ** 0.9
    return Image.fromarray(
        np.broadcast_to(_rgb(top) * (1 - part) + _rgb(bottom) * part, (H, W, 3)).astype("uint8")
    )


def _sun(picture: Image.Image, sun: tuple[float, float, int, str]) -> Image.Image:
    x, y, radius, colour = sun
    glow = Image.new("L", (W, H), 0)
    box = (x * W - radius, y * H - radius, x * W + radius, y * H + radius)
    ImageDraw.Draw(glow).ellipse(box, fill=255)
    wide = glow.filter(ImageFilter.GaussianBlur(radius * 1.6))
    both = np.clip(
        np.asarray(wide, float) * 0.9
        + np.asarray(glow.filter(ImageFilter.GaussianBlur(1)), float),
        0,
        255,
    )
    return Image.composite(
        Image.new("RGB", (W, H), colour), picture, Image.fromarray(both.astype("uint8"))
    )


def _stars(picture: Image.Image, rng: np.random.Generator) -> None:
    pen = ImageDraw.Draw(picture)
    for x, y, size in zip(
        rng.uniform(0, W, 160),
        rng.uniform(0, H * 0.5, 160),
        rng.uniform(0.4, 1.5, 160),
        strict=True,
    ):
        pen.ellipse((x - size, y - size, x + size, y + size), fill="#e8ecff")


def _aurora(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    light = np.asarray(picture, float)
    rows = np.linspace(0, 1, H)[:, None]
    for colour, centre in (("#3df2a0", 0.42), ("#5ad1ff", 0.34), ("#a86bff", 0.28)):
        edge = centre + 0.10 * _noise(rng, 5) + 0.015 * _noise(rng, 80)
        veil = np.where(rows < edge, np.exp(-(edge - rows) * 7.5), np.exp(-(rows - edge) * 60))
        veil = veil * (0.55 + 0.45 * _noise(rng, 60))
        light = light + veil[..., None] * _rgb(colour) * 0.6
    return Image.fromarray(np.clip(light, 0, 255).astype("uint8")).filter(
        ImageFilter.GaussianBlur(1.2)
    )


def _noise(rng: np.random.Generator, points: int) -> NDArray[np.float64]:
    """A smooth random line over the width, from -1 to 1."""
    known = rng.uniform(-1, 1, points + 3)
    where = np.linspace(0, points, W)
    whole = where.astype(int)
    part = (1 - np.cos((where - whole) * np.pi)) / 2
    return known[whole] * (1 - part) + known[whole + 1] * part


def _ridge(rng: np.random.Generator, rough: float) -> NDArray[np.float64]:
    return sum(_noise(rng, 3 * 2**octave) * rough**octave for octave in range(7))  # type: ignore[return-value]


def _layer(
    picture: Image.Image,
    kind: str,
    part: float,
    colour: tuple[int, int, int],
    rng: np.random.Generator,
) -> None:
    pen = ImageDraw.Draw(picture)
    base = H * (0.48 + 0.44 * part)
    if kind in {"ridges", "aurora"}:
        line = base - _ridge(rng, 0.48) * (95 - 45 * part)
    elif kind == "dunes":
        line = base - (_noise(rng, 2) + 0.35 * _noise(rng, 4)) * (70 - 20 * part)
    elif kind == "waves":
        line = H * (0.56 + 0.36 * part) - _noise(rng, 40) * (1 + 6 * part)
    elif kind == "firs":
        line = base - _noise(rng, 3) * 50
    else:
        line = base + 30 - _towers(rng) * (150 - 60 * part)
    pen.polygon([(0, H), *zip(range(W), line.tolist(), strict=True), (W, H)], fill=colour)
    if kind == "firs":
        _firs(pen, line, part, colour, rng)
    if kind == "towers" and part > 0.35:
        _windows(pen, line, rng)
    if kind == "waves":
        _glints(pen, line, part, rng)


def _towers(rng: np.random.Generator) -> NDArray[np.float64]:
    heights = np.zeros(W)
    x = 0
    while x < W:
        width = int(rng.integers(18, 60))
        heights[x : x + width] = rng.uniform(0.1, 1) ** 1.6
        x += width
    return heights


def _windows(
    pen: ImageDraw.ImageDraw, line: NDArray[np.float64], rng: np.random.Generator
) -> None:
    for x in range(4, W - 4, 9):
        for y in range(int(line[x]) + 8, H, 13):
            if rng.random() < 0.16 and line[x - 3] < y - 4 and line[x + 3] < y - 4:
                pen.rectangle(
                    (x, y, x + 3, y + 4), fill="#ffd890" if rng.random() < 0.8 else "#bfe3ff"
                )


def _firs(
    pen: ImageDraw.ImageDraw,
    line: NDArray[np.float64],
    part: float,
    colour: tuple[int, int, int],
    rng: np.random.Generator,
) -> None:
    for x in range(0, W, max(7, int(22 * part) + 7)):
        at = min(W - 1, x + int(rng.integers(0, 8)))
        tall = rng.uniform(22, 46) * (0.6 + 1.9 * part)
        for step in range(4):
            y = line[at] - tall * (1 - step * 0.22)
            half = tall * (0.07 + 0.055 * step)
            pen.polygon(
                [(at, y), (at - half, y + tall * 0.34), (at + half, y + tall * 0.34)],
                fill=colour,
            )


def _glints(
    pen: ImageDraw.ImageDraw, line: NDArray[np.float64], part: float, rng: np.random.Generator
) -> None:
    for _ in range(26):
        x = int(np.clip(rng.normal(0.55, 0.12) * W, 0, W - 1))
        y = line[x] + rng.uniform(2, 40)
        long = rng.uniform(6, 26) * (0.5 + part)
        pen.line(
            (x - long, y, x + long, y),
            fill="#ffe9bf" if rng.random() < 0.6 else "#bcd8e6",
            width=1 + int(part * 2),
        )
