import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from connecting import PORTAL, Connecting
from signing_in import ADA, BRUNO, CONTOSO, GRETA, ORGANIZATION, Entra

from shared.domain.connection import Attention
from shared.domain.errors import NeedsUser
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.domain.users import KnownUser
from shared.entra.principals import TENANT, of_user
from shared.storage.account import StorageAccount
from shared.storage.tokens import TokenStore
from tests.callers import admin, user
from tests.site import Answer

FABRIKAM_URL = "https://fabrikam.crm.dynamics.com"


@pytest.fixture
def contoso(entra: Entra, storage_account: StorageAccount, vault: TokenStore, tenant: TenantId) -> Connecting:
    return Connecting(entra, storage_account, vault, tenant)


@pytest.fixture
def fabrikam(
    entra: Entra, storage_account: StorageAccount, vault: TokenStore, tenant: TenantId
) -> Connecting:
    return Connecting(entra, storage_account, vault, TenantId(f"{tenant}-other"))


@pytest.fixture
def connected(contoso: Connecting) -> Connecting:
    contoso.connect()
    return contoso


def told(answer: Answer) -> dict[str, Any]:
    """What the page tells the window that opened it."""
    found = re.search(r'data-message="([^"]*)"', answer.content.decode())
    assert found is not None
    message: dict[str, Any] = json.loads(unescape(found[1]))
    return message


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


def test_signing_in_again_keeps_what_was_set(connected: Connecting) -> None:
    connected.entra.control("POST", "consent", directory=CONTOSO)
    connected.switch_on(["bruno"])
    attention = Attention("passwordChanged", "The password was changed.", connected.entra.clock())
    connected.stores.connections.require_reauthorization(connected.tenant, attention)
    broken = connected.connection()
    assert (broken["state"], broken["problem"]) == ("reauthorizationRequired", "The password was changed.")
    url = connected.start()
    assert connected.connection()["state"] == "reauthorizationRequired"
    connected.come_back(url, BRUNO)
    renewed = connected.connection(token=connected.bruno)
    assert (renewed["state"], renewed["problem"], renewed["enabled"]) == ("connected", None, True)
    assert connected.resumed == [(connected.tenant, None)] * 2


def test_a_failed_second_sign_in_leaves_the_connection(connected: Connecting) -> None:
    connected.come_back(connected.start(), press={"Pick an account": "Cancel"})
    assert connected.connection()["state"] == "connected"
    assert connected.access_tokens.token(connected.tenant, TENANT, ORGANIZATION)


def test_disconnecting_destroys_every_token_and_keeps_settings(connected: Connecting) -> None:
    connected.entra.control("POST", "consent", directory=CONTOSO)
    connected.switch_on()
    connected.come_back(connected.start("/me/connection", connected.bruno), BRUNO)
    assert connected.has_token(of_user_bruno())
    assert connected.access_tokens.token(connected.tenant, TENANT, ORGANIZATION)
    waiting = connected.start()
    assert connected.site.call("DELETE", "/connection", token=connected.ada).status == 204
    assert not connected.has_token()
    assert not connected.has_token(of_user_bruno())
    assert connected.connection()["state"] == "disconnected"
    assert connected.connection("/me/connection", connected.bruno)["state"] == "disconnected"
    assert connected.connection(token=connected.bruno)["enabled"] is True
    with pytest.raises(NeedsUser):
        connected.access_tokens.token(connected.tenant, TENANT, ORGANIZATION)
    assert told(connected.come_back(waiting))["code"] == "signInUnknown"


def test_moving_to_another_organization_ends_everybodys_own_connection(connected: Connecting) -> None:
    connected.entra.control("POST", "consent", directory=CONTOSO)
    connected.switch_on()
    connected.come_back(connected.start("/me/connection", connected.bruno), BRUNO)
    answer = connected.come_back(connected.start(organizationUrl=FABRIKAM_URL), GRETA)
    assert told(answer)["ok"] is True
    assert connected.connection()["organizationUrl"] == FABRIKAM_URL
    assert connected.connection("/me/connection", connected.bruno)["state"] == "disconnected"
    assert not connected.has_token(of_user_bruno())
    fabrikam = parse_organization_url(FABRIKAM_URL)
    assert connected.access_tokens.token(connected.tenant, TENANT, fabrikam)


def test_disconnecting_twice_is_fine(contoso: Connecting) -> None:
    for _ in range(2):
        assert contoso.site.call("DELETE", "/connection", token=contoso.ada).status == 204


def test_a_disconnect_while_somebody_signs_in_is_not_undone(contoso: Connecting) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)

    contoso.organizations.meanwhile = lambda: contoso.site.call("DELETE", "/connection", token=contoso.ada)
    assert told(contoso.callback(answer))["code"] == "connectionEnded"
    assert contoso.connection()["state"] == "disconnected"
    assert not contoso.has_token()


def of_user_bruno() -> str:
    return of_user(UserId("bruno"))


def consent_url(contoso: Connecting, query: str = "") -> str:
    answer = contoso.site.call("POST", f"/connection/consent{query}", token=contoso.ada)
    assert answer.status == 201, answer.content
    url: str = answer.json["authorizationUrl"]
    return url


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


def own_start(contoso: Connecting, **body: Any) -> Answer:
    sent = {"organizationUrl": str(ORGANIZATION), **body}
    return contoso.site.call("POST", "/me/connection", token=contoso.bruno, body=sent)


def test_a_user_connects_for_themselves(connected: Connecting) -> None:
    connected.come_back(consent_url(connected))
    connected.switch_on()
    answer = connected.come_back(connected.start("/me/connection", connected.bruno), BRUNO)
    assert told(answer)["ok"] is True
    mine = connected.connection("/me/connection", connected.bruno)
    assert (mine["state"], mine["account"], mine["connectedBy"]) == ("connected", BRUNO, "bruno")
    assert connected.access_tokens.token(connected.tenant, of_user_bruno(), ORGANIZATION)
    assert connected.connection("/me/connection")["state"] == "disconnected"
    assert connected.connection()["account"] == ADA
    assert connected.site.call("DELETE", "/me/connection", token=connected.bruno).status == 204
    assert not connected.has_token(of_user_bruno())
    assert connected.has_token()


def test_a_user_whose_directory_did_not_approve_hears_what_to_do(connected: Connecting) -> None:
    connected.switch_on()
    url = connected.start("/me/connection", connected.bruno)
    answer = connected.come_back(url, BRUNO, for_organization=False, press={"Need admin approval": "Back"})
    assert told(answer)["code"] == "adminApprovalRequired"
    assert b"Ask a Global Administrator" in answer.content


def test_nobody_connects_for_themselves_while_the_tenant_is_not_connected(contoso: Connecting) -> None:
    contoso.switch_on()
    answer = own_start(contoso)
    assert (answer.status, answer.json["code"]) == (403, "tenantNotConnected")


def test_nobody_connects_for_themselves_while_it_is_switched_off(connected: Connecting) -> None:
    answer = own_start(connected)
    assert (answer.status, answer.json["code"]) == (403, "integrationOff")
    connected.switch_on(["carla"])
    assert own_start(connected).json["code"] == "integrationOff"


def test_whoever_is_switched_on_by_their_address_connects(connected: Connecting) -> None:
    connected.come_back(consent_url(connected))
    connected.switch_on([BRUNO.upper()])
    assert own_start(connected).json["code"] == "integrationOff"
    known = KnownUser(UserId("bruno"), None, BRUNO, connected.entra.clock().date())
    connected.stores.users.put(connected.tenant, known)
    answer = connected.come_back(connected.start("/me/connection", connected.bruno), BRUNO)
    assert told(answer)["ok"] is True


def test_nobody_connects_to_another_organization_than_the_tenants(connected: Connecting) -> None:
    connected.switch_on()
    answer = own_start(connected, organizationUrl="https://fabrikam.crm.dynamics.com")
    assert (answer.status, answer.json["code"]) == (400, "otherOrganization")


def test_switching_off_counts_for_a_sign_in_under_way(connected: Connecting) -> None:
    connected.come_back(consent_url(connected))
    connected.switch_on()
    url = connected.start("/me/connection", connected.bruno)
    connected.switch_on([])
    assert told(connected.come_back(url, BRUNO))["code"] == "integrationOff"
    assert not connected.has_token(of_user_bruno())


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
