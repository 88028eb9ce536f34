from __future__ import annotations

import base64
import threading
from typing import TYPE_CHECKING, ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import (
    InitError,
    KeyringLocked,
    NoKeyringError,
    PasswordDeleteError,
    PasswordSetError,
)

from jolidrive.errors import KeyringLockedError, KeyringMissingError, StoreDamagedError
from jolidrive.vault.keyring import (
    SERVICE,
    MemoryKeys,
    SystemKeys,
    is_trusted,
    keys_from_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Use: TypeAlias = Callable[[KeyringBackend], SystemKeys]

KEY = bytes(range(32))
OTHER = bytes(reversed(range(32)))


class Closed(KeyringBackend):
    """A keyring as Windows has it: 1,280 characters a value."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.values: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password) > 1280:
            raise PasswordSetError("too long")
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.values.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class PlaintextKeyring(Closed):
    """As keyrings.alt has one: it writes a readable file."""

    priority = 0.5


class Boastful(PlaintextKeyring):
    """Made of a readable one, and says it is the best."""

    priority = 9.0


class Forgetful(Closed):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


FAIL: KeyringBackend = fail.Keyring()  # type: ignore[no-untyped-call]
NULL: KeyringBackend = null.Keyring()  # type: ignore[no-untyped-call]


class Stuck(Closed):
    """Refuses to delete, as a keyring does that is locked half-way."""

    def delete_password(self, service: str, username: str) -> None:  # noqa: ARG002 - theirs
        raise PasswordDeleteError("not now")


@pytest.fixture(autouse=True)
def no_test_backends_for_others() -> Iterator[None]:
    """`KeyringBackend` keeps every subclass; a real search must not find ours."""
    yield
    for cls in (Closed, PlaintextKeyring, Boastful, Forgetful, Stuck):
        KeyringBackend._classes.discard(cls)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[KeyringBackend], SystemKeys]:
    def install(backend: KeyringBackend) -> SystemKeys:
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        return SystemKeys()

    return install


def test_a_key_is_kept_found_and_forgotten(use: Use) -> None:
    backend = Closed()
    keys = use(backend)
    assert keys.get("a") is None
    keys.put("a", KEY)
    keys.put("b", OTHER)
    keys.put("a", OTHER)
    assert keys.get("a") == OTHER
    assert backend.values[SERVICE, "a"] == base64.b64encode(OTHER).decode()
    keys.forget("a")
    keys.forget("a")
    assert keys.get("a") is None
    assert keys.get("b") == OTHER


def test_its_keyring_is_named_and_its_keys_are_not_exported(use: Use) -> None:
    keys = use(Closed())
    assert keys.backend_names() == (f"{Closed.__module__}.Closed",)
    assert keys.export_keys() is None
    assert repr(keys) == "SystemKeys()"


@pytest.mark.parametrize("backend", [FAIL, NULL, PlaintextKeyring(), Boastful()])
def test_a_keyring_that_keeps_nothing_or_keeps_it_in_the_open_is_refused_and_named(
    backend: KeyringBackend, use: Use
) -> None:
    keys = use(backend)
    calls: list[Callable[[], object]] = [
        lambda: keys.get("a"),
        lambda: keys.put("a", KEY),
        lambda: keys.forget("a"),
        keys.backend_names,
    ]
    for call in calls:
        with pytest.raises(KeyringMissingError) as caught:
            call()
        assert caught.value.backend.endswith(type(backend).__name__)
    assert not getattr(backend, "values", {})


def test_everything_of_keyrings_alt_is_refused() -> None:
    encrypted = type("EncryptedKeyring", (Closed,), {"__module__": "keyrings.alt.file"})
    alternative = type("Keyring", (Closed,), {"__module__": "keyrings.alternative"})
    try:
        assert not is_trusted(encrypted())
        assert is_trusted(alternative())
    finally:
        KeyringBackend._classes -= {encrypted, alternative}


class Chain(ChainerBackend):
    backends: ClassVar[list[KeyringBackend]]


def chain_of(*links: KeyringBackend) -> KeyringBackend:
    made: KeyringBackend = Chain()  # type: ignore[no-untyped-call]
    Chain.backends = list(links)
    KeyringBackend._classes.discard(Chain)
    return made


def test_of_a_chain_only_trusted_links_are_used(use: Use) -> None:
    readable, closed = PlaintextKeyring(), Closed()
    keys = use(chain_of(readable, closed))
    keys.put("a", KEY)
    assert not readable.values
    assert closed.values
    assert keys.get("a") == KEY


def test_a_key_is_forgotten_by_every_trusted_link(use: Use) -> None:
    first, second = Closed(), Closed()
    use(second).put("a", KEY)
    keys = use(chain_of(first, second))
    assert keys.get("a") == KEY
    keys.put("a", OTHER)
    keys.forget("a")
    assert not first.values
    assert not second.values


def test_a_chain_of_bad_links_is_refused(use: Use) -> None:
    with pytest.raises(KeyringMissingError):
        use(chain_of(PlaintextKeyring(), NULL)).put("a", KEY)


def test_a_keyring_that_forgets_at_once_is_none(use: Use) -> None:
    with pytest.raises(KeyringMissingError):
        use(Forgetful()).put("a", KEY)


def test_a_delete_that_fails_is_told(use: Use) -> None:
    backend = Stuck()
    keys = use(backend)
    keys.put("a", KEY)
    with pytest.raises(KeyringLockedError):
        keys.forget("a")
    backend.values.clear()
    keys.forget("a")


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (KeyringLocked("x"), KeyringLockedError),
        (InitError("x"), KeyringLockedError),
        (OSError("the bus went away"), KeyringLockedError),
        (TimeoutError(), KeyringLockedError),
        (NoKeyringError("x"), KeyringMissingError),
    ],
)
def test_what_a_keyring_raises_gets_our_name(
    raised: Exception,
    told: type[Exception],
    use: Use,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def get(_service: str, _name: str) -> str:
        raise raised

    backend = Closed()
    monkeypatch.setattr(backend, "get_password", get)
    with pytest.raises(told):
        use(backend).get("a")


@pytest.mark.parametrize("named", ["no.such.module.Keyring", "keyring.backends.fail.No", ""])
def test_a_keyring_named_in_the_environment_that_is_not_there_is_missing(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", named)
    with pytest.raises(KeyringMissingError):
        SystemKeys().get("a")


@pytest.mark.parametrize(
    "text", ["", "?", "AAAA", "é" * 44, base64.b64encode(KEY * 2).decode()]
)
def test_a_value_that_is_no_key_is_no_key(text: str, use: Use) -> None:
    backend = Closed()
    backend.values[SERVICE, "a"] = text
    assert use(backend).get("a") is None


def test_a_keyring_that_never_answers_is_locked_and_works_again_when_it_comes_back(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Closed()
    keys = use(backend)
    keys.put("a", KEY)
    unlocked, asked = threading.Event(), threading.Event()
    at_once = backend.get_password

    def wait(service: str, name: str) -> str | None:
        asked.set()
        unlocked.wait()
        return at_once(service, name)

    monkeypatch.setattr(backend, "get_password", wait)
    impatient = SystemKeys(patience_s=0.05)
    with pytest.raises(KeyringLockedError):
        impatient.get("a")
    assert asked.wait(5)
    asked.clear()
    with pytest.raises(KeyringLockedError):
        impatient.get("a")
    assert not asked.is_set()
    unlocked.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(5)
    assert impatient.get("a") == KEY


def test_keys_in_memory_are_kept_forgotten_and_handed_on() -> None:
    keys = MemoryKeys()
    keys.put("a", KEY)
    keys.put("b", OTHER)
    keys.forget("b")
    keys.forget("b")
    line = keys.export_keys()
    assert line is not None
    assert "\n" not in line
    other = MemoryKeys.from_line(line)
    assert other.get("a") == KEY
    assert other.get("b") is None
    assert repr(other) == "MemoryKeys(1 keys)"


@pytest.mark.parametrize("line", ["", "[]", "{", '{"a": 1}', '{"a": "AAAA"}', b"\xff"])
def test_a_line_that_holds_no_keys_is_damaged(line: str | bytes) -> None:
    with pytest.raises(StoreDamagedError):
        keys_from_line(line)
