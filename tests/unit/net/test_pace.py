from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jolidrive.errors import CancelledError
from jolidrive.net.pace import Pacer, Watch, wanted_wait_s
from tests.fake.wire import FakeTime

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def watch(time: FakeTime, *, stopped: bool = False) -> Watch:
    return Watch(lambda: stopped, time.timing, 120.0)


def test_a_host_is_asked_at_its_pace_and_another_one_at_once() -> None:
    time = FakeTime()
    pacer = Pacer(time.timing)
    for _ in range(3):
        pacer.take("a:443", 2.0, watch(time))
    assert sum(time.slept) == pytest.approx(1.0)
    pacer.take("b:443", 2.0, watch(time))
    assert sum(time.slept) == pytest.approx(1.0)


def test_no_pace_means_no_wait() -> None:
    time = FakeTime()
    pacer = Pacer(time.timing)
    for _ in range(9):
        pacer.take("a:443", 0, watch(time))
    assert time.slept == []


def test_a_host_that_asked_for_rest_gets_it_from_everybody() -> None:
    time = FakeTime()
    pacer = Pacer(time.timing)
    pacer.hold("a:443", 3.0)
    pacer.take("a:443", 5.0, watch(time))
    assert sum(time.slept) == pytest.approx(3.0)
    assert max(time.slept) <= 0.25


def test_a_stop_is_noticed_within_a_quarter_of_a_second() -> None:
    time = FakeTime()
    pacer = Pacer(time.timing)
    noticed = Watch(lambda: time.seconds > 1002.0, time.timing, 120.0)
    with pytest.raises(CancelledError):
        pacer.rest(60.0, noticed)
    assert 1002.0 < time.seconds <= 1002.5


def test_our_own_waiting_does_not_shorten_the_time_of_a_request() -> None:
    time = FakeTime()
    own = watch(time)
    Pacer(time.timing).rest(60.0, own)
    assert own.left_s == pytest.approx(120.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "Fri, 01 May 2026 12:00:30 GMT"}, 30.0),
        ({"Retry-After": "Fri, 01 May 2026 11:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, 366 * 86_400.0),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "2026-99-99"}, None),
        ({"X-RateLimit-Reset": "2026-05-01T12:05:00.000Z"}, 300.0),
        ({"X-RateLimit-Reset": "2026-05-01T12:05:00"}, 300.0),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 90)}, 90.0),
        ({"RateLimit-Reset": "12"}, 12.0),
        ({}, None),
    ],
)
def test_a_reply_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert wanted_wait_s(headers, NOW) == seconds
