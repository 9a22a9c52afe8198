from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests
from entra_client import Entra
from portal_browser import PortalBrowser, returned, tokens


@pytest.fixture
def portal(entra: Entra) -> Iterator[PortalBrowser]:
    with requests.Session() as session:
        yield PortalBrowser(entra.address, session)


def claims(portal: PortalBrowser, token: str, audience: str) -> dict[str, Any]:
    keys = jwt.PyJWKClient(f"{portal.entra}/callers/jwks")
    key = keys.get_signing_key_from_jwt(token).key
    issuer = f"{portal.entra}/callers"
    return jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=issuer)


def test_the_discovery_document_names_every_endpoint_of_the_sign_in(portal: PortalBrowser) -> None:
    address = f"{portal.entra}/callers/.well-known/openid-configuration"
    document = requests.get(address, timeout=60).json()
    assert document["issuer"] == f"{portal.entra}/callers"
    assert document["authorization_endpoint"].endswith("/callers/authorize")
    assert document["token_endpoint"].endswith("/callers/token")
    assert document["end_session_endpoint"].endswith("/callers/logout")
    assert document["code_challenge_methods_supported"] == ["S256"]


def test_a_chosen_person_gets_an_access_token_of_the_api(portal: PortalBrowser) -> None:
    answer = tokens(portal.token(code=portal.code("contoso/bruno")))
    access = claims(portal, answer["access_token"], "dynamics-export-api")
    assert (access["sub"], access["org_id"], access["roles"]) == ("bruno", "contoso", [])
    assert answer["token_type"] == "Bearer"


def test_the_id_token_is_the_portals_and_has_its_nonce(portal: PortalBrowser) -> None:
    answer = tokens(portal.token(code=portal.code("fabrikam/greta")))
    identity = claims(portal, answer["id_token"], "portal")
    assert (identity["name"], identity["org_id"], identity["roles"]) == ("Greta Holm", "fabrikam", ["admin"])
    assert identity["nonce"] == "the nonce"


def test_the_state_comes_back(portal: PortalBrowser) -> None:
    assert returned(portal.press(portal.authorize(), "contoso/ada"))["state"] == "the state"


def test_cancel_comes_back_as_access_denied(portal: PortalBrowser) -> None:
    answer = portal.press(portal.authorize(), "contoso/ada", "Cancel")
    assert returned(answer)["error"] == "access_denied"


def test_a_code_needs_the_verifier_of_its_challenge(portal: PortalBrowser) -> None:
    answer = portal.token(
        code=portal.code(), code_verifier="another-verifier-of-forty-three-characters-or-so"
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert "PKCE" in answer.json()["error_description"]


def test_a_code_needs_its_redirect_address(portal: PortalBrowser) -> None:
    answer = portal.token(code=portal.code(), redirect_uri="http://127.0.0.1:5051/signed-in")
    assert answer.json()["error"] == "invalid_grant"


def test_a_code_is_good_once(portal: PortalBrowser) -> None:
    code = portal.code()
    tokens(portal.token(code=code))
    assert portal.token(code=code).json()["error"] == "invalid_grant"


def test_a_code_is_good_for_a_minute(portal: PortalBrowser, entra: Entra) -> None:
    code = portal.code()
    entra.control("PUT", "clock", offset=61.0)
    assert portal.token(code=code).json()["error"] == "invalid_grant"


def test_a_refresh_token_gives_fresh_tokens(portal: PortalBrowser) -> None:
    first = tokens(portal.token(code=portal.code()))
    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = tokens(portal.token(**refresh))
    assert claims(portal, second["access_token"], "dynamics-export-api")["sub"] == "ada"


def test_there_is_no_refresh_token_for_whoever_did_not_ask(portal: PortalBrowser) -> None:
    assert "refresh_token" not in tokens(portal.token(code=portal.code(scope="openid")))


def test_a_refresh_token_is_no_code(portal: PortalBrowser) -> None:
    refresh = tokens(portal.token(code=portal.code()))["refresh_token"]
    assert portal.token(code=refresh).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("prompt", [None, "none"])
def test_whoever_signed_in_before_goes_straight_on(portal: PortalBrowser, prompt: str | None) -> None:
    portal.code("contoso/carla")
    answer = tokens(portal.token(code=returned(portal.authorize(prompt=prompt))["code"]))
    assert claims(portal, answer["id_token"], "portal")["sub"] == "carla"


def test_prompt_login_asks_again(portal: PortalBrowser) -> None:
    portal.code()
    assert "Who are you?" in portal.authorize(prompt="login").text


def test_prompt_none_asks_nobody(portal: PortalBrowser) -> None:
    assert returned(portal.authorize(prompt="none"))["error"] == "login_required"


def test_signing_out_ends_the_session_and_goes_back(portal: PortalBrowser) -> None:
    portal.code()
    answer = portal.sign_out(post_logout_redirect_uri="http://127.0.0.1:5050/", state="s")
    assert answer.headers["Location"] == "http://127.0.0.1:5050/?state=s"
    assert returned(portal.authorize(prompt="none"))["error"] == "login_required"


def test_signing_out_without_an_address_ends_on_a_page(portal: PortalBrowser) -> None:
    assert "You are signed out" in portal.sign_out().text


def test_nobody_is_sent_to_another_machine_after_signing_out(portal: PortalBrowser) -> None:
    assert portal.sign_out(post_logout_redirect_uri="https://evil.example/").status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "another"},
        {"redirect_uri": "https://evil.example/signed-in"},
        {"redirect_uri": "http://127.0.0.1:80@evil.example/signed-in"},
        {"redirect_uri": "http://127.0.0.1:5050/elsewhere"},
        {"redirect_uri": None},
    ],
)
def test_a_request_without_a_safe_way_back_is_refused_on_a_page(
    portal: PortalBrowser, changed: dict[str, str | None]
) -> None:
    answer = portal.authorize(**changed)
    assert answer.status_code == 400
    assert "This sign-in cannot begin" in answer.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_wrong_request_comes_back_as_an_error(
    portal: PortalBrowser, changed: dict[str, str | None], error: str
) -> None:
    assert returned(portal.authorize(**changed))["error"] == error


def test_a_page_that_was_tampered_with_is_refused(portal: PortalBrowser) -> None:
    form = {"flow": "portal-flow.nonsense", "user": "contoso/ada"}
    answer = portal.session.post(f"{portal.entra}/callers/authorize", form, timeout=60)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "another"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "nonsense"}, "invalid_grant"),
    ],
)
def test_the_token_endpoint_refuses(portal: PortalBrowser, form: dict[str, str], error: str) -> None:
    assert portal.token(**form).json()["error"] == error


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("http://127.0.0.1:5050", True), ("http://localhost:5050", True), ("https://evil.example", False)],
)
def test_only_pages_of_this_machine_may_read_tokens(
    portal: PortalBrowser, origin: str, *, allowed: bool
) -> None:
    for method, path in (
        ("POST", "token"),
        ("OPTIONS", "token"),
        ("GET", ".well-known/openid-configuration"),
        ("GET", "jwks"),
    ):
        address = f"{portal.entra}/callers/{path}"
        headers = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
        answer = requests.request(method, address, headers=headers, timeout=60)
        assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is allowed
