# ruff: noqa: INP001 - scripts run by hand, no package

"""Sets the demo's PDF files from papers.toml; run by hand, with reportlab and the DejaVu fonts.

Usage: build_papers.py TARGET. It also writes `scan-0042.pdf`, which is broken on purpose: the
balance of the second pass then has a line to show.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

FONTS = Path("/usr/share/fonts/truetype/dejavu")
INK, ACCENT = HexColor("#1E1F22"), HexColor("#0B6472")
STYLES = {
    "title": ParagraphStyle(
        "title", fontName="Bold", fontSize=21, leading=26, textColor=ACCENT
    ),
    "head": ParagraphStyle(
        "head",
        fontName="Bold",
        fontSize=12,
        leading=16,
        spaceBefore=10,
        spaceAfter=3,
        textColor=INK,
    ),
    "text": ParagraphStyle(
        "text", fontName="Plain", fontSize=10.5, leading=15.5, textColor=INK, spaceAfter=5
    ),
}


def main() -> None:
    """Sets all of them."""
    target = Path(sys.argv[1])
    registerFont(TTFont("Plain", FONTS / "DejaVuSerif.ttf"))
    registerFont(TTFont("Bold", FONTS / "DejaVuSans-Bold.ttf"))
    papers = tomllib.loads((Path(__file__).parent / "papers.toml").read_text())["paper"]
    for paper in papers:
        story = [Paragraph(paper["title"], STYLES["title"]), Spacer(0, 6 * mm)]
        for line in paper["body"].strip().splitlines():
            if line == "<page>":
                story.append(PageBreak())
            elif line.startswith("# "):
                story.append(Paragraph(line[2:], STYLES["head"]))
            elif line:
                story.append(Paragraph(line, STYLES["text"]))
        SimpleDocTemplate(
            str(target / paper["file"]),
            pagesize=A4,
            leftMargin=26 * mm,
            rightMargin=26 * mm,
            topMargin=24 * mm,
            bottomMargin=22 * mm,
            title=paper["title"],
            author=paper["author"],
            invariant=1,
        ).build(story)
    whole = (target / papers[0]["file"]).read_bytes()
    (target / "scan-0042.pdf").write_bytes(b"%PDF-1.4\n" + whole[4000:4600])


if __name__ == "__main__":
    main()
