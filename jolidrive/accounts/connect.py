"""From consent to a connected account. Calling this is the consent: the front has shown it.

Nothing is stored before the service has said who signed in. Then, under the account's lock:
the roster's line (*connecting*), the folder, the sealed secrets, and only then *ready*. What a
crash leaves *connecting* is undone at the next start (see `revoke.recover`).
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from jolidrive.api import Context, Identity, Wanted
from jolidrive.api.manifest import ClientPolicy, Flow, Manifest
from jolidrive.errors import (
    CancelledError,
    CertificateUnknownError,
    ConsentRefusedError,
    JolidriveError,
    OptionMissingError,
    StoreError,
    WrongAccountError,
)
from jolidrive.model.account import SEARCHABLE, Account, AccountState
from jolidrive.net import oauth2, register
from jolidrive.net.hosts import read_address
from jolidrive.net.tokens import Client
from jolidrive.store.account_lock import AccountLock
from jolidrive.store.account_store import AccountAbout, AccountStore
from jolidrive.store.erase import erase_folder, erase_lock_files
from jolidrive.store.roster import new_account_id

from .credentials import Proof, granted_proof, say_goodbye, typed_proof
from .options import checked_options, public_options
from .permit import FINGERPRINT, SERVER, auth_for, permit_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jolidrive.connectors.catalog import Catalog
    from jolidrive.connectors.load import Loaded
    from jolidrive.net.session import Gate
    from jolidrive.paths import Profile
    from jolidrive.store.ledger_store import LedgerStore
    from jolidrive.store.roster import Roster
    from jolidrive.vault.vault import Vault

_LOCK_WAIT_S: Final = 1.0


class Asker(Protocol):
    """What a connect may ask or tell its front; called from the connecting thread."""

    def open(self, url: str) -> bool:
        """Opens a browser at the address; False when none could be opened."""
        ...

    def show(self, url: str) -> None:
        """Shows the address, for whoever wants to open it by hand."""
        ...

    def trust(self, host: str, fingerprint: str) -> bool:
        """Whether the person trusts this certificate for this account."""
        ...

    def confirm(self, label: str) -> bool:
        """Whether the person is the one the service names."""
        ...

    def cancelled(self) -> bool:
        """Whether the person gave up meanwhile."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectParts:
    """What a connect needs, put together by `Drive`."""

    profile: Profile
    roster: Roster
    vault: Vault
    ledger: LedgerStore
    catalog: Catalog
    gate: Gate
    connecting: set[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SignedIn:
    """Somebody the service knows, and what proves it."""

    account: str
    identity: Identity
    proof: Proof
    options: Mapping[str, str]


class Connect:
    """Connects accounts, one call each."""

    def __init__(self, parts: ConnectParts) -> None:
        self._parts = parts

    def connect(
        self, service: str, values: Mapping[str, str], asker: Asker, wanted: Wanted
    ) -> Account:
        """Signs in and makes the account; does not sync.

        An account that waits for a new sign-in gets it, when the same person signs in.

        Raises:
            PluginError: the service is not there, not approved, or broken.
            OptionMissingError: a value is missing or cannot be used.
            SecretError: there is no place to keep the key.
            AccountError: the sign-in did not happen, or the account is connected already.
            ServiceError, GuardError: the service could not be asked.
        """
        loaded = self._parts.catalog.load(service)
        manifest = loaded.manifest
        checked = checked_options(manifest, values)
        if manifest.keeps_secrets:
            self._parts.vault.check()
        account = new_account_id()
        self._parts.connecting.add(account)
        try:
            signed = self._sign_in(loaded, account, checked, asker, wanted)
            self._confirm(manifest, signed, asker)
            kept = self._keep(manifest, account, signed, wanted)
        except BaseException:
            self._cut_ledger(account, checked)
            raise
        finally:
            self._parts.connecting.discard(account)
        if kept.id != account:
            self._cut_ledger(account, checked)
        return kept

    def _confirm(self, manifest: Manifest, signed: _SignedIn, asker: Asker) -> None:
        """Where a service drops `state`, the person says whether it is really they."""
        if not manifest.auth.state_returned and not asker.confirm(signed.identity.label):
            self._give_back(manifest, signed.account, signed.options, signed.proof)
            raise ConsentRefusedError(manifest.name)

    # ── signing in ───────────────────────────────────────────────────────────────────────

    def _sign_in(
        self,
        loaded: Loaded,
        account: str,
        values: Mapping[str, str],
        asker: Asker,
        wanted: Wanted,
    ) -> _SignedIn:
        try:
            return self._try(loaded, account, values, asker, wanted)
        except CertificateUnknownError as unknown:
            fingerprint, host = unknown.fingerprint, unknown.host
            known = FINGERPRINT in values or SERVER not in values
            if fingerprint is None or known or not asker.trust(host, fingerprint):
                raise
        trusting = {**values, FINGERPRINT: fingerprint}
        return self._try(loaded, account, trusting, asker, wanted)

    def _try(
        self,
        loaded: Loaded,
        account: str,
        values: Mapping[str, str],
        asker: Asker,
        wanted: Wanted,
    ) -> _SignedIn:
        manifest = loaded.manifest
        options = public_options(manifest, values)
        proof = self._proof(manifest, account, values, asker)
        try:
            identity = self._identify(loaded, account, options, proof, wanted, asker)
        except BaseException:
            self._give_back(manifest, account, options, proof)
            raise
        return _SignedIn(account=account, identity=identity, proof=proof, options=options)

    def _proof(
        self, manifest: Manifest, account: str, values: Mapping[str, str], asker: Asker
    ) -> Proof:
        if manifest.auth.flow in {Flow.NONE, Flow.PASSWORD, Flow.TOKEN}:
            return typed_proof(manifest, values)
        if manifest.auth.flow is not Flow.CODE:
            raise OptionMissingError(
                manifest.name, "auth", problem="this way to sign in is not built yet"
            )
        gate = self._parts.gate
        permit = permit_for(manifest, account, values)
        auth = auth_for(manifest.auth, values)
        client = self._client(manifest, permit_values=values, account=account, asker=asker)
        token = oauth2.sign_in(auth, client, gate, permit, asker, asker.cancelled)
        full_auth = auth_for(manifest.auth, values, token.grant)
        full_permit = permit_for(manifest, account, values, token.grant)
        return granted_proof(full_auth, client, gate, full_permit, token)

    def _client(
        self,
        manifest: Manifest,
        *,
        permit_values: Mapping[str, str],
        account: str,
        asker: Asker,
    ) -> Client:
        auth = manifest.auth
        if auth.client is ClientPolicy.DYNAMIC:
            permit = permit_for(manifest, account, permit_values)
            filled = auth_for(auth, permit_values)
            return register.register(filled, self._parts.gate, permit, asker.cancelled)
        if auth.client is ClientPolicy.OWN:
            saved = self._parts.vault.load_client(manifest.id)
            if saved is None:
                raise OptionMissingError(manifest.name, "client_id")
            return Client.from_mapping(saved)
        return Client(id=auth.client_id or "", secret=auth.client_secret)

    def _identify(
        self,
        loaded: Loaded,
        account: str,
        options: Mapping[str, str],
        proof: Proof,
        wanted: Wanted,
        asker: Asker,
    ) -> Identity:
        session = self._parts.gate.session(
            permit_for(loaded.manifest, account, options, proof.grant),
            proof.credentials,
            purpose="connect",
            stopping=asker.cancelled,
        )
        try:
            context = Context(
                session=session,
                log=logging.getLogger(f"jolidrive.plugin.{loaded.manifest.id}"),
                options=options,
                wanted=wanted,
                grant=proof.grant or {},
            )
            return loaded.open(context).identify()
        finally:
            session.close()

    # ── keeping ──────────────────────────────────────────────────────────────────────────

    def _keep(
        self, manifest: Manifest, account: str, signed: _SignedIn, wanted: Wanted
    ) -> Account:
        known = self._known(manifest, signed)
        if known is not None:
            return self._sign_in_again(manifest, known, signed)
        about = AccountAbout(
            label=signed.identity.label,
            identity=signed.identity.key,
            service=manifest.id,
            options=signed.options,
            grant=dict(signed.proof.grant or {}),
            wanted=wanted,
        )
        try:
            self._store(account, about, signed.proof)
        except BaseException:
            self._give_back(manifest, account, signed.options, signed.proof)
            raise
        return Account(account, manifest.id, about.label)

    def _store(self, account: str, about: AccountAbout, proof: Proof) -> None:
        parts = self._parts
        with self._lock(account):
            parts.roster.add(account, about.service)
            try:
                folder = parts.profile.account_dir(account)
                AccountStore.create(folder, about).close()
                if not proof.secrets.are_empty:
                    parts.vault.save(account, proof.secrets)
                parts.roster.set_state(account, AccountState.READY)
            except BaseException:
                self._undo(account)
                raise

    @contextmanager
    def _lock(self, account: str) -> Iterator[None]:
        """The account's lock; a sweep may hold a brand-new one for an instant."""
        lock = AccountLock(self._parts.profile, account, verb="connect")
        lock.acquire(_LOCK_WAIT_S)
        try:
            yield
        finally:
            lock.release()

    def _undo(self, account: str) -> None:
        """Nothing of a connect that failed stays; what cannot be undone now is at a start."""
        parts = self._parts
        with suppress(JolidriveError):
            parts.vault.forget(account)
            if not erase_folder(parts.profile.account_dir(account)):
                parts.roster.remove(account)
                erase_lock_files(parts.profile, account)

    def _known(self, manifest: Manifest, signed: _SignedIn) -> tuple[str, AccountAbout] | None:
        """The connected account of the same person at the same server, if there is one."""
        for line in self._parts.roster.lines():
            if line.plugin != manifest.id or line.state not in SEARCHABLE:
                continue
            about = self._about(line.id)
            if about is None:
                continue
            same = about.options.get(SERVER) == signed.options.get(SERVER)
            if same and about.identity == signed.identity.key:
                return line.id, about
        return None

    def _about(self, account: str) -> AccountAbout | None:
        """Who an account is; None where its store cannot be read."""
        try:
            store = AccountStore.open(self._parts.profile.account_dir(account), read_only=True)
        except StoreError:
            return None
        try:
            return store.about
        except StoreError:
            return None
        finally:
            store.close()

    def _sign_in_again(
        self, manifest: Manifest, known: tuple[str, AccountAbout], signed: _SignedIn
    ) -> Account:
        account, about = known
        parts = self._parts
        if parts.roster.line(account).state is not AccountState.SIGN_IN:
            self._give_back(manifest, signed.account, signed.options, signed.proof)
            raise WrongAccountError(manifest.name, connected=about.label)
        with self._lock(account):
            parts.vault.save(account, signed.proof.secrets)
            store = AccountStore.open(parts.profile.account_dir(account))
            try:
                store.set_about(
                    replace(
                        about,
                        options=signed.options,
                        grant=dict(signed.proof.grant or {}),
                        label=signed.identity.label,
                    )
                )
            finally:
                store.close()
            parts.roster.set_state(account, AccountState.READY)
            parts.roster.schedule(account, None)
        return Account(account, about.service, signed.identity.label)

    def _give_back(
        self, manifest: Manifest, account: str, options: Mapping[str, str], proof: Proof
    ) -> None:
        """A token that will not be kept is returned to the service, as far as that goes."""
        if proof.secrets.token is None:
            return
        about = AccountAbout(
            label="",
            identity="",
            service=manifest.id,
            options=options,
            grant=dict(proof.grant or {}),
        )
        try:
            say_goodbye(manifest, account, about, proof.secrets, self._parts.gate)
        except CancelledError:
            return

    def _cut_ledger(self, account: str, values: Mapping[str, str]) -> None:
        """A connect that came to nothing leaves no typed host behind."""
        with suppress(JolidriveError):  # a full disk is told by what comes first
            self._parts.gate.ledger.flush()
            for host in typed_hosts(values):
                self._parts.ledger.cut_host(account, host)


def typed_hosts(values: Mapping[str, str]) -> tuple[str, ...]:
    """Hosts the person typed, as the ledger spells them."""
    if not values.get(SERVER):
        return ()
    return (read_address(values[SERVER]).shown,)
