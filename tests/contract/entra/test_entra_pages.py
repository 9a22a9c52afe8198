import re

import jwt
import pytest
import requests
from entra_client import ADA, CLIENT, CONTOSO, FABRIKAM, SCOPE, Entra

from local.html_forms import Page
from local.sign_in import SignInError, sign_in

BRUNO = "bruno.okafor@contoso.example"
FELIX = "felix.aubert@contoso.example"
GRETA = "greta.holm@fabrikam.example"
HAMID = "hamid.saleh@fabrikam.example"
FABRIKAM_SCOPE = "https://fabrikam.crm.dynamics.com/user_impersonation openid profile offline_access"


def page(entra: Entra, tenant: str = CONTOSO, **parameters: str) -> requests.Response:
    return requests.get(entra.authorize_url(tenant, **parameters), allow_redirects=False, timeout=60)


def offered(answer: requests.Response) -> list[str]:
    return [field.value for field in Page(answer.text).forms[0].fields if field.kind == "radio"]


def test_a_directorys_page_lists_its_people_and_is_an_emulators(entra: Entra) -> None:
    answer = page(entra)
    assert len(offered(answer)) == 6
    assert GRETA not in offered(answer)
    assert "emulator" in answer.text
    assert "not Microsoft" in answer.text
    assert answer.headers["Cache-Control"] == "no-store, no-cache"


def test_organizations_lists_everybody_and_a_domain_hint_narrows_it(entra: Entra) -> None:
    assert {ADA, GRETA} <= set(offered(page(entra, "organizations")))
    assert ADA not in offered(page(entra, "organizations", domain_hint="fabrikam.example"))


def test_a_login_hint_chooses_the_person(entra: Entra) -> None:
    chosen = [
        field.value for field in Page(page(entra, login_hint=BRUNO).text).forms[0].fields if field.checked
    ]
    assert chosen == [BRUNO]


def test_no_page_needs_the_internet(entra: Entra) -> None:
    for text in (page(entra).text, requests.get(entra.address, timeout=60).text):
        assert not [
            address
            for address in re.findall(r"(?:src|href)=\"(https?://[^\"]+)", text)
            if entra.address not in address
        ]


WRONG = {
    "unknown client": ({"client_id": "00000000-0000-0000-0000-00000000abcd"}, "AADSTS700016"),
    "foreign redirect": ({"redirect_uri": "https://evil.example/api/oauth/callback"}, "AADSTS50011"),
    "other path": ({"redirect_uri": "http://127.0.0.1:7071/api/oauth/callback/x"}, "AADSTS50011"),
    "other case": ({"redirect_uri": "http://127.0.0.1:7071/api/OAuth/callback"}, "AADSTS50011"),
    "no redirect": ({"redirect_uri": ""}, "AADSTS900144"),
    "unknown response mode": ({"response_mode": "pigeon"}, "AADSTS70007"),
}


@pytest.mark.parametrize(("parameters", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_makes_the_redirect_unsafe_is_said_on_a_page(
    entra: Entra, parameters: dict[str, str], code: str
) -> None:
    answer = page(entra, **parameters)
    assert answer.status_code == 400
    assert code in answer.text
    assert "Correlation Id" in answer.text


@pytest.mark.parametrize(
    ("tenant", "code"), [("nobody.example", "AADSTS90002"), ("consumers", "AADSTS9002332")]
)
def test_an_unknown_tenant_is_said_on_a_page(entra: Entra, tenant: str, code: str) -> None:
    assert code in page(entra, tenant).text


REDIRECTED = {
    "no response type": ({"response_type": ""}, "invalid_request", "AADSTS900144"),
    "token": ({"response_type": "token"}, "unsupported_response_type", "AADSTS700054"),
    "prompt": ({"prompt": "maybe"}, "invalid_request", "AADSTS90100"),
    "no scope": ({"scope": ""}, "invalid_request", "AADSTS900144"),
    "short challenge": (
        {"code_challenge": "x", "code_challenge_method": "S256"},
        "invalid_request",
        "AADSTS50147",
    ),
    "unknown challenge method": ({"code_challenge_method": "S512"}, "invalid_request", "AADSTS90100"),
    "nobody signed in": ({"prompt": "none"}, "login_required", "AADSTS50058"),
}


@pytest.mark.parametrize(("parameters", "error", "code"), REDIRECTED.values(), ids=REDIRECTED.keys())
def test_other_mistakes_are_told_to_the_application(
    entra: Entra, parameters: dict[str, str], error: str, code: str
) -> None:
    answer = requests.get(entra.authorize_url(**parameters), timeout=60).json()
    assert answer["error"] == error
    assert answer["error_description"].startswith(f"{code}: ")
    assert answer["state"] == "the state"


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_a_code_comes_back_in_the_mode_that_was_asked_for(entra: Entra, mode: str) -> None:
    answer = entra.sign_in(response_mode=mode)
    assert answer["state"] == "the state"
    assert answer["code"]


def test_a_code_can_come_back_in_the_fragment(consented: Entra) -> None:
    form = Page(page(consented, response_mode="fragment").text).forms[0]
    answer = requests.post(
        f"{consented.address}{form.action}",
        data=form.content(form.buttons[0]),
        allow_redirects=False,
        timeout=60,
    )
    assert answer.headers["Location"].startswith(f"{consented.callback}#code=")


def test_a_nonce_is_in_the_id_token(entra: Entra) -> None:
    answer = entra.redeem(entra.sign_in(nonce="n-1")["code"]).json()
    assert jwt.decode(answer["id_token"], options={"verify_signature": False})["nonce"] == "n-1"


def test_an_ordinary_person_needs_an_admins_approval(entra: Entra) -> None:
    with pytest.raises(SignInError, match="Need admin approval"):
        entra.sign_in(BRUNO)
    url = entra.authorize_url()
    answer = sign_in(url, BRUNO, press={"Need admin approval": "Back"}).json()
    assert answer["error"] == "access_denied"
    assert answer["error_description"].startswith("AADSTS90094: ")


def test_from_admin_approval_another_account_can_sign_in(entra: Entra) -> None:
    with pytest.raises(SignInError, match="did not end after"):
        sign_in(entra.authorize_url(), BRUNO, press={"Need admin approval": "Sign in with another account"})


def test_after_a_global_admins_consent_for_the_organization_nobody_is_asked(entra: Entra) -> None:
    assert "code" in entra.sign_in(ADA)
    assert "code" in entra.sign_in(BRUNO)


def test_a_global_admin_who_consents_for_himself_consents_for_nobody_else(entra: Entra) -> None:
    assert "code" in sign_in(entra.authorize_url(), ADA, for_organization=False).json()
    assert "code" in entra.sign_in(ADA)
    with pytest.raises(SignInError, match="Need admin approval"):
        entra.sign_in(BRUNO)


def test_where_the_directory_allows_it_a_person_consents_for_himself(entra: Entra) -> None:
    assert "code" in entra.sign_in(HAMID, FABRIKAM, scope=FABRIKAM_SCOPE)
    entra.control("PATCH", f"directories/{FABRIKAM}", userConsentAllowed=False)
    with pytest.raises(SignInError, match="Need admin approval"):
        entra.sign_in("ines.duarte@fabrikam.example", FABRIKAM, scope=FABRIKAM_SCOPE)


def test_an_ordinary_person_cannot_tick_the_organizations_box(entra: Entra) -> None:
    entra.sign_in(HAMID, FABRIKAM, scope=FABRIKAM_SCOPE)
    principals = {item["principal"] for item in entra.control("GET", "consent")["items"]}
    assert principals == {"74e0a381-c95f-420d-9b37-058f0d294a08"}


@pytest.mark.parametrize("heading", ["Pick an account", "Permissions requested"])
def test_cancel_goes_back_with_access_denied(entra: Entra, heading: str) -> None:
    answer = sign_in(entra.authorize_url(), ADA, press={heading: "Cancel"}).json()
    assert (answer["error"], answer["error_subcode"]) == ("access_denied", "cancel")
    assert answer["error_description"].startswith("AADSTS65004: ")


def test_prompt_consent_asks_again(consented: Entra) -> None:
    answer = sign_in(
        consented.authorize_url(prompt="consent"), ADA, press={"Permissions requested": "Cancel"}
    ).json()
    assert answer["error"] == "access_denied"


def test_a_disabled_person_cannot_sign_in(entra: Entra) -> None:
    with pytest.raises(SignInError, match="AADSTS50057"):
        entra.sign_in(FELIX)


def test_nobody_of_another_directory_is_offered_and_none_gets_in(entra: Entra) -> None:
    with pytest.raises(SignInError, match="does not offer"):
        entra.sign_in(GRETA)
    form = Page(page(entra).text).forms[0]
    fields = dict(form.content(form.buttons[0])) | {"user": GRETA}
    assert "AADSTS50020" in requests.post(f"{entra.address}{form.action}", data=fields, timeout=60).text


def test_a_second_factor_is_asked_for_and_is_in_the_token(consented: Entra) -> None:
    consented.control("PATCH", f"users/{ADA}", mfaRequired=True)
    declined = sign_in(consented.authorize_url(), ADA, press={"Approve sign in request": "Cancel"}).json()
    assert declined["error"] == "access_denied"
    answer = consented.redeem(consented.sign_in()["code"]).json()
    assert jwt.decode(answer["access_token"], options={"verify_signature": False})["amr"] == ["pwd", "mfa"]


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("https://nowhere.crm.dynamics.com/.default", "AADSTS500011"),
        ("https://fabrikam.crm.dynamics.com/.default", "AADSTS500011"),
        ("https://vault.azure.net/.default", "AADSTS650057"),
    ],
)
def test_a_resource_that_the_directory_does_not_have_is_told_to_the_application(
    entra: Entra, scope: str, code: str
) -> None:
    answer = entra.sign_in(scope=scope)
    assert answer["error"] == "invalid_resource"
    assert answer["error_description"].startswith(code)


def test_prompt_none_is_silent_for_whoever_is_signed_in_and_consented(entra: Entra) -> None:
    browser = requests.Session()
    sign_in(entra.authorize_url(), ADA, session=browser)
    silent = entra.authorize_url(prompt="none")
    assert "code" in browser.get(silent, timeout=60).json()
    entra.control("DELETE", "consent", directory=CONTOSO)
    answer = browser.get(silent, timeout=60).json()
    assert answer["error"] == "interaction_required"
    assert answer["error_description"].startswith("AADSTS65001: ")
    entra.control("PATCH", f"users/{ADA}", enabled=False)
    assert browser.get(silent, timeout=60).json()["error"] == "login_required"


def test_a_page_that_was_tampered_with_is_refused(entra: Entra) -> None:
    answer = requests.post(f"{entra.address}/sign-in/account", data={"flow": "flow.x"}, timeout=60)
    assert "AADSTS90013" in answer.text


def admin_consent_url(entra: Entra, tenant: str = CONTOSO, **parameters: str) -> str:
    query = {
        "client_id": CLIENT,
        "redirect_uri": entra.callback,
        "scope": "https://contoso.crm4.dynamics.com/.default",
        "state": "s",
    }
    request = requests.Request(
        "GET", f"{entra.address}/{tenant}/v2.0/adminconsent", params=query | parameters
    )
    return request.prepare().url or ""


def test_admin_consent_answers_with_the_directory_and_the_scope(entra: Entra) -> None:
    answer = sign_in(admin_consent_url(entra, "organizations"), ADA).json()
    assert answer == {
        "admin_consent": "True",
        "tenant": CONTOSO,
        "scope": f"{SCOPE} https://contoso.crm4.dynamics.com/.default",
        "state": "s",
    }
    assert "code" in entra.sign_in(BRUNO)


def test_admin_consent_refused_still_says_admin_consent_true(entra: Entra) -> None:
    answer = sign_in(admin_consent_url(entra), ADA, press={"Permissions requested": "Cancel"}).json()
    assert (answer["admin_consent"], answer["error"]) == ("True", "consent_required")
    assert answer["error_description"].startswith("AADSTS65004: ")


def test_admin_consent_tells_an_ordinary_person_to_fetch_an_admin(entra: Entra) -> None:
    with pytest.raises(SignInError, match="is no administrator of Contoso"):
        sign_in(admin_consent_url(entra), BRUNO)
    answer = sign_in(admin_consent_url(entra), BRUNO, press={"Need admin approval": "Back"}).json()
    assert (answer["admin_consent"], answer["error"]) == ("True", "access_denied")


def test_admin_consent_needs_a_directory_or_organizations(entra: Entra) -> None:
    assert "AADSTS90100" in requests.get(admin_consent_url(entra, "common"), timeout=60).text
    assert (
        "AADSTS50011"
        in requests.get(admin_consent_url(entra, redirect_uri="https://evil.example/"), timeout=60).text
    )


def test_the_enter_key_accepts(entra: Entra) -> None:
    # A browser presses the first button of a form when Enter is hit.
    assert [button.label for button in Page(page(entra).text).forms[0].buttons] == ["Accept", "Cancel"]
