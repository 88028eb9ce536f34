"""The public plugin API, version 1: the only part of Jolidrive a connector may import.

A connector is a folder with `plugin.toml` and a module holding one `Connector` class; see
`plugins/README.md`.
"""

from __future__ import annotations

from jolidrive.errors import (
    CursorRefusedError,
    OptionMissingError,
    SignInNeededError,
    UnexpectedReplyError,
)
from jolidrive.model.item import ASK, Folder, Item, Json, Kind, Person, Place, Relation

from .address import server_address
from .connector import (
    Connector,
    Context,
    Cursor,
    Identity,
    Page,
    Reply,
    Session,
    Skipped,
    Wanted,
)
from .text import plain_text

API_VERSION = "1.0"

__all__ = [
    "API_VERSION",
    "ASK",
    "Connector",
    "Context",
    "Cursor",
    "CursorRefusedError",
    "Folder",
    "Identity",
    "Item",
    "Json",
    "Kind",
    "OptionMissingError",
    "Page",
    "Person",
    "Place",
    "Relation",
    "Reply",
    "Session",
    "SignInNeededError",
    "Skipped",
    "UnexpectedReplyError",
    "Wanted",
    "plain_text",
    "server_address",
]
