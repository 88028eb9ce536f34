"""The main job, by the program itself, on real input and real servers.

Connect a WebDAV server with real documents and a Mastodon account, sync, search by words
inside the documents, filter, mark, sync again, revoke, and look whether anything is left.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

import pytest

from tests.fake.documents import copy_documents, keys_on_disk, telling_words
from tests.fake.program import Program, choose, plain_environment
from tests.fake.servers import PASSWORD, USER, Dav, Mastodon, mastodon, rclone, wsgidav
from tests.fake.session_bus import keyring_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.real]

NONE: Final = {"new": 0, "changed": 0, "removed": 0}
NOTE, TAG = "xanthochroi", "zyxomma"


class World(NamedTuple):
    """What one test has: the program, two services, and what proves that they are used."""

    program: Program
    dav: Dav
    social: Mastodon
    own_token: str


@pytest.fixture
def social(tmp_path: Path) -> Iterator[Mastodon]:
    with mastodon(tmp_path) as running:
        yield running


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    words = tmp_path / "passphrase"
    words.write_text("correct horse battery staple\n")
    return Program(
        profile=tmp_path / "profile",
        environment=plain_environment(home),
        options=("--passphrase-file", str(words)),
    )


def served(tmp_path: Path, share: float) -> Path:
    folder = tmp_path / "served"
    copy_documents(folder, share=share)
    return folder


def connect_both(world: World) -> tuple[str, str]:
    """Both accounts, connected and read; the balances add up."""
    program, dav, social, own_token = world
    for path in ("favourite", "bookmark"):
        social.api("POST", f"/api/v1/statuses/{others_post(world)}/{path}", own_token)
    social.api("POST", "/api/v1/statuses", own_token, status="A quokka by the lake #walk")
    files = program.json("connect", "webdav", *webdav_values(dav), typed=PASSWORD + "\n")
    assert f"contacts {dav.address.split('/')[2]}\n" in program.err
    assert PASSWORD not in program.err
    adds_up(files, len(keys_on_disk(dav.folder)))
    posts = program.sign_in(
        "connect", "mastodon", "--set", f"server={social.address}", visit=choose("ada")
    )
    assert posts["label"].startswith("ada@")
    assert posts["sync"]["new"] > 5
    assert posts["sync"]["seen"] == posts["sync"]["new"] + 1  # one is in two listings
    return files["account"], posts["account"]


def webdav_values(dav: Dav) -> tuple[str, ...]:
    return (
        *("--set", f"server={dav.address}"),
        *("--set", f"user={USER}"),
        *("--set", "password=-"),
    )


def others_post(world: World) -> str:
    """A post of grace that nobody marked."""
    token = world.social.log_in("grace")
    me = world.social.api("GET", "/api/v1/accounts/verify_credentials", token)
    posts = world.social.api("GET", f"/api/v1/accounts/{me['id']}/statuses", token)
    return str(posts[-1]["id"])


def adds_up(told: Any, files: int) -> None:
    sync, content = told["sync"], told["content"]
    assert (sync["seen"], sync["new"]) == (files, files)
    assert content["seen"] == sum(
        (content["new"], *(line["count"] for line in content["skipped"] + content["failed"]))
    )
    assert content["new"] > 0


def test_the_main_job_at_rclone(program: Program, social: Mastodon, tmp_path: Path) -> None:
    with rclone(served(tmp_path, 1.0), tmp_path) as dav:
        the_whole_way(World(program, dav, social, social.log_in("ada")))


def test_the_main_job_at_wsgidav(program: Program, social: Mastodon, tmp_path: Path) -> None:
    with wsgidav(served(tmp_path, 0.3), tmp_path) as dav:
        the_whole_way(World(program, dav, social, social.log_in("ada")))


def test_the_main_job_with_keys_in_gnome_keyring(
    social: Mastodon, tmp_path: Path, home: Path
) -> None:
    with (
        keyring_session(tmp_path) as keyring,
        rclone(served(tmp_path, 0.1), tmp_path) as dav,
    ):
        environment = plain_environment(home) | keyring.environment
        program = Program(profile=tmp_path / "profile", environment=environment)
        world = World(program, dav, social, social.log_in("ada"))
        files, posts = connect_both(world)
        assert keyring.holds(files)
        assert keyring.holds(posts)
        assert not (program.profile / "keys.sealed").exists()
        changes_are_followed(world, files)
        revoke_both(world, files, posts)
        assert not keyring.holds(files)
        assert not keyring.holds(posts)


def the_whole_way(world: World) -> None:
    files, posts = connect_both(world)
    found_by_words_inside(world)
    filtered(world)
    posts_and_relations(world, posts)
    mark_is_found(world, files)
    nothing_new(world, files)
    changes_are_followed(world, files)
    revoke_both(world, files, posts)


def found_by_words_inside(world: World) -> None:
    folder = world.dav.folder
    for ending, step in ((".pdf", 5), (".html", 20), (".txt", 30), (".md", 20)):
        words = telling_words(folder, ending)
        assert words, f"no {ending} on this machine"
        for key, word in list(words.items())[::step]:
            page = world.program.json("search", f"{word} ")
            assert [unquote(hit["key"]) for hit in page["hits"]] == [key], word
            assert word in page["hits"][0]["excerpt"].lower()


def filtered(world: World) -> None:
    """Fields and facets against counting in the file system."""
    program, keys = world.program, keys_on_disk(world.dav.folder)
    assert found(program, "service:webdav") == keys
    assert found(program, "type:pdf") == {key for key in keys if key.endswith(".pdf")}
    pictures = {key for key in keys if key.endswith((".png", ".jpg", ".jpeg", ".gif"))}
    assert found(program, "kind:photo service:webdav") == pictures
    assert found(program, "in:content") >= {key for key in keys if key.startswith("content/")}
    assert found(program, "service:webdav date:1999") == set()
    assert found(program, "service:webdav after:2001") == keys
    assert found(program, "kind:document -type:pdf service:webdav") == {
        key for key in keys - pictures if not key.endswith(".pdf")
    }
    facets = program.json("search", "", "--limit", "0", "--facets", "service,kind,type")
    counts = {
        name: {line["value"]: line["count"] for line in lines}
        for name, lines in facets["facets"].items()
    }
    assert counts["service"]["webdav"] == len(keys)
    assert counts["kind"]["photo"] >= len(pictures)
    assert counts["type"]["html"] == sum(key.endswith(".html") for key in keys)


def found(program: Program, query: str) -> set[str]:
    return {unquote(key) for key in program.keys(query)}


def posts_and_relations(world: World, account: str) -> None:
    program = world.program
    assert len(program.keys("quokka tag:walk kind:post is:mine")) == 1
    saved = program.json("search", "is:saved service:mastodon")
    assert [hit["key"] for hit in saved["hits"]] == [others_post(world)]
    shown = program.json("show", account, saved["hits"][0]["key"])
    assert shown["relations"] == ["saved"]
    assert "raw" in program.json("show", account, saved["hits"][0]["key"], "--raw")


def mark_is_found(world: World, account: str) -> None:
    key = sorted(world.program.keys("type:pdf"))[0]
    marks = world.program.json("mark", account, key, "--star", "--tag", TAG, "--note", NOTE)
    assert marks["starred"]
    assert world.program.keys(f"tag:{TAG} is:starred {NOTE}") == {key}


def nothing_new(world: World, account: str) -> None:
    synced = {line["account"]: line for line in world.program.json("sync")}
    assert len(synced) == 2
    for line in synced.values():
        assert line["sync"] | NONE == line["sync"]
        assert (line["content"]["new"], line["content"]["changed"]) == (0, 0)
        # A file that could not be read is looked at again, three times in all.
        broken = sum(one["count"] for one in line["content"]["failed"])
        assert line["content"]["seen"] == broken < 5
    assert synced[account]["sync"]["unchanged"] == len(keys_on_disk(world.dav.folder))
    assert len(world.program.keys(f"tag:{TAG}")) == 1


def changes_are_followed(world: World, account: str) -> None:
    """Change, rename, delete and add on disk: afterwards both sides are the same."""
    program, folder = world.program, world.dav.folder
    (folder / "content").rename(folder / "papers & things")
    texts = sorted(path for path in (folder / "doc").rglob("*.txt"))
    texts[0].write_text("The wobbegong came back.\n")
    texts[1].rename(texts[1].with_name("renamed ümläut #1.txt"))
    shutil.rmtree(texts[-1].parent)
    (folder / "new.txt").write_text("An unheard-of axolotl.\n", encoding="utf-16")
    world.dav.look_again()
    line = program.json("sync", account)[0]
    assert line["sync"]["changed"] == 1
    assert line["sync"]["removed"] > 1
    keys = keys_on_disk(folder)
    assert found(program, "service:webdav") == keys
    assert found(program, "wobbegong") == {texts[0].relative_to(folder).as_posix()}
    assert found(program, "axolotl") == {"new.txt"}
    assert found(program, 'in:"papers & things"') == {
        key for key in keys if key.startswith("papers & things/")
    }
    assert found(program, "renamed ümläut service:webdav") == {
        key for key in keys if "renamed" in key
    }


def revoke_both(world: World, files: str, posts: str) -> None:
    program, social = world.program, world.social
    app_token = social.token_of("ada")
    assert social.is_signed_in(app_token)
    held = program.json("verify-erasure", "wobbegong", code=1)
    assert held["found"]
    receipt = program.json("revoke", files, "--yes")
    assert receipt["items"] == len(keys_on_disk(world.dav.folder))
    assert receipt["remote"]["outcome"] == "not_needed"
    assert receipt["left"] == []
    assert program.keys("service:webdav") == set()
    receipt = program.json("revoke", posts, "--yes")
    assert receipt["remote"]["outcome"] == "revoked"
    assert social.calls("POST", "/oauth/revoke") == 1
    assert not social.is_signed_in(app_token)
    assert program.json("accounts") == []
    program("revoke", files, "--yes", code=1)
    program("sync", posts, code=1)
    planted = (
        *("wobbegong", "axolotl", "quokka", NOTE, TAG, PASSWORD, app_token),
        *("papers & things", "new.txt", social.address, world.dav.address),
    )
    assert program.json("verify-erasure", *planted)["found"] == []
    assert list((program.profile / "accounts").glob("*")) == []
