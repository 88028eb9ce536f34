"""The contract tests find what they promise to find: each breach by a plugin that breaks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jolidrive.testing import ConnectorContract

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """
[plugin]
id = "shells"
name = "Shells"
summary = "Shells."
version = "1"
license = "MIT"
api = "1"
entry = "connector:Shells"
[auth]
flow = "token"
[network]
token_hosts = ["shells.example"]
[data]
kinds = { document = "Shells" }
"""
GOOD = """
from jolidrive.api import Connector, Identity, Item, Kind, Page, Skipped

HOST = "https://shells.example"


class Shells(Connector):
    def identify(self):
        return Identity(key="1", label="shells")

    def pull(self, cursor):
        number = (cursor or {}).get("next", 1)
        while number:
            reply = self.session.get(f"{HOST}/shells", params={"page": str(number)})
            told = reply.json()
            shells = [one for one in told["shells"] if isinstance(one, dict) and one.get("id")]
            shells = [one for one in shells if isinstance(one["id"], str)]
            number += 1
            last = not told["more"]
            yield Page(
                items=tuple(
                    Item(key=one["id"], kind=Kind.DOCUMENT, title=one["name"])
                    for one in shells
                ),
                cursor={"next": number},
            )
            if last:
                return
"""


@pytest.fixture(name="contract")
def a_contract(tmp_path: Path) -> ConnectorContract:
    folder, tape = tmp_path / "shells", tmp_path / "tape"
    folder.mkdir()
    tape.mkdir()
    (folder / "plugin.toml").write_text(MANIFEST)
    (folder / "__init__.py").write_text("")
    (folder / "connector.py").write_text(GOOD)
    pages = [["a", "b"], ["c", "d"], ["e"], []]
    for number, names in enumerate(pages, 1):
        request = {
            "method": "GET",
            "url": f"https://shells.example/shells?page={number}",
            "headers": {"Authorization": "Bearer planted-token-77"},
        }
        shells = [{"id": f"id-{name}", "name": f"Shell {name}"} for name in names]
        body = {"shells": shells, "more": number < 3}
        exchange = {"request": request, "response": {"status": 200, "body": body}}
        (tape / f"{number}.json").write_text(json.dumps(exchange))

    class Inherited(ConnectorContract):
        pass

    Inherited.folder, Inherited.tape = folder, tape
    return Inherited()


CHECKS = [name for name in dir(ConnectorContract) if name.startswith("test_")]


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_plugin_passes(contract: ConnectorContract, check: str) -> None:
    getattr(contract, check)()


@pytest.mark.parametrize(
    ("check", "old", "new"),
    [
        ("test_its_manifest_has_no_problems", 'id = "shells"', 'id = "No"'),
        ("test_it_says_who_has_signed_in", 'key="1"', 'key=__import__("secrets").token_hex(4)'),
        (
            "test_it_asks_declared_hosts_only",
            "        number =",
            """
        try:
            self.session.get("https://else.example/")
        except Exception:
            pass
        number =""",
        ),
        (
            "test_it_asks_declared_hosts_only",
            'title=one["name"]',
            'title="", thumbnail="https://else.example/x.jpg"',
        ),
        (
            "test_its_items_have_usable_and_stable_keys",
            'key=one["id"]',
            'key=one["id"] + str(id(one))',
        ),
        (
            "test_its_second_pull_finds_nothing_new",
            'number = (cursor or {}).get("next", 1)',
            "number = 1 if cursor else 2",
        ),
        (
            "test_it_resumes_after_every_page",
            'cursor={"next": number}',
            'cursor={"next": number + 1}',
        ),
        (
            "test_it_survives_malformed_records",
            'if isinstance(one, dict) and one.get("id")',
            "if one",
        ),
        ("test_its_items_hold_no_token", 'title=one["name"]', 'title="planted-token-77"'),
    ],
)
def test_each_breach_is_found(
    contract: ConnectorContract, check: str, old: str, new: str
) -> None:
    for name in ("plugin.toml", "connector.py"):
        file = contract.folder / name
        file.write_text(file.read_text().replace(old, new))
    with pytest.raises(Exception):  # noqa: B017, PT011 - an AssertionError or the plugin's crash
        getattr(contract, check)()
