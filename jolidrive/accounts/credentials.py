"""From what an account keeps closed to what proves who asks, and to the goodbye.

Only here do vault and gate meet. A token goes from the one to the other and nowhere else.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from jolidrive.api.manifest import Auth, Flow, Manifest
from jolidrive.errors import JolidriveError, KeyLostError, StoreBusyError
from jolidrive.model.receipt import Remote, RemoteOutcome
from jolidrive.net import oauth2
from jolidrive.net.credentials import PasswordCredentials, StaticToken
from jolidrive.net.tokens import Client, TokenKeeping, TokenSet
from jolidrive.vault.vault import Secrets

from .permit import auth_for, permit_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jolidrive.net.guard import Credentials, Permit
    from jolidrive.net.session import Gate
    from jolidrive.paths import Profile
    from jolidrive.store.account_store import AccountAbout
    from jolidrive.vault.vault import Vault

USER, PASSWORD, TOKEN = "user", "password", "token"
_TOKEN_LOCK_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What proves who asks, and what of it must be kept closed.

    Args:
        credentials: for the session.
        latest: what is to be kept as it is now: a token may be refreshed before it is.
        grant: public facts told with the token.
    """

    credentials: Credentials | None = None
    latest: Callable[[], Secrets] = Secrets
    grant: Mapping[str, str] | None = None

    @property
    def secrets(self) -> Secrets:
        """What must be kept closed."""
        return self.latest()


def typed_proof(manifest: Manifest, values: Mapping[str, str]) -> Proof:
    """Proof out of what the person typed (flows `password` and `token`), or none (`none`)."""
    kept = {
        name: values[name]
        for name in (USER, PASSWORD, TOKEN, *(o.name for o in manifest.options if o.secret))
        if name in values
    }
    flow = manifest.auth.flow
    credentials: Credentials | None = None
    if flow is Flow.PASSWORD:
        credentials = PasswordCredentials(values[USER], values[PASSWORD])
    elif flow is Flow.TOKEN:
        credentials = StaticToken(values[TOKEN])
    else:
        kept.pop(USER, None)
    return Proof(credentials=credentials, latest=lambda: Secrets(values=kept))


def granted_proof(
    auth: Auth, client: Client, gate: Gate, permit: Permit, token: TokenSet
) -> Proof:
    """Proof out of a sign-in just made; a refresh is kept in memory until the account is."""
    held = [token]
    keeping = TokenKeeping(lock=nullcontext, load=lambda: held[-1], save=held.append)
    return Proof(
        credentials=oauth2.credentials(auth, client, gate, permit, token, keeping),
        latest=lambda: Secrets(token=held[-1].to_mapping(), client=_client_values(client)),
        grant=token.grant,
    )


def stored_credentials(  # noqa: PLR0913, PLR0917 - the two sides that meet here
    manifest: Manifest,
    account: str,
    about: AccountAbout,
    permit: Permit,
    gate: Gate,
    vault: Vault,
    profile: Profile,
) -> Credentials | None:
    """Credentials of a connected account.

    Raises:
        SecretError: the keyring is closed or gone, or the account's key is.
    """
    if manifest.auth.flow is Flow.NONE:
        return None
    secrets = vault.load(account)
    if secrets is None:
        raise KeyLostError(account)
    if manifest.auth.flow in {Flow.PASSWORD, Flow.TOKEN}:
        return typed_proof(manifest, secrets.values).credentials
    if secrets.token is None or secrets.client is None:
        raise KeyLostError(account)
    keeping = _kept_in_vault(account, vault, profile)
    return oauth2.credentials(
        auth_for(manifest.auth, about.options, about.grant),
        Client.from_mapping(secrets.client),
        gate,
        permit,
        TokenSet.from_mapping(secrets.token),
        keeping,
    )


def say_goodbye(
    manifest: Manifest, account: str, about: AccountAbout, secrets: Secrets | None, gate: Gate
) -> Remote:
    """Asks the service to forget the grant; never raises, never takes long."""
    auth = auth_for(manifest.auth, about.options, about.grant)
    if auth.flow in {Flow.NONE, Flow.PASSWORD, Flow.TOKEN}:
        return Remote(RemoteOutcome.NOT_NEEDED, auth.manage_url)
    if auth.revoke_url is None:
        return Remote(RemoteOutcome.NO_ENDPOINT, auth.manage_url)
    if secrets is None or secrets.token is None or secrets.client is None:
        return Remote(RemoteOutcome.FAILED, auth.manage_url)
    try:
        permit = permit_for(manifest, account, about.options, about.grant)
        token, client = (
            TokenSet.from_mapping(secrets.token),
            Client.from_mapping(secrets.client),
        )
        outcome = oauth2.revoke(auth, client, gate, permit, token)
    except JolidriveError:
        outcome = RemoteOutcome.FAILED
    done = outcome in {RemoteOutcome.REVOKED, RemoteOutcome.ALREADY}
    return Remote(outcome, None if done else auth.manage_url)


def _kept_in_vault(account: str, vault: Vault, profile: Profile) -> TokenKeeping:
    @contextmanager
    def lock() -> Iterator[None]:
        path = profile.token_lock_file(account)
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = FileLock(path, timeout=_TOKEN_LOCK_S, thread_local=False)
        try:
            waiting.acquire()
        except Timeout:
            raise StoreBusyError(account, "token") from None
        try:
            yield
        finally:
            waiting.release()

    def load() -> TokenSet | None:
        secrets = vault.load(account)
        token = secrets.token if secrets else None
        return TokenSet.from_mapping(token) if token else None

    def save(token: TokenSet) -> None:
        secrets = vault.load(account) or Secrets()
        vault.update(account, replace(secrets, token=token.to_mapping()))

    return TokenKeeping(lock=lock, load=load, save=save)


def _client_values(client: Client) -> dict[str, str]:
    values = {"id": client.id}
    if client.secret is not None:
        values["secret"] = client.secret
    return values
