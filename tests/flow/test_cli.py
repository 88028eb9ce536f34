"""The command line as scripts use it: exit codes, sentences, and the stable JSON shapes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from jolidrive.cli.main import run, verbs

if TYPE_CHECKING:
    from pathlib import Path

ITEMS = (
    {
        "key": "p1",
        "kind": "photo",
        "title": "Above Fuente Dé",
        "created_at": "2019-06-14T09:42:00+02:00",
        "people": ["Maya"],
        "tags": ["hike"],
        "url": "https://example.org/p1",
        "mime": "image/jpeg",
        "odd": {"field": 1},
    },
    {"key": "d1", "kind": "document", "title": "Lease.pdf", "text": "the rent is due"},
    {"key": "d2", "kind": "document", "title": "Old lease.pdf", "created_at": "2014-01-02"},
)
BALANCE = {
    "seen", "new", "changed", "unchanged", "removed", "skipped", "failed", "seconds",
}  # fmt: skip


def no_window(_argument: str | None) -> NoReturn:
    raise AssertionError("no window was asked for")


class Cli:
    def __init__(self, profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.profile = profile
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        arguments = ["--profile", str(self.profile), *words]
        got = run(arguments, open_window=no_window, window_demo=no_window)
        out = self._capsys.readouterr()
        self.err = out.err
        assert got == code, out
        return out.out

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self(*words, "--json", code=code))


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path / "profile", capsys)


@pytest.fixture
def items(tmp_path: Path) -> Path:
    file = tmp_path / "items.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in ITEMS) + "no json\n")
    return file


@pytest.fixture
def account(cli: Cli, items: Path) -> str:
    return str(cli.json("connect", "jsonl", "--set", f"path={items}")["account"])


def test_services_are_listed_with_their_shape(cli: Cli) -> None:
    services = {entry["id"]: entry for entry in cli.json("services")}
    assert {"jsonl", "mastodon", "webdav"} <= set(services)
    assert not any(name.startswith("demo") for name in services)
    jsonl = services["jsonl"]
    assert {"id", "name", "summary", "kinds", "auth", "needs", "state"} <= set(jsonl)
    assert (jsonl["auth"], jsonl["state"]) == ("none", "ready")


def test_connect_syncs_and_tells_both_balances(cli: Cli, items: Path) -> None:
    told = cli.json("connect", "jsonl", "--set", f"path={items}")
    assert {"account", "service", "label", "sync", "content"} <= set(told)
    assert set(told["sync"]) == BALANCE
    assert told["sync"]["new"] == 3
    assert told["sync"]["skipped"] == [{"reason": "line 4: not JSON", "count": 1}]
    assert told["content"]["seen"] == 0
    assert "reads photo" in cli.err


def test_connect_without_sync_reads_nothing(cli: Cli, items: Path) -> None:
    told = cli.json("connect", "jsonl", "--set", f"path={items}", "--no-sync")
    assert (told["sync"], told["content"]) == (None, None)
    assert cli.json("accounts")[0]["items"] == 0


def test_accounts_and_sync_have_their_shapes(cli: Cli, account: str) -> None:
    summary = cli.json("accounts")[0]
    assert {"account", "service", "label", "state", "items", "bytes", "synced_at"} <= set(
        summary
    )
    assert (summary["account"], summary["state"], summary["items"]) == (account, "ready", 3)
    synced = cli.json("sync", account, "--full", "--no-content")
    assert synced[0]["account"] == account
    assert synced[0]["sync"]["unchanged"] == 3
    assert synced[0]["content"] is None


def test_search_gives_hits_facets_and_hints(cli: Cli, account: str) -> None:
    page = cli.json("search", "lease kond:x", "--facets")
    assert page["hints"][0]["start"] == 6
    page = cli.json("search", "lease", "--facets", "kind,people", "--sort", "oldest")
    assert page["total"] == 2
    assert [hit["key"] for hit in page["hits"]] == ["d2", "d1"]
    hit = page["hits"][0]
    assert {
        "account", "service", "key", "kind", "title", "excerpt", "people", "created_at",
        "url", "score",
    } <= set(hit)  # fmt: skip
    assert hit["score"] is None
    assert hit["account"] == account
    assert page["facets"] == {
        "kind": [{"value": "document", "count": 2}],
        "people": [{"value": None, "count": 2}],
    }
    best = cli.json("search", "rent")
    assert best["hits"][0]["score"] > 0
    assert "rent" in best["hits"][0]["excerpt"]


def test_a_query_may_begin_with_a_minus(cli: Cli, account: str) -> None:
    assert cli.json("search", "-kind:photo")["total"] == 2
    assert account


def test_search_pages_by_limit_and_offset(cli: Cli, account: str) -> None:
    keys = [
        cli.json("search", "", "--sort", "title", "--limit", "1", "--offset", str(n))["hits"]
        for n in range(4)
    ]
    assert [hits[0]["key"] if hits else None for hits in keys] == ["p1", "d1", "d2", None]
    assert account


def test_show_tells_every_field_and_the_raw_reply_when_asked(cli: Cli, account: str) -> None:
    shown = cli.json("show", account, "p1")
    assert shown["title"] == "Above Fuente Dé"
    assert shown["created_day"] == "2019-06-14"
    assert shown["extra"] == {"odd": {"field": 1}}
    assert "raw" in cli.json("show", account, "p1", "--raw")


def test_show_cuts_a_book_for_people_and_not_for_programs(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "book.jsonl"
    book = {"key": "b", "kind": "document", "title": "Book", "text": "Call me Ishmael. " * 900}
    file.write_text(json.dumps(book))
    account = cli.json("connect", "jsonl", "--set", f"path={file}")["account"]
    shown = cli("show", account, "b")
    assert "--json shows all" in shown
    assert len(shown) < 4_000
    assert cli.json("show", account, "b")["text"].count("Ishmael") == 900


def test_marks_are_added_and_taken_away_and_found(cli: Cli, account: str) -> None:
    marks = cli.json("mark", account, "d1", "--star", "--tag", "home", "--note", "keep")
    assert marks == {
        "account": account, "key": "d1", "starred": True, "tags": ["home"], "note": "keep",
    }  # fmt: skip
    assert cli.json("search", "tag:home")["total"] == 1
    assert cli.json("search", "is:starred")["total"] == 1
    cli.json("sync", account, "--full")
    assert cli.json("search", "tag:home is:starred")["total"] == 1
    marks = cli.json("mark", account, "d1", "--no-star", "--untag", "home", "--note", "")
    assert (marks["starred"], marks["tags"], marks["note"]) == (False, [], "")
    assert cli.json("search", "is:starred")["total"] == 0


def test_revoke_wipes_and_gives_a_receipt(cli: Cli, account: str) -> None:
    receipt = cli.json("revoke", account, "--yes")
    assert {"account", "service", "items", "bytes", "seconds", "remote", "left"} <= set(receipt)
    assert receipt["items"] == 3
    assert receipt["remote"] == {"outcome": "not_needed", "url": None}
    assert receipt["left"] == []
    assert cli.json("accounts") == []
    assert cli.json("verify-erasure", "Fuente Dé")["found"] == []


def test_verify_erasure_fails_while_something_is_there(cli: Cli, account: str) -> None:
    report = cli.json("verify-erasure", "Above Fuente", code=1)
    assert account in report["found"][0]["place"]


def test_what_is_missing_is_named_and_exits_with_one(cli: Cli) -> None:
    cli("connect", "jsonl", code=1)
    assert "path" in cli.err
    cli("connect", "webdav", "--set", "server=https://x.example", code=1)
    assert "user" in cli.err
    cli("connect", "nothing", code=1)
    assert "nothing" in cli.err
    cli("sync", "nobody", code=1)
    cli("revoke", "nobody", "--yes", code=1)
    cli("show", "../../etc", "x", code=1)


def test_mistakes_in_the_call_exit_with_two(cli: Cli, account: str) -> None:
    cli("frobnicate", code=2)
    cli("search", "x", "--sort", "sideways", code=2)
    cli("search", "x", "--facets", "mood", code=2)
    cli("connect", "jsonl", "--set", "novalue", code=2)
    cli("revoke", account, code=2)


def test_every_verb_of_the_promise_is_there(cli: Cli) -> None:
    promised = (
        "accounts connect demo doctor mark plugin revoke search services show sync "
        "verify-erasure work"
    )
    assert set(promised.split()) <= set(verbs())
    for verb in verbs():
        assert "--help" in cli(verb, "--help") or verb


def test_the_doctor_tells_of_each_account(cli: Cli, account: str) -> None:
    findings = {f["what"]: f for f in cli.json("doctor")}
    assert findings[f"Account {account}"]["fine"]
    assert {"Plugin jsonl", "Plugin mastodon", "Plugin webdav"} <= findings.keys()


def test_the_doctor_misses_a_keyring_only_where_an_account_needs_one(
    cli: Cli, account: str
) -> None:
    keyring = next(f for f in cli.json("doctor") if f["what"] == "Keyring")
    assert keyring["found"].endswith("No account here needs one.")
    (cli.profile / "accounts" / account / "secrets.sealed").write_bytes(b"sealed")
    keyring = next(f for f in cli.json("doctor", code=1) if f["what"] == "Keyring")
    assert not keyring["fine"]


def test_an_account_that_needs_secrets_is_refused_without_a_keyring(cli: Cli) -> None:
    options = ("--set", "server=https://x.example", "--set", "user=u", "--set", "password=p")
    cli("connect", "webdav", *options, code=1)
    assert "keyring" in cli.err
    assert "contacts x.example\n" in cli.err
    assert cli.json("accounts") == []
