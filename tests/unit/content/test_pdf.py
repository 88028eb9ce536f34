from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jolidrive.content import pdf, pdf_child
from jolidrive.content.outcome import Extracted, Trouble
from jolidrive.content.pdf import pdf_text

if TYPE_CHECKING:
    from collections.abc import Callable

    Pdf = Callable[..., bytes]


def test_the_text_of_all_pages_is_read(text_pdf: Pdf) -> None:
    found = pdf_text(text_pdf("Harbour café", "Second page"), most_chars=1000)
    assert found == Extracted("Harbour café\nSecond page")


def test_text_stops_at_the_most_characters(text_pdf: Pdf) -> None:
    found = pdf_text(text_pdf("Harbour", "Second"), most_chars=4)
    assert found == Extracted("Harb", Trouble.PDF_CUT)


def test_pages_that_would_begin_too_late_are_left_out(text_pdf: Pdf) -> None:
    assert pdf_child.read_pdf(text_pdf("Harbour"), 100, until=0.0) == ("pdf_cut", "")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.4\nnonsense", bytes(1000)])
def test_what_is_no_pdf_is_broken(data: bytes) -> None:
    assert pdf_text(data, most_chars=10) == Extracted(trouble=Trouble.PDF_BROKEN)


def test_a_pdf_cut_anywhere_never_raises(text_pdf: Pdf) -> None:
    whole = text_pdf("Harbour", "Second page")
    for length in range(0, len(whole), 97):
        reason, text = pdf_child.read_pdf(whole[:length], 1000, until=float("inf"))
        assert reason in {"", "pdf_broken"}
        assert "Harbour" in text or reason or not text


def test_a_password_is_told(text_pdf: Pdf) -> None:
    locked = text_pdf("Harbour").replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
        b"/O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32),
    )
    found = pdf_text(locked, most_chars=10)
    assert found == Extracted(trouble=Trouble.PDF_ENCRYPTED)


def test_a_small_file_that_would_take_gigabytes_is_ended(pdf_bomb: Pdf) -> None:
    bomb = pdf_bomb(b"q ", 20_000_000)
    assert len(bomb) < 100_000
    found = pdf_text(bomb, most_chars=1000, memory=512 * 1024 * 1024)
    assert found == Extracted(trouble=Trouble.PDF_BROKEN)


def test_a_child_that_hangs_is_ended(text_pdf: Pdf, monkeypatch: pytest.MonkeyPatch) -> None:
    hang = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(pdf, "_command", lambda: hang)
    found = pdf_text(text_pdf("Harbour"), most_chars=1000, seconds=-9)
    assert found == Extracted(trouble=Trouble.PDF_CUT)


def test_a_frozen_program_is_its_own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert pdf._command() == [sys.executable, "read-pdf"]
