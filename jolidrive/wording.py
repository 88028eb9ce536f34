"""Sentences for every trouble: what happened, what it means for the data, what to do.

Errors carry facts; here they become words a neighbour would use (present tense, short, no
blame). A test asks that no leaf of the tree is without words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jolidrive import errors as e

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """A trouble in three short sentences; any but the first may be empty."""

    happened: str
    data: str = ""
    todo: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return " ".join(part for part in (self.happened, self.data, self.todo) if part)


def words_for(error: e.JolidriveError) -> Words:
    """The words for an error, by its class or the nearest one above it."""
    for cls in type(error).__mro__:
        make = _WORDS.get(cls)
        if make is not None:
            return make(error)
    return Words("Something went wrong.", _STAYS)


def sentence(error: e.JolidriveError) -> str:
    """The words for an error in one line."""
    return words_for(error).sentence


def leaves() -> list[type[e.JolidriveError]]:
    """Every error class of our tree that nothing of it is derived from."""
    found: list[type[e.JolidriveError]] = []
    waiting: list[type[e.JolidriveError]] = [e.JolidriveError]
    while waiting:
        cls = waiting.pop()
        below = [kind for kind in cls.__subclasses__() if kind.__module__ == e.__name__]
        waiting.extend(below)
        if not below:
            found.append(cls)
    return found


def has_words(cls: type[e.JolidriveError]) -> bool:
    """Whether a class has words of its own."""
    return cls in _WORDS


_STAYS: Final = "What is on this computer stays."


def _minutes(seconds: float | None) -> str:
    if seconds is None:
        return "a while"
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes"


def _name(service: str) -> str:
    return service or "The service"


def _option(error: e.OptionMissingError) -> Words:
    if error.problem == "missing":
        return Words(
            f"{_name(error.service)} needs “{error.option}”.",
            todo=f"Give it with --set {error.option}=…",
        )
    return Words(
        f"“{error.option}” cannot be used: {error.problem}.",
        todo=f"Give another one with --set {error.option}=…",
    )


def _wrong_account(error: e.WrongAccountError) -> Words:
    if error.connected:
        return Words(
            f"This account of {_name(error.service)} is connected already: {error.connected}.",
            "Nothing was changed.",
        )
    return Words(
        "Somebody else signed in than the account belongs to.",
        "Nothing was changed.",
        "Sign in again with the same account, or connect this one as a new account.",
    )


def _certificate(error: e.CertificateUnknownError) -> Words:
    if error.fingerprint is None:
        return Words(
            f"The certificate of {error.host} cannot be trusted.",
            "Nothing was sent.",
            "Look at the address; the server's owner can tell what is wrong.",
        )
    return Words(
        f"Nobody vouches for the certificate of {error.host}. Its fingerprint is "
        f"{error.fingerprint}.",
        "Nothing was sent.",
        f"If its owner tells you the same fingerprint, connect with "
        f"--set fingerprint={error.fingerprint}",
    )


_UNSAFE: Final[Mapping[str, str]] = {
    "plain_http": "it is not encrypted",
    "downgrade": "it leads to one that is not encrypted",
    "credentials": "it holds a name or password",
    "odd_address": "it can be read in two ways",
    "scheme": "it is no web address",
}


def _insecure(error: e.InsecureAddressError) -> Words:
    why = _UNSAFE.get(error.reason, error.reason)
    return Words(
        f"The address of {error.host or 'the server'} is not safe: {why}.",
        "Nothing was sent.",
        "Use a plain https:// address.",
    )


def _busy(error: e.StoreBusyError) -> Words:
    holder = f" ({error.holder})" if error.holder else ""
    return Words(
        f"Another program is working on this account{holder}.",
        "Nothing was changed.",
        "Try again when it is done.",
    )


def _down(error: e.ServiceDownError) -> Words:
    return Words(
        f"{error.host} is in trouble (it answers {error.status}).",
        _STAYS,
        "Jolidrive tries again later.",
    )


def _limited(error: e.RateLimitedError) -> Words:
    return Words(
        f"{error.host} asks for patience.",
        _STAYS,
        f"Jolidrive looks again in {_minutes(error.retry_after_s)}.",
    )


def _unexpected(error: e.UnexpectedReplyError) -> Words:
    status = f", status {error.status}" if error.status else ""
    where = error.host or "The service"
    return Words(
        f"{where} gave an answer Jolidrive does not understand ({error.reason}{status}).",
        _STAYS,
        "If it goes on, the connector needs an update.",
    )


def _manifest(error: e.ManifestInvalidError) -> Words:
    return Words(
        f"The plugin “{error.plugin}” cannot be used: {'; '.join(error.problems)}.",
        "Nothing of it was run.",
        "Mend its plugin.toml, or take its folder away.",
    )


def _crashed(error: e.PluginCrashedError) -> Words:
    where = f" at {error.where}" if error.where else ""
    kind = f" ({error.kind}{where})" if error.kind else ""
    return Words(
        f"“{error.plugin}” stopped by a mistake of its own{kind}.",
        _STAYS,
        "Update the plugin, or tell its author.",
    )


def _unapproved(error: e.PluginNotApprovedError) -> Words:
    what = "has changed since you approved it" if error.changed else "was not approved yet"
    return Words(
        f"The plugin “{error.plugin}” {what}.",
        "None of it was run.",
        f"Read it, then type: jolidrive plugin approve {error.plugin}",
    )


def _damaged(error: e.StoreDamagedError) -> Words:
    if error.account:
        return Words(
            f"A file cannot be read as it was written ({error.what}).",
            "The other accounts are not touched.",
            "Revoke this account and connect it again; the service still has everything.",
        )
    return Words(
        f"A file of the profile cannot be used ({error.what}).",
        "Nothing was changed.",
        "Look at the file and the disk, or take another profile with --profile.",
    )


def _incomplete(error: e.RevokeIncompleteError) -> Words:
    key = "its key is still in the keyring" if error.key_left else "its key is gone"
    unlock = "Unlock the keyring and close" if error.key_left else "Close"
    return Words(
        f"Not everything of the account could be deleted: {', '.join(error.left)}.",
        f"The account is out of reach; {key}.",
        f"{unlock} programs that use these files, then start Jolidrive again: it goes on.",
    )


_WORDS: Final[Mapping[type[e.JolidriveError], Callable[..., Words]]] = {
    e.SignInNeededError: lambda x: Words(
        f"{_name(x.service)} no longer accepts the key it gave.",
        "Your items stay.",
        "Sign in again to get new ones: connect the service once more.",
    ),
    e.ConsentRefusedError: lambda x: Words(
        f"{_name(x.service)} was not connected: the answer was no.",
        "Nothing was stored.",
        "Connect again whenever you like.",
    ),
    e.WrongAccountError: _wrong_account,
    e.UnknownAccountError: lambda x: Words(
        f"There is no account “{x.account}”.", todo="jolidrive accounts lists them."
    ),
    e.OptionMissingError: _option,
    e.SignInTimedOutError: lambda x: Words(
        f"Nobody came back from the browser in {_minutes(x.after_s)}.",
        "Nothing was stored.",
        "Connect again, and say yes on the page that opens.",
    ),
    e.CancelledError: lambda _: Words("Stopped.", "What was stored before stays."),
    e.OfflineError: lambda x: Words(
        f"{x.host} cannot be reached.",
        "Search works as always.",
        "Look at the connection and the address, then try again.",
    ),
    e.ServiceDownError: _down,
    e.RateLimitedError: _limited,
    e.CursorRefusedError: lambda _: Words(
        "The service lost its place in the list.", _STAYS, "The next sync reads all again."
    ),
    e.UnexpectedReplyError: _unexpected,
    e.HostNotAllowedError: lambda x: Words(
        f"{_name(x.service)} wanted to reach {x.host}, which it had not declared.",
        "Nothing was sent there.",
        "Update the connector, or tell its author.",
    ),
    e.InsecureAddressError: _insecure,
    e.MethodNotAllowedError: lambda x: Words(
        f"{_name(x.service)} wanted to do more than read ({x.method}).",
        "Nothing was sent.",
        "Update the connector, or tell its author.",
    ),
    e.ReplyTooLargeError: lambda x: Words(
        f"An answer of {x.host} is larger than the limit of {x.limit:,} bytes.",
        "It was thrown away; everything else stays.",
        "If it goes on, tell the connector's author.",
    ),
    e.CertificateUnknownError: _certificate,
    e.KeyringLockedError: lambda _: Words(
        "Your keyring is locked.",
        "Nothing was changed.",
        "Unlock it (or give --passphrase-file), then try again.",
    ),
    e.KeyringMissingError: lambda x: Words(
        "This computer has no keyring that keeps secrets safe"
        + (f" (only {x.backend})." if x.backend else "."),
        "Nothing was stored.",
        "Install one (such as gnome-keyring), or give --passphrase-file FILE.",
    ),
    e.KeyLostError: lambda _: Words(
        "The key of this account is gone from the keyring.",
        "Your items stay.",
        "Connect the service once more to sign in again.",
    ),
    e.StoreBusyError: _busy,
    e.DiskFullError: lambda _: Words(
        "This disk is full.",
        "What was stored before stays.",
        "Free some space, then sync again.",
    ),
    e.StoreDamagedError: _damaged,
    e.StoreTooNewError: lambda x: Words(
        f"This profile was written by a newer Jolidrive (format {x.found}, known: {x.known}).",
        "Nothing was changed.",
        "Update Jolidrive.",
    ),
    e.AccountGoneError: lambda _: Words("This account was revoked.", "All of it is gone."),
    e.ItemUnknownError: lambda _: Words(
        "The account holds no item with this key.", todo="jolidrive search --json gives keys."
    ),
    e.ManifestInvalidError: _manifest,
    e.PluginTooNewError: lambda x: Words(
        f"The plugin “{x.plugin}” asks for plugin API {x.wanted}.",
        "None of it was run.",
        "Update Jolidrive.",
    ),
    e.PluginCrashedError: _crashed,
    e.PluginUnknownError: lambda x: Words(
        f"There is no service “{x.plugin}”.", todo="jolidrive services lists them."
    ),
    e.PluginNotApprovedError: _unapproved,
    e.QueryError: lambda x: Words(x.hint),
    e.RevokeIncompleteError: _incomplete,
}
