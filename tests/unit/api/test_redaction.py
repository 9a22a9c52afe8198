import json
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.redaction import redact, redact_field
from tests import callers

URLSAFE = string.ascii_letters + string.digits + "-_"
PROSE = st.text(alphabet=string.ascii_letters + " .,:\n", max_size=40)


def secret_text(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    """Starts with what occurs nowhere else, so that finding it means finding the secret."""
    return st.text(alphabet=alphabet, min_size=least, max_size=most).map(lambda text: "Q7" + text)


def long_mixed(least: int) -> st.SearchStrategy[str]:
    return secret_text(URLSAFE, least, least + 60).map(lambda text: text + "aB3")


SHAPES = {
    "bearer": secret_text(URLSAFE + ".~+/=", 8, 60).map(lambda it: (f"Authorization: Bearer {it}", it)),
    "bearer alone": secret_text(URLSAFE + ".~+/=", 12, 60).map(lambda it: (f"sent bearer {it}", it)),
    "basic": secret_text(URLSAFE + "+/=", 8, 60).map(
        lambda it: (json.dumps({"Authorization": f"Basic {it}"}), it)
    ),
    "jwt": st.tuples(long_mixed(8), long_mixed(8), long_mixed(8)).map(
        lambda it: (f"got eyJ{it[0]}.{it[1]}.{it[2]} here", it[1])
    ),
    "code in a query": secret_text(URLSAFE + ".", 12, 200).map(lambda it: (f"GET /cb?code={it}&x=1", it)),
    "state in a query": secret_text(URLSAFE, 12, 60).map(lambda it: (f"GET /cb?a=1&state={it}", it)),
    "form": secret_text(URLSAFE + "~.", 12, 60).map(lambda it: (f"client_id=1&client_secret={it}", it)),
    "verifier": secret_text(URLSAFE, 43, 60).map(lambda it: (f"code_verifier={it}&x=y", it)),
    "json": secret_text(URLSAFE + ".", 12, 60).map(lambda it: (json.dumps({"refresh_token": it}), it)),
    "json in json": secret_text(URLSAFE, 12, 60).map(
        lambda it: (json.dumps(json.dumps({"access_token": it})), it)
    ),
    "refresh token": long_mixed(60).map(lambda it: (f"the token 0.A{it} was refused", it)),
    "code in json": secret_text(URLSAFE, 45, 90).map(lambda it: (json.dumps({"code": it}), it)),
    "connection string": secret_text(string.ascii_letters + string.digits + "+/", 40, 86).map(
        lambda it: (f"AccountName=acct;AccountKey={it}==;EndpointSuffix=core.windows.net", it)
    ),
    "signature": secret_text(string.ascii_letters + string.digits + "%", 20, 60).map(
        lambda it: (f"https://a.blob/x?sv=2024&sig={it}", it)
    ),
    "e-mail": secret_text(string.ascii_lowercase + "._-", 3, 30).map(
        lambda it: (f"sent to {it}q@contoso.example.", it)
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@given(data=st.data(), before=PROSE, after=PROSE)
def test_no_secret_survives_in_any_shape(shape: str, data: st.DataObject, before: str, after: str) -> None:
    text, secret = data.draw(SHAPES[shape])
    assert secret not in redact(f"{before} {text} {after}")


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "export 998232000000000-0a1b2c3d4e5f finished: 400 created, 3 failed",
        "lead 9f2c1b7e-5a0d-4d53-9c6e-2f7d9f3d1c70 was not found",
        "POST https://contoso.crm4.dynamics.com/api/data/v9.2/$batch answered 429",
        "code 0x80040237 duplicateKey, columnUnknown, requiredUnmapped",
        '{"code": "verificationRequiredColumnUnmapped"}',
        "AADSTS65001: the user or administrator has not consented",
        "2026-01-31T09:30:00Z chunk 3 of 12",
        "basic information of the bearer, pop music, eyewitness.example",
        "Send the header “Authorization: Bearer <token>”.",
    ],
)
def test_what_a_support_person_needs_stays(text: str) -> None:
    assert redact(text) == text


def test_a_real_token_of_a_caller_is_taken_out() -> None:
    token = callers.token()
    assert redact(f"refused: {token}!") == "refused: [jwt]!"
    assert token.split(".")[1] not in redact(json.dumps({"x": token.split(".")}))


@pytest.mark.parametrize(
    "name", ["accessToken", "client_secret", "Authorization", "email", "connectionString"]
)
def test_a_field_with_a_telling_name_is_hidden_whole(name: str) -> None:
    assert redact_field(name, "x") == "[hidden]"
    assert redact_field("outer", {"inner": [{name: "x"}]}) == {"inner": [{name: "[hidden]"}]}


def test_numbers_and_flags_stay_as_they_are() -> None:
    values = {"tokens": 3, "created": 400, "share": 0.5, "done": True, "column": None}
    assert redact_field("counts", values) == values


def test_hostile_text_does_not_make_it_slow() -> None:
    started = time.process_time()  # of this process alone, however busy the machine is
    for text in (
        "a" * 100_000,
        "code=" * 20_000,
        "eyJ" * 30_000,
        "a@" * 50_000,
        "." * 100_000,
        '"' * 100_000,
    ):
        redact(text)
    assert time.process_time() - started < 5
