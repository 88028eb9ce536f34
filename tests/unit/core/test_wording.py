from __future__ import annotations

import pytest

from jolidrive import errors as e
from jolidrive.wording import has_words, leaves, sentence, words_for

EXAMPLES: list[e.JolidriveError] = [
    e.OptionMissingError("WebDAV", "server"),
    e.OptionMissingError("WebDAV", "server", problem="it is no address"),
    e.WrongAccountError("Mastodon", connected="maya@example.social"),
    e.CertificateUnknownError("cloud.example", "ab12"),
    e.CertificateUnknownError("cloud.example", None),
    e.InsecureAddressError("cloud.example", "plain HTTP"),
    e.StoreBusyError("a1", "jolidrive sync, process 7"),
    e.RateLimitedError("example.org", 600),
    e.ServiceDownError("example.org", 503),
    e.UnexpectedReplyError("not_json", host="example.org", status=200),
    e.ManifestInvalidError("odd", ["no name"]),
    e.PluginCrashedError("odd", "KeyError", "connector.py:7"),
    e.PluginNotApprovedError("mine", changed=True),
    e.HostNotAllowedError("evil.example", "odd"),
    e.ReplyTooLargeError("example.org", 1000),
    e.StoreTooNewError(9, 1),
    e.StoreDamagedError("items.db", "a1"),
    e.KeyringMissingError("PlaintextKeyring"),
    e.QueryError("a hint"),
]


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.__name__)
def test_every_error_has_words(leaf: type[e.JolidriveError]) -> None:
    assert has_words(leaf)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_the_words_hold_the_facts_and_end_as_sentences(error: e.JolidriveError) -> None:
    words = words_for(error)
    assert words.happened
    for part in (words.happened, words.data):
        assert not part or part[-1] in ".:" or part == words.happened
    assert "!" not in sentence(error)
    shown = sentence(error)
    assert any(fact in shown for fact in error.args if isinstance(fact, str)) or not any(
        isinstance(fact, str) for fact in error.args
    )


def test_an_error_without_words_of_its_own_still_says_something() -> None:
    class NewError(e.ServiceError):
        pass

    assert "stays" in sentence(NewError())
    del NewError
