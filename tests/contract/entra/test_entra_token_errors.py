import base64
import hashlib
import re
from typing import Any

import pytest
from entra_client import ADA, CLIENT, CONTOSO, FABRIKAM, SCOPE, Entra

TEN_MINUTES = 600
DAY = 86_400
OTHER_CLIENT = "00000000-0000-0000-0000-00000000abcd"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def refused(answer: Any, code: int) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert body.get("error_codes") == [code], body
    return body


def test_an_error_has_exactly_the_form_of_entra(entra: Entra) -> None:
    answer = entra.token(grant_type="refresh_token", refresh_token="nonsense")
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store, no-cache"
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert set(body) == {
        "error",
        "error_description",
        "error_codes",
        "timestamp",
        "trace_id",
        "correlation_id",
        "error_uri",
    }
    assert re.fullmatch(
        rf"AADSTS70000: .+\r\nTrace ID: {body['trace_id']}\r\nCorrelation ID: {body['correlation_id']}"
        rf"\r\nTimestamp: {body['timestamp']}",
        body["error_description"],
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", body["timestamp"])
    assert answer.headers["x-ms-request-id"] == body["trace_id"]


CALLS = {
    "no grant type": ({}, 900144, "invalid_request", 400),
    "unknown grant type": ({"grant_type": "password"}, 70003, "unsupported_grant_type", 400),
    "no code": ({"grant_type": "authorization_code"}, 900144, "invalid_request", 400),
    "unknown code": (
        {"grant_type": "authorization_code", "code": "1.Axyz", "redirect_uri": "http://x"},
        70000,
        "invalid_grant",
        400,
    ),
    "unknown client": (
        {"grant_type": "refresh_token", "client_id": OTHER_CLIENT},
        700016,
        "unauthorized_client",
        400,
    ),
    "no client": ({"grant_type": "refresh_token", "client_id": ""}, 900144, "invalid_request", 400),
    "wrong secret": (
        {"grant_type": "refresh_token", "client_secret": "wrong"},
        7000215,
        "invalid_client",
        401,
    ),
    "no secret": ({"grant_type": "refresh_token", "client_secret": ""}, 7000218, "invalid_client", 401),
    "application without consent": (
        {"grant_type": "client_credentials", "scope": "https://contoso.crm4.dynamics.com/.default"},
        7000229,
        "invalid_client",
        401,
    ),
    "application with a named permission": (
        {"grant_type": "client_credentials", "scope": SCOPE},
        1002012,
        "invalid_scope",
        400,
    ),
}


@pytest.mark.parametrize(("form", "code", "error", "status"), CALLS.values(), ids=CALLS.keys())
def test_a_wrong_call_gets_entras_own_code(
    entra: Entra, *, form: dict[str, str], code: int, error: str, status: int
) -> None:
    answer = entra.token(**form)
    assert refused(answer, code)["error"] == error
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("tenant", "code"),
    [
        ("nobody.example", 90002),
        ("00000000-0000-0000-0000-000000000001", 90002),
        ("consumers", 9002332),
        ("common", 9001023),
        ("organizations", 50059),
    ],
)
def test_a_tenant_that_cannot_give_an_application_token_says_so(entra: Entra, tenant: str, code: int) -> None:
    scope = "https://contoso.crm4.dynamics.com/.default"
    refused(entra.token(tenant, grant_type="client_credentials", scope=scope), code)


def test_the_token_endpoint_only_takes_posts(entra: Entra) -> None:
    answer = entra.session().get(f"https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token", timeout=60)
    refused(answer, 900561)


def test_a_body_that_is_no_form_has_no_parameters(entra: Entra) -> None:
    address = f"https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token"
    refused(entra.session().post(address, json={"grant_type": "refresh_token"}, timeout=60), 900144)


def test_a_secret_may_come_in_a_basic_header(consented: Entra) -> None:
    answer = consented.session().post(
        f"https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token",
        data={"grant_type": "client_credentials", "scope": "https://contoso.crm4.dynamics.com/.default"},
        auth=(CLIENT, "local-development-only"),
        timeout=60,
    )
    assert answer.status_code == 200


def test_a_code_is_good_once(consented: Entra) -> None:
    code = consented.sign_in()["code"]
    assert consented.redeem(code).status_code == 200
    refused(consented.redeem(code), 54005)


def test_a_code_expires_after_ten_minutes(consented: Entra) -> None:
    code = consented.sign_in()["code"]
    consented.control("PUT", "clock", offset=TEN_MINUTES + 1)
    refused(consented.redeem(code), 70008)


def test_a_code_belongs_to_its_redirect_address(consented: Entra) -> None:
    code = consented.sign_in()["code"]
    refused(consented.redeem(code, redirect_uri="http://localhost:7071/api/oauth/callback"), 50011)


def test_a_code_belongs_to_the_tenant_it_was_acquired_for(consented: Entra) -> None:
    code = consented.sign_in(tenant="organizations")["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": consented.callback}
    refused(consented.token(CONTOSO, **form), 700005)
    assert consented.token("organizations", **form).status_code == 200


@pytest.mark.parametrize("verifier", ["w" * 43, ""], ids=["another", "none"])
def test_a_challenge_needs_its_verifier(consented: Entra, verifier: str) -> None:
    code = consented.sign_in(code_challenge=CHALLENGE, code_challenge_method="S256")["code"]
    refused(consented.redeem(code, code_verifier=verifier), 501481)
    assert consented.redeem(code, code_verifier=VERIFIER).status_code == 200


def test_a_plain_challenge_is_its_verifier(consented: Entra) -> None:
    code = consented.sign_in(code_challenge=VERIFIER)["code"]
    assert consented.redeem(code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize(
    ("scope", "code", "error"),
    [
        ("https://fabrikam.crm.dynamics.com/.default", 500011, "invalid_resource"),
        ("https://graph.microsoft.com/Mail.Read", 650057, "invalid_resource"),
        ("User.Read", 650057, "invalid_resource"),
        ("https://contoso.crm4.dynamics.com/everything", 650053, "access_denied"),
        (f"{SCOPE} https://fabrikam.crm.dynamics.com/.default", 700022, "invalid_request"),
        ("not a+scope", 70011, "invalid_scope"),
    ],
)
def test_a_token_for_something_else_is_refused(consented: Entra, scope: str, code: int, error: str) -> None:
    refresh_token = consented.redeem(consented.sign_in()["code"]).json()["refresh_token"]
    assert refused(consented.refresh(refresh_token, scope=scope), code)["error"] == error


def test_consent_that_was_revoked_is_missing_at_the_next_token(consented: Entra) -> None:
    refresh_token = consented.redeem(consented.sign_in()["code"]).json()["refresh_token"]
    consented.control("DELETE", "consent", directory=CONTOSO)
    body = refused(consented.refresh(refresh_token), 65001)
    assert (body["error"], body["suberror"]) == ("invalid_grant", "consent_required")
    consented.control("POST", "consent", directory=CONTOSO, user=ADA)
    assert consented.refresh(refresh_token).status_code == 200


CHANGES: dict[str, tuple[dict[str, bool], int, str]] = {
    "disabled": ({"enabled": False}, 50057, "invalid_grant"),
    "password changed": ({"passwordChanged": True}, 50173, "invalid_grant"),
    "second factor required": ({"mfaRequired": True}, 50076, "interaction_required"),
}


@pytest.mark.parametrize(("change", "code", "error"), CHANGES.values(), ids=CHANGES.keys())
def test_what_happens_to_a_person_ends_the_sessions(
    consented: Entra, change: dict[str, bool], code: int, error: str
) -> None:
    refresh_token = consented.redeem(consented.sign_in()["code"]).json()["refresh_token"]
    consented.control("PATCH", f"users/{ADA}", **change)
    assert refused(consented.refresh(refresh_token), code)["error"] == error
    consented.control("PATCH", f"users/{ADA}", enabled=True)
    after = consented.redeem(consented.sign_in()["code"]).json()["refresh_token"]
    assert consented.refresh(after).status_code == 200


def test_a_refresh_token_dies_after_ninety_days_without_use(consented: Entra) -> None:
    refresh_token = consented.redeem(consented.sign_in()["code"]).json()["refresh_token"]
    consented.control("PUT", "clock", offset=89 * DAY)
    renewed = consented.refresh(refresh_token).json()["refresh_token"]
    consented.control("PUT", "clock", offset=91 * DAY)
    refused(consented.refresh(refresh_token), 700082)
    assert consented.refresh(renewed).status_code == 200


def test_strict_rotation_refuses_the_second_use_of_a_refresh_token(consented: Entra) -> None:
    consented.control("PATCH", "settings", strictRotation=True)
    refresh_token = consented.redeem(consented.sign_in()["code"]).json()["refresh_token"]
    renewed = consented.refresh(refresh_token).json()["refresh_token"]
    refused(consented.refresh(refresh_token), 70000)
    assert consented.refresh(renewed).status_code == 200


def test_a_refresh_token_is_no_good_in_a_foreign_directory(consented: Entra) -> None:
    refresh_token = consented.redeem(consented.sign_in()["code"]).json()["refresh_token"]
    answer = consented.token(FABRIKAM, grant_type="refresh_token", refresh_token=refresh_token)
    refused(answer, 50020)


@pytest.mark.parametrize(
    ("scope", "present", "absent"),
    [
        (SCOPE, {"access_token"}, {"refresh_token", "id_token"}),
        (f"{SCOPE} openid", {"access_token", "id_token"}, {"refresh_token"}),
        (f"{SCOPE} offline_access", {"access_token", "refresh_token"}, {"id_token"}),
        ("openid profile", {"access_token", "id_token"}, {"refresh_token"}),
    ],
)
def test_openid_scopes_decide_which_tokens_are_given(
    consented: Entra, scope: str, present: set[str], absent: set[str]
) -> None:
    answer = consented.redeem(consented.sign_in(scope=scope)["code"]).json()
    assert present <= set(answer)
    assert not absent & set(answer)
