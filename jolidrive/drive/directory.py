"""The directory of services: from manifests to what a person reads before saying yes.

Everything here is known before any plugin code runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jolidrive.accounts.options import asked_for
from jolidrive.api.manifest import Audience, ClientPolicy, Flow, Manifest, Option
from jolidrive.connectors.catalog import Entry, EntryState
from jolidrive.model.overview import (
    HostUse,
    OptionField,
    ServiceEntry,
    ServiceNeeds,
    ServiceState,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATES: Final[Mapping[EntryState, ServiceState]] = {
    EntryState.READY: ServiceState.READY,
    EntryState.NEEDS_APPROVAL: ServiceState.UNAPPROVED,
    EntryState.CHANGED: ServiceState.CHANGED,
    EntryState.BROKEN: ServiceState.BROKEN,
}


def service_entry(entry: Entry) -> ServiceEntry:
    """One plugin as the directory shows it; a broken one with its reasons."""
    state = _STATES[entry.state]
    manifest = entry.manifest
    if manifest is None:
        return ServiceEntry(
            id=entry.id,
            name=entry.id,
            summary="",
            group="other",
            state=state,
            needs=ServiceNeeds.NOTHING,
            kinds={},
            flow="",
            keeps_secrets=False,
            problems=entry.reasons,
        )
    return ServiceEntry(
        id=manifest.id,
        name=manifest.name,
        summary=manifest.summary,
        group=manifest.group,
        state=state,
        needs=_needs(manifest),
        kinds=manifest.kinds,
        flow=manifest.auth.flow.value,
        hosts=_hosts(manifest),
        reasons=tuple(scope.reason for scope in manifest.auth.scopes),
        stays_out=manifest.stays_out,
        options=tuple(_field(option) for option in asked_for(manifest)),
        keeps_secrets=manifest.keeps_secrets,
        problems=entry.reasons,
        demo=manifest.audience is Audience.DEMO,
    )


def _needs(manifest: Manifest) -> ServiceNeeds:
    if manifest.auth.flow is Flow.CODE and manifest.auth.client is ClientPolicy.OWN:
        return ServiceNeeds.OWN_KEY
    if any(option.type == "path" for option in manifest.options):
        return ServiceNeeds.EXPORT_FILE
    return ServiceNeeds.NOTHING


def _hosts(manifest: Manifest) -> tuple[HostUse, ...]:
    network = manifest.network
    signed = [HostUse(host=host, signed_in=True) for host in network.token_hosts]
    opened = [HostUse(host=host, signed_in=False) for host in network.open_hosts]
    return (*signed, *opened)


def _field(option: Option) -> OptionField:
    return OptionField(
        name=option.name,
        label=option.label or option.name,
        type=option.type,
        default=option.default or "",
        secret=option.secret,
        required=option.default is None,
    )
