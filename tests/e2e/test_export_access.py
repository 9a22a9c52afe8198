"""Who may export what, and who sees it."""

from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.e2e.conftest import People
from tests.e2e.conversation import Talk


def _refused(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]  # a response of requests


@pytest.fixture
def leads_only(admin: Talk) -> Iterator[None]:
    admin.call(
        "PUT", "/preferences", json={"exportObjects": "leadsOnly"}, headers={"If-Match": "*"}
    ).raise_for_status()
    yield
    admin.call("PUT", "/preferences", json={}, headers={"If-Match": "*"}).raise_for_status()


@pytest.mark.usefixtures("leads_only")
def test_leads_only_refuses_accounts_and_says_why(user: Talk, people: People) -> None:
    answer = user.call("POST", "/exports", json={"object": "account", "records": [{"name": "Contoso"}]})
    assert _refused(answer) == (403, "leadsOnly")
    assert user.export("lead", [people.one(1)])["counts"]["created"] == 1


def test_a_tenant_that_is_not_connected_is_told_so(connected: Stack) -> None:
    stranger = Talk(connected, "fabrikam", _some_admin(connected, "fabrikam"))
    assert stranger.call("DELETE", "/connection").status_code == 204
    answer = stranger.call("POST", "/exports", json={"object": "lead", "records": [{"lastName": "A"}]})
    assert _refused(answer) == (409, "notConnected")


def test_users_see_their_own_exports_and_admins_all_of_the_tenant(
    admin: Talk, user: Talk, connected: Stack, people: People
) -> None:
    theirs = user.export("lead", [people.one(1)])["id"]
    admins = admin.export("lead", [people.one(2)])["id"]
    assert theirs in {each["id"] for each in user.get("/exports", params={"limit": 1000})["items"]}
    assert admins not in {each["id"] for each in user.get("/exports", params={"limit": 1000})["items"]}
    newest = admin.get("/exports", params={"limit": 2})
    assert [each["id"] for each in newest["items"]] == [admins, theirs]
    assert user.call("GET", f"/exports/{admins}").status_code == 404
    stranger = Talk(connected, "fabrikam", _some_admin(connected, "fabrikam"))
    for path in ("", "/records", "/results.csv"):
        assert stranger.call("GET", f"/exports/{theirs}{path}").status_code == 404
    for path in ("/cancel", "/pause", "/resume", "/retry"):
        assert stranger.call("POST", f"/exports/{theirs}{path}").status_code == 404
    assert stranger.call("POST", f"/exports/{theirs}/undo", json={"dryRun": True}).status_code == 404


def test_switching_the_integration_off_stops_users_not_admins(
    admin: Talk, user: Talk, people: People
) -> None:
    everybody = {"If-Match": "*"}
    admin.call("PUT", "/access", json={"enabled": True, "users": ["carla"]}, headers=everybody)
    try:
        answer = user.call("POST", "/exports", json={"object": "lead", "records": [people.one(1)]})
        assert _refused(answer) == (403, "integrationOff")
        assert admin.export("lead", [people.one(2)])["counts"]["created"] == 1
    finally:
        admin.call("PUT", "/access", json={"enabled": True, "users": "all"}, headers=everybody)


def test_an_administrators_limit_of_records_ends_a_larger_export(admin: Talk, people: People) -> None:
    body = {"lead": {"maxRecordsPerExport": 2}}
    admin.call("PUT", "/preferences", json=body, headers={"If-Match": "*"}).raise_for_status()
    try:
        ended = admin.export("lead", people.many(3))
    finally:
        admin.call("PUT", "/preferences", json={}, headers={"If-Match": "*"}).raise_for_status()
    assert ended["state"] == "failed"
    assert "2 records per export" in ended["problem"]


def test_nobody_exports_without_a_token(connected: Stack) -> None:
    import requests

    answer = requests.get(f"{connected.api}/exports", timeout=180)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def _some_admin(stack: Stack, tenant: str) -> str:
    users = next(each["users"] for each in stack.demo["tenants"] if each["id"] == tenant)
    return str(next(user["id"] for user in users if user["admin"]))
