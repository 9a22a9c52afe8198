"""An administrator connects the tenant, and grants access for all users."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from connecting import PORTAL, Connecting, consent_url, told
from signing_in import ADA, CONTOSO, ORGANIZATION, Entra

from shared.domain.errors import NeedsUser
from shared.domain.ids import DirectoryId, TenantId
from shared.entra.principals import TENANT
from shared.storage.account import StorageAccount
from shared.storage.tokens import TokenStore
from tests.callers import admin, user


@pytest.fixture
def fabrikam(
    entra: Entra, storage_account: StorageAccount, vault: TokenStore, tenant: TenantId
) -> Connecting:
    return Connecting(entra, storage_account, vault, TenantId(f"{tenant}-other"))


def test_a_tenant_starts_disconnected(contoso: Connecting) -> None:
    assert contoso.connection() == {
        "state": "disconnected",
        "organizationUrl": None,
        "organizationName": None,
        "organizationId": None,
        "connectedBy": None,
        "connectedAt": None,
        "account": None,
        "consentGranted": False,
        "enabled": False,
        "problem": None,
        "attention": None,
        "approval": None,
    }


def test_a_sign_in_under_way_is_pending_until_its_time_is_over(contoso: Connecting) -> None:
    contoso.start()
    pending = contoso.connection()
    assert (pending["state"], pending["organizationUrl"]) == ("pending", str(ORGANIZATION))
    contoso.entra.clock.ahead = timedelta(minutes=10)
    assert contoso.connection()["state"] == "disconnected"


def test_an_administrator_connects_the_tenant(contoso: Connecting) -> None:
    answer = contoso.come_back(contoso.start())
    assert answer.status == 200
    assert told(answer) == {"type": "dynamics-connection", "ok": True, "code": "connected"}
    found = contoso.connection()
    assert found["connectedAt"].endswith("Z")
    assert {**found, "connectedAt": None} == {
        "state": "connected",
        "organizationUrl": "https://contoso.crm4.dynamics.com",
        "organizationName": "Contoso",
        "organizationId": "d1e2f3a4-b5c6-47d8-89ea-fb0c1d2e3f40",
        "connectedBy": "ada",
        "connectedAt": None,
        "account": ADA,
        "consentGranted": False,
        "enabled": False,
        "problem": None,
        "attention": None,
        "approval": None,
    }
    assert contoso.access_tokens.token(contoso.tenant, TENANT, ORGANIZATION)


def test_an_ordinary_user_does_not_see_the_administrators_account(connected: Connecting) -> None:
    seen = connected.connection(token=connected.bruno)
    assert (seen["state"], seen["account"]) == ("connected", None)


def test_the_page_is_safe_and_names_the_portal_alone(contoso: Connecting) -> None:
    answer = contoso.come_back(contoso.start())
    nonce = re.search(r"script-src 'nonce-([\w-]{20,})'", answer.headers["Content-Security-Policy"])
    assert nonce is not None
    assert f'<script nonce="{nonce[1]}">' in answer.content.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert unescape(answer.content.decode()).count(f'["{PORTAL}"]') == 1


def test_a_start_with_a_return_address_ends_there(contoso: Connecting) -> None:
    answer = contoso.come_back(contoso.start(returnUrl=f"{PORTAL}/settings?tab=dynamics"))
    assert answer.status == 303
    assert answer.headers["Location"] == f"{PORTAL}/settings?tab=dynamics&connection=connected&code=connected"


def test_a_failure_ends_at_the_return_address_too(contoso: Connecting) -> None:
    url = contoso.start(returnUrl=f"{PORTAL}/settings")
    answer = contoso.come_back(url, press={"Permissions requested": "Cancel"})
    assert answer.headers["Location"] == f"{PORTAL}/settings?connection=error&code=consentDeclined"
    assert contoso.connection()["state"] == "disconnected"


def test_a_return_address_elsewhere_is_refused_before_anything_starts(contoso: Connecting) -> None:
    body = {"organizationUrl": str(ORGANIZATION), "returnUrl": "https://evil.example/"}
    answer = contoso.site.call("POST", "/connection", token=contoso.ada, body=body)
    assert (answer.status, answer.json["code"]) == (400, "returnUrlNotAllowed")
    assert contoso.connection()["state"] == "disconnected"


def test_the_state_is_the_tenants_own_and_does_not_tell_the_secret(contoso: Connecting) -> None:
    first = parse_qs(urlsplit(contoso.start()).query)["state"][0]
    second = parse_qs(urlsplit(contoso.start()).query)["state"][0]
    assert first != second
    assert len(first.partition(".")[2]) == 43


@pytest.mark.parametrize("url", ["https://evil.example", "http://contoso.crm4.dynamics.com", "", "localhost"])
def test_any_other_host_than_dynamics_is_refused(contoso: Connecting, url: str) -> None:
    answer = contoso.site.call("POST", "/connection", token=contoso.ada, body={"organizationUrl": url})
    assert (answer.status, answer.json["code"]) == (400, "organizationUrlInvalid")


def test_an_organization_that_does_not_exist_is_said_so(contoso: Connecting) -> None:
    body = {"organizationUrl": "https://nowhere.crm4.dynamics.com"}
    answer = contoso.site.call("POST", "/connection", token=contoso.ada, body=body)
    assert (answer.status, answer.json["code"]) == (400, "organizationNotFound")


def test_an_answer_is_taken_once(contoso: Connecting) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)
    assert contoso.callback(answer).status == 200
    again = contoso.callback(answer)
    assert again.status == 400
    assert told(again) == {"type": "dynamics-connection", "ok": False, "code": "signInUnknown"}
    assert contoso.connection()["state"] == "connected"


def test_of_many_that_bring_the_same_answer_one_connects(contoso: Connecting) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)
    with ThreadPoolExecutor(10) as threads:
        statuses = list(threads.map(lambda _: contoso.callback(answer).status, range(10)))
    assert sorted(statuses) == [200] + [400] * 9
    assert contoso.connection()["state"] == "connected"


def test_an_answer_that_comes_too_late_is_refused(contoso: Connecting) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)
    contoso.entra.clock.ahead = timedelta(minutes=11)
    assert told(contoso.callback(answer))["code"] == "signInExpired"
    assert not contoso.has_token()


@pytest.mark.parametrize("query", [{}, {"state": "x"}, {"code": "c"}, {"error": "access_denied"}], ids=str)
def test_an_answer_without_a_known_state_ends_in_a_page(contoso: Connecting, query: dict[str, str]) -> None:
    answer = contoso.callback(query)
    assert answer.status == 400
    assert told(answer)["code"] == "signInUnknown"
    assert b"Start it again" in answer.content


def test_a_code_of_another_sign_in_connects_nobody(contoso: Connecting, fabrikam: Connecting) -> None:
    theirs = fabrikam.entra.answer(fabrikam.start(), ADA)
    mine = parse_qs(urlsplit(contoso.start()).query)["state"][0]
    injected = contoso.callback({**theirs, "state": mine})
    assert told(injected)["ok"] is False
    assert not contoso.has_token()
    assert contoso.connection()["state"] == "disconnected"


@pytest.mark.parametrize(
    ("heading", "code"),
    [("Pick an account", "signInCancelled"), ("Permissions requested", "consentDeclined")],
)
def test_whoever_cancels_sees_a_page_with_a_code(contoso: Connecting, heading: str, code: str) -> None:
    answer = contoso.come_back(contoso.start(), press={heading: "Cancel"})
    assert told(answer)["ok"] is False
    assert told(answer)["code"] in {code, "consentDeclined"}
    assert contoso.connection()["state"] == "disconnected"


def test_whom_the_organization_does_not_know_is_not_connected(contoso: Connecting) -> None:
    contoso.organizations.known = NeedsUser(
        "userNotInOrganization", "You are not a user of it. Ask an admin."
    )
    answer = contoso.come_back(contoso.start())
    assert told(answer)["code"] == "userNotInOrganization"
    assert not contoso.has_token()


def test_an_administrator_grants_access_to_all_users(connected: Connecting) -> None:
    answer = connected.come_back(consent_url(connected))
    assert told(answer) == {"type": "dynamics-connection", "ok": True, "code": "consentGranted"}
    assert connected.connection()["consentGranted"] is True
    connected.come_back(connected.start())
    assert connected.connection()["consentGranted"] is True


def test_a_consent_that_was_refused_is_not_believed(connected: Connecting) -> None:
    url = consent_url(connected, f"?returnUrl={PORTAL}/x")
    answer = connected.come_back(url, press={"Permissions requested": "Cancel"})
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["connection"] == ["error"]
    assert connected.connection()["consentGranted"] is False


def test_a_consent_is_proved_and_the_tenant_parameter_not_read(connected: Connecting) -> None:
    state = parse_qs(urlsplit(consent_url(connected)).query)["state"][0]
    connected.entra.control("DELETE", "consent", directory=CONTOSO)
    connected.entra.control("POST", "reset")
    forged = {"admin_consent": "True", "tenant": CONTOSO, "state": state}
    assert told(connected.callback(forged))["code"] == "applicationNotInDirectory"
    assert connected.connection()["consentGranted"] is False


def test_consent_needs_a_connection_first(contoso: Connecting) -> None:
    answer = contoso.site.call("POST", "/connection/consent", token=contoso.ada)
    assert (answer.status, answer.json["code"]) == (409, "notConnected")
    contoso.start()
    assert contoso.site.call("POST", "/connection/consent", token=contoso.ada).status == 409


def test_access_is_saved_over_what_was_read(contoso: Connecting) -> None:
    read = contoso.site.call("GET", "/access", token=contoso.ada)
    assert read.json == {"enabled": False, "users": "all"}
    body = {"enabled": True, "users": ["bruno"]}
    missing = contoso.site.call("PUT", "/access", token=contoso.ada, body=body)
    assert missing.status == 428
    saved = contoso.site.call("PUT", "/access", token=contoso.ada, body=body, If_Match=read.headers["ETag"])
    assert (saved.status, saved.json) == (200, body)
    stale = contoso.site.call("PUT", "/access", token=contoso.ada, body=body, If_Match=read.headers["ETag"])
    assert stale.status == 412
    assert contoso.connection(token=contoso.bruno)["enabled"] is True
    assert contoso.connection(token=user(org_id=contoso.tenant, sub="carla"))["enabled"] is False


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/connection"),
        ("DELETE", "/connection"),
        ("POST", "/connection/consent"),
        ("GET", "/access"),
        ("PUT", "/access"),
    ],
)
def test_only_administrators_change_the_tenants_connection(
    contoso: Connecting, method: str, path: str
) -> None:
    assert contoso.site.call(method, path, token=contoso.bruno, body={}).status == 403
    assert contoso.site.call(method, path, body={}).status == 401


def test_another_tenant_sees_and_changes_nothing(connected: Connecting) -> None:
    stranger = admin(org_id=f"{connected.tenant}-stranger")
    assert connected.connection(token=stranger)["state"] == "disconnected"
    connected.site.call("DELETE", "/connection", token=stranger)
    assert connected.connection()["state"] == "connected"
    assert connected.has_token()


def test_nothing_secret_and_nobody_is_logged(contoso: Connecting, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="dynamics_export"):
        answer = contoso.entra.answer(contoso.start(), ADA)
        contoso.callback(answer)
        contoso.callback(answer)
    written = "\n".join(record.getMessage() for record in caplog.records if record.name == "dynamics_export")
    assert "sign-in ended" in written
    token = contoso.access_tokens.token(contoso.tenant, TENANT, ORGANIZATION)
    for secret in (answer["code"], answer["state"], token, ADA, "Lindqvist"):
        assert secret not in written


def test_an_account_of_another_directory_than_was_asked_for_is_refused(contoso: Connecting) -> None:
    contoso.organizations.directory_of = lambda _: DirectoryId("organizations")  # type: ignore[method-assign] # any directory signs in there
    contoso.site = contoso.make_site()
    answer = contoso.come_back(contoso.start())
    assert told(answer)["code"] == "wrongDirectory"
    assert not contoso.has_token()
