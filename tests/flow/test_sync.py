"""Syncing as a whole: nothing lost, nothing doubled, everything accounted for."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests

from jolidrive.api import Wanted
from jolidrive.cli.context import Call
from jolidrive.cli.main import run
from jolidrive.drive import Drive
from jolidrive.errors import CancelledError, OfflineError, StoreBusyError
from jolidrive.model.events import AccountConnected, AccountRevoked, Event, PageStored
from jolidrive.store.account_lock import AccountLock
from jolidrive.sync import run as running
from jolidrive.sync.pull import Pull
from tests.fake.children import Child
from tests.fake.letters import Letters, connect, letters
from tests.fake.wire import Said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jolidrive.model.account import Account
    from jolidrive.model.balance import Balance


@pytest.fixture
def service() -> Letters:
    return Letters(pages=[letters(f"{page}a", f"{page}b") for page in range(5)])


@pytest.fixture
def drive(tmp_path: Path, service: Letters) -> Iterator[Drive]:
    with service.drive(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def account(drive: Drive) -> Account:
    return connect(drive)


def synced(drive: Drive, account: Account, **how: Any) -> Balance:
    balance = drive.sync(account, **how)
    assert balance.adds_up
    assert balance.content is None or balance.content.adds_up
    return balance


def keys_of(drive: Drive) -> set[str]:
    return {hit.key for hit in drive.search("", limit=500).hits}


def cursors(service: Letters) -> list[str]:
    return [
        (request.url or "").partition("cursor=")[2]
        for request in service.sent
        if "/page" in (request.url or "")
    ]


# ── stopping and going on ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("after", range(1, 5))
def test_a_sync_stopped_after_any_page_goes_on_with_the_next(
    drive: Drive, account: Account, service: Letters, after: int
) -> None:
    stop, stored = drive.new_stop(account), 0

    def count(event: PageStored) -> None:
        nonlocal stored
        stored += event.phase == "listing"
        if stored == after:
            stop.ask()

    subscription = drive.hub.subscribe(PageStored, count)
    outcome = drive.run_sync(account, stop=stop)
    subscription.close()
    assert isinstance(outcome.error, CancelledError)
    assert outcome.balance.adds_up
    assert outcome.balance.new == after * 2
    assert len(keys_of(drive)) == after * 2
    assert synced(drive, account).new == 10 - after * 2
    assert len(keys_of(drive)) == 10
    # No page was stored twice: one may be asked for again, because its answer was not kept.
    assert set(cursors(service)) >= {"null", "1", "2", "3", "4"}
    assert synced(drive, account).seen == 0


def test_what_a_page_brings_and_its_cursor_are_stored_together_or_not_at_all(
    drive: Drive, account: Account, service: Letters
) -> None:
    service.instead = lambda _: (
        requests.ConnectionError() if len(cursors(service)) > 2 else None
    )
    outcome = drive.run_sync(account)
    assert isinstance(outcome.error, OfflineError)
    assert outcome.balance.new == len(keys_of(drive)) == 4
    service.instead = None
    assert synced(drive, account).new == 6


def test_a_full_listing_that_was_stopped_goes_on_and_drops_what_is_gone(
    drive: Drive, account: Account, service: Letters
) -> None:
    synced(drive, account)
    service.pages[0] = letters("0a")
    del service.pages[4]
    stop = drive.new_stop(account)
    subscription = drive.hub.subscribe(PageStored, lambda _: stop.ask())
    outcome = drive.run_sync(account, full=True, stop=stop)
    subscription.close()
    assert isinstance(outcome.error, CancelledError)
    assert len(keys_of(drive)) == 10
    balance = synced(drive, account)
    assert (balance.unchanged, balance.removed) == (6, 3)
    assert keys_of(drive) == {"0a", "1a", "1b", "2a", "2b", "3a", "3b"}


def test_a_refused_cursor_lists_everything_anew_and_loses_nothing(
    drive: Drive, account: Account, service: Letters
) -> None:
    synced(drive, account)
    drive.mark(account, "0a", starred=True, note="keep")
    service.pages.append(letters("new"))
    del service.pages[1]
    refused: list[str] = []

    def refuse_once(path: str) -> Said | None:
        if path == "/page" and not refused:
            refused.append(path)
            return Said(410)
        return None

    service.instead = refuse_once
    balance = synced(drive, account)
    assert (balance.new, balance.unchanged, balance.removed) == (1, 8, 2)
    assert drive.item(account, "0a").marks.note == "keep"


# ── what pages say ───────────────────────────────────────────────────────────────────────


def test_a_bad_record_never_fails_its_page(
    drive: Drive, account: Account, service: Letters
) -> None:
    good = {"key": "good", "people": ["Maya"]}
    bad: list[dict[str, Any]] = [
        {"key": ""}, {"key": 7}, {"key": "k", "kind": "selfie"}, {"key": "odd", "size": -5},
    ]  # fmt: skip
    service.pages = [{"items": [good, *bad], "skipped": [["s1", "system file"]]}]
    balance = synced(drive, account)
    assert (balance.seen, balance.new) == (6, 2)
    assert balance.failed == {"no usable key": 2, "unknown kind": 1}
    assert balance.skipped == {"system file": 1}
    assert keys_of(drive) == {"good", "odd"}


def test_what_is_gone_vanishes_by_key_and_by_folder(
    drive: Drive, account: Account, service: Letters
) -> None:
    service.pages = [letters("a", folder="x/y"), letters("b", folder="x"), letters("c", "d")]
    synced(drive, account)
    service.pages += [{"gone": ["c", "never"], "gone_below": ["x/y"]}]
    balance = synced(drive, account)
    assert (balance.seen, balance.removed) == (0, 2)
    assert keys_of(drive) == {"b", "d"}
    assert drive.search("letter").total == 2


def test_a_listing_anew_takes_away_only_what_it_held(
    drive: Drive, account: Account, service: Letters
) -> None:
    liked = {**letters("both", "liked"), "listing": "likes", "complete": True}
    saved = {**letters("both", "saved"), "listing": "saved", "complete": True}
    service.pages = [liked, saved]
    synced(drive, account)
    service.pages += [{**letters("saved"), "listing": "saved", "complete": True}]
    assert synced(drive, account).removed == 0
    service.pages += [{"items": [], "listing": "likes", "complete": True}]
    assert synced(drive, account).removed == 2
    assert keys_of(drive) == {"saved"}


@pytest.mark.parametrize("year", ["0001", "1600", "2300", "9999"])
def test_a_date_nobody_can_index_becomes_none_and_stays_readable(
    drive: Drive, account: Account, service: Letters, year: str
) -> None:
    service.pages = [letters("a", created_at=f"{year}-05-06T07:08:09+00:00")]
    synced(drive, account)
    item = drive.item(account, "a").item
    assert item.created_at is None
    assert year in str(item.extra["created_at_raw"])
    facets = drive.search("", facets=["year"]).facets
    assert [(v.value, v.count) for values in facets.values() for v in values] == [(None, 1)]


def test_only_what_the_person_wanted_is_kept(drive: Drive, service: Letters) -> None:
    service.pages = [letters("a"), letters("b", kind="photo")]
    kinds = frozenset({next(iter(Wanted().kinds - {"document"}))})
    account = drive.connect("letters", {"token": "t"}, wanted=Wanted(kinds=kinds))
    balance = synced(drive, account)
    assert balance.seen == 2
    assert sum(balance.skipped.values()) >= 1
    assert "a" not in keys_of(drive)


# ── marks ────────────────────────────────────────────────────────────────────────────────


def test_marks_survive_a_full_listing_and_a_mark_never_makes_a_sync_wait_in_vain(
    drive: Drive, account: Account, service: Letters
) -> None:
    synced(drive, account)
    for number in range(5):
        drive.mark(account, "0a", starred=True, add_tags=[f"t{number}"], note="mine")
        synced(drive, account, full=True)
    marks = drive.item(account, "0a").marks
    assert (marks.starred, marks.note) == (True, "mine")
    assert set(marks.tags) == {f"t{number}" for number in range(5)}
    assert drive.search("is:starred tag:t4").total == 1


# ── events ───────────────────────────────────────────────────────────────────────────────


def heard(drive: Drive, kind: type[Event] = Event) -> list[Event]:
    events: list[Event] = []
    drive.hub.subscribe(kind, events.append)
    return events


def test_progress_is_told_in_order(drive: Drive, account: Account, service: Letters) -> None:
    service.contents = {"0a": b"a word: meadow"}
    service.pages[0]["items"][0] |= {
        "has_content": True,
        "mime": "text/plain",
        "title": "a.txt",
    }
    events = heard(drive)
    synced(drive, account)
    names = [type(event).__name__ for event in events if type(event).__name__ != "IndexChanged"]
    assert names == [
        "SyncStarted", *["PageStored"] * 5, "SyncStarted", "PageStored", "SyncFinished",
    ]  # fmt: skip
    seen = [event.seen for event in events if isinstance(event, PageStored)]
    assert seen == [2, 4, 6, 8, 10, 1]
    assert "IndexChanged" in {type(event).__name__ for event in events}
    assert drive.search("meadow").total == 1


def test_what_another_program_did_is_told_once_and_never_swallowed(
    drive: Drive, service: Letters, tmp_path: Path
) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"key": "1", "kind": "post", "title": "a line"}))
    with service.drive(tmp_path / "profile") as other:
        mine, theirs = heard(drive, AccountConnected), heard(other, AccountConnected)
        drive.look()
        other.look()
        lines = drive.connect("jsonl", {"path": str(file)})
        post = connect(drive)
        other.look()
        other.look()
        assert [event.account for event in mine] == [lines.id, post.id]
        # Both are told by one look: in which order, nobody promised.
        assert sorted(event.account for event in theirs) == sorted((lines.id, post.id))
        gone, gone_there = heard(drive, AccountRevoked), heard(other, AccountRevoked)
        other.revoke(lines)
        drive.sync(post)  # notices it on the way
        other.look()
        assert [event.account for event in gone] == [lines.id]
        assert [event.account for event in gone_there] == [lines.id]


def test_a_revoke_is_told_once_however_often_somebody_looks(
    drive: Drive, account: Account
) -> None:
    synced(drive, account)
    gone, done = heard(drive, AccountRevoked), threading.Event()

    def look() -> None:
        while not done.is_set():
            drive.look()

    looking = threading.Thread(target=look)
    looking.start()
    drive.revoke(account)
    done.set()
    looking.join()
    drive.look()
    assert [(event.account, getattr(event, "receipt", None) is None) for event in gone] == [
        (account.id, False)
    ]


# ── states ───────────────────────────────────────────────────────────────────────────────


def test_who_waits_for_a_sign_in_waits_on_while_the_network_is_away(
    drive: Drive, account: Account, service: Letters
) -> None:
    synced(drive, account)
    for answer, state in (
        (Said(401), "sign_in"),
        (requests.ConnectionError(), "sign_in"),
        (None, "ready"),
        (requests.ConnectionError(), "trouble"),
        (None, "ready"),
    ):
        service.instead = lambda _, said=answer: said
        drive.run_sync(account)
        assert drive.accounts()[0].state == state
        assert drive.search("letter").total == 10
        due = drive.overview(account).next_at
        assert (due is None) == (state == "sign_in")
    outcomes = [record.outcome for record in drive.history(account)]
    assert outcomes[:3] == ["finished", "OfflineError", "finished"]


def test_a_new_sign_in_brings_the_new_name_and_is_due_at_once(
    drive: Drive, account: Account, service: Letters
) -> None:
    synced(drive, account)
    assert drive.due() == []
    service.instead = lambda _: Said(401)
    drive.run_sync(account)
    service.instead = None
    assert connect(drive).id == account.id
    assert drive.accounts()[0].state == "ready"
    assert drive.due() == [account.id]


# ── several at once ──────────────────────────────────────────────────────────────────────


def test_a_second_sync_of_the_same_account_names_the_first(
    drive: Drive, account: Account, service: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOCK_WAIT_S", 0.0)
    began, go_on = threading.Event(), threading.Event()

    def wait(path: str) -> None:
        if path == "/page":
            began.set()
            assert go_on.wait(30)

    service.instead = wait
    first = threading.Thread(target=drive.sync, args=(account,))
    first.start()
    assert began.wait(30)
    with pytest.raises(StoreBusyError) as busy:
        drive.sync(account)
    go_on.set()
    first.join()
    assert busy.value.holder == f"sync, process {os.getpid()}"
    assert drive.search("letter").total == 10


def test_a_revoke_ends_a_sync_of_another_process_and_nothing_comes_back(tmp_path: Path) -> None:
    profile, file = tmp_path / "profile", tmp_path / "lines.jsonl"
    with file.open("w") as out:
        for number in range(60_000):
            line = {"key": str(number), "kind": "post", "title": f"palimpsest {number}"}
            out.write(json.dumps(line) + "\n")
    with Drive.open(profile) as drive, Child(profile) as child:
        account = drive.connect("jsonl", {"path": str(file)})
        child.ask(do="sync", account=account.id)
        while drive.overview(account).items == 0:
            pass
        receipt = drive.revoke(account)
        assert receipt.left == ()
        assert child.answer() == {"done": "AccountGoneError"}
        assert drive.accounts() == []
        assert drive.search("palimpsest").total == 0
    with Drive.open(profile):
        pass
    assert not list((profile / "accounts").iterdir())


# ── the command line ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def cli(tmp_path: Path, service: Letters, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Arguments of the command line, which now speaks to the service of this test."""
    monkeypatch.setattr(Call, "drive", lambda call: service.drive(call.folder))
    return ("--profile", str(tmp_path / "profile"))


def call(*arguments: str) -> int:
    def no_window(_argument: str | None) -> int:
        raise AssertionError("no window was asked for")

    return run(arguments, open_window=no_window, window_demo=no_window)


def lines_of(tmp_path: Path, count: int) -> str:
    file = tmp_path / "many.jsonl"
    with file.open("w") as out:
        for number in range(count):
            out.write(json.dumps({"key": str(number), "kind": "post", "title": "line"}) + "\n")
    return f"path={file}"


def test_ctrl_c_stops_cleanly_and_the_next_sync_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("--profile", str(tmp_path / "profile"))
    assert call(*where, "connect", "jsonl", "--no-sync", "--set", lines_of(tmp_path, 2500)) == 0
    keep = Pull._keep

    def interrupted(self: Pull, page: object, tally: Any) -> None:
        keep(self, page, tally)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patch:
        patch.setattr(Pull, "_keep", interrupted)
        capsys.readouterr()
        assert call(*where, "sync", "--json") == 1
    out, err = capsys.readouterr()
    assert signal.getsignal(signal.SIGINT) is before
    assert json.loads(out)[0]["sync"]["new"] == 1000
    assert "Stopped. What was stored before stays." in err
    assert call(*where, "sync", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["sync"]["new"] == 1500


def test_one_busy_account_keeps_no_other_from_its_turn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOCK_WAIT_S", 0.0)
    profile = tmp_path / "profile"
    with Drive.open(profile) as drive:
        paths = [lines_of(tmp_path, 3).partition("=")[2]]
        copy = tmp_path / "copy.jsonl"
        copy.write_text((tmp_path / "many.jsonl").read_text())
        made = sorted(drive.connect("jsonl", {"path": path}).id for path in (*paths, str(copy)))
        held = AccountLock(drive._shared.profile, made[0], verb="backup")
        with held:
            assert call("--profile", str(profile), "sync", "--json") == 1
    out, err = capsys.readouterr()
    first, second = json.loads(out)
    assert (first["account"], first["sync"]) == (made[0], None)
    assert "Another program is working on this account (backup" in err
    assert second["sync"]["new"] == 3


def test_an_account_whose_first_sync_fails_is_told_all_the_same(
    cli: tuple[str, ...], service: Letters, capsys: pytest.CaptureFixture[str]
) -> None:
    service.instead = lambda path: Said(503) if path == "/page" else None
    assert call(*cli, "connect", "letters", "--set", "token=t", "--json") == 1
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["account"]
    assert told["sync"]["seen"] == 0
    assert "is in trouble" in told["error"]
    assert "is in trouble" in err
    assert call(*cli, "accounts", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["account"] == told["account"]
