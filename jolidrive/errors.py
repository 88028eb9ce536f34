"""Every trouble Jolidrive can name, as a tree.

An error carries facts as attributes, never a sentence: `wording` turns each leaf into
what happened, what it means for the data, and what to do. Facts are ids, counts, hosts and
positions; never titles, addresses of items, people or tokens.

    JolidriveError
      AccountError        SignInNeededError, ConsentRefusedError, WrongAccountError,
                          UnknownAccountError, OptionMissingError, SignInTimedOutError,
                          CancelledError
      ServiceError        OfflineError, ServiceDownError, RateLimitedError, CursorRefusedError,
                          UnexpectedReplyError
      GuardError          HostNotAllowedError, InsecureAddressError, MethodNotAllowedError,
                          ReplyTooLargeError, CertificateUnknownError
      SecretError         KeyringLockedError, KeyringMissingError, KeyLostError
      StoreError          StoreBusyError, DiskFullError, StoreDamagedError, StoreTooNewError,
                          AccountGoneError, ItemUnknownError
      PluginError         ManifestInvalidError, PluginTooNewError, PluginCrashedError,
                          PluginUnknownError, PluginNotApprovedError
      QueryError
      RevokeIncompleteError
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class Advice(StrEnum):
    """What helps: drives the scheduler and the button the window offers."""

    RETRY = "retry"
    WAIT = "wait"
    SIGN_IN = "sign_in"
    ASK_USER = "ask_user"
    REPORT = "report"


class JolidriveError(Exception):
    """The root of everything Jolidrive can name."""

    advice: ClassVar[Advice] = Advice.REPORT


# ── accounts ─────────────────────────────────────────────────────────────────────────────


class AccountError(JolidriveError):
    """Something about who is signed in."""

    advice = Advice.ASK_USER


class SignInNeededError(AccountError):
    """The service no longer accepts the token (401 after a refresh, or the grant is gone)."""

    advice = Advice.SIGN_IN

    def __init__(self, service: str = "") -> None:
        super().__init__(service)
        self.service = service


class ConsentRefusedError(AccountError):
    """The person, or the service in their name, said no on the consent page."""

    def __init__(self, service: str = "", code: str = "access_denied") -> None:
        super().__init__(service, code)
        self.service = service
        self.code = code


class WrongAccountError(AccountError):
    """Somebody else signed in than expected, or the account is already connected."""

    def __init__(self, service: str = "", *, connected: str | None = None) -> None:
        super().__init__(service, connected)
        self.service = service
        self.connected = connected


class UnknownAccountError(AccountError):
    """No account has this id."""

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


class OptionMissingError(AccountError):
    """A value the service needs was not given, or cannot be used."""

    def __init__(self, service: str, option: str, *, problem: str = "missing") -> None:
        super().__init__(service, option, problem)
        self.service = service
        self.option = option
        self.problem = problem


class SignInTimedOutError(AccountError):
    """Nobody came back from the browser in time (seconds)."""

    def __init__(self, after_s: float) -> None:
        super().__init__(after_s)
        self.after_s = after_s


class CancelledError(AccountError):
    """The person, or a process that is closing, stopped it."""


# ── services ─────────────────────────────────────────────────────────────────────────────


class ServiceError(JolidriveError):
    """The service, or the way to it, is in trouble."""

    advice = Advice.WAIT


class OfflineError(ServiceError):
    """No connection to the host could be made, or it broke and retries did not help."""

    advice = Advice.RETRY

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


class ServiceDownError(ServiceError):
    """The service answers with 5xx, also after retries."""

    def __init__(self, host: str, status: int) -> None:
        super().__init__(host, status)
        self.host = host
        self.status = status


class RateLimitedError(ServiceError):
    """The service asks for patience; `retry_after_s` in seconds, None when it did not say."""

    def __init__(self, host: str, retry_after_s: float | None = None) -> None:
        super().__init__(host, retry_after_s)
        self.host = host
        self.retry_after_s = retry_after_s


class CursorRefusedError(ServiceError):
    """The service no longer knows the cursor: a full listing starts anew."""

    advice = Advice.RETRY


class UnexpectedReplyError(ServiceError):
    """A reply that is not what the service's documents promise.

    `reason` is ours (a code, such as `not_json`), never text of the reply.
    """

    advice = Advice.REPORT

    def __init__(self, reason: str, *, host: str = "", status: int | None = None) -> None:
        super().__init__(reason, host, status)
        self.reason = reason
        self.host = host
        self.status = status


# ── the gate ─────────────────────────────────────────────────────────────────────────────


class GuardError(JolidriveError):
    """The gate stopped a request. Never retried, always shown."""

    advice = Advice.REPORT


class HostNotAllowedError(GuardError):
    """A host that the service did not declare. Nothing was sent to it."""

    def __init__(self, host: str, service: str = "") -> None:
        super().__init__(host, service)
        self.host = host
        self.service = service


class InsecureAddressError(GuardError):
    """Plain HTTP, credentials in the address, or another form of address the gate refuses."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(host, reason)
        self.host = host
        self.reason = reason


class MethodNotAllowedError(GuardError):
    """A method that the service did not declare (Jolidrive only reads)."""

    def __init__(self, method: str, service: str = "") -> None:
        super().__init__(method, service)
        self.method = method
        self.service = service


class ReplyTooLargeError(GuardError):
    """A reply larger than its limit (bytes), or one that never ends."""

    def __init__(self, host: str, limit: int) -> None:
        super().__init__(host, limit)
        self.host = host
        self.limit = limit


class CertificateUnknownError(GuardError):
    """A certificate nobody vouches for; `fingerprint` is its SHA-256 in hexadecimal."""

    advice = Advice.ASK_USER

    def __init__(self, host: str, fingerprint: str | None) -> None:
        super().__init__(host, fingerprint)
        self.host = host
        self.fingerprint = fingerprint


# ── secrets ──────────────────────────────────────────────────────────────────────────────


class SecretError(JolidriveError):
    """Keys or what they seal cannot be had."""

    advice = Advice.ASK_USER


class KeyringLockedError(SecretError):
    """The keyring (or the passphrase file) is there, but closed."""


class KeyringMissingError(SecretError):
    """There is no keyring, or only one that keeps secrets in the open; `backend` names it."""

    def __init__(self, backend: str = "") -> None:
        super().__init__(backend)
        self.backend = backend


class KeyLostError(SecretError):
    """The key of an account is gone: what it sealed cannot be read any more."""

    advice = Advice.SIGN_IN

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


# ── stores ───────────────────────────────────────────────────────────────────────────────


class StoreError(JolidriveError):
    """The files on this computer."""


class StoreBusyError(StoreError):
    """Another program holds the account; `holder` says which, as far as is known."""

    advice = Advice.WAIT

    def __init__(self, account: str, holder: str = "") -> None:
        super().__init__(account, holder)
        self.account = account
        self.holder = holder


class DiskFullError(StoreError):
    """There is no room left. What was stored before stays."""

    advice = Advice.ASK_USER


class StoreDamagedError(StoreError):
    """A file does not read as it was written; `what` names the part, not its content."""

    def __init__(self, what: str, account: str = "") -> None:
        super().__init__(what, account)
        self.what = what
        self.account = account


class StoreTooNewError(StoreError):
    """Written by a newer Jolidrive."""

    advice = Advice.ASK_USER

    def __init__(self, found: int, known: int) -> None:
        super().__init__(found, known)
        self.found = found
        self.known = known


class AccountGoneError(StoreError):
    """The account was revoked, or is being revoked, while somebody wanted to write to it."""

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


class ItemUnknownError(StoreError):
    """The account holds no item with this key."""

    advice = Advice.ASK_USER

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


# ── plugins ──────────────────────────────────────────────────────────────────────────────


class PluginError(JolidriveError):
    """A plugin, alone."""

    def __init__(self, plugin: str = "") -> None:
        super().__init__(plugin)
        self.plugin = plugin


class ManifestInvalidError(PluginError):
    """The manifest has problems: all of them, each one line."""

    def __init__(self, plugin: str, problems: Sequence[str]) -> None:
        super().__init__(plugin)
        self.problems = tuple(problems)


class PluginTooNewError(PluginError):
    """The plugin asks for a plugin API this Jolidrive does not speak."""

    advice = Advice.ASK_USER

    def __init__(self, plugin: str, wanted: str) -> None:
        super().__init__(plugin)
        self.wanted = wanted


class PluginCrashedError(PluginError):
    """The plugin's own code raised something it should not; `kind` is the exception's name."""

    def __init__(self, plugin: str, kind: str = "", where: str = "") -> None:
        super().__init__(plugin)
        self.kind = kind
        self.where = where


class PluginUnknownError(PluginError):
    """No such service is installed."""

    advice = Advice.ASK_USER


class PluginNotApprovedError(PluginError):
    """A plugin of the person's own that was not approved, or changed since it was."""

    advice = Advice.ASK_USER

    def __init__(self, plugin: str, *, changed: bool = False) -> None:
        super().__init__(plugin)
        self.changed = changed


# ── the rest ─────────────────────────────────────────────────────────────────────────────


class QueryError(JolidriveError):
    """A part of a query that cannot be used; `start` and `end` count characters."""

    advice = Advice.ASK_USER

    def __init__(self, hint: str, start: int = 0, end: int = 0) -> None:
        super().__init__(hint, start, end)
        self.hint = hint
        self.start = start
        self.end = end


class RevokeIncompleteError(JolidriveError):
    """Something of the account could not be deleted; `left` holds the paths.

    `key_left` says whether its key is still in the keyring.
    """

    advice = Advice.ASK_USER

    def __init__(self, account: str, left: Sequence[str], *, key_left: bool = False) -> None:
        super().__init__(account, tuple(left))
        self.account = account
        self.left = tuple(left)
        self.key_left = key_left
