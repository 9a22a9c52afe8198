import json
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from signing_in import ADA, BRUNO, CONTOSO, GRETA, ORGANIZATION, Entra

from local.sign_in import SignInError
from shared.domain.errors import InvalidRequest, NeedsUser, ServiceError, Transient
from shared.domain.ids import DirectoryId


def refusal(entra: Entra, answer: dict[str, str], flow: str) -> ServiceError:
    with pytest.raises(ServiceError) as refused:
        entra.sign_in().redeem(ORGANIZATION, CONTOSO, flow=flow, answer=answer)
    return refused.value


def test_a_sign_in_starts_at_the_organizations_own_directory_with_pkce(entra: Entra) -> None:
    begun = entra.sign_in().begin(ORGANIZATION, CONTOSO, state="the-state")
    query = parse_qs(urlsplit(begun.authorization_url).query)
    assert urlsplit(begun.authorization_url).path.startswith(f"/{CONTOSO}/")
    assert query["code_challenge_method"] == ["S256"]
    assert query["state"] == ["the-state"]
    assert query["response_mode"] == ["query"]
    assert set(query["scope"][0].split()) == {
        "https://contoso.crm4.dynamics.com/user_impersonation",
        "offline_access",
        "openid",
        "profile",
    }
    assert json.loads(begun.flow)["code_verifier"] not in begun.authorization_url


def test_an_administrator_signs_in(entra: Entra) -> None:
    signed_in = entra.signed_in(ADA)
    assert signed_in.account_name == ADA
    assert signed_in.directory == CONTOSO
    assert signed_in.account_id == f"{signed_in.object_id}.{CONTOSO}"
    claims = jwt.decode(signed_in.access_token, options={"verify_signature": False})
    assert claims["aud"] == "https://contoso.crm4.dynamics.com"
    assert "RefreshToken" in json.loads(signed_in.cache)


def test_tokens_are_not_shown_where_a_sign_in_is_printed(entra: Entra) -> None:
    begun = entra.sign_in().begin(ORGANIZATION, CONTOSO, state="s")
    signed_in = entra.signed_in(ADA)
    assert signed_in.access_token not in repr(signed_in)
    assert "secret" not in repr(signed_in)
    assert "code_verifier" not in repr(begun)
    assert "local-development-only" not in repr(entra.sign_in())


def test_a_code_can_be_redeemed_once(consented: Entra) -> None:
    client = consented.sign_in()
    begun = client.begin(ORGANIZATION, CONTOSO, state="s")
    answer = consented.answer(begun.authorization_url, ADA)
    client.redeem(ORGANIZATION, CONTOSO, flow=begun.flow, answer=answer)
    assert refusal(consented, answer, begun.flow).code == "signInOver"


def test_an_answer_to_another_sign_in_is_refused(consented: Entra) -> None:
    client = consented.sign_in()
    mine = client.begin(ORGANIZATION, CONTOSO, state="mine")
    theirs = client.begin(ORGANIZATION, CONTOSO, state="theirs")
    answer = consented.answer(theirs.authorization_url, ADA)
    assert isinstance(refusal(consented, answer, mine.flow), InvalidRequest)
    injected = {**answer, "state": "mine"}
    assert refusal(consented, injected, mine.flow).code in {
        "signInOver",
        "signInRefused",
        "applicationRefused",
    }


@pytest.mark.parametrize("answer", [{}, {"state": "s"}, {"state": "s", "code": "made-up"}])
def test_an_answer_without_a_true_code_is_refused(entra: Entra, answer: dict[str, str]) -> None:
    begun = entra.sign_in().begin(ORGANIZATION, CONTOSO, state="s")
    assert isinstance(refusal(entra, answer, begun.flow), (InvalidRequest, NeedsUser))


def test_whoever_cancels_hears_so(entra: Entra) -> None:
    begun = entra.sign_in().begin(ORGANIZATION, CONTOSO, state="s")
    answer = entra.answer(begun.authorization_url, ADA, press={"Pick an account": "Cancel"})
    assert refusal(entra, answer, begun.flow).code in {"signInCancelled", "consentDeclined"}


def test_whoever_declines_the_permission_hears_so(entra: Entra) -> None:
    begun = entra.sign_in().begin(ORGANIZATION, CONTOSO, state="s")
    answer = entra.answer(begun.authorization_url, ADA, press={"Permissions requested": "Cancel"})
    refused = refusal(entra, answer, begun.flow)
    assert refused.code == "consentDeclined"
    assert "AADSTS65004" in refused.detail


def test_an_account_that_is_disabled_hears_so(consented: Entra) -> None:
    client = consented.sign_in()
    begun = client.begin(ORGANIZATION, CONTOSO, state="s")
    answer = consented.answer(begun.authorization_url, BRUNO)
    consented.control("PATCH", f"users/{BRUNO}", enabled=False)
    assert refusal(consented, answer, begun.flow).code == "accountDisabled"


def test_no_error_tells_who_signed_in(consented: Entra) -> None:
    client = consented.sign_in()
    begun = client.begin(ORGANIZATION, CONTOSO, state="s")
    answer = consented.answer(begun.authorization_url, BRUNO)
    consented.control("PATCH", f"users/{BRUNO}", enabled=False)
    refused = refusal(consented, answer, begun.flow)
    assert BRUNO not in f"{refused} {refused.detail}"
    assert answer["code"] not in f"{refused} {refused.detail}"


def test_a_wrong_client_secret_is_the_operators_to_correct(consented: Entra) -> None:
    begun = consented.sign_in().begin(ORGANIZATION, CONTOSO, state="s")
    answer = consented.answer(begun.authorization_url, ADA)
    wrong = type(consented.sign_in())(consented.applications("wrong"), consented.sign_in().redirect_uri)
    with pytest.raises(NeedsUser) as refused:
        wrong.redeem(ORGANIZATION, CONTOSO, flow=begun.flow, answer=answer)
    assert refused.value.code == "applicationRefused"


@pytest.mark.parametrize("fault", [{"dropped": True}, {"status": 503}, {"status": 429}], ids=str)
def test_an_entra_id_in_trouble_is_transient(consented: Entra, fault: dict[str, object]) -> None:
    client = consented.sign_in()
    begun = client.begin(ORGANIZATION, CONTOSO, state="s")
    answer = consented.answer(begun.authorization_url, ADA)
    consented.control("POST", "faults", **fault)
    with pytest.raises(Transient):
        client.redeem(ORGANIZATION, CONTOSO, flow=begun.flow, answer=answer)


def test_a_directory_that_does_not_exist_is_said_so(entra: Entra) -> None:
    nowhere = DirectoryId("00000000-0000-4000-8000-000000000000")
    with pytest.raises(InvalidRequest) as refused:
        entra.sign_in().begin(ORGANIZATION, nowhere, state="s")
    assert refused.value.code == "directoryUnknown"


def test_the_discovery_document_is_fetched_once(entra: Entra) -> None:
    client = entra.sign_in()
    entra.control("DELETE", "journal")
    for _ in range(5):
        client.begin(ORGANIZATION, CONTOSO, state="s")
    assert entra.control("GET", "journal")["count"] == 1


def test_admin_consent_is_asked_of_the_organizations_directory(entra: Entra) -> None:
    url = entra.sign_in().admin_consent_url(ORGANIZATION, CONTOSO, state="the-state")
    assert urlsplit(url).path == f"/{CONTOSO}/v2.0/adminconsent"
    query = parse_qs(urlsplit(url).query)
    assert query["scope"] == ["https://contoso.crm4.dynamics.com/.default"]
    answer = entra.answer(url, ADA)
    assert answer["admin_consent"] == "True"
    assert answer["state"] == "the-state"
    assert "error" not in answer


def test_a_directory_that_approved_the_application_gives_it_a_token(entra: Entra) -> None:
    entra.answer(entra.sign_in().admin_consent_url(ORGANIZATION, CONTOSO, state="s"), ADA)
    entra.sign_in().prove_application(ORGANIZATION, CONTOSO)


def test_a_directory_that_never_approved_the_application_gives_it_none(entra: Entra) -> None:
    with pytest.raises(NeedsUser) as refused:
        entra.sign_in().prove_application(ORGANIZATION, CONTOSO)
    assert refused.value.code == "applicationNotInDirectory"


def test_an_account_of_another_directory_cannot_sign_in(consented: Entra) -> None:
    begun = consented.sign_in().begin(ORGANIZATION, CONTOSO, state="s")
    with pytest.raises(SignInError, match=r"50020|does not offer"):
        consented.answer(begun.authorization_url, GRETA)
