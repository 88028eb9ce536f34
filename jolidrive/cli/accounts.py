"""Verbs for services and accounts: services, connect, accounts, sync, revoke."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from jolidrive.api.address import fill_host
from jolidrive.errors import JolidriveError, OptionMissingError, UnknownAccountError
from jolidrive.wording import sentence

from .context import TerminalAsker
from .interrupt import Interrupt
from .output import (
    account_json,
    balance_lines,
    connected_json,
    print_json,
    receipt_json,
    say,
    service_json,
    size_text,
    sync_json,
)
from .progress import progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jolidrive.drive import Drive
    from jolidrive.model.balance import Balance
    from jolidrive.model.overview import ServiceEntry

    from .context import Call


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def services(call: Call, as_json: bool) -> None:
    """Lists the services that can be connected, plugins included."""
    with call.drive() as drive:
        entries = drive.services()
    if as_json:
        print_json([service_json(entry) for entry in entries])
        return
    for entry in entries:
        kinds = ", ".join(kind.value for kind in entry.kinds)
        print(f"{entry.id:<14} {entry.name}: {entry.summary}")
        print(f"{'':<14} {kinds} ({entry.flow}, {entry.state.value})")
        for problem in entry.problems:
            print(f"{'':<14} ! {problem}")


@click.command()
@click.argument("service")
@click.option("--set", "pairs", multiple=True, metavar="K=V", help="A value; K=- reads a line.")
@click.option("--no-browser", is_flag=True, help="Only show the address.")
@click.option("--no-sync", is_flag=True, help="Connect, and read nothing yet.")
@click.option("--no-content", is_flag=True, help="Leave files' contents for later.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def connect(
    call: Call,
    service: str,
    pairs: Sequence[str],
    no_browser: bool,
    no_sync: bool,
    no_content: bool,
    as_json: bool,
) -> None:
    """Connects a service. Calling this is the consent: what will be read is printed first."""
    values = option_values(pairs)
    with call.drive() as drive:
        entry = drive.service(service)
        _ask_missing(entry, values)
        _print_sheet(entry, values)
        asker = TerminalAsker(browser=not no_browser)
        account = drive.connect(service, values, asker=asker)
        say(f"Connected: {account.label}")
        balance, error = None, None
        if not no_sync:
            balance, error = _sync_one(drive, account.id, content=not no_content)
    if as_json:
        print_json(connected_json(account, balance, error))
    else:
        print(f"{account.id}  {account.label}")
        _print_balance(balance)
    if error:
        say(error)
        raise SystemExit(1)


def option_values(pairs: Sequence[str]) -> dict[str, str]:
    """The values of `--set name=value`; `-` reads a line of standard input."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{pair}: --set wants name=value")
        values[name] = sys.stdin.readline().rstrip("\r\n") if value == "-" else value
    return values


def _print_sheet(entry: ServiceEntry, values: Mapping[str, str]) -> None:
    """The consent sheet, in words, before anything is contacted."""
    say(f"{entry.name}: {entry.summary}")
    for kind, what in entry.kinds.items():
        say(f"  reads {kind.value}: {what}" if what else f"  reads {kind.value}")
    for reason in entry.reasons:
        say(f"  asks for: {reason}")
    for host in entry.hosts:
        say(f"  contacts {fill_host(host.host, values) or host.host}")
    if entry.stays_out:
        say(f"  stays out: {entry.stays_out}")
    say("  Everything is kept on this computer. Revoking wipes all of it.")


def _ask_missing(entry: ServiceEntry, values: dict[str, str]) -> None:
    """Asks for required values that were not given, on a terminal only."""
    from jolidrive.model.overview import ServiceState  # noqa: PLC0415 - a search needs none

    if entry.state is not ServiceState.READY:
        return
    for option in entry.options:
        if option.name in values or option.default or not option.required:
            continue
        if not sys.stdin.isatty():
            raise OptionMissingError(entry.name, option.name)
        label = option.label or option.name
        values[option.name] = click.prompt(label, hide_input=option.secret, err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def accounts(call: Call, as_json: bool) -> None:
    """Lists the connected accounts."""
    with call.drive() as drive:
        found = drive.accounts()
    if as_json:
        print_json([account_json(summary) for summary in found])
        return
    if not found:
        print("Nothing here yet. jolidrive services lists what can be connected.")
    for one in found:
        synced = f"{one.synced_at:%Y-%m-%d %H:%M}" if one.synced_at else "not yet"
        print(f"{one.account}  {one.service:<12} {one.label}")
        print(
            f"{'':<{len(one.account)}}  {one.state.value}, {one.items:,} items, "
            f"{size_text(one.bytes)}, synced {synced}"
        )


@click.command()
@click.argument("account", nargs=-1)
@click.option("--full", is_flag=True, help="Read everything again.")
@click.option("--no-content", is_flag=True, help="Leave files' contents for later.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def sync(
    call: Call, account: Sequence[str], full: bool, no_content: bool, as_json: bool
) -> None:
    """Reads what is new, of all accounts or those named. Made to be called by a timer."""
    with call.drive() as drive:
        chosen = _chosen(drive, account)
        results = _sync_each(drive, chosen, full=full, content=not no_content)
    if as_json:
        print_json([sync_json(name, balance, error) for name, balance, error in results])
    for name, balance, error in results:
        if not as_json:
            print(name)
            _print_balance(balance)
        if error:
            say(f"{name}: {error}")
    if any(error for _, _, error in results) or len(results) < len(chosen):
        raise SystemExit(1)


def _chosen(drive: Drive, named: Sequence[str]) -> Sequence[str]:
    """The accounts that were named, once all of them are known; all where none was."""
    everything = [one.account for one in drive.accounts()]
    for name in named:
        if name not in everything:
            raise UnknownAccountError(name)
    return named or everything


def _sync_each(
    drive: Drive, chosen: Sequence[str], *, full: bool, content: bool
) -> list[tuple[str, Balance | None, str | None]]:
    """One after another; one that fails or is busy keeps no other from its turn."""
    results: list[tuple[str, Balance | None, str | None]] = []
    interrupt = Interrupt()
    for name in chosen:
        if interrupt.came:
            break
        balance, error = _sync_one(drive, name, full=full, content=content, interrupt=interrupt)
        results.append((name, balance, error))
    return results


def _sync_one(
    drive: Drive,
    account: str,
    *,
    full: bool = False,
    content: bool = True,
    interrupt: Interrupt | None = None,
) -> tuple[Balance | None, str | None]:
    """The balance, and what ended it early; Ctrl+C ends it after what is in hand."""
    stop = drive.new_stop(account)
    with progress(drive), (interrupt or Interrupt()).asks(stop):
        try:
            outcome = drive.run_sync(account, full=full, content=content, stop=stop)
        except JolidriveError as trouble:
            return None, sentence(trouble)
    return outcome.balance, sentence(outcome.error) if outcome.error else None


def _print_balance(balance: Balance | None) -> None:
    if balance is None:
        return
    for line in balance_lines(balance):
        print("  " + line)
    if balance.content:
        for line in balance_lines(balance.content, "contents"):
            print("  " + line)


@click.command()
@click.argument("account")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def revoke(call: Call, account: str, yes: bool, as_json: bool) -> None:
    """Wipes an account: token, items, index, thumbnails, marks, history."""
    with call.drive() as drive:
        if not yes:
            _confirm(drive, account)
        receipt = drive.revoke(account)
    if as_json:
        print_json(receipt_json(receipt))
        return
    print(f"{receipt.service} is gone from this computer. Wiped in {receipt.seconds:.2f} s.")
    print(f"  {receipt.items:,} items, {size_text(receipt.bytes)}")
    print(f"  at the service: {receipt.remote.outcome.value}")
    if receipt.remote.url:
        print(f"  look there: {receipt.remote.url}")


def _confirm(drive: Drive, account: str) -> None:
    preview = drive.preview_revoke(account)
    say(f"{preview.label}: {preview.items:,} items leave this computer.")
    marks = preview.stars + preview.notes + preview.tags
    if marks:
        say(
            f"Your own marks go too: {preview.stars:,} stars, {preview.notes:,} notes, "
            f"{preview.tags:,} tags."
        )
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody can answer here: add --yes.")
    click.confirm("Revoke and wipe?", abort=True, err=True)


VERBS: Final = (services, connect, accounts, sync, revoke)
