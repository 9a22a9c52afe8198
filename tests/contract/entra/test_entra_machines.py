import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jwt
import msal
import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ManagedIdentityCredential
from entra_client import (
    ADA,
    CLIENT,
    CONTOSO,
    LOGIN,
    ROOT,
    SCOPE,
    Entra,
    end_emulator,
    start_emulator,
)

from local.sign_in import sign_in

IDENTITY = "a7b8c9d0-e1f2-4031-8425-364758697a8b"
PRINCIPAL = "c4e5d6f7-0819-4a2b-9c3d-4e5f60718293"
EXCHANGE = "api://AzureADTokenExchange/.default"


@pytest.fixture
def on_azure(entra: Entra, monkeypatch: pytest.MonkeyPatch) -> Entra:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{entra.address}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "secret")
    return entra


@pytest.mark.parametrize("client_id", [None, IDENTITY], ids=["the first", "by client id"])
def test_azure_identity_gets_a_managed_identitys_token(on_azure: Entra, client_id: str | None) -> None:
    with ManagedIdentityCredential(client_id=client_id) as credential:
        token = credential.get_token("https://storage.azure.com/.default")
    claims = jwt.decode(token.token, options={"verify_signature": False})
    assert claims["aud"] == "https://storage.azure.com"
    assert (claims["oid"], claims["appid"]) == (PRINCIPAL, IDENTITY)
    assert 3500 < token.expires_on - time.time() <= 3600


def test_azure_identity_gets_an_error_for_an_unknown_identity(on_azure: Entra) -> None:
    with (
        ManagedIdentityCredential(client_id="00000000-0000-0000-0000-000000000009") as credential,
        pytest.raises(ClientAuthenticationError, match="No User Assigned"),
    ):
        credential.get_token("https://storage.azure.com/.default")


def test_a_request_without_the_identity_header_gets_no_token(entra: Entra) -> None:
    parameters = {"resource": "https://storage.azure.com", "api-version": "2019-08-01"}
    assert requests.get(f"{entra.address}/msi/token", params=parameters, timeout=60).status_code == 401


def assertion_from_identity() -> str:
    with ManagedIdentityCredential(client_id=IDENTITY) as credential:
        return credential.get_token(EXCHANGE).token


def test_msal_uses_the_managed_identity_in_place_of_a_secret(on_azure: Entra) -> None:
    app = msal.ConfidentialClientApplication(
        CLIENT,
        client_credential={"client_assertion": assertion_from_identity},
        authority=f"{LOGIN}/{CONTOSO}",
        http_client=on_azure.session(),
        instance_discovery=False,
    )
    flow = app.initiate_auth_code_flow([SCOPE], redirect_uri=on_azure.callback, response_mode="form_post")
    result = app.acquire_token_by_auth_code_flow(flow, sign_in(flow["auth_uri"], ADA).json())
    assert "access_token" in result, result


def assertion_call(entra: Entra, assertion: str) -> requests.Response:
    return entra.token(
        grant_type="refresh_token",
        refresh_token="x",
        client_secret="",
        client_assertion=assertion,
        client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )


def test_an_assertion_has_to_be_the_trusted_identitys_own_for_token_exchange(consented: Entra) -> None:
    headers = {"X-IDENTITY-HEADER": "x"}
    parameters = {"resource": "https://storage.azure.com", "api-version": "2019-08-01"}
    storage = requests.get(
        f"{consented.address}/msi/token", params=parameters, headers=headers, timeout=60
    ).json()
    assert assertion_call(consented, storage["access_token"]).json()["error_codes"] == [700211]
    users = consented.redeem(consented.sign_in()["code"]).json()["id_token"]
    assert assertion_call(consented, users).json()["error_codes"] == [700211]
    assert assertion_call(consented, "no token").json()["error_codes"] == [50027]
    forged = jwt.encode({"sub": PRINCIPAL}, "k" * 32, algorithm="HS256")
    assert assertion_call(consented, forged).json()["error_codes"] == [700027]


def test_an_assertion_expires(on_azure: Entra) -> None:
    assertion = assertion_from_identity()
    assert assertion_call(on_azure, assertion).json()["error_codes"] == [70000]
    on_azure.control("PUT", "clock", offset=7200)
    assert assertion_call(on_azure, assertion).json()["error_codes"] == [700024]


def caller_token(entra: Entra, **body: object) -> requests.Response:
    return requests.post(f"{entra.address}/callers/token", json=body, timeout=60)


def verified(entra: Entra, token: str) -> dict[str, object]:
    issuer = f"{entra.address}/callers"
    configuration = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=60).json()
    assert configuration["issuer"] == issuer
    key = jwt.PyJWKClient(configuration["jwks_uri"]).get_signing_key_from_jwt(token)
    claims: dict[str, object] = jwt.decode(
        token, key, algorithms=["RS256"], audience="dynamics-export-api", issuer=issuer
    )
    return claims


def test_a_callers_token_says_who_calls_for_which_tenant(entra: Entra) -> None:
    answer = caller_token(entra, tenant="contoso", user="ada").json()
    claims = verified(entra, answer["access_token"])
    assert (claims["sub"], claims["org_id"], claims["roles"]) == ("ada", "contoso", ["admin"])
    assert (claims["email"], claims["name"]) == (ADA, "Ada Lindqvist")
    assert answer["expires_in"] == 8 * 3600


@pytest.mark.parametrize(
    ("user", "admin", "roles"), [("ada", False, []), ("bruno", True, ["admin"]), ("bruno", None, [])]
)
def test_a_callers_role_can_be_chosen(
    entra: Entra, *, user: str, admin: bool | None, roles: list[str]
) -> None:
    body = {"tenant": "contoso", "user": user} | ({} if admin is None else {"admin": admin})
    assert verified(entra, caller_token(entra, **body).json()["access_token"])["roles"] == roles


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"tenant": "acme", "user": "ada"}, "There is no tenant 'acme'; there are contoso, fabrikam."),
        (
            {"tenant": "contoso", "user": "greta"},
            "Tenant 'contoso' has no user 'greta'; it has ada, bruno, carla.",
        ),
        ({"tenant": "contoso"}, "The body has to be JSON like"),
    ],
)
def test_an_unknown_caller_is_told_who_exists(entra: Entra, body: dict[str, str], sentence: str) -> None:
    answer = caller_token(entra, **body)
    assert answer.status_code == 400
    assert answer.json()["error_description"].startswith(sentence)


def test_callers_and_directories_sign_with_different_keys(entra: Entra) -> None:
    callers = requests.get(f"{entra.address}/callers/jwks", timeout=60).json()["keys"]
    directories = requests.get(f"{entra.address}/common/discovery/v2.0/keys", timeout=60).json()["keys"]
    assert not {key["kid"] for key in callers} & {key["kid"] for key in directories}
    assert not any("d" in key for key in callers + directories)


@pytest.mark.parametrize(
    ("ring", "path"), [("directory", "common/discovery/v2.0/keys"), ("callers", "callers/jwks")]
)
def test_a_rotated_key_signs_beside_the_old_one_until_that_is_forgotten(
    entra: Entra, ring: str, path: str
) -> None:
    def key_ids() -> list[str]:
        keys = requests.get(f"{entra.address}/{path}", timeout=60).json()["keys"]
        return [key["kid"] for key in keys]

    before = key_ids()
    kid = entra.control("POST", "keys/rotate", ring=ring)["kid"]
    assert key_ids() == [kid, *before]
    last = entra.control("POST", "keys/rotate", ring=ring, forget=True)["kid"]
    assert key_ids() == [last]


def test_the_next_token_calls_can_fail(consented: Entra) -> None:
    consented.control("POST", "faults", status=503, count=2)
    consented.control("POST", "faults", status=429)
    form = {"grant_type": "client_credentials", "scope": "https://contoso.crm4.dynamics.com/.default"}
    answers = [consented.token(**form) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 503, 429, 200]
    assert answers[0].json()["error"] == "temporarily_unavailable"
    assert answers[2].headers["Retry-After"] == "1"


def test_the_next_token_call_can_hang_up_or_take_its_time(consented: Entra) -> None:
    consented.control("POST", "faults", dropped=True)
    consented.control("POST", "faults", delay=0.3)
    form = {"grant_type": "client_credentials", "scope": "https://contoso.crm4.dynamics.com/.default"}
    with pytest.raises(requests.ConnectionError):
        consented.token(**form)
    start = time.monotonic()
    assert consented.token(**form).status_code == 200
    assert time.monotonic() - start >= 0.3
    consented.control("POST", "faults", status=500, count=9)
    assert consented.control("DELETE", "faults") == {"waiting": 0}
    assert consented.token(**form).status_code == 200


def test_access_tokens_can_be_made_short_lived(consented: Entra) -> None:
    consented.control("PATCH", "settings", accessTokenLifetime=5)
    answer = consented.redeem(consented.sign_in()["code"]).json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert answer["expires_in"] == 5
    assert claims["exp"] - claims["nbf"] == 300 + 5  # dated back, and the lifetime


def test_the_journal_tells_what_was_asked_and_nothing_secret(consented: Entra) -> None:
    code = consented.sign_in()["code"]
    tokens = consented.redeem(code, code_verifier="verifier-text").json()
    journal = consented.control("GET", "journal")
    last = journal["items"][-1]
    assert (last["method"], last["status"], last["host"]) == ("POST", 200, "login.microsoftonline.com")
    assert last["path"] == f"/{CONTOSO}/oauth2/v2.0/token"
    assert last["notes"] == {"grant_type": "authorization_code", "client_id": CLIENT}
    text = str(journal)
    for secret in (code, tokens["refresh_token"], "local-development-only", "verifier-text", "the state"):
        assert secret not in text


@pytest.mark.parametrize(
    ("method", "path", "body", "word"),
    [
        ("PATCH", "users/nobody", {"enabled": True}, "ada.lindqvist@contoso.example"),
        ("PATCH", f"users/{ADA}", {"enable": True}, "enable"),
        ("PATCH", "directories/nowhere", {"userConsentAllowed": True}, "contoso.onmicrosoft.com"),
        ("POST", "consent", {"directory": CONTOSO, "clientId": "x"}, CLIENT),
        ("POST", "faults", {"status": 200}, "status"),
    ],
)
def test_a_wrong_control_call_says_what_is_right(
    entra: Entra, *, method: str, path: str, body: dict[str, object], word: str
) -> None:
    answer = requests.request(method, f"{entra.address}/_emulator/{path}", json=body, timeout=60)
    assert answer.status_code == 400
    assert word in answer.json()["error"]


@pytest.mark.parametrize("path", ["/common/oauth2/token", f"/{CONTOSO}/oauth2/v2.0/devicecode", "/nothing"])
def test_what_is_not_emulated_answers_501(entra: Entra, path: str) -> None:
    answer = requests.post(f"{entra.address}{path}", timeout=60)
    assert answer.status_code == 501
    assert "FIDELITY.md" in answer.json()["error_description"]


def test_a_restart_with_the_same_state_keeps_sessions_and_consents(
    run_emulator: Callable[..., str], tmp_path: Path, callback: str
) -> None:
    state = str(tmp_path / "entra")
    before = Entra(run_emulator("--state", state), callback)
    tokens = before.redeem(before.sign_in()["code"]).json()
    caller = caller_token(before, tenant="contoso", user="ada").json()["access_token"]
    after = Entra(run_emulator("--state", state), callback)
    keys = jwt.PyJWKClient(f"{after.address}/common/discovery/v2.0/keys")
    jwt.decode(
        tokens["access_token"],
        keys.get_signing_key_from_jwt(tokens["access_token"]),
        algorithms=["RS256"],
        audience="https://contoso.crm4.dynamics.com",
    )
    assert after.refresh(tokens["refresh_token"]).status_code == 200
    assert "code" in after.sign_in("bruno.okafor@contoso.example")
    jwt.PyJWKClient(f"{after.address}/callers/jwks").get_signing_key_from_jwt(caller)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "entra").iterdir())


def test_a_redirect_address_can_be_added_on_the_command_line(
    run_emulator: Callable[..., str], callback: str
) -> None:
    mine = "https://staging.example/api/oauth/callback"
    entra = Entra(run_emulator("--redirect-uri", mine), callback)
    assert "Pick an account" in requests.get(entra.authorize_url(redirect_uri=mine), timeout=60).text


def test_it_ends_cleanly_and_at_once_when_told_to() -> None:
    process, address = start_emulator()
    with requests.Session() as session:
        session.get(f"{address}/_emulator/health", timeout=60)
        assert end_emulator(process) == 0  # though somebody is still connected


@pytest.fixture(params=["port", "world", "state"])
def impossible(request: pytest.FixtureRequest, emulator_address: str, tmp_path: Path) -> list[str]:
    """Arguments with which the emulator cannot start."""
    broken = tmp_path / "ledger.json"
    broken.write_text("{}")
    return {
        "port": ["--port", emulator_address.rpartition(":")[2]],
        "world": ["--port", "0", "--world", str(broken)],
        "state": ["--port", "0", "--state", str(tmp_path)],
    }[request.param]


def test_a_start_that_cannot_work_says_why_in_one_sentence(impossible: list[str]) -> None:
    command = [sys.executable, "-m", "local.emulators.entra", *impossible]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("The Entra ID emulator did not start: ")
    assert ended.stderr.count("\n") == 1
