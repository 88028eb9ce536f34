"""The text of one PDF, in a process of its own: bytes on standard input, text on output.

Why a process: pdfium cannot be interrupted and takes what it wants. Measured: a file of
195 kB makes it take 16 GB and 18 seconds for one page. Here the system ends it at a limit
and nobody else is harmed. This file is run by its path and may import nothing of Jolidrive.

It prints one line, a reason code or nothing, then the text in UTF-8. It is given: the most
characters, seconds, and bytes of memory.
"""

from __future__ import annotations

import contextlib
import sys
import time


def limit_memory(most: int, seconds: int) -> None:
    """Asks the system to end us when we take more. Windows knows no such limit."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not there on Windows

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_pdf(data: bytes, most_chars: int, until: float) -> tuple[str, str]:
    """The reason why the text is not whole (or nothing), and the text of the pages in time."""
    import pypdfium2  # noqa: PLC0415 - after the limits

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # 4 is FPDF_ERR_PASSWORD, 5 FPDF_ERR_SECURITY.
        return ("pdf_encrypted" if error.err_code in {4, 5} else "pdf_broken"), ""
    pages: list[str] = []
    left = most_chars
    reason = ""
    for number in range(len(document)):
        if left <= 0 or time.monotonic() > until:
            reason = "pdf_cut"
            break
        try:
            page = document[number]
            text: str = page.get_textpage().get_text_range()[:left]
            page.close()
        except pypdfium2.PdfiumError:
            reason = "pdf_broken"
            continue
        pages.append(text)
        left -= len(text)
    return reason, "\n".join(pages)


def main() -> int:
    """Reads, answers, and ends without tidying up: the process is about to be gone."""
    most_chars, seconds, memory = (int(word) for word in sys.argv[-3:])
    limit_memory(memory, seconds + 5)
    until = time.monotonic() + seconds
    reason, text = read_pdf(sys.stdin.buffer.read(), most_chars, until)
    sys.stdout.buffer.write(reason.encode() + b"\n" + text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
