"""Nothing but pages, bytes and known errors gets out of a plugin."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jolidrive.api import Connector, Context, CursorRefusedError, Identity, Page
from jolidrive.connectors.contain import Contained
from jolidrive.errors import HostNotAllowedError, JolidriveError, PluginCrashedError

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "words-of-a-person"
HERE = Path(__file__).parent


class OwnError(JolidriveError):
    """Of the plugin's own making: wording does not know it."""


class Free(Connector):
    """Does what the test says."""

    script: Callable[[], Any]

    def identify(self) -> Any:
        return self.script()

    def pull(self, cursor: Any) -> Any:  # noqa: ARG002 - the shape of a connector
        return self.script()

    def open(self, key: str) -> Any:  # noqa: ARG002 - the shape of a connector
        return self.script()

    def thumbnail(self, key: str, side: int) -> Any:  # noqa: ARG002 - the shape of a connector
        return self.script()


def contained(script: Callable[[], Any]) -> Contained:
    class Scripted(Free):
        pass

    Scripted.script = staticmethod(script)
    context = Context(session=None, log=logging.getLogger("test"))  # type: ignore[arg-type]
    return Contained("mine", HERE, Scripted, context)


def raising(error: BaseException) -> Callable[[], Any]:
    def script() -> Any:
        raise error

    return script


def stepping(*steps: Any) -> Callable[[], Any]:
    def script() -> Any:
        for step in steps:
            if isinstance(step, BaseException):
                raise step
            yield step

    return script


ASKS: list[Callable[[Contained], Any]] = [
    lambda one: one.identify(),
    lambda one: list(one.pull(None)),
    lambda one: list(one.open("k")),
    lambda one: list(one.thumbnail("k", 100)),
]


@pytest.mark.parametrize("ask", ASKS)
def test_an_exception_becomes_a_crash_without_content(
    ask: Callable[[Contained], Any], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PluginCrashedError) as told:
        ask(contained(raising(ValueError(SECRET))))
    error = told.value
    assert (error.plugin, error.kind) == ("mine", "ValueError")
    assert error.where.startswith("test_contain.py:")
    assert error.__context__ is None
    assert error.__cause__ is None
    assert SECRET not in caplog.text
    assert "ValueError" in caplog.text


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("error", [HostNotAllowedError("x"), CursorRefusedError()])
def test_a_known_error_keeps_its_meaning(
    ask: Callable[[Contained], Any], error: JolidriveError
) -> None:
    with pytest.raises(type(error)) as told:
        ask(contained(raising(error)))
    assert told.value is error


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize(
    "error", [OwnError(), SystemExit(1), RecursionError(), MemoryError(), StopIteration()]
)
def test_any_other_exception_is_a_crash(
    ask: Callable[[Contained], Any], error: BaseException
) -> None:
    with pytest.raises(PluginCrashedError):
        ask(contained(raising(error)))


def test_a_file_that_is_gone_stays_that_for_content_only() -> None:
    gone = raising(FileNotFoundError(SECRET))
    for ask in ASKS[2:]:
        with pytest.raises(FileNotFoundError) as told:
            ask(contained(gone))
        assert SECRET not in str(told.value)
    for ask in ASKS[:2]:
        with pytest.raises(PluginCrashedError):
            ask(contained(gone))


def test_every_step_of_the_iterator_is_watched() -> None:
    pages = contained(stepping(Page(), Page(), KeyError(SECRET))).pull(None)
    assert [next(pages), next(pages)] == [Page(), Page()]
    with pytest.raises(PluginCrashedError, match="mine"):
        next(pages)


@pytest.mark.parametrize("value", [None, 7, "text", object(), [None], [b""], {"a": 1}])
def test_values_of_a_wrong_type_are_a_crash_of_the_plugin(value: Any) -> None:
    one = contained(lambda: value)
    with pytest.raises(PluginCrashedError):
        one.identify()
    with pytest.raises(PluginCrashedError):
        list(one.pull(None))
    if value != [b""]:
        with pytest.raises(PluginCrashedError):
            list(one.open("k"))


@pytest.mark.parametrize("field", ["items", "gone", "gone_below", "skipped", "folders"])
def test_a_page_whose_lists_are_none_is_a_crash_of_the_plugin(field: str) -> None:
    wrong: dict[str, Any] = {field: None}
    with pytest.raises(PluginCrashedError):
        list(contained(lambda: [Page(**wrong)]).pull(None))


@pytest.mark.parametrize("identity", [Identity(key="", label="x"), Identity(key="x", label="")])
def test_an_identity_needs_a_key_and_a_label(identity: Identity) -> None:
    with pytest.raises(PluginCrashedError):
        contained(lambda: identity).identify()


def test_closing_closes_the_plugins_iterator() -> None:
    closed: list[bool] = []

    def script() -> Any:
        try:
            yield Page()
            yield Page()
        finally:
            closed.append(True)

    pages: Any = contained(script).pull(None)
    next(pages)
    pages.close()
    assert closed == [True]


def test_what_a_plugin_does_while_closing_does_not_matter() -> None:
    def script() -> Any:
        try:
            yield Page()
        except GeneratorExit:
            yield Page()

    pages: Any = contained(script).pull(None)
    next(pages)
    pages.close()


def test_a_connector_that_cannot_be_made_is_a_crash() -> None:
    class Stubborn(Free):
        def __init__(self, context: Context) -> None:  # noqa: ARG002 - the shape of a connector
            raise KeyError(SECRET)

    context = Context(session=None, log=logging.getLogger("test"))  # type: ignore[arg-type]
    with pytest.raises(PluginCrashedError):
        Contained("mine", HERE, Stubborn, context)


def test_a_list_of_pages_is_as_good_as_an_iterator() -> None:
    assert list(contained(lambda: [Page()]).pull(None)) == [Page()]
