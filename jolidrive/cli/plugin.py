"""Verbs for plugins: list, approve, check, pull."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from jolidrive.errors import ManifestInvalidError
from jolidrive.wording import sentence

from .accounts import option_values
from .output import balance_json, print_json, say, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jolidrive.api import Item
    from jolidrive.testing import Played

    from .context import Call


@click.group()
def plugin() -> None:
    """Your own plugins: list, approve, check, and try them on recorded exchanges."""


@plugin.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_plugins(call: Call, as_json: bool) -> None:
    """Lists every plugin, shipped or yours, and what is wrong with it, if anything."""
    with call.drive() as drive:
        entries = drive.plugins()
    if as_json:
        print_json(
            [
                {
                    "id": entry.id,
                    "shipped": entry.shipped,
                    "state": entry.state.value,
                    "reasons": list(entry.reasons),
                    "folder": str(entry.folder),
                }
                for entry in entries
            ]
        )
        return
    for entry in entries:
        origin = "shipped" if entry.shipped else "yours"
        print(f"{entry.id:<16} {origin:<8} {entry.state.value}")
        for reason in entry.reasons:
            print(f"{'':<16} ! {reason}")


@plugin.command()
@click.argument("plugin_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def approve(call: Call, plugin_id: str, as_json: bool) -> None:
    """Lets a plugin of yours run, as it is now. A changed one asks again."""
    with call.drive() as drive:
        fingerprint = drive.approve_plugin(plugin_id)
    if as_json:
        print_json({"id": plugin_id, "hash": fingerprint})
    else:
        say("A Python plugin can do whatever you can do. Approve only what you trust.")
        print(f"{plugin_id} may run now ({fingerprint[:16]}…).")


@plugin.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def check(folder: Path, as_json: bool) -> None:
    """Reads a plugin's manifest and tells all its problems; runs none of its code."""
    from jolidrive.api.manifest_reader import read_manifest  # noqa: PLC0415 - only here

    problems: Sequence[str] = ()
    try:
        name = read_manifest(folder).id
    except ManifestInvalidError as invalid:
        name, problems = invalid.plugin, invalid.problems
    if as_json:
        print_json({"id": name, "problems": list(problems)})
    else:
        for problem in problems:
            print(f"! {problem}")
        if not problems:
            print(f"{name}: nothing to mend.")
    if problems:
        raise SystemExit(1)


@plugin.command()
@click.argument("plugin_id", metavar="ID")
@click.option(
    "--tape", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--set", "pairs", multiple=True, metavar="K=V")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def pull(call: Call, plugin_id: str, tape: Path, pairs: Sequence[str], as_json: bool) -> None:
    """Replays recorded exchanges through a plugin and shows the items. Nothing is stored."""
    from jolidrive.accounts.options import options_for_tape  # noqa: PLC0415 - only here
    from jolidrive.testing import play, read_tape  # noqa: PLC0415 - only for plugin authors

    with call.drive() as drive:
        loaded = drive.load_plugin(plugin_id)
        options = options_for_tape(loaded.manifest, option_values(pairs))
        replay = play(loaded, read_tape(tape), options)
    if as_json:
        print_json(
            {
                "items": [_item(item) for item in replay.items],
                "sync": balance_json(replay.balance),
                "missing": [{"method": m.method, "url": m.url} for m in replay.missing],
            }
        )
        _tell_error(replay)
        return
    for item in replay.items:
        print(f"{item.kind.value:<9} {item.key}  {item.title}")
    for missing in replay.missing:
        say(f"not on the tape: {missing.method} {missing.url}")
    _tell_error(replay)


def _tell_error(replay: Played) -> None:
    if replay.error is not None:
        say(sentence(replay.error))
        raise SystemExit(1)


def _item(item: Item) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415 - only here

    values = asdict(item)
    values["created_at"] = when(item.created_at)
    values["changed_at"] = when(item.changed_at)
    return values


VERBS: Final = (plugin,)
