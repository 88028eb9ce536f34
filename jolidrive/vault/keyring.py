"""Keys: one random 32-byte key an account, in the system keyring or where there is none.

The only module that touches the `keyring` library, and only once a key is wanted: an account
without secrets works where no keyring exists. Never call it from the window's main thread:
each call is a conversation with another process and may wait for a person.

Question: what if the keyring keeps secrets in the open? Answer: refused, by looking at the
backend's class. With `keyrings.alt` installed and no Secret Service, `keyring` would silently
write a readable file.
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from jolidrive.errors import (
    KeyringLockedError,
    KeyringMissingError,
    SecretError,
    StoreDamagedError,
)

from .sealed import KEY_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from keyring.backend import KeyringBackend

_T = TypeVar("_T")

SERVICE: Final = "Jolidrive"
PATIENCE_S: Final = 30.0
"""How long a keyring may take: a person may be typing its password, or nobody is there."""

_IN_THE_OPEN: Final = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt")


class Keys(Protocol):
    """Where keys lie. `name` is an account's id, or a provider's for own client ids."""

    def get(self, name: str) -> bytes | None:
        """The key, or None when there is none (or what lies there is no key)."""

    def put(self, name: str, key: bytes) -> None:
        """Keeps the key, in the place of an older one."""

    def forget(self, name: str) -> None:
        """Takes the key away; nothing happens when there is none."""

    def export_keys(self) -> str | None:
        """All keys as one line for a worker; None where it can ask the keyring itself."""


def key_to_text(key: bytes) -> str:
    """Base64: fits everywhere (Windows takes 1,280 characters a value)."""
    return base64.b64encode(key).decode("ascii")


def key_from_text(text: object) -> bytes | None:
    """The key, or None when the text is none."""
    if not isinstance(text, str):
        return None
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def keys_to_line(keys: Mapping[str, bytes]) -> str:
    """One line of JSON."""
    return json.dumps({name: key_to_text(key) for name, key in sorted(keys.items())})


def keys_from_line(line: str | bytes) -> dict[str, bytes]:
    """What `keys_to_line` made, or `StoreDamagedError`."""
    try:
        found = json.loads(line)
    except ValueError:
        raise StoreDamagedError("keys") from None
    if not isinstance(found, dict):
        raise StoreDamagedError("keys")
    keys: dict[str, bytes] = {}
    for name, text in found.items():
        key = key_from_text(text)
        if key is None:
            raise StoreDamagedError("keys")
        keys[name] = key
    return keys


class MemoryKeys:
    """Keys that end with the process: the demo's, a test's, a worker's."""

    def __init__(self, keys: Mapping[str, bytes] | None = None) -> None:
        self._keys = dict(keys or {})

    @classmethod
    def from_line(cls, line: str | bytes) -> MemoryKeys:
        """The keys another process exported."""
        return cls(keys_from_line(line))

    def __repr__(self) -> str:
        return f"MemoryKeys({len(self._keys)} keys)"

    def get(self, name: str) -> bytes | None:
        """The key, or None."""
        return self._keys.get(name)

    def put(self, name: str, key: bytes) -> None:
        """Keeps the key."""
        self._keys[name] = key

    def forget(self, name: str) -> None:
        """Takes the key away."""
        self._keys.pop(name, None)

    def export_keys(self) -> str | None:
        """All keys as one line."""
        return keys_to_line(self._keys)


class SystemKeys:
    """Keys in the system's keyring.

    Args:
        patience_s: a call that takes longer is `KeyringLockedError`. While it hangs, further
            calls fail at once; they work again when it comes back (somebody unlocked).
    """

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._turn = threading.Lock()
        self._came_back: Callable[[], bool] = lambda: True

    def __repr__(self) -> str:
        return "SystemKeys()"

    def backend_names(self) -> tuple[str, ...]:
        """The keyrings that would be used, best first; raises as `get` does."""
        return self._ask(lambda: tuple(_name_of(found) for found in _trusted_backends()))

    def get(self, name: str) -> bytes | None:
        """The key, or None when there is none (or what lies there is no key)."""
        return self._ask(lambda: _read(name))

    def put(self, name: str, key: bytes) -> None:
        """Keeps the key, and reads it back: a keyring that forgets at once is none."""
        self._ask(lambda: _write(name, key))

    def forget(self, name: str) -> None:
        """Takes the key out of every keyring that may hold it."""
        self._ask(lambda: _delete(name))

    def export_keys(self) -> str | None:
        """None: the worker asks the same keyring itself."""
        return None

    def _ask(self, question: Callable[[], _T]) -> _T:
        with self._turn:
            if not self._came_back():
                raise KeyringLockedError
            answer: Future[_T] = Future()
            # A daemon, not a pool's thread: one that hangs must not keep the program from
            # ending.
            threading.Thread(
                target=_answer, args=(question, answer), name="keyring", daemon=True
            ).start()
            try:
                return answer.result(self._patience_s)
            except TimeoutError:
                self._came_back = answer.done
                raise KeyringLockedError from None


def _answer(question: Callable[[], _T], answer: Future[_T]) -> None:
    import keyring.errors  # noqa: PLC0415 - takes 60 ms, and only who has a secret needs it

    try:
        answer.set_result(question())
    except SecretError as error:
        answer.set_exception(error)
    except keyring.errors.NoKeyringError as error:
        missing = KeyringMissingError()
        missing.__cause__ = error
        answer.set_exception(missing)
    except Exception as error:  # noqa: BLE001 - top of a thread, and a backend is a plugin
        locked = KeyringLockedError()
        locked.__cause__ = error
        answer.set_exception(locked)


def _trusted_backends() -> list[KeyringBackend]:
    """The keyrings worth trusting, best first; a chain is looked through link by link."""
    import keyring  # noqa: PLC0415 - see `_answer`
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415 - see `_answer`

    try:
        chosen = keyring.get_keyring()
    except (RuntimeError, ImportError, AttributeError, ValueError, TypeError) as error:
        # A backend named in the environment or keyringrc.cfg that is not there.
        raise KeyringMissingError from error
    links = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    trusted = [link for link in links if is_trusted(link)]
    if not trusted:
        raise KeyringMissingError(_name_of(chosen))
    return trusted


def is_trusted(backend: KeyringBackend) -> bool:
    """Whether a backend keeps secrets closed: none of the known open ones, nor made of one."""
    for cls in type(backend).__mro__:
        module = cls.__module__
        if any(module == bad or module.startswith(bad + ".") for bad in _IN_THE_OPEN):
            return False
        if "plaintext" in cls.__name__.lower():
            return False
    # Below one is what the keyring library itself does not recommend.
    return float(backend.priority) >= 1


def _name_of(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__name__}"


def _read(name: str) -> bytes | None:
    for backend in _trusted_backends():
        text = backend.get_password(SERVICE, name)
        if text is not None:
            return key_from_text(text)
    return None


def _write(name: str, key: bytes) -> None:
    backend = _trusted_backends()[0]
    backend.set_password(SERVICE, name, key_to_text(key))
    if key_from_text(backend.get_password(SERVICE, name)) != key:
        raise KeyringMissingError(_name_of(backend))


def _delete(name: str) -> None:
    from keyring.errors import PasswordDeleteError  # noqa: PLC0415 - see `_answer`

    for backend in _trusted_backends():
        try:
            backend.delete_password(SERVICE, name)
        except PasswordDeleteError:
            # Said both when there was none and when deleting failed.
            if backend.get_password(SERVICE, name) is not None:
                raise
