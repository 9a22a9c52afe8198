import time
from collections.abc import Callable
from typing import Any

import jwt
import msal
import pytest
import requests
from entra_client import ADA, CLIENT, CONTOSO, FABRIKAM, LOGIN, SCOPE, Entra

from local.sign_in import sign_in

MsalApp = Callable[..., msal.ConfidentialClientApplication]
ORGANIZATION = "https://contoso.crm4.dynamics.com"
DEFAULT = f"{ORGANIZATION}/.default"
ADA_ID = "0d7f3c1a-52e8-4b96-a4c0-9e18f6b2d301"


def connect(
    app: msal.ConfidentialClientApplication,
    entra: Entra,
    scope: str = DEFAULT,
    email: str = ADA,
    **options: Any,
) -> dict[str, Any]:
    flow = app.initiate_auth_code_flow(
        [scope], redirect_uri=entra.callback, response_mode="form_post", **options
    )
    answer = sign_in(flow["auth_uri"], email).json()
    result: dict[str, Any] = app.acquire_token_by_auth_code_flow(flow, answer)
    return result


@pytest.mark.parametrize("tenant", [CONTOSO, "contoso.onmicrosoft.com", "contoso.example", "organizations"])
def test_msal_signs_a_global_admin_in_whatever_names_the_directory(
    msal_app: MsalApp, entra: Entra, tenant: str
) -> None:
    result = connect(msal_app(tenant), entra)
    assert "error" not in result, result
    claims = result["id_token_claims"]
    assert claims["aud"] == CLIENT
    assert claims["iss"] == f"{LOGIN}/{CONTOSO}/v2.0"
    assert (claims["tid"], claims["oid"]) == (CONTOSO, ADA_ID)
    assert (claims["preferred_username"], claims["name"]) == (ADA, "Ada Lindqvist")
    assert result["expires_in"] == 3599


def test_the_browser_is_sent_to_loopback_and_msal_to_microsofts_host(msal_app: MsalApp, entra: Entra) -> None:
    app = msal_app()
    assert app.authority.authorization_endpoint == f"{entra.address}/{CONTOSO}/oauth2/v2.0/authorize"
    assert app.authority.token_endpoint == f"{LOGIN}/{CONTOSO}/oauth2/v2.0/token"


def test_msal_may_discover_the_instance_too(msal_app: MsalApp, entra: Entra) -> None:
    assert "access_token" in connect(msal_app(instance_discovery=True), entra)


def test_an_access_token_is_one_that_dataverse_would_accept(msal_app: MsalApp, entra: Entra) -> None:
    result = connect(msal_app(), entra)
    keys = jwt.PyJWKClient(f"{entra.address}/{CONTOSO}/discovery/v2.0/keys")
    token = result["access_token"]
    claims = jwt.decode(
        token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"], audience=ORGANIZATION
    )
    assert claims["iss"] == f"https://sts.windows.net/{CONTOSO}/"
    assert claims["scp"] == "user_impersonation"
    assert (claims["appid"], claims["tid"], claims["oid"]) == (CLIENT, CONTOSO, ADA_ID)
    assert (claims["upn"], claims["unique_name"], claims["name"]) == (ADA, ADA, "Ada Lindqvist")
    assert claims["ver"] == "1.0"
    assert claims["iat"] == claims["nbf"] <= time.time()
    assert 3500 < claims["exp"] - time.time() <= 3600
    assert claims["sub"] != result["id_token_claims"]["sub"]


def test_msal_takes_a_second_token_from_its_cache_without_a_request(msal_app: MsalApp, entra: Entra) -> None:
    app = msal_app()
    first = connect(app, entra)
    entra.control("DELETE", "journal")
    second = app.acquire_token_silent([DEFAULT], app.get_accounts()[0])
    assert second["access_token"] == first["access_token"]
    assert entra.control("GET", "journal")["count"] == 0


def test_a_refresh_gives_a_new_refresh_token_and_the_old_one_still_works(
    msal_app: MsalApp, entra: Entra
) -> None:
    app = msal_app()
    first = connect(app, entra)
    second = app.acquire_token_silent([DEFAULT], app.get_accounts()[0], force_refresh=True)
    assert second["access_token"] != first["access_token"]
    old = first["refresh_token"]
    renewed = entra.refresh(old).json()
    assert renewed["refresh_token"] not in {"", old}
    assert entra.refresh(old).status_code == 200


def test_a_cache_that_was_stored_serves_a_new_application_object(msal_app: MsalApp, entra: Entra) -> None:
    cache = msal.SerializableTokenCache()
    connect(msal_app(token_cache=cache), entra)
    stored = msal.SerializableTokenCache()
    stored.deserialize(cache.serialize())
    app = msal_app(token_cache=stored)
    assert "access_token" in app.acquire_token_silent([DEFAULT], app.get_accounts()[0])


def test_msal_says_why_a_revoked_session_cannot_be_refreshed(msal_app: MsalApp, entra: Entra) -> None:
    app = msal_app()
    connect(app, entra)
    entra.control("POST", "refresh-tokens/revoke", user=ADA)
    result = app.acquire_token_silent_with_error([DEFAULT], app.get_accounts()[0], force_refresh=True)
    assert result["error"] == "invalid_grant"
    assert result["error_codes"] == [50173]


def test_msal_gets_an_error_for_a_code_that_was_redeemed(msal_app: MsalApp, entra: Entra) -> None:
    app = msal_app()
    flow = app.initiate_auth_code_flow([DEFAULT], redirect_uri=entra.callback, response_mode="form_post")
    answer = sign_in(flow["auth_uri"], ADA).json()
    app.acquire_token_by_auth_code_flow(flow, answer)
    again = app.acquire_token_by_auth_code_flow(flow, answer)
    assert (again["error"], again["error_codes"]) == ("invalid_grant", [54005])


def test_msal_hands_an_error_callback_through(msal_app: MsalApp, entra: Entra) -> None:
    app = msal_app()
    flow = app.initiate_auth_code_flow([DEFAULT], redirect_uri=entra.callback, response_mode="form_post")
    answer = sign_in(flow["auth_uri"], ADA, press={"Pick an account": "Cancel"}).json()
    result = app.acquire_token_by_auth_code_flow(flow, answer)
    assert result["error"] == "access_denied"
    assert result["error_description"].startswith("AADSTS65004: ")


def test_msal_gets_an_applications_own_token_after_consent(msal_app: MsalApp, consented: Entra) -> None:
    result = msal_app().acquire_token_for_client([DEFAULT])
    claims = jwt.decode(result["access_token"], options={"verify_signature": False})
    assert claims["aud"] == ORGANIZATION
    assert claims["appid"] == CLIENT
    assert claims["oid"] == claims["sub"] != ADA_ID
    assert claims["idtyp"] == "app"
    assert "scp" not in claims


def test_a_named_permission_is_enough_without_default(msal_app: MsalApp, entra: Entra) -> None:
    result = connect(msal_app(), entra, SCOPE)
    assert result["scope"] == SCOPE


def test_two_applications_share_their_discovery_in_one_cache(entra: Entra) -> None:
    shared: dict[str, Any] = {}
    for _ in range(3):
        msal.ConfidentialClientApplication(
            CLIENT,
            client_credential="local-development-only",
            authority=f"{LOGIN}/{FABRIKAM}",
            http_client=entra.session(),
            http_cache=shared,
            instance_discovery=False,
        )
    assert entra.control("GET", "journal")["count"] == 1


def test_a_session_that_only_knows_the_emulator_reaches_nothing_else(entra: Entra) -> None:
    discovery = requests.get(
        f"{entra.address}/{CONTOSO}/v2.0/.well-known/openid-configuration", timeout=60
    ).json()
    loopback = [discovery[name] for name in ("token_endpoint", "jwks_uri", "authorization_endpoint")]
    assert all(address.startswith(f"{entra.address}/{CONTOSO}/") for address in loopback)
    assert discovery["issuer"] == f"{LOGIN}/{CONTOSO}/v2.0"
