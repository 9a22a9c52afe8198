"""The attacks of RFC 9700 on the sign-in, each tried on the real operations."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from connecting import API, Connecting, told
from signing_in import ADA, BRUNO, CALLBACK, CONTOSO, FABRIKAM, Entra

from shared.domain.connection import SignInLost
from shared.domain.ids import TenantId
from shared.storage.account import StorageAccount
from shared.storage.names import Table
from shared.storage.tokens import TokenStore
from tests.callers import admin


@pytest.fixture
def attacker(
    entra: Entra, storage_account: StorageAccount, vault: TokenStore, tenant: TenantId
) -> Connecting:
    return Connecting(entra, storage_account, vault, TenantId(f"{tenant}-attacker"))


def state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


def actions(connecting: Connecting) -> list[str]:
    rows = connecting.audit.page(connecting.tenant, 50, None)[0]
    return [entry.action for entry in rows]


def refused(connecting: Connecting, answer: dict[str, str]) -> str:
    """The code of a callback that connects nobody."""
    content = told(connecting.callback(answer))
    assert content["ok"] is False
    assert not connecting.has_token()
    return str(content["code"])


STATES = ["replayed", "expired", "another session's", "another tenant's", "absent", "truncated"]


@pytest.mark.parametrize("which", STATES)
def test_only_the_state_that_was_given_and_only_once_is_taken(
    contoso: Connecting, attacker: Connecting, which: str
) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)
    tried = dict(answer)
    if which == "replayed":
        contoso.callback({**answer, "code": "spent"})
    elif which == "expired":
        contoso.entra.clock.ahead = timedelta(minutes=10, seconds=1)
    elif which == "another session's":
        tried["state"] = state_of(contoso.start())
    elif which == "another tenant's":
        tried["state"] = state_of(attacker.start())
    elif which == "absent":
        del tried["state"]
    else:
        tried["state"] = answer["state"][:-1]
    assert refused(contoso, tried)
    assert not attacker.has_token()


def test_a_sign_in_that_an_attacker_ends_in_my_browser_touches_the_attackers_tenant_alone(
    contoso: Connecting, attacker: Connecting
) -> None:
    """Login CSRF: the state belongs to whoever started, wherever the answer is opened."""
    contoso.connect()
    contoso.entra.control("POST", "consent", directory=CONTOSO)
    before = contoso.connection()
    page = attacker.come_back(attacker.start(), BRUNO)
    assert f"Signed in as {BRUNO}" in page.content.decode()
    assert contoso.connection() == before
    assert attacker.connection()["account"] == BRUNO


def test_the_page_tells_who_signed_in_where_and_who_started_it(contoso: Connecting) -> None:
    text = contoso.come_back(contoso.start()).content.decode()
    assert f"Signed in as {ADA} to https://contoso.crm4.dynamics.com, started by user ada" in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    ],
    ids=["a picture", "a frame", "a script"],
)
def test_what_a_page_fetches_behind_the_persons_back_ends_no_sign_in(
    contoso: Connecting, headers: dict[str, str]
) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)
    path = f"/oauth/callback?{urlencode(answer)}"
    sent = {name.replace("-", "_"): text for name, text in headers.items()}
    behind = contoso.site.call("GET", path, **sent)
    assert (behind.status, behind.json["code"]) == (400, "pageNotOpened")
    assert told(contoso.callback(answer))["ok"] is True


@pytest.mark.parametrize(
    "issuer",
    [
        f"https://login.microsoftonline.us/{CONTOSO}/v2.0",
        f"https://login.microsoftonline.com/{FABRIKAM}/v2.0",
        f"https://sts.windows.net/{CONTOSO}/",
        "https://evil.example",
    ],
)
def test_an_answer_of_another_issuer_is_refused_and_its_code_is_sent_nowhere(
    contoso: Connecting, issuer: str
) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)
    contoso.entra.control("DELETE", "journal")
    assert refused(contoso, {**answer, "iss": issuer}) == "signInAnswerInvalid"
    assert contoso.entra.token_calls() == 0
    assert "signIn.refused" in actions(contoso)


def test_an_answer_that_names_the_right_issuer_is_taken(contoso: Connecting) -> None:
    answer = contoso.entra.answer(contoso.start(), ADA)
    issuer = f"https://login.microsoftonline.com/{CONTOSO}/v2.0"
    assert told(contoso.callback({**answer, "iss": issuer}))["ok"] is True


def test_an_error_that_an_attacker_sends_with_my_state_ends_my_sign_in_only(contoso: Connecting) -> None:
    contoso.connect()
    state = state_of(contoso.start())
    forged = {"error": "access_denied", "error_description": "AADSTS65004: <b>evil</b>", "state": state}
    page = contoso.callback(forged)
    assert told(page)["code"] == "consentDeclined"
    assert b"evil" not in page.content
    assert contoso.connection()["state"] == "connected"
    assert "signIn.refused" in actions(contoso)


def test_a_code_of_the_same_tenants_other_sign_in_is_worth_nothing(contoso: Connecting) -> None:
    """Code injection: PKCE and the nonce bind a code to the sign-in that asked for it."""
    mine = state_of(contoso.start())
    stolen = contoso.entra.answer(contoso.start(), ADA)
    assert refused(contoso, {**stolen, "state": mine}) == "signInRefused"


def test_without_its_verifier_a_code_is_worth_nothing(contoso: Connecting) -> None:
    """PKCE downgrade: what the table keeps is changed by somebody who can write it, and does not open."""
    url = contoso.start()
    assert parse_qs(urlsplit(url).query)["code_challenge_method"] == ["S256"]
    answer = contoso.entra.answer(url, ADA)
    table = contoso.account.table(Table.AUTH_FLOWS)
    for row in list(table.rows(contoso.tenant)):
        if "sealedFlow" in row.value:
            changed = {**row.value, "sealedFlow": "AAAA" + row.value["sealedFlow"][4:]}
            table.put(contoso.tenant, changed.pop("RowKey"), changed)
    assert refused(contoso, answer) == "signInUnknown"


def test_a_sign_in_moved_to_another_tenant_does_not_open(contoso: Connecting, attacker: Connecting) -> None:
    """A row copied into the attacker's partition, under the state's own name."""
    answer = contoso.entra.answer(contoso.start(), ADA)
    table = contoso.account.table(Table.AUTH_FLOWS)
    (row,) = [row for row in table.rows(contoso.tenant) if "sealedFlow" in row.value]
    values = dict(row.value)
    table.put(attacker.tenant, values.pop("RowKey"), values)
    encoded = urlsafe_b64encode(attacker.tenant.encode()).decode().rstrip("=")
    state = f"{encoded}.{answer['state'].partition('.')[2]}"
    assert refused(attacker, {**answer, "state": state}) == "signInUnknown"


ATTACKS = [
    {"Host": "evil.example"},
    {"X_Forwarded_Host": "evil.example"},
    {"X_Forwarded_Proto": "http"},
    {"X_Original_Host": "evil.example"},
    {"X_Original_URL": "/evil"},
    {"Forwarded": "host=evil.example;proto=http"},
    {"X_Forwarded_Port": "8443"},
    {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
]


@pytest.mark.parametrize("headers", ATTACKS, ids=lambda headers: next(iter(headers)))
def test_no_header_moves_the_redirect_address(contoso: Connecting, headers: dict[str, str]) -> None:
    body = {"organizationUrl": "https://contoso.crm4.dynamics.com"}
    answer = contoso.site.call("POST", "/connection", token=contoso.ada, body=body, **headers)
    query = parse_qs(urlsplit(answer.json["authorizationUrl"]).query)
    assert query["redirect_uri"] == [CALLBACK]


SSRF = [
    "http://169.254.169.254/latest/meta-data",
    "https://169.254.169.254",
    "https://[::ffff:169.254.169.254]",
    "https://2852039166",
    "https://0xa9fea9fe",
    "https://127.0.0.1:7074",
    "https://localhost",
    "https://contoso.crm4.dynamics.com.evil.example",
    "https://contoso.crm4.dynamics.com@evil.example",
    "https://evil.example#contoso.crm4.dynamics.com",
    "https://evil.example/?contoso.crm4.dynamics.com",
    "https://contoso.crm4.dynamics.com.",
    "https://contoso.crm4.dynamics.com:8443",
    "https://a.b.crm4.dynamics.com",
    "https://evil-crm4.dynamics.com",
    "https://contoso.crm4\uff0edynamics.com",
    "https://contoso.crm4.dynamics.com%00.evil.example",
    "https://contoso.crm4.dynamics.com\r\nHost: evil.example",
    "file:///etc/passwd",
    "gopher://contoso.crm4.dynamics.com",
]


@pytest.mark.parametrize("url", SSRF)
def test_no_other_host_is_ever_asked(contoso: Connecting, url: str) -> None:
    contoso.connect()
    contoso.switch_on()
    asked = contoso.organizations.asked = []
    contoso.entra.control("DELETE", "journal")
    for path in ("/connection", "/me/connection"):
        answer = contoso.site.call("POST", path, token=contoso.ada, body={"organizationUrl": url})
        assert (answer.status, answer.json["code"]) == (400, "organizationUrlInvalid")
    assert asked == []
    assert contoso.entra.control("GET", "journal")["count"] == 0


def test_tokens_of_one_tenant_do_not_open_in_another(contoso: Connecting, attacker: Connecting) -> None:
    """Token replay across tenants: the row is copied as it is."""
    contoso.connect()
    table = contoso.account.table(Table.TOKENS)
    (row,) = list(table.rows(contoso.tenant))
    values = dict(row.value)
    table.put(attacker.tenant, values.pop("RowKey"), values)
    with pytest.raises(SignInLost):
        contoso.vault.load(attacker.tenant, "tenant")


def test_links_of_the_approval_lead_to_our_own_address_and_on_to_microsofts(contoso: Connecting) -> None:
    contoso.connect()
    contoso.switch_on()
    bruno = contoso.start("/me/connection", contoso.bruno)
    contoso.come_back(bruno, BRUNO, for_organization=False, press={"Need admin approval": "Back"})
    link = contoso.connection("/me/connection", contoso.bruno)["approval"]["link"]
    assert link.startswith(f"{API}/oauth/approval?link=")
    opened = contoso.site.call("GET", link.removeprefix(API))
    assert opened.status == 303
    target = urlsplit(opened.headers["Location"])
    assert f"{target.scheme}://{target.netloc}" == contoso.entra.address
    assert contoso.connection("/me/connection", admin(org_id=f"{contoso.tenant}-x"))["approval"] is None


def test_a_link_with_another_secret_leads_nowhere(contoso: Connecting) -> None:
    contoso.connect()
    contoso.switch_on()
    started = contoso.start("/me/connection", contoso.bruno)
    contoso.come_back(started, BRUNO, for_organization=False, press={"Need admin approval": "Back"})
    link = contoso.connection("/me/connection", contoso.bruno)["approval"]["link"].removeprefix(API)
    guessed = link.rpartition(".")[0] + "." + "A" * 43
    assert told(contoso.site.call("GET", guessed))["code"] == "approvalUnknown"
    ticket = guessed.replace("/oauth/approval?link=", "/oauth/waiting?ticket=")
    assert told(contoso.site.call("GET", ticket))["code"] == "approvalUnknown"
    as_ticket = link.replace("/oauth/approval?link=", "/oauth/waiting?ticket=")
    assert told(contoso.site.call("GET", as_ticket))["code"] == "approvalUnknown"
