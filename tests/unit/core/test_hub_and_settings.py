from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jolidrive.hub import Hub
from jolidrive.model.events import Event, PageStored, SyncStarted
from jolidrive.settings import Settings, read_settings, write_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_subscriber_hears_its_class_and_what_is_below_it() -> None:
    hub, heard = Hub(), list[Event]()
    hub.subscribe(PageStored, heard.append)
    everything = list[Event]()
    subscription = hub.subscribe(Event, everything.append)
    hub.publish(SyncStarted(account="a1"))
    hub.publish(PageStored(account="a1"))
    subscription.close()
    subscription.close()
    hub.publish(PageStored(account="a1"))
    assert (len(heard), len(everything)) == (2, 2)


def test_a_listener_that_fails_stops_neither_publisher_nor_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub, heard = Hub(), list[Event]()

    def fails(_event: Event) -> None:
        raise RuntimeError("listener")

    hub.subscribe(Event, fails)
    hub.subscribe(Event, heard.append)
    hub.publish(SyncStarted(account="a1"))
    assert len(heard) == 1
    assert "SyncStarted" in caplog.text


def test_settings_without_a_file_are_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == Settings()


def test_settings_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "p" / "settings.toml"
    write_settings(file, audience="demo", proxy='http://a"\\b', interval_minutes=5)
    settings = read_settings(file)
    assert (settings.is_demo, settings.proxy, settings.interval_minutes) == (
        True,
        'http://a"\\b',
        5,
    )
    assert settings.problems == ()


@pytest.mark.parametrize(
    "text",
    ["not toml [", "unknown = 1", "proxy = 3", 'audience = "mars"', "interval_minutes = 1"],
)
def test_settings_that_cannot_be_used_are_told_and_harm_nothing(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    settings = read_settings(file)
    assert len(settings.problems) == 1
    assert settings.audience == "everyone"
