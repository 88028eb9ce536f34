"""What the tests of errors share: which errors they reach, and that each says what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import pytest

from jolidrive import errors as e
from jolidrive.cli.main import run
from jolidrive.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

E = TypeVar("E", bound=e.JolidriveError)
Test = TypeVar("Test", bound="Callable[..., None]")


def reaches(*kinds: type[e.JolidriveError]) -> Callable[[Test], Test]:
    """Says which errors a test reaches; `told` asks for them."""
    assert all(issubclass(kind, e.JolidriveError) for kind in kinds)
    return lambda test: test


@contextmanager
def told(kind: type[E], *words: str) -> Iterator[None]:
    """The block ends with exactly this error, whose sentence holds these words."""
    with pytest.raises(kind) as caught:
        yield
    assert type(caught.value) is kind
    said = sentence(caught.value)
    assert said.endswith(".") or "--set" in said or "jolidrive" in said
    for word in words:
        assert word in said, said


def cli(profile: Path, *words: str) -> int:
    def no_window(_argument: str | None) -> int:
        raise AssertionError("no window was asked for")

    arguments = ["--profile", str(profile), *words]
    return run(arguments, open_window=no_window, window_demo=no_window)
