from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jolidrive.demo.cloud import DemoCloud
from tests.fake.demo_client import REDIRECT, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sockets
SCOPE = "files.read"


@pytest.fixture
def cloud() -> Iterator[DemoCloud]:
    with DemoCloud(busy_every=0) as running:
        yield running


@pytest.fixture
def client(cloud: DemoCloud) -> Client:
    return Client(cloud.base)


def test_a_person_who_says_yes_gets_a_token_that_opens_the_service(client: Client) -> None:
    page = client.get(client.consent_address(SCOPE))
    answer = client.decide(page, "allow")
    assert answer.status == 302
    assert answer.headers["location"].startswith(REDIRECT)
    assert answer.told["state"] == "a state"
    pair = client.exchange(answer.told["code"]).json
    client.token = pair["access_token"]
    assert pair["token_type"] == "Bearer"
    assert client.get("/files/v1/me").json["display_name"] == "Maya Berg"


def test_a_person_who_says_no_sends_back_access_denied_with_the_state(client: Client) -> None:
    answer = client.decide(client.get(client.consent_address(SCOPE)), "deny")
    assert answer.told == {"error": "access_denied", "state": "a state"}


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
    ],
)
def test_pkce_other_than_s256_is_refused(
    client: Client, changed: dict[str, str | None]
) -> None:
    answer = client.get(client.consent_address(SCOPE, **changed))
    assert answer.status == 302
    assert answer.told["error"] == "invalid_request"
    assert answer.told["state"] == "a state"


def test_a_wrong_or_missing_verifier_gets_no_token(client: Client) -> None:
    assert client.exchange(client.code(SCOPE), code_verifier="x" * 50).json == {
        "error": "invalid_grant"
    }
    assert client.exchange(client.code(SCOPE), code_verifier="").status == 400


def test_a_code_serves_once(client: Client) -> None:
    code = client.code(SCOPE)
    assert client.exchange(code).status == 200
    assert client.exchange(code).json["error"] == "invalid_grant"


def test_a_code_is_bound_to_its_redirect(client: Client) -> None:
    other = REDIRECT.replace("50007", "50008")
    assert client.exchange(client.code(SCOPE), redirect_uri=other).status == 400


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:5000/callback",
        "http://localhost:5000/callback",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:5000/elsewhere",
        "http://127.0.0.1:5000/callback?next=evil",
        "http://good@127.0.0.1:5000/callback",
        "http://192.168.0.7:5000/callback",
        "http://evil.example:5000/callback",
    ],
)
def test_only_loopback_callbacks_are_redirected_to(client: Client, address: str) -> None:
    answer = client.get(client.consent_address(SCOPE, redirect_uri=address))
    assert answer.status == 400
    assert "location" not in answer.headers


def test_an_unknown_client_or_scope_gets_nothing(client: Client) -> None:
    assert client.get(client.consent_address(SCOPE, client_id="other")).status == 400
    told = client.get(client.consent_address("everything")).told
    assert told["error"] == "invalid_scope"


def test_the_consent_page_needs_nothing_from_elsewhere(client: Client) -> None:
    page = client.get(client.consent_address("files.read photos.read"))
    text = page.body.decode()
    assert "<script" not in text
    assert not re.search(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//", text)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "Do not allow" in text
    assert "Nothing leaves it" in text
    assert "Demo Files and Demo Photos" in text
    assert "prefers-color-scheme:dark" in text


def test_a_ticket_serves_once_and_cannot_be_made_up(client: Client) -> None:
    page = client.get(client.consent_address(SCOPE))
    assert client.decide(page, "allow").status == 302
    assert client.decide(page, "allow").status == 400
    forged = client.send("POST", "/oauth/authorize", {"ticket": "x", "decision": "allow"})
    assert forged.status == 400


def test_refreshing_rotates_and_a_used_refresh_token_is_refused(client: Client) -> None:
    first = client.sign_in(SCOPE).refresh
    pair = client.renew(first).json
    assert pair["refresh_token"] != first
    assert client.renew(first).json["error"] == "invalid_grant"
    assert client.renew(pair["refresh_token"]).status == 200


def test_an_access_token_ends_and_is_refreshed(cloud: DemoCloud, client: Client) -> None:
    client.sign_in(SCOPE)
    cloud.door.grants.expire_access()
    assert client.get("/files/v1/me").status == 401
    client.token = client.renew(client.refresh).json["access_token"]
    assert client.get("/files/v1/me").status == 200


def test_tokens_live_as_long_as_they_are_told_to() -> None:
    with DemoCloud(token_life_s=7) as cloud:
        client = Client(cloud.base)
        assert client.exchange(client.code(SCOPE)).json["expires_in"] == 7


@pytest.mark.parametrize("which", ["token", "refresh"])
def test_revoking_either_token_ends_the_whole_grant(
    cloud: DemoCloud, client: Client, which: str
) -> None:
    client.sign_in(SCOPE)
    form = {"client_id": "jolidrive-demo", "token": getattr(client, which)}
    assert client.send("POST", "/oauth/revoke", form).status == 200
    assert client.get("/files/v1/me").status == 401
    assert client.renew(client.refresh).status == 400
    assert cloud.door.grants.open_grants == 0
    assert client.send("POST", "/oauth/revoke", form).status == 200


def test_a_token_opens_only_the_services_it_was_allowed_for(client: Client) -> None:
    client.sign_in(SCOPE)
    assert client.get("/photos/v1/profile").status == 403
    client.token = "made up"
    assert client.get("/files/v1/me").status == 401
    client.token = ""
    assert client.get("/files/v1/me").headers["www-authenticate"].startswith("Bearer")


def test_services_only_read(client: Client) -> None:
    client.sign_in(SCOPE)
    assert client.send("POST", "/files/v1/delta", {}).status == 405
    assert client.send("DELETE", "/files/v1/content/f001").status == 405


def test_a_request_under_another_host_name_is_refused(client: Client) -> None:
    got = client.send("GET", "/oauth/authorize", headers={"Host": "evil.example"})
    assert got.status == 421


def test_a_huge_form_is_refused(client: Client) -> None:
    got = client.send("POST", "/oauth/token", headers={"Content-Length": "99999999"})
    assert got.status == 413


def test_now_and_then_a_request_is_told_to_wait() -> None:
    with DemoCloud(busy_every=3) as cloud:
        client = Client(cloud.base).sign_in(SCOPE)
        answers = [client.get("/files/v1/me") for _ in range(6)]
    assert [got.status for got in answers] == [200, 200, 429, 200, 200, 429]
    assert answers[2].headers["retry-after"] == "1"


def test_an_old_cursor_of_another_life_is_refused(client: Client) -> None:
    client.sign_in(SCOPE)
    assert client.get("/files/v1/delta?cursor=w0.12").status == 410
    assert client.get("/files/v1/delta?cursor=nonsense").status == 410


def test_the_files_delta_tells_changes_moves_and_deletions(
    cloud: DemoCloud, client: Client
) -> None:
    client.sign_in(SCOPE)
    first = client.get("/files/v1/delta").json
    assert not first["has_more"]
    again = client.get(f"/files/v1/delta?cursor={first['cursor']}").json
    assert again["entries"] == []
    assert cloud.advance() > 0
    news = client.get(f"/files/v1/delta?cursor={first['cursor']}").json["entries"]
    assert {"id": "f039", "deleted": True} in news
    assert any(entry["id"] == "f003" for entry in news)
    assert client.get("/files/v1/content/f039").status == 404


def test_small_pictures_need_a_signed_address_that_ends(client: Client) -> None:
    client.sign_in("photos.read")
    address = client.get("/photos/v1/items/p001").json["baseUrl"]
    client.token = ""
    assert client.get(f"{address}&side=160").body.startswith(b"\xff\xd8")
    assert client.get(re.sub("sig=..", "sig=00", address)).status == 403
    ended = re.sub(r"expires=\d+", "expires=1", address)
    assert client.get(ended).status == 403


def test_an_item_has_a_page_at_the_service(client: Client) -> None:
    page = client.get("/view/files/f001")
    assert page.status == 200
    assert "readme.md" in page.body.decode()
    assert client.get("/view/files/f999").status == 404
    assert client.get("/view/people/x").status == 404


def test_it_stops_and_starts_again() -> None:
    cloud = DemoCloud()
    first = cloud.start()
    assert cloud.start() == first
    cloud.stop()
    cloud.stop()
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        Client(first).get("/files/v1/me")


def test_it_asks_no_name_service_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*asked: object) -> str:
        pytest.fail("the name service was asked")

    monkeypatch.setattr("socket.getfqdn", refused)
    with DemoCloud() as cloud:
        assert Client(cloud.base).get("/nowhere").status == 404


def test_many_requests_at_once_are_all_answered(client: Client) -> None:
    client.sign_in(SCOPE)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: client.get("/files/v1/delta").json, range(64)))
    assert all(answer == answers[0] for answer in answers)


def test_a_refresh_token_shown_by_many_at_once_serves_one(client: Client) -> None:
    refresh = client.sign_in(SCOPE).refresh
    with ThreadPoolExecutor(8) as pool:
        statuses = [got.status for got in pool.map(client.renew, [refresh] * 8)]
    assert sorted(statuses) == [200, *[400] * 7]
