"""A user connects for themselves, where the tenant lets them."""

from typing import Any

from connecting import Connecting, consent_url, of_user_bruno, told
from signing_in import ADA, BRUNO, ORGANIZATION

from shared.domain.ids import UserId
from shared.domain.users import KnownUser
from tests.site import Answer


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
