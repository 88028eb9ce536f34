"""A folder of real documents from this machine, and the words that tell them apart."""

from __future__ import annotations

import re
import shutil
import sysconfig
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PLACES = (
    ROOT / "resources" / "demo" / "content",
    Path("/usr/share/doc"),
    Path(sysconfig.get_path("stdlib")) / "test",
)
MOST_BYTES = 1_000_000
WANTED = {
    ".pdf": 20,
    ".html": 60,
    ".md": 60,
    ".txt": 120,
    ".png": 25,
    ".jpg": 15,
    ".jpeg": 15,
    ".gz": 40,
    "": 150,
}
READ_AS_TEXT = {".html", ".md", ".txt", ""}
_WORD = re.compile(r"(?<!\w)[a-z]{7,14}(?!\w)")


def copy_documents(target: Path, *, share: float = 1.0) -> None:
    """Some of each format from each place, where they are, under `target`."""
    for place in PLACES:
        left = {ending: max(3, round(most * share)) for ending, most in WANTED.items()}
        for path in _files(place):
            if left.get(path.suffix, 0) <= 0:
                continue
            left[path.suffix] -= 1
            copy = target / place.name / path.relative_to(place)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _files(place: Path) -> Iterator[Path]:
    for path in sorted(place.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < MOST_BYTES:
            yield path


def keys_on_disk(folder: Path) -> set[str]:
    """Every file as a path below the folder, from the file system alone."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def telling_words(folder: Path, ending: str) -> dict[str, str]:
    """Files of one format, each with a word that stands in its text and in no other file."""
    everywhere = {path: _words(path) for path in _files(folder)}
    in_paths = set(_WORD.findall(" ".join(keys_on_disk(folder)).lower()))
    files = Counter(word for words in everywhere.values() for word in words)
    told: dict[str, str] = {}
    for path, words in everywhere.items():
        own = [word for word in words if files[word] == 1 and word not in in_paths]
        if path.suffix == ending and own:
            told[path.relative_to(folder).as_posix()] = max(own, key=lambda w: (len(w), w))
    return told


def _words(path: Path) -> set[str]:
    return set(_WORD.findall(_text(path).lower()))


def _text(path: Path) -> str:
    if path.suffix == ".pdf":
        return _pdf_text(path)
    if path.suffix not in READ_AS_TEXT:
        return ""
    raw = path.read_bytes().decode("utf-8", "replace")
    return _Shown(raw).text if path.suffix == ".html" else raw


def _pdf_text(path: Path) -> str:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return ""
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


class _Shown(HTMLParser):
    """The text of a page by the standard library, tags apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style", "head"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style", "head"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data + " "
