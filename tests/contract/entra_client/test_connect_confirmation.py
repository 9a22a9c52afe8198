"""A sign-in that somebody else was lured through connects nobody: RFC 9700 2.1, RFC 6749 10.12."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from connecting import API, PORTAL, Connecting, consent_url, told
from signing_in import ADA, BRUNO, CONTOSO, ORGANIZATION, Entra

from shared.domain.ids import TenantId, UserId
from shared.entra.principals import of_user
from shared.storage.account import StorageAccount
from shared.storage.names import Table
from shared.storage.tokens import TokenStore
from tests.callers import admin, user
from tests.site import Answer


@pytest.fixture
def contoso(entra: Entra, storage_account: StorageAccount, vault: TokenStore, tenant: TenantId) -> Connecting:
    return Connecting(entra, storage_account, vault, tenant, confirms=True)


@pytest.fixture
def attacker(
    entra: Entra, storage_account: StorageAccount, vault: TokenStore, tenant: TenantId
) -> Connecting:
    """An administrator of another tenant of the vendor, who knows what Contoso's organization is called."""
    return Connecting(entra, storage_account, vault, TenantId(f"{tenant}-attacker"), confirms=True)


def confirm(at: Connecting, code: str, token: str | None = None) -> Answer:
    return at.site.call("POST", "/connection/confirm", token=token or at.ada, body={"confirmation": code})


def held(at: Connecting, url: str | None = None, email: str = ADA) -> str:
    """The code of a sign-in that waits for its confirmation."""
    message = told(at.come_back(url or at.start(), email, for_organization=False))
    assert (message["ok"], message["code"]) == (False, "confirmationNeeded")
    return str(message["confirmation"])


def actions(at: Connecting) -> list[tuple[str, str]]:
    return [(entry.action, entry.subject) for entry in at.audit.page(at.tenant, 50, None)[0]]


def waiting(at: Connecting) -> list[dict[str, Any]]:
    """Rows of sign-ins that wait for their confirmation."""
    rows = at.account.table(Table.AUTH_FLOWS).rows(at.tenant, prefix="confirmation|")
    return [row.value for row in rows]


def is_refused(answer: Answer) -> bool:
    return (answer.status, answer.json["code"]) == (409, "confirmationUnknown")


def test_nothing_is_connected_before_it_is_confirmed(contoso: Connecting) -> None:
    code = held(contoso)
    assert contoso.connection()["state"] == "pending"
    assert not contoso.has_token()
    answer = confirm(contoso, code)
    assert (answer.status, answer.json["state"], answer.json["account"]) == (200, "connected", ADA)
    assert contoso.has_token()
    assert contoso.resumed == [(contoso.tenant, None)]
    assert waiting(contoso) == []
    assert actions(contoso)[:2] == [
        ("connection.made", "tenantConnection"),
        ("signIn.held", "tenantConnection"),
    ]


def test_a_victim_who_ends_an_attackers_sign_in_gives_nothing_away(
    contoso: Connecting, attacker: Connecting
) -> None:
    """The attacker knows the address and the state; the code is told to the victim's browser alone."""
    url = attacker.start()
    page = attacker.come_back(url, ADA)
    assert f"Signed in as {ADA}" in page.content.decode()
    assert "nothing is connected, and nothing will be" in page.content.decode()
    state = parse_qs(urlsplit(url).query)["state"][0]
    guesses = [state, f"{state.partition('.')[0]}.{'A' * 43}", "x", "a.b"]
    assert all(is_refused(confirm(attacker, guess)) for guess in guesses)
    assert attacker.connection()["state"] == "pending"
    assert not attacker.has_token()
    victims_portal = confirm(attacker, str(told(page)["confirmation"]), token=contoso.ada)
    assert is_refused(victims_portal)
    assert waiting(attacker) == []
    assert is_refused(confirm(attacker, str(told(page)["confirmation"])))
    assert not attacker.has_token()
    assert contoso.connection()["state"] == "disconnected"
    assert ("signIn.refused", "tenantConnection/confirmedByAnother") in actions(attacker)
    assert ("confirmation.refused", "confirmation") in actions(contoso)


@pytest.mark.parametrize("who", ["a colleague", "another administrator", "no administrator any more"])
def test_only_who_started_confirms(contoso: Connecting, who: str) -> None:
    tokens = {
        "a colleague": user(org_id=contoso.tenant),
        "another administrator": admin(org_id=contoso.tenant, sub="carla"),
        "no administrator any more": user(org_id=contoso.tenant, sub="ada"),
    }
    code = held(contoso)
    assert is_refused(confirm(contoso, code, tokens[who]))
    assert is_refused(confirm(contoso, code))
    assert (contoso.has_token(), waiting(contoso)) == (False, [])


def test_a_code_is_good_once(contoso: Connecting) -> None:
    code = held(contoso)
    assert confirm(contoso, code).status == 200
    assert contoso.site.call("DELETE", "/connection", token=contoso.ada).status == 204
    assert is_refused(confirm(contoso, code))
    assert contoso.connection()["state"] == "disconnected"


def test_a_code_is_good_for_ten_minutes_and_its_tokens_for_no_longer(contoso: Connecting) -> None:
    late, never = held(contoso), held(contoso)
    contoso.entra.clock.ahead = timedelta(minutes=10)
    assert is_refused(confirm(contoso, late))
    assert len(waiting(contoso)) == 1
    contoso.stores.flows.forget_expired(contoso.entra.clock())
    assert waiting(contoso) == []
    assert is_refused(confirm(contoso, never))
    assert not contoso.has_token()


def test_a_sign_in_under_way_outlives_the_sweep(contoso: Connecting) -> None:
    url = contoso.start()
    code = held(contoso, url)
    contoso.stores.flows.forget_expired(contoso.entra.clock())
    assert confirm(contoso, code).status == 200


def test_what_waits_is_sealed_and_names_nobody(contoso: Connecting) -> None:
    code = held(contoso)
    (row,) = waiting(contoso)
    assert set(row) <= {"RowKey", "purpose", "expiresAt", "keyId", "wrappedKey", "sealed", "sealed_1"}
    written = str(row)
    for secret in (code, code.partition(".")[2], ADA, "RefreshToken", "contoso.crm4"):
        assert secret not in written


def test_what_was_changed_or_moved_to_another_tenant_does_not_open(
    contoso: Connecting, attacker: Connecting
) -> None:
    code = held(contoso)
    table = contoso.account.table(Table.AUTH_FLOWS)
    (row,) = waiting(contoso)
    name, content = row.pop("RowKey"), row
    moved = f"{urlsafe_b64encode(attacker.tenant.encode()).decode().rstrip('=')}.{code.partition('.')[2]}"
    table.put(attacker.tenant, f"confirmation|{hashlib.sha256(moved.encode()).hexdigest()}", content)
    table.put(contoso.tenant, name, {**content, "sealed": "AAAA" + content["sealed"][4:]})
    assert is_refused(confirm(attacker, moved))
    assert is_refused(confirm(contoso, code))
    assert waiting(attacker) + waiting(contoso) == []
    assert not contoso.has_token()
    assert not attacker.has_token()


def test_the_code_stands_in_the_fragment_of_the_return_address_alone(contoso: Connecting) -> None:
    answer = contoso.come_back(contoso.start(returnUrl=f"{PORTAL}/connect?tab=1"))
    location = urlsplit(answer.headers["Location"])
    assert location._replace(fragment="").geturl() == (
        f"{PORTAL}/connect?tab=1&connection=unconfirmed&code=confirmationNeeded"
    )
    code = parse_qs(location.fragment)["confirmation"][0]
    assert confirm(contoso, code).json["state"] == "connected"


def test_a_user_confirms_their_own_connection(contoso: Connecting) -> None:
    contoso.entra.control("POST", "consent", directory=CONTOSO)
    assert confirm(contoso, held(contoso)).status == 200
    contoso.switch_on()
    code = held(contoso, contoso.start("/me/connection", contoso.bruno), BRUNO)
    assert contoso.connection("/me/connection", contoso.bruno)["state"] == "disconnected"
    answer = confirm(contoso, code, contoso.bruno)
    assert (answer.status, answer.json["account"]) == (200, BRUNO)
    assert contoso.has_token(of_user(UserId("bruno")))


def test_what_happens_before_the_confirmation_counts(contoso: Connecting) -> None:
    contoso.entra.control("POST", "consent", directory=CONTOSO)
    assert confirm(contoso, held(contoso)).status == 200
    contoso.switch_on()
    code = held(contoso, contoso.start("/me/connection", contoso.bruno), BRUNO)
    contoso.switch_on([])
    answer = confirm(contoso, code, contoso.bruno)
    assert (answer.status, answer.json["code"]) == (403, "integrationOff")
    ended = held(contoso)
    contoso.site.call("DELETE", "/connection", token=contoso.ada)
    assert is_refused(confirm(contoso, ended))
    assert not contoso.has_token()


def test_an_approval_for_all_users_is_confirmed_too(contoso: Connecting) -> None:
    assert confirm(contoso, held(contoso)).status == 200
    page = contoso.come_back(consent_url(contoso))
    assert "Approved for all users to https" in page.content.decode()
    assert contoso.connection()["consentGranted"] is False
    answer = confirm(contoso, str(told(page)["confirmation"]))
    assert answer.json["consentGranted"] is True


def test_an_administrator_who_opens_a_link_needs_no_confirmation(contoso: Connecting) -> None:
    """They have no account here; the approval connects nobody, and whoever waits confirms as usual."""
    assert confirm(contoso, held(contoso)).status == 200
    contoso.switch_on()
    url = contoso.start("/me/connection", contoso.bruno)
    contoso.come_back(url, BRUNO, for_organization=False, press={"Need admin approval": "Back"})
    link = contoso.connection("/me/connection", contoso.bruno)["approval"]["link"].removeprefix(API)
    opened = contoso.site.call("GET", link)
    granted = told(contoso.callback(contoso.entra.answer(opened.headers["Location"], ADA)))
    assert granted == {"type": "dynamics-connection", "ok": True, "code": "consentGranted"}
    code = held(contoso, contoso.start("/me/connection", contoso.bruno), BRUNO)
    assert confirm(contoso, code, contoso.bruno).json["organizationUrl"] == str(ORGANIZATION)
