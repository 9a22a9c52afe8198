"""A connection is renewed, moved to another organization, and ended."""

import pytest
from connecting import Connecting, of_user_bruno, told
from signing_in import ADA, BRUNO, CONTOSO, GRETA, ORGANIZATION

from shared.domain.connection import Attention
from shared.domain.errors import NeedsUser
from shared.domain.organization import parse_organization_url
from shared.entra.principals import TENANT

FABRIKAM_URL = "https://fabrikam.crm.dynamics.com"


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
