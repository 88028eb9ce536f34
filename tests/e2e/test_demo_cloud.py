"""The program against the demo cloud, over real sockets: every promise of its OAuth is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jolidrive.cli.demo import HeadlessAsker
from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive
from jolidrive.errors import ConsentRefusedError, SignInNeededError
from jolidrive.model.receipt import RemoteOutcome
from jolidrive.settings import write_settings
from jolidrive.vault.keyring import MemoryKeys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.sockets


def visitor(*, allow: bool = True) -> HeadlessAsker:
    return HeadlessAsker(HeadlessBrowser(allow=allow))


@pytest.fixture
def cloud() -> Iterator[DemoCloud]:
    with DemoCloud(busy_every=0, token_life_s=3600) as running:
        yield running


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    profile = tmp_path / "profile"
    write_settings(profile / "settings.toml", audience="demo")
    with Drive.open(profile, keys=MemoryKeys()) as opened:
        yield opened


def test_everything_is_read_followed_found_and_revoked(cloud: DemoCloud, drive: Drive) -> None:
    account = drive.connect("demo_files", {"server": cloud.base}, asker=visitor())
    first = drive.sync(account)
    assert first.adds_up
    assert first.new > 50
    assert first.content is not None
    assert sum(first.content.failed.values()) == 1  # the paper that is broken on purpose
    assert drive.search("capercaillie").total == 1  # a word inside a PDF
    assert drive.search("故乡").total == 1  # and one inside a text, in Chinese
    assert drive.search("in:Vercors kind:document").total == 3
    assert drive.search("kind:photo has:place").total > 0  # told by EXIF alone

    cloud.door.grants.expire_access()
    cloud.advance()
    second = drive.sync(account)
    assert (second.new, second.changed, second.removed) == (1, 1, 1)
    assert cloud.door.grants.open_grants == 1
    assert drive.search("in:eleven").total > 3  # the folder was renamed, by its id alone

    receipt = drive.revoke(account)
    assert receipt.remote.outcome is RemoteOutcome.REVOKED
    assert cloud.door.grants.open_grants == 0
    assert drive.search("").total == 0


def test_who_says_no_leaves_nothing_behind(cloud: DemoCloud, drive: Drive) -> None:
    with pytest.raises(ConsentRefusedError):
        drive.connect("demo_photos", {"server": cloud.base}, asker=visitor(allow=False))
    assert not drive.accounts()
    assert cloud.door.grants.open_grants == 0


def test_a_grant_that_ended_at_the_service_asks_to_sign_in_and_keeps_the_items(
    cloud: DemoCloud, drive: Drive
) -> None:
    account = drive.connect("demo_social", {"server": cloud.base}, asker=visitor())
    items = drive.sync(account).new
    cloud.door.grants.end_all()
    with pytest.raises(SignInNeededError):
        drive.sync(account)
    assert drive.accounts()[0].state.value == "sign_in"
    assert drive.search("").total == items
