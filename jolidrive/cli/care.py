"""Verbs that look after a profile: doctor, verify-erasure, and the worker process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from .output import print_json, say, speak_utf8

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .context import Call


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doctor(call: Call, as_json: bool) -> None:
    """Versions, keyring, profile, indexes in step or not, plugins."""
    with call.drive() as drive:
        findings = drive.examine()
    if as_json:
        print_json([{"what": f.what, "found": f.found, "fine": f.fine} for f in findings])
    else:
        for finding in findings:
            print(f"{'✓' if finding.fine else '!'} {finding.what}: {finding.found}")
    if not all(finding.fine for finding in findings):
        raise SystemExit(1)


@click.command("verify-erasure")
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def verify_erasure(call: Call, text: Sequence[str], as_json: bool) -> None:
    """Looks for TEXT in the whole profile: files, databases, indexes, free pages.

    Exit code 1 and the places when anything is found, or when something could not be read.
    """
    from jolidrive.rights.verify import verify_erasure as look  # noqa: PLC0415 - only here

    report = look(call.folder, text)
    if as_json:
        print_json(
            {
                "found": [{"place": f.place, "how": f.how} for f in report.found],
                "unread": list(report.unread),
                "files": report.files,
                "bytes": report.bytes,
            }
        )
    else:
        for found in report.found:
            print(f"found: {found.place} ({found.how})")
        for place in report.unread:
            print(f"could not be read: {place}")
        say(f"{report.files:,} files, {report.bytes:,} bytes looked through.")
        if not report.found and not report.unread:
            print("Nothing found.")
    if report.found or report.unread:
        raise SystemExit(1)


@click.command()
@click.pass_obj
def work(call: Call) -> None:
    """The worker process: lines of JSON in and out. Started by the window."""
    from jolidrive.drive import open_worker  # noqa: PLC0415 - only here

    speak_utf8(sys.stdin, sys.stdout)
    open_worker(call.folder, sys.stdin, sys.stdout, passphrase=call.passphrase)


VERBS: Final = (doctor, verify_erasure, work)
