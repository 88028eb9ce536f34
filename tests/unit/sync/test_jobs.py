from __future__ import annotations

import io
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from jolidrive.errors import (
    AccountGoneError,
    CancelledError,
    DiskFullError,
    OfflineError,
    RateLimitedError,
    SignInNeededError,
)
from jolidrive.hub import Hub
from jolidrive.model.balance import Balance
from jolidrive.model.events import (
    AccountConnected,
    AccountRevoked,
    PageStored,
    SyncFinished,
    SyncStarted,
)
from jolidrive.sync import job
from jolidrive.sync.follow import Following
from jolidrive.sync.job import MOST_REASONS, OTHERS, Stop, Tally
from jolidrive.sync.schedule import is_due, next_after_success, next_after_trouble
from jolidrive.sync.wire import event_line, read_command, read_event
from jolidrive.sync.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def test_a_balance_adds_up() -> None:
    tally = Tally()
    tally.new, tally.changed, tally.unchanged = 3, 2, 1
    tally.skip({"system file": 2})
    tally.fail({"broken": 1})
    balance = tally.balance()
    assert (balance.seen, balance.adds_up) == (9, True)


def test_reasons_are_bounded_and_nothing_is_lost() -> None:
    tally = Tally()
    for number in range(MOST_REASONS + 50):
        tally.skip({f"line {number}": 1})
    balance = tally.balance()
    assert len(balance.skipped) == MOST_REASONS + 1
    assert balance.skipped[OTHERS] == 50
    assert balance.adds_up


def test_a_job_ends_by_wish_or_because_its_account_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job, "LOOK_EVERY_S", 0.0)
    reachable = True
    stop = Stop("a1", lambda: reachable)
    stop.check()
    stop.ask()
    with pytest.raises(CancelledError):
        stop.check()
    reachable = False
    with pytest.raises(AccountGoneError):
        stop.check()


def test_waiting_doubles_after_each_failure_and_ends_at_six_hours() -> None:
    waits = [
        next_after_trouble(NOW, OfflineError("example.org"), failures, HALF_HOUR)
        for failures in (1, 2, 3, 50)
    ]
    assert waits == [
        NOW + timedelta(minutes=5),
        NOW + timedelta(minutes=10),
        NOW + timedelta(minutes=20),
        NOW + timedelta(hours=6),
    ]


def test_a_service_that_asks_for_more_patience_gets_it() -> None:
    trouble = RateLimitedError("example.org", retry_after_s=7200)
    assert next_after_trouble(NOW, trouble, 1, HALF_HOUR) == NOW + timedelta(hours=2)


def test_an_expired_sign_in_waits_for_the_person() -> None:
    assert next_after_trouble(NOW, SignInNeededError(), 1, HALF_HOUR) is None
    assert not is_due(NOW, None)


def test_an_account_is_due_at_its_time() -> None:
    due = next_after_success(NOW, HALF_HOUR)
    assert not is_due(NOW, due)
    assert is_due(NOW + HALF_HOUR, due)


def test_events_survive_the_wire() -> None:
    inner = Balance(seen=1, failed={"broken": 1})
    event = SyncFinished(account="a1", balance=Balance(seen=2, new=2, content=inner))
    assert read_event(event_line(event)) == event
    page = PageStored(account="a1", phase="content", seen=3)
    assert read_event(event_line(page)) == page


@pytest.mark.parametrize("line", ["", "[]", "nonsense", '{"event": "PageStored"}'])
def test_lines_of_no_protocol_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_event(line)


def test_lines_of_another_kind_are_no_event() -> None:
    assert read_event('{"event": "Later"}') is None
    assert read_command('{"do": "quit"}') == {"do": "quit"}


class _Index:
    def __init__(self, *, fails: bool = False) -> None:
        self.follows = 0
        self.closed = False
        self.abandoned = threading.Event()
        self._fails = fails

    def follow(self) -> bool:
        if self._fails:
            raise DiskFullError
        self.follows += 1
        return self.follows == 1

    def abandon(self) -> None:
        self.abandoned.set()

    def close(self) -> None:
        self.closed = True


def test_the_index_has_followed_to_the_end_when_a_job_ends() -> None:
    index, commits = _Index(), []
    with Following("a1", index, lambda: commits.append(1)):
        pass
    assert (index.follows, len(commits), index.closed) == (2, 1, True)


class _SlowIndex(_Index):
    def follow(self) -> bool:
        assert self.abandoned.wait(30)
        return False


def test_nobody_waits_for_the_index_of_an_account_that_goes() -> None:
    index = _SlowIndex()
    with Following("a1", index, lambda: None, gone=lambda: True):
        pass
    assert index.abandoned.is_set()
    assert index.closed


def test_trouble_with_the_index_ends_the_job_and_lets_the_writer_go() -> None:
    index = _Index(fails=True)
    with pytest.raises(DiskFullError), Following("a1", index, lambda: None):
        pass
    assert index.closed


class _Runner:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.started = threading.Event()
        self.ended: list[tuple[str, bool]] = []

    def new_stop(self, account: str) -> Stop:
        return Stop(account, lambda: True)

    def run(self, account: str, stop: Stop, *, full: bool, content: bool) -> None:
        self._hub.publish(SyncStarted(account=account))
        self.started.set()
        while not stop.stopping():
            threading.Event().wait(0.001)
        self.ended.append((account, full and content))


def test_the_worker_runs_one_job_an_account_and_stops_all_when_its_input_ends() -> None:
    hub, out = Hub(), io.StringIO()
    runner = _Runner(hub)

    def commands() -> Iterator[str]:
        yield '{"do": "sync", "account": "a1", "full": true}\n'
        yield '{"do": "sync", "account": "a1"}\n'
        yield "no command\n"
        runner.started.wait(10)

    Worker(runner, hub, out).serve(commands())
    assert runner.ended == [("a1", True)]
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines == [{"event": "SyncStarted", "account": "a1", "phase": "listing"}]


def test_a_paused_worker_starts_nothing() -> None:
    hub, out = Hub(), io.StringIO()
    runner = _Runner(hub)
    lines = ['{"do": "pause"}', '{"do": "sync", "account": "a1"}', '{"do": "quit"}']
    Worker(runner, hub, out).serve(lines)
    assert runner.ended == []


class _Slow(_Runner):
    """A job that ends some time after it was asked to."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)
        self.may_end = threading.Event()

    def run(self, account: str, stop: Stop, *, full: bool, content: bool) -> None:
        super().run(account, stop, full=full, content=content)
        assert self.may_end.wait(10)


def test_a_sync_wished_while_its_job_is_stopping_begins_after_it() -> None:
    runner = _Slow(Hub())

    def commands() -> Iterator[str]:
        yield '{"do": "sync", "account": "a1"}'
        assert runner.started.wait(10)
        yield '{"do": "stop", "account": "a1"}'
        yield '{"do": "sync", "account": "a1", "full": true}'
        runner.started.clear()
        runner.may_end.set()
        assert runner.started.wait(10)

    Worker(runner, Hub(), io.StringIO()).serve(commands())
    assert runner.ended == [("a1", False), ("a1", True)]


def test_a_worker_tells_of_jobs_and_leaves_accounts_to_the_window() -> None:
    hub, out = Hub(), io.StringIO()
    Worker(_Runner(hub), hub, out)
    hub.publish(AccountRevoked(account="a1"))
    hub.publish(AccountConnected(account="a2", service="jsonl", label="x"))
    hub.publish(PageStored(account="a3"))
    assert [json.loads(line)["account"] for line in out.getvalue().splitlines()] == ["a3"]


def test_a_mistake_of_our_own_is_logged_without_what_it_says(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub = Hub()

    def fails(_: PageStored) -> None:
        raise ValueError("the title of a letter")

    hub.subscribe(PageStored, fails)
    hub.publish(PageStored(account="a1"))
    assert "ValueError at test_jobs.py" in caplog.text
    assert "letter" not in caplog.text
