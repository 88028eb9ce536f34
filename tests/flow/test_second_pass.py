"""The second pass: what is inside files is found, once, whatever happens in between."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from threading import Event as Pause
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from jolidrive.cli.demo import HeadlessAsker
from jolidrive.demo.browser import HeadlessBrowser
from jolidrive.demo.cloud import DemoCloud
from jolidrive.drive import Drive
from jolidrive.errors import CancelledError, SignInNeededError
from jolidrive.model.events import PageStored
from jolidrive.settings import write_settings
from jolidrive.store.account_store import AccountStore
from jolidrive.sync import enrich
from jolidrive.vault.passphrase import PassphraseKeys
from tests.fake.letters import HOST, Letters, connect
from tests.fake.wire import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.model.account import Account
    from jolidrive.model.balance import Balance

ROOT = Path(__file__).parents[2]
TAKEN, GPS = 0x9003, 0x8825


def a_photo(width: int = 1600, height: int = 900) -> bytes:
    """A picture that is hard to make small, taken in 2019 at a place."""
    noise = Image.effect_noise((width, height), 120)
    picture = Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180)))
    exif = Image.Exif()
    exif.get_ifd(0x8769)[TAKEN] = "2019:06:14 09:42:00"
    exif.get_ifd(GPS).update({1: "N", 2: (43.0, 9.0, 0.0), 3: "W", 4: (4.0, 48.0, 0.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=80)
    return out.getvalue()


@pytest.fixture
def service() -> Letters:
    texts = {f"t{number}": f"meadow number {number}".encode() for number in range(6)}
    contents = {**texts, "photo": a_photo(), "dated": a_photo(), "broken": b"%PDF-1.4 no"}
    file = {"has_content": True}
    items = [
        *({**file, "key": key, "mime": "text/plain", "title": f"{key}.txt"} for key in texts),
        {**file, "key": "photo", "kind": "photo", "mime": "image/jpeg", "title": "a.jpg"},
        {
            **file, "key": "dated", "kind": "photo", "mime": "image/jpeg", "title": "b.jpg",
            "created_at": "2001-02-03T04:05:06+00:00",
        },
        {**file, "key": "broken", "mime": "application/pdf", "title": "c.pdf"},
        {**file, "key": "missing", "mime": "text/plain", "title": "d.txt"},
        {**file, "key": "film", "kind": "video", "mime": "video/mp4", "title": "e.mp4"},
        {"key": "plain"},
    ]  # fmt: skip
    return Letters(pages=[{"items": items}], contents=contents)


@pytest.fixture
def drive(tmp_path: Path, service: Letters) -> Iterator[Drive]:
    with service.drive(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def account(drive: Drive) -> Account:
    return connect(drive)


def content_of(drive: Drive, account: Account, *, full: bool = False) -> Balance:
    content = drive.sync(account, full=full).content
    assert content is not None
    assert content.adds_up
    return content


def asked_for(service: Letters, key: str) -> int:
    return sum((request.url or "").endswith(f"/content/{key}") for request in service.sent)


def test_words_inside_files_are_found_with_their_excerpts(
    drive: Drive, account: Account
) -> None:
    balance = content_of(drive, account)
    assert balance.new == 8
    assert balance.failed == {"PDF that cannot be opened": 1, "unexpected reply (404)": 1}
    assert balance.skipped == {"no reader for this format": 1}
    page = drive.search("meadow 3")
    assert [(hit.key, hit.excerpt) for hit in page.hits] == [("t3", "meadow number 3")]
    assert content_of(drive, account).new == 0


def test_what_a_picture_tells_fills_only_what_the_service_left_open(
    drive: Drive, account: Account
) -> None:
    content_of(drive, account)
    for _ in range(2):
        photo, dated = drive.item(account, "photo").item, drive.item(account, "dated").item
        assert (photo.width, photo.height) == (1600, 900)
        assert photo.created_at is not None
        assert photo.created_at.date().isoformat() == "2019-06-14"
        assert photo.place is not None
        assert photo.place.lat == pytest.approx(43.15)
        assert photo.place.lon == pytest.approx(-4.8)
        assert dated.created_at is not None
        assert dated.created_at.year == 2001
        assert drive.search("kind:photo has:place date:2019").total == 1
        assert content_of(drive, account, full=True).new == 0


def test_thumbnails_are_small_pictures(drive: Drive, account: Account) -> None:
    content_of(drive, account)
    data = drive.thumbnail(account, "photo")
    assert data is not None
    assert len(data) <= 24_000
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "WEBP"
        assert max(picture.size) <= 512
        assert picture.size[0] / picture.size[1] == pytest.approx(16 / 9, abs=0.02)
    assert drive.thumbnail(account, "t1") is None


def test_without_contents_they_are_left_for_later(
    drive: Drive, account: Account, service: Letters
) -> None:
    assert drive.sync(account, content=False).content is None
    assert asked_for(service, "t1") == 0
    assert drive.search("meadow").total == 0
    assert content_of(drive, account).new == 8
    assert drive.search("meadow").total == 6


def test_a_stop_in_the_middle_keeps_what_was_read_and_reads_nothing_twice(
    drive: Drive, account: Account, service: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrich, "BATCH", 2)
    stop = drive.new_stop(account)

    def after_some(event: PageStored) -> None:
        if event.phase == "content" and event.seen >= 4:
            stop.ask()

    drive.hub.subscribe(PageStored, after_some)
    outcome = drive.run_sync(account, stop=stop)
    assert isinstance(outcome.error, CancelledError)
    assert outcome.balance.content is not None
    assert outcome.balance.content.new == 4
    assert drive.search("meadow").total == 4
    assert content_of(drive, account).new == 4
    assert [asked_for(service, f"t{number}") for number in range(6)] == [1] * 6


def test_a_grant_that_ends_in_the_middle_keeps_what_was_read(
    drive: Drive, account: Account, service: Letters
) -> None:
    service.instead = lambda path: Said(401) if path.endswith("/t4") else None
    outcome = drive.run_sync(account)
    assert isinstance(outcome.error, SignInNeededError)
    assert drive.search("meadow").total == 4
    service.instead = None
    assert connect(drive).id == account.id
    assert content_of(drive, account).new == 4


def test_a_file_that_fails_is_tried_three_times_and_a_changed_one_again(
    drive: Drive, account: Account, service: Letters
) -> None:
    for _ in range(5):
        content_of(drive, account)
    assert asked_for(service, "broken") == 3
    service.contents["broken"] = b"now it is text"
    service.pages.append({"items": [{
        "key": "broken", "title": "c.txt", "mime": "text/plain", "has_content": True,
        "content_hash": "2",
    }]})  # fmt: skip
    assert content_of(drive, account).new == 1
    assert drive.search("now it is text").total == 1


def test_an_address_the_gate_refuses_is_one_line_of_the_balance(
    drive: Drive, account: Account, service: Letters
) -> None:
    away = {"thumbnail": "https://elsewhere.example/small.jpg"}
    service.pages[0]["items"].insert(0, {"key": "away", **away})
    service.pages[0]["items"][1] |= away
    balance = content_of(drive, account)
    assert balance.skipped["address that may not be contacted (HostNotAllowedError)"] == 1
    assert balance.new == 8
    assert drive.search("meadow").total == 6
    assert all(HOST in (request.url or "") for request in service.sent)


# ── kills ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sockets
def test_a_second_pass_that_is_killed_ends_complete(tmp_path: Path) -> None:
    profile, secret = tmp_path / "profile", tmp_path / "passphrase"
    secret.write_text("open sesame\n")
    write_settings(profile / "settings.toml", audience="demo")
    with DemoCloud(busy_every=0, token_life_s=3600) as cloud:
        keys = PassphraseKeys(profile / "keys.sealed", "open sesame")
        with Drive.open(profile, keys=keys) as drive:
            asker = HeadlessAsker(HeadlessBrowser())
            account = drive.connect("demo_files", {"server": cloud.base}, asker=asker)
            drive.sync(account, content=False)
        folder = profile / "accounts" / account.id
        all_of_them = waiting(folder)
        assert all_of_them > 20
        for part in (0.95, 0.7, 0.5, 0.2):
            kill_when(folder, int(all_of_them * part), sync_command(profile, secret))
        with Drive.open(profile, keys=keys) as drive:
            last = drive.sync(account).content
            assert last is not None
            assert last.seen < all_of_them
            assert waiting(folder) == 0
            assert drive.search("capercaillie").total == 1
            overview = drive.overview(account)
            thumbnails = [hit for hit in drive.search("", limit=500).hits if hit.has_thumbnail]
            assert overview.items == drive.search("").total
            assert thumbnails
            for hit in thumbnails:
                assert drive.thumbnail(account, hit.key) is not None


def sync_command(profile: Path, secret: Path) -> list[str]:
    return [
        sys.executable, "-m", "jolidrive", "--profile", str(profile),
        "--passphrase-file", str(secret), "sync",
    ]  # fmt: skip


def waiting(folder: Path) -> int:
    store = AccountStore.open(folder, read_only=True)
    try:
        return store.pending_count()
    finally:
        store.close()


def kill_when(folder: Path, few: int, command: list[str]) -> None:
    """Starts the program, and kills it once no more than `few` contents wait."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None and waiting(folder) > few:
            Pause().wait(0.002)
    finally:
        process.kill()
        process.wait(30)
