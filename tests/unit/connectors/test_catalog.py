"""What is listed, what runs, and that nothing runs unasked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jolidrive.api.manifest import Audience
from jolidrive.connectors.catalog import Catalog, EntryState
from jolidrive.errors import (
    ManifestInvalidError,
    PluginCrashedError,
    PluginNotApprovedError,
    PluginTooNewError,
    PluginUnknownError,
)
from jolidrive.paths import shipped_plugins_dir

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """
[plugin]
id = "{id}"
name = "Pebbles"
summary = "Pebbles."
version = "1"
license = "MIT"
api = "{api}"
entry = "connector:Pebbles"
audience = "{audience}"
[auth]
flow = "none"
[data]
kinds = {{ document = "Pebbles" }}
"""
CONNECTOR = """
from jolidrive.api import Connector, Identity, Page
from .shore import NAME

class Pebbles(Connector):
    def identify(self):
        return Identity(key="1", label=NAME)

    def pull(self, cursor):
        yield Page()
"""


class Approvals:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def approved(self, plugin: str) -> str | None:
        return self.kept.get(plugin)

    def approve(self, plugin: str, content_hash: str) -> None:
        self.kept[plugin] = content_hash


def write(
    folder: Path,
    name: str,
    *,
    id_: str | None = None,
    api: str = "1",
    audience: str = "everyone",
    code: str = CONNECTOR,
) -> Path:
    plugin = folder / name
    plugin.mkdir(parents=True)
    (plugin / "plugin.toml").write_text(
        MANIFEST.format(id=id_ or name, api=api, audience=audience)
    )
    (plugin / "__init__.py").write_text("")
    (plugin / "shore.py").write_text('NAME = "north"\n')
    (plugin / "connector.py").write_text(code)
    return plugin


@pytest.fixture(name="shipped")
def shipped_folder(tmp_path: Path) -> Path:
    write(tmp_path / "shipped", "pebbles")
    return tmp_path / "shipped"


@pytest.fixture(name="own")
def own_folder(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


@pytest.fixture(name="approvals")
def memory_approvals() -> Approvals:
    return Approvals()


@pytest.fixture(name="catalog")
def a_catalog(shipped: Path, own: Path, approvals: Approvals) -> Catalog:
    return Catalog(shipped, own, approvals)


def states(catalog: Catalog) -> dict[str, str]:
    return {entry.id: entry.state.value for entry in catalog.entries()}


def test_a_shipped_plugin_is_ready_and_loads(catalog: Catalog) -> None:
    assert states(catalog) == {"pebbles": "ready"}
    loaded = catalog.load("pebbles")
    assert loaded.connector_class.__module__ == "jolidrive_plugins.pebbles.connector"
    assert catalog.load("pebbles") is loaded


def test_listing_runs_nothing_and_a_plugin_waits_for_approval(
    catalog: Catalog, own: Path, tmp_path: Path
) -> None:
    code = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n" + CONNECTOR
    write(own, "mine", code=code)
    assert states(catalog)["mine"] == "needs_approval"
    with pytest.raises(PluginNotApprovedError) as told:
        catalog.load("mine")
    assert not told.value.changed
    assert catalog.manifest("mine").id == "mine"
    assert not (tmp_path / "ran").exists()
    assert catalog.approve("mine").state is EntryState.READY
    assert not (tmp_path / "ran").exists()
    catalog.load("mine")
    assert (tmp_path / "ran").exists()


def test_a_changed_plugin_asks_again(catalog: Catalog, own: Path) -> None:
    plugin = write(own, "mine")
    catalog.approve("mine")
    first = catalog.load("mine")
    (plugin / "shore.py").write_text('NAME = "south"\n')
    assert states(catalog)["mine"] == "changed"
    with pytest.raises(PluginNotApprovedError) as told:
        catalog.load("mine")
    assert told.value.changed
    catalog.approve("mine")
    assert catalog.load("mine") is not first
    assert sys.modules["jolidrive_plugins.mine.shore"].NAME == "south"


def test_no_bytecode_is_read_or_written(catalog: Catalog, own: Path) -> None:
    plugin = write(own, "mine")
    catalog.approve("mine")
    cache = plugin / "__pycache__"
    cache.mkdir()
    planted = cache / f"connector.{sys.implementation.cache_tag}.pyc"
    planted.write_bytes(b"not code")
    (plugin / "other.pyc").write_bytes(b"not code")
    catalog.approve("mine")
    catalog.load("mine")
    assert [file.name for file in cache.iterdir()] == [planted.name]


def test_the_bytes_that_run_are_the_bytes_that_were_hashed(catalog: Catalog, own: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "(Path(__file__).parent / 'shore.py').write_text('NAME = \"swapped\"')\n"
    ) + CONNECTOR
    write(own, "mine", code=code)
    catalog.approve("mine")
    catalog.load("mine")
    assert sys.modules["jolidrive_plugins.mine.shore"].NAME == "north"


def test_an_id_may_not_shadow_a_shipped_one(catalog: Catalog, own: Path) -> None:
    write(own, "sneaky", id_="pebbles", code="raise SystemExit")
    entries = [entry for entry in catalog.entries() if not entry.shipped]
    assert [(entry.state, entry.reasons) for entry in entries] == [
        (EntryState.BROKEN, ("the id belongs to a service that ships with Jolidrive already",))
    ]
    assert catalog.load("pebbles").folder.parent.name == "shipped"


def test_two_plugins_with_one_id_leave_the_first(catalog: Catalog, own: Path) -> None:
    write(own, "a", id_="twin")
    write(own, "b", id_="twin")
    told = [entry.state.value for entry in catalog.entries() if not entry.shipped]
    assert told == ["needs_approval", "broken"]


def test_broken_ones_are_listed_with_reasons_and_harm_nothing(
    catalog: Catalog, own: Path, tmp_path: Path
) -> None:
    write(own, "later", api="2")
    (write(own, "untold") / "plugin.toml").write_text("[plugin]\nid = 7")
    (write(own, "linked") / "x").symlink_to(tmp_path)
    (write(own, "empty") / "connector.py").unlink()
    (own / "no_plugin").mkdir()
    (own / "file.txt").write_text("x")
    told = {entry.id: entry for entry in catalog.entries() if not entry.shipped}
    assert sorted(told) == ["empty", "later", "linked", "untold"]
    assert all(entry.state is EntryState.BROKEN for entry in told.values())
    assert told["later"].reasons == ("asks for plugin API 2, this Jolidrive speaks 1",)
    assert told["linked"].reasons == ("the folder holds a symbolic link: x",)
    assert told["empty"].reasons == ("[plugin] entry: the folder holds no connector.py",)
    assert len(told["untold"].reasons) > 3
    catalog.load("pebbles")
    with pytest.raises(PluginTooNewError):
        catalog.load("later")
    with pytest.raises(ManifestInvalidError):
        catalog.load("untold")


@pytest.mark.parametrize(
    ("code", "kind", "where"),
    [
        ("1 / 0", "ZeroDivisionError", "connector.py:1"),
        ("import nowhere_at_all", "ModuleNotFoundError", "connector.py:1"),
        ("raise SystemExit", "SystemExit", "connector.py:1"),
        ("x = (", "SyntaxError", "line 1"),
        ("\0", "SyntaxError", "line None"),
    ],
)
def test_what_an_import_raises_is_told_without_content(
    catalog: Catalog, own: Path, code: str, kind: str, where: str
) -> None:
    write(own, "mine", code=code)
    catalog.approve("mine")
    with pytest.raises(PluginCrashedError) as told:
        catalog.load("mine")
    if kind != "SyntaxError":
        assert (told.value.kind, told.value.where) == (kind, where)
    assert told.value.__context__ is None
    assert states(catalog)["mine"] == "broken"
    assert "jolidrive_plugins.mine" not in sys.modules
    catalog.load("pebbles")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("Pebbles = 7", "is no subclass of Connector"),
        ("class Pebbles: pass", "is no subclass of Connector"),
        ("from jolidrive.api import Connector as Pebbles", "is no subclass of Connector"),
        ("", "is no subclass of Connector"),
        (
            "from jolidrive.api import Connector\nclass Pebbles(Connector): pass",
            "does not say how to identify, pull",
        ),
    ],
)
def test_an_entry_that_is_no_connector_is_told(
    catalog: Catalog, own: Path, code: str, told: str
) -> None:
    write(own, "mine", code=code)
    catalog.approve("mine")
    with pytest.raises(ManifestInvalidError, match="mine") as raised:
        catalog.load("mine")
    assert told in raised.value.problems[0]


def test_demo_services_are_listed_in_demo_profiles_only(
    catalog: Catalog, shipped: Path, own: Path, approvals: Approvals
) -> None:
    write(shipped, "demo_stones", audience="demo")
    assert "demo_stones" not in states(catalog)
    with pytest.raises(PluginUnknownError):
        catalog.load("demo_stones")
    demo = Catalog(shipped, own, approvals, Audience.DEMO)
    assert states(demo)["demo_stones"] == "ready"


def test_a_folders_name_carries_nothing_a_terminal_could_obey(
    catalog: Catalog, own: Path
) -> None:
    (write(own, "x\x1b[31m", id_="x") / "plugin.toml").write_text("[")
    assert [entry.id for entry in catalog.entries() if not entry.shipped] == ["x?[31m"]


def test_no_such_plugin_is_told(catalog: Catalog) -> None:
    for ask in (catalog.load, catalog.manifest, catalog.approve):
        with pytest.raises(PluginUnknownError):
            ask("nothing")


def test_a_profile_without_a_plugin_folder_lists_what_ships(
    shipped: Path, approvals: Approvals, tmp_path: Path
) -> None:
    assert states(Catalog(shipped, tmp_path / "none", approvals)) == {"pebbles": "ready"}
    assert states(Catalog(shipped, None, approvals)) == {"pebbles": "ready"}


def test_every_shipped_plugin_loads_without_a_network(approvals: Approvals) -> None:
    catalog = Catalog(shipped_plugins_dir(), None, approvals, Audience.DEMO)
    entries = catalog.entries()
    assert {"jsonl", "mastodon", "webdav"} <= {entry.id for entry in entries}
    for entry in entries:
        assert entry.state is EntryState.READY, entry
        catalog.load(entry.id)
