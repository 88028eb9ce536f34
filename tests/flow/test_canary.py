"""Plant unmistakable words, use the program, revoke: nothing of them is left anywhere."""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jolidrive.cli.demo import HeadlessAsker
from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive
from jolidrive.rights.verify import verify_erasure
from jolidrive.settings import write_settings
from jolidrive.vault.keyring import MemoryKeys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.model.account import Account

WORDS = ("xanthochroi", "zyxomma", "東京都庁", "Ærøskøbing")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    write_settings(folder / "settings.toml", audience="demo")
    return folder


@pytest.fixture
def cloud() -> Iterator[DemoCloud]:
    with DemoCloud(busy_every=0) as running:
        yield running


def connect_all(drive: Drive, cloud: DemoCloud) -> list[Account]:
    asker = HeadlessAsker(HeadlessBrowser())
    return [
        drive.connect(entry.id, {"server": cloud.base}, asker=asker)
        for entry in drive.services()
        if entry.demo
    ]


@pytest.mark.sockets
def test_after_a_revoke_no_word_name_picture_or_token_is_left(
    profile: Path, cloud: DemoCloud, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Drive.open(profile, keys=MemoryKeys()) as drive:
        accounts = connect_all(drive, cloud)
        for account in accounts:
            assert drive.sync(account).adds_up
        cloud.advance()
        for account in accounts:
            drive.sync(account)
        hits = drive.search("", limit=400).hits
        people = {name for hit in hits for name in hit.people if " " in name}
        titles = {hit.title for hit in hits if len(hit.title) > 20}
        pictures = [
            picture
            for hit in hits[:60]
            if (picture := drive.thumbnail(hit.account, hit.key)) is not None
        ]
        assert people
        assert titles
        assert pictures
        drive.mark(hits[0].account, hits[0].key, add_tags=[WORDS[0]], note=WORDS[1])
        tokens = [tokens_of(drive, account) for account in accounts]
        for account in accounts:
            receipt = drive.revoke(account)
            assert receipt.remote.outcome == "revoked"
            assert receipt.left == ()
        assert [hit.excerpt for hit in hits] == [""] * len(hits)
        assert drive.search("").total == 0
    secret_words = [
        *WORDS[:2],
        *sorted(people)[:5],
        *sorted(titles)[:10],
        *(token for pair in tokens for token in pair),
    ]
    assert not verify_erasure(profile, secret_words).found
    for folder in (profile, home, Path(tempfile.gettempdir()) / "jolidrive"):
        everything = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
        for picture in pictures:
            assert not any(picture[200:600] in content for content in everything)
    for word in secret_words:
        assert word not in caplog.text


def tokens_of(drive: Drive, account: Account) -> list[str]:
    secrets = drive._shared.vault.load(account.id)
    assert secrets is not None
    assert secrets.token is not None
    return [str(secrets.token["access_token"]), str(secrets.token["refresh_token"])]


@pytest.mark.sockets
def test_a_revoke_takes_only_its_own_account_along(profile: Path, cloud: DemoCloud) -> None:
    with Drive.open(profile, keys=MemoryKeys()) as drive:
        first, second, *_ = connect_all(drive, cloud)
        drive.sync(first)
        drive.sync(second)
        before = drive.search("").total
        mine = next(a for a in drive.accounts() if a.account == second.id)
        drive.revoke(first)
        after = next(a for a in drive.accounts() if a.account == second.id)
        assert mine.items == after.items == drive.search("").total < before


@pytest.mark.sockets
def test_the_typed_host_is_cut_from_the_ledger_and_its_counts_stay(
    profile: Path, cloud: DemoCloud
) -> None:
    with Drive.open(profile, keys=MemoryKeys()) as drive:
        account = connect_all(drive, cloud)[0]
        drive.sync(account)
        host = cloud.base.removeprefix("http://")
        assert host in {contact.host for contact in drive.contacts()}
        others = [a.account for a in drive.accounts() if a.account != account.id]
        for other in others:
            drive.revoke(other)
        calls = sum(c.calls for c in drive.contacts() if c.account == account.id)
        drive.revoke(account)
        assert host not in {contact.host for contact in drive.contacts()}
        assert sum(c.calls for c in drive.contacts() if c.account == account.id) >= calls
    assert not verify_erasure(profile, [host]).found


@pytest.mark.sockets
def test_a_token_that_ended_is_refreshed_and_a_grant_that_is_gone_asks_to_sign_in_again(
    profile: Path,
) -> None:
    with (
        DemoCloud(busy_every=0, token_life_s=1) as cloud,
        Drive.open(profile, keys=MemoryKeys()) as drive,
    ):
        account = next(a for a in connect_all(drive, cloud) if a.service == "demo_files")
        before = tokens_of(drive, account)
        cloud.door.grants.expire_access()
        assert drive.sync(account).new > 0
        assert tokens_of(drive, account) != before
        items = drive.search("").total
        cloud.door.grants.end_all()
        outcome = drive.run_sync(account)
        assert type(outcome.error).__name__ == "SignInNeededError"
        summary = next(a for a in drive.accounts() if a.account == account.id)
        assert summary.state == "sign_in"
        assert drive.search("").total == items
        again = drive.connect(
            "demo_files", {"server": cloud.base}, asker=HeadlessAsker(HeadlessBrowser())
        )
        assert again.id == account.id
        assert drive.sync(account).adds_up


@pytest.mark.sockets
def test_somebody_who_says_no_leaves_nothing_behind(profile: Path, cloud: DemoCloud) -> None:
    asker = HeadlessAsker(HeadlessBrowser(allow=False))
    with Drive.open(profile, keys=MemoryKeys()) as drive:
        with pytest.raises(Exception, match=r"Demo Files|demo_files") as refused:
            drive.connect("demo_files", {"server": cloud.base}, asker=asker)
        assert type(refused.value).__name__ == "ConsentRefusedError"
        assert drive.accounts() == []
        assert list((profile / "accounts").glob("*")) == []
        assert cloud.base.removeprefix("http://") not in {c.host for c in drive.contacts()}


def test_marks_and_words_vanish_with_a_local_account_too(profile: Path, tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    with file.open("w") as out:
        for number, word in enumerate(WORDS):
            item = {"key": str(number), "kind": "post", "title": word, "text": word * 3}
            out.write(json.dumps(item) + "\n")
    with Drive.open(profile) as drive:
        account = drive.connect("jsonl", {"path": str(file)})
        drive.sync(account)
        drive.mark(account, "0", add_tags=["tagged-zyx"], note="noted-zyx", starred=True)
        assert verify_erasure(profile, ["xanthochroi"]).found
        drive.revoke(account)
    assert not verify_erasure(profile, [*WORDS, "tagged-zyx", "noted-zyx"]).found
