from typing import Any

import pytest
import requests

from shared.domain.errors import NeedsUser, ServiceError, Transient
from shared.entra.errors import REASONS, entra_faults, refresh_refused, sign_in_refused


def described(number: int, error: str = "invalid_grant") -> dict[str, Any]:
    return {
        "error": error,
        "error_description": f"AADSTS{number}: User ada@contoso.example may not.\r\nTrace ID: x",
        "trace_id": "11111111-2222-3333-4444-555555555555",
    }


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (65001, "adminApprovalRequired"),
        (90094, "adminApprovalRequired"),
        (65004, "consentDeclined"),
        (50020, "wrongDirectory"),
        (50057, "accountDisabled"),
        (50076, "multiFactorRequired"),
        (50105, "accountNotAssigned"),
        (53003, "conditionalAccess"),
        (650052, "dynamicsNotInDirectory"),
        (700016, "applicationNotInDirectory"),
        (90002, "directoryUnknown"),
        (54005, "signInOver"),
        (7000215, "applicationRefused"),
    ],
)
def test_a_known_number_has_its_own_code(number: int, code: str) -> None:
    by_description = sign_in_refused(described(number))
    by_number = sign_in_refused({"error": "invalid_grant", "error_codes": [number]})
    assert by_description.code == by_number.code == code
    assert isinstance(by_description, NeedsUser)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "signInCancelled"),
        ("consent_required", "adminApprovalRequired"),
        ("invalid_client", "applicationRefused"),
        ("interaction_required", "signInRefused"),
        ("something_new", "signInRefused"),
    ],
)
def test_an_unknown_number_is_judged_by_the_error(error: str, code: str) -> None:
    assert sign_in_refused(described(99999, error)).code == code
    assert sign_in_refused({"error": error}).code == code


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
@pytest.mark.parametrize("judge", [sign_in_refused, refresh_refused])
def test_trouble_on_their_side_is_transient(error: str, judge: Any) -> None:
    assert isinstance(judge({"error": error}), Transient)


@pytest.mark.parametrize("number", [50173, 70008, 700082, 50057, 50076, 65001, 99999])
def test_a_refused_refresh_asks_for_a_new_sign_in_and_says_why(number: int) -> None:
    refused = refresh_refused(described(number))
    assert refused.code == "reauthorizationRequired"
    assert f"AADSTS{number}" in refused.detail


def test_our_own_fault_does_not_ask_for_a_new_sign_in() -> None:
    assert refresh_refused({"error": "invalid_client", "error_codes": [7000222]}).code == "applicationRefused"


@pytest.mark.parametrize("number", REASONS)
def test_every_sentence_says_what_to_do(number: int) -> None:
    sentences = REASONS[number].message.split(". ")
    assert len(sentences) >= 2
    assert REASONS[number].message.endswith(".")


def test_the_detail_keeps_numbers_and_traces_and_no_people() -> None:
    refused = sign_in_refused(described(50020))
    assert refused.detail == "invalid_grant AADSTS50020 11111111-2222-3333-4444-555555555555"


def test_numbers_that_are_none_give_way_to_those_of_the_description() -> None:
    refused = sign_in_refused({**described(50057), "error_codes": ["50020"], "correlation_id": "a" * 36})
    assert refused.code == "accountDisabled"
    assert refused.detail.endswith(f" AADSTS50057 11111111-2222-3333-4444-555555555555 {'a' * 36}")


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "x" * 5000, "trace_id": "<script>", "correlation_id": "ada@contoso.example"},
        {"error": None, "error_codes": "50020"},
        {"error": "invalid_grant", "error_codes": ["50020", None]},
    ],
    ids=["hostile", "no list", "no numbers"],
)
def test_a_strange_answer_is_refused_in_few_words(answer: dict[str, Any]) -> None:
    refused = sign_in_refused(answer)
    assert isinstance(refused, ServiceError)
    assert len(refused.detail) < 100
    assert "script" not in refused.detail
    assert "ada" not in refused.detail


def test_a_lost_connection_is_transient() -> None:
    with pytest.raises(Transient), entra_faults():
        raise requests.ConnectionError
