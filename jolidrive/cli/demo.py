"""The demo: headless it walks the whole way and prints each step; else it is the window's.

A throwaway profile, removed at the end; keys stay in memory; nothing leaves the loopback
address.
"""

from __future__ import annotations

import tempfile  # noqa: TID251 - the throwaway profile itself is what must vanish
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from jolidrive.settings import write_settings

from .interrupt import unwinds
from .output import size_text

if TYPE_CHECKING:
    from jolidrive.demo.browser import HeadlessBrowser
    from jolidrive.demo.cloud import DemoCloud
    from jolidrive.drive import Drive
    from jolidrive.model.account import Account
    from jolidrive.model.result import ResultPage

    from .context import Call

SEARCHES: Final = (
    ("picos", "words, in titles, texts and inside files"),
    ("kind:photo has:place date:2019..2021", "photos with a place, of three years"),
    ("with:Maya -service:demo_social", "a person, but not in posts"),
    ("type:pdf invoice", "a word inside a PDF"),
)


@click.command()
@click.option("--headless", is_flag=True, help="Walk the whole way here, without a window.")
@click.option("--shots", type=click.Path(file_okay=False), help="Where screenshots are left.")
@click.pass_obj
def demo(call: Call, headless: bool, shots: str | None) -> None:
    """Shows the whole way on a small cloud on this computer; no account anywhere is needed."""
    if not headless:
        raise SystemExit(call.front.demo(shots))
    walk()


def walk() -> None:
    """Connect, sync, search, filter, revoke: on a real server, with real requests."""
    from jolidrive.demo.cloud import DemoCloud  # noqa: PLC0415 - only the demo needs a server
    from jolidrive.drive import Drive  # noqa: PLC0415 - only here
    from jolidrive.vault.keyring import MemoryKeys  # noqa: PLC0415 - only here

    began_at = time.monotonic()
    with (
        unwinds(),
        tempfile.TemporaryDirectory(prefix="jolidrive-demo-") as folder,
        DemoCloud() as cloud,
    ):
        profile = Path(folder)
        write_settings(profile / "settings.toml", audience="demo")
        print(f"The demo cloud listens at {cloud.base}; the profile is thrown away at the end.")
        with Drive.open(profile, keys=MemoryKeys()) as drive:
            accounts = _connect(drive, cloud)
            _next_day(drive, cloud, accounts)
            _search(drive)
            _revoke(drive, accounts, profile)
    print(f"Done in {time.monotonic() - began_at:.1f} s. The profile is gone.")


def _connect(drive: Drive, cloud: DemoCloud) -> list[Account]:
    from jolidrive.demo.browser import HeadlessBrowser  # noqa: PLC0415 - only here

    accounts = []
    for entry in drive.services():
        if not entry.demo:
            continue
        _step(f"Connect {entry.name}: sign in, say yes on its consent page, read everything")
        asker = HeadlessAsker(HeadlessBrowser())
        account = drive.connect(entry.id, {"server": cloud.base}, asker=asker)
        balance = drive.sync(account)
        accounts.append(account)
        print(f"  {account.label}: {balance.new:,} items in {balance.seconds:.1f} s")
        if balance.content is not None:
            read, failed = balance.content.new, balance.content.failed
            print(f"  {read:,} contents read")
            for reason, count in failed.items():
                print(f"  {count} could not be read: {reason}")
    return accounts


def _next_day(drive: Drive, cloud: DemoCloud, accounts: list[Account]) -> None:
    changes = cloud.advance()
    _step(f"The next day: {changes} things changed or went away; sync again")
    for account in accounts:
        balance = drive.sync(account)
        print(
            f"  {account.label}: {balance.new} new, {balance.changed} changed, "
            f"{balance.removed} removed"
        )


def _search(drive: Drive) -> None:
    for text, what in SEARCHES:
        _step(f"Search {text}   ({what})")
        _print(drive.search(text, limit=3, facets=("service", "kind", "year")))


def _print(page: ResultPage) -> None:
    print(f"  {page.total} found in {page.took_ms:.1f} ms")
    for hit in page.hits:
        day = f"{hit.created_at:%d %b %Y}" if hit.created_at else ""
        print(f"  - {hit.title}  [{hit.kind.value}, {hit.service}] {day}")
        if hit.excerpt:
            print(f"      {' '.join(hit.excerpt.split())[:88]}")
    for name, values in page.facets.items():
        print(f"  {name.value}: " + ", ".join(f"{v.value or 'none'} {v.count}" for v in values))


def _revoke(drive: Drive, accounts: list[Account], profile: Path) -> None:
    from jolidrive.rights.verify import verify_erasure  # noqa: PLC0415 - only here

    for account in accounts:
        _step(f"Revoke {account.label}")
        receipt = drive.revoke(account)
        print(
            f"  {receipt.items:,} items and {size_text(receipt.bytes)} wiped in "
            f"{receipt.seconds:.2f} s; the service says: {receipt.remote.outcome.value}"
        )
    _step("Look for leftovers in the raw bytes of the profile")
    report = verify_erasure(profile, ("Picos", "Maya"))
    print(f"  {report.files} files looked through, {len(report.found)} leftovers")
    print(f"  search now finds {drive.search('').total} items")


def _step(line: str) -> None:
    print(f"\n== {line}")


class HeadlessAsker:
    """Answers a connect's questions as the demo's own browser would."""

    def __init__(self, browser: HeadlessBrowser) -> None:
        self._browser = browser

    def open(self, url: str) -> bool:
        """Visits the consent page and says yes."""
        return self._browser.open(url)

    def show(self, url: str) -> None:
        """Nobody is there to read an address."""

    def trust(self, host: str, fingerprint: str) -> bool:  # noqa: ARG002 - the demo has no certificate
        """Nothing unknown is trusted."""
        return False

    def confirm(self, label: str) -> bool:  # noqa: ARG002 - there is one person
        """It is always the same person."""
        return True

    def cancelled(self) -> bool:
        """Nobody gives up."""
        return False


VERBS: Final = (demo,)
