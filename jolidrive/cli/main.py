"""The command line: `jolidrive [--profile DIR] VERB`.

Exit code 0 is fine, 1 failed (a sentence on standard error), 2 a mistake in the call. Verbs
live in their own modules; here is the one place where errors become sentences.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jolidrive import __version__
from jolidrive.errors import DiskFullError, JolidriveError
from jolidrive.wording import sentence

from . import accounts, care, demo, find, plugin
from .context import Call, Front
from .output import say, speak_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True, slots=True)
class _Window:
    """How a window is opened, told from outside: this module may not see one."""

    open: Callable[[str | None], int]
    demo: Callable[[str | None], int]


@click.group(
    invoke_without_command=True,
    context_settings={"max_content_width": 100},
    epilog="Without a verb the window opens.",
)
@click.option(
    "--profile",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="JOLIDRIVE_PROFILE",
    help="Folder of the profile (also: JOLIDRIVE_PROFILE).",
)
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Its first line opens (or makes) the passphrase file, where there is no keyring.",
)
@click.version_option(__version__, prog_name="jolidrive")
@click.pass_context
def _jolidrive(
    context: click.Context, profile: Path | None, passphrase_file: Path | None
) -> None:
    """Every cloud you use, as one private drive on your own computer."""
    window: _Window = context.obj
    front = Front(window.open, window.demo)
    context.obj = Call(profile=profile, passphrase_file=passphrase_file, front=front)
    if context.invoked_subcommand is None:
        context.exit(window.open(str(profile) if profile else None))


for _verb in (
    *accounts.VERBS,
    *find.VERBS,
    *plugin.VERBS,
    *care.VERBS,
    *demo.VERBS,
):
    _jolidrive.add_command(_verb)


def run(
    arguments: Sequence[str],
    *,
    open_window: Callable[[str | None], int],
    window_demo: Callable[[str | None], int],
) -> int:
    """Runs one call and returns its exit code."""
    logging.getLogger("jolidrive").addHandler(logging.NullHandler())
    speak_utf8(sys.stdout, sys.stderr)
    try:
        code = _jolidrive.main(
            args=list(arguments),
            prog_name="jolidrive",
            standalone_mode=False,
            obj=_Window(open_window, window_demo),
        )
    except (click.exceptions.Exit, SystemExit) as leaving:
        code = leaving.exit_code if isinstance(leaving, click.exceptions.Exit) else leaving.code
    except click.Abort:
        code = _told("Stopped. What was stored before stays.")
    except click.ClickException as mistake:
        mistake.show()
        code = mistake.exit_code
    except JolidriveError as trouble:
        code = _told(sentence(trouble))
    except BrokenPipeError:
        # Whoever read has enough; what is still to be written would only complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as trouble:
        code = _told(_of_the_system(trouble))
    return code if isinstance(code, int) else 0


def _of_the_system(trouble: OSError) -> str:
    """What the system refused, in a sentence."""
    if trouble.errno in {errno.ENOSPC, errno.EDQUOT}:
        return sentence(DiskFullError())
    where = f" ({trouble.filename})" if trouble.filename else ""
    return f"This computer refused something: {trouble.strerror or 'no reason told'}{where}."


def _told(line: str) -> int:
    say(line)
    return 1


def verbs() -> Iterable[str]:
    """The names of all verbs (README and its test use it)."""
    return sorted(_jolidrive.commands)
