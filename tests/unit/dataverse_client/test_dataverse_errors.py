import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dataverse import refusals
from shared.dataverse.errors import retry_after, service_error
from shared.dataverse.refusals import (
    BY_CODE,
    BY_STATUS,
    AlreadyExists,
    BudgetSpent,
    ChangedMeanwhile,
    RecordGone,
    Refusal,
)
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError, Transient

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
PERSON = "Ragnhild Szymborska"
EVERY: list[Refusal] = [each for each in vars(refusals).values() if isinstance(each, Refusal)]


def error_of(status: int, code: str, message: str = "", **headers: str) -> ServiceError:
    body = orjson.dumps({"error": {"code": code, "message": message}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return service_error(status, named, body, now=NOW, request_id="r1")


PAYLOAD = (
    "Error identified in Payload provided by the user for Entity :'accounts', For more information on this "
    "error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  "
    "---->  InnerException : "
)
LENGTH = (
    "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity "
    "exceeded the maximum allowed length of '200'."
)
OPTION = (
    "A validation error occurred. The value 3 of 'hnt_segment' on record of type 'lead' is outside "
    "the valid range. Accepted Values: 816940000,816940001,816940002"
)
OLDER = (
    "An error occurred while validating input parameters: Microsoft.Crm.CrmException: Invalid "
    "property 'gendercode' was found in entity 'Microsoft.Dynamics.CRM.account'."
)
CASES: list[Any] = [
    pytest.param(400, "0x80044331", RecordRejected, "valueTooLong", id="text too long"),
    pytest.param(400, "0x8004431A", RecordRejected, "optionUnknown", id="option not in the set"),
    pytest.param(400, "0x8004431a", RecordRejected, "optionUnknown", id="hex in lower case"),
    pytest.param(400, "0x8004432F", RecordRejected, "valueOutOfRange", id="integer out of range"),
    pytest.param(400, "0x80044330", RecordRejected, "valueOutOfRange", id="decimal out of range"),
    pytest.param(400, "0x80048408", RecordRejected, "statusMismatch", id="status pair wrong"),
    pytest.param(400, "0x80048d19", RecordRejected, "valueRefused", id="payload"),
    pytest.param(400, "0x80040203", RecordRejected, "valueRefused", id="invalid argument"),
    pytest.param(400, "0x80040265", RecordRejected, "pluginRefused", id="plug-in refused"),
    pytest.param(500, "0x80040265", RecordRejected, "pluginRefused", id="plug-in refused with 500"),
    pytest.param(500, "0x80040224", RecordRejected, "pluginFailed", id="plug-in failed"),
    pytest.param(400, "0x80040230", RecordRejected, "recordInactive", id="inactive row"),
    pytest.param(500, "0x80040333", RecordRejected, "duplicateRule", id="duplicate rule as documented"),
    pytest.param(412, "0x80040333", RecordRejected, "duplicateRule", id="duplicate rule with 412"),
    pytest.param(400, "2147746611", RecordRejected, "duplicateRule", id="duplicate rule in decimal"),
    pytest.param(412, "0x80060892", RecordRejected, "keyTaken", id="alternate key taken"),
    pytest.param(412, "0x80040237", AlreadyExists, "recordExists", id="primary key exists"),
    pytest.param(412, "-2147220937", AlreadyExists, "recordExists", id="primary key exists, signed decimal"),
    pytest.param(412, "0x80060882", ChangedMeanwhile, "recordChanged", id="stale etag"),
    pytest.param(404, "0x80040217", RecordGone, "recordGone", id="row missing"),
    pytest.param(400, "0x80040217", RecordGone, "recordGone", id="bind target missing"),
    pytest.param(404, "0x80060891", RecordGone, "recordGone", id="row missing by key"),
    pytest.param(413, "", RecordRejected, "recordTooLarge", id="too large"),
    pytest.param(400, "0x8ABCDEF0", RecordRejected, "recordRefused", id="unlisted 400"),
    pytest.param(422, "", RecordRejected, "recordRefused", id="unlisted status of the 4xx"),
    pytest.param(401, "", NeedsUser, "signInAgain", id="token refused"),
    pytest.param(403, "0x80072560", NeedsUser, "userNotInOrganization", id="not a member"),
    pytest.param(403, "0x80040225", NeedsUser, "userDisabled", id="disabled"),
    pytest.param(403, "0x80042F09", NeedsUser, "userWithoutRole", id="no roles"),
    pytest.param(403, "0x80040220", NeedsUser, "privilegeMissing", id="privilege missing"),
    pytest.param(403, "0x80048405", NeedsUser, "accessDenied", id="access denied"),
    pytest.param(403, "", NeedsUser, "accessDenied", id="unlisted 403"),
    pytest.param(403, "0x80048306", RecordRejected, "recordNotAccessible", id="one row not accessible"),
    pytest.param(404, "0x8006088a", NeedsUser, "tableMissing", id="unknown entity set"),
    pytest.param(404, "", NeedsUser, "webApiMissing", id="unlisted 404"),
    pytest.param(301, "", NeedsUser, "organizationMoved", id="redirect"),
    pytest.param(429, "0x80072321", BudgetSpent, "throttled", id="execution time"),
    pytest.param(429, "0x80072322", BudgetSpent, "throttled", id="number of requests"),
    pytest.param(429, "0x80072326", Transient, "throttled", id="concurrency"),
    pytest.param(429, "-2147015902", BudgetSpent, "throttled", id="number of requests in decimal"),
    pytest.param(429, "", Transient, "throttled", id="429 without a code"),
    pytest.param(503, "0x80072322", BudgetSpent, "throttled", id="limit with another status"),
    pytest.param(500, "0x80044150", Transient, "dynamicsBusy", id="deadlock"),
    pytest.param(500, "-2147204784", Transient, "dynamicsBusy", id="deadlock in decimal"),
    pytest.param(500, "0x80044151", Transient, "dynamicsTooSlow", id="SQL timeout"),
    pytest.param(500, "", Transient, "dynamicsFault", id="unlisted 500"),
    pytest.param(408, "", Transient, "dynamicsTimedOut", id="request timeout"),
    pytest.param(409, "", Transient, "dynamicsBusy", id="conflict without a code"),
    pytest.param(502, "", Transient, "dynamicsUnavailable", id="bad gateway"),
    pytest.param(503, "", Transient, "dynamicsUnavailable", id="unavailable"),
    pytest.param(504, "", Transient, "dynamicsTimedOut", id="gateway timeout"),
    pytest.param(599, "", Transient, "dynamicsFault", id="unlisted status of the 5xx"),
]


@pytest.mark.parametrize(("status", "code", "kind", "ours"), CASES)
def test_each_refusal_has_one_meaning(status: int, code: str, kind: type[ServiceError], ours: str) -> None:
    error = error_of(status, code)
    assert (type(error), error.code) == (kind, ours)


@pytest.mark.parametrize(
    ("said", "ours", "column"),
    [
        pytest.param(
            (
                400,
                "0x80044331",
                LENGTH,
            ),
            "valueTooLong",
            "subject",
            id="too long",
        ),
        pytest.param(
            (
                400,
                "0x8004431A",
                OPTION,
            ),
            "optionUnknown",
            "hnt_segment",
            id="option",
        ),
        pytest.param(
            (
                400,
                "0x80048d19",
                PAYLOAD + "Microsoft.Crm.CrmException: Invalid property 'gendercode' was found in entity "
                "'Microsoft.Dynamics.CRM.account'. ---> Microsoft.OData.ODataException: The property "
                "'gendercode' does not exist on type 'Microsoft.Dynamics.CRM.account'.",
            ),
            "columnMissing",
            "gendercode",
            id="unknown column",
        ),
        pytest.param(
            (
                400,
                "0x0",
                OLDER,
            ),
            "columnMissing",
            "gendercode",
            id="unknown column, older server",
        ),
        pytest.param(
            (
                400,
                "0x80048d19",
                PAYLOAD
                + "Microsoft.OData.ODataException: An undeclared property 'parentcustomerid' which only "
                "has property annotations in the payload but no property value was found in the payload.",
            ),
            "columnMissing",
            "parentcustomerid",
            id="wrong navigation name",
        ),
        pytest.param(
            (
                400,
                "0x80048d19",
                PAYLOAD
                + "Microsoft.OData.ODataException: Cannot convert the literal 'charity' to the expected "
                "type 'Edm.Int32'.",
            ),
            "valueRefused",
            None,
            id="wrong type names no column",
        ),
        pytest.param((404, "", "account With Id = 1 Does Not Exist"), "recordGone", None, id="gone, no code"),
        pytest.param(
            (404, "", "Resource not found for the segment 'leads'."),
            "tableMissing",
            None,
            id="segment, no code",
        ),
        pytest.param(
            (412, "", "A record with matching key values already exists."), "recordExists", None, id="exists"
        ),
        pytest.param(
            (412, "", "The version of the existing record doesn't match the RowVersion property provided."),
            "recordChanged",
            None,
            id="stale, no code",
        ),
        pytest.param(
            (
                403,
                "0x80040220",
                "SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: 1, OwnerId: 2",
            ),
            "recordNotAccessible",
            None,
            id="one row of somebody else",
        ),
    ],
)
def test_texts_tell_what_the_code_leaves_open(
    said: tuple[int, str, str], ours: str, column: str | None
) -> None:
    error = error_of(*said)
    assert error.code == ours
    assert getattr(error, "column", None) == column
    if column:
        assert column in error.message


def test_a_text_too_long_names_the_length_that_is_allowed() -> None:
    text = "The length of the 'jobtitle' attribute exceeded the maximum allowed length of '100'."
    assert (
        "“jobtitle” is longer than Dynamics allows (100 characters)"
        in error_of(400, "0x80044331", text).message
    )


def test_a_query_for_a_column_that_is_gone_asks_for_the_mapping_to_be_saved_again() -> None:
    text = "Could not find a property named 'new_score' on type 'Microsoft.Dynamics.CRM.lead'."
    error = error_of(400, "0x80060888", text)
    assert isinstance(error, NeedsUser)
    assert "Column “new_score”" not in error.message
    assert "column “new_score”" in error.message


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "is missing prvWritemsdyn_flow_approval privilege (Id=1) for entity 'msdyn_flow_approval'.",
            "privilege prvWritemsdyn_flow_approval on table msdyn_flow_approval",
        ),
        (
            "Principal user (Id=526, type=8) is missing prvCreateLead privilege (Id=88)",
            "prvCreateLead on table lead",
        ),
        ("is missing prvAppendToAccount privilege", "prvAppendToAccount on table account"),
        ("is missing prvGoOffline privilege", "privilege prvGoOffline is missing"),
        ("", "a privilege is missing"),
    ],
)
def test_a_missing_privilege_is_named_with_its_table(text: str, named: str) -> None:
    assert named in error_of(403, "0x80040220", text).message


@pytest.mark.parametrize(("status", "code", "kind", "ours"), CASES)
def test_no_sentence_repeats_what_dataverse_said(
    status: int, code: str, kind: type[ServiceError], ours: str
) -> None:
    texts = [
        f"The value {PERSON} of 'lastname' on record of type 'lead' is refused",
        f"Cannot convert the literal '{PERSON}' to the expected type 'Edm.Int32'.",
        f"Entity Key x violated. A record with the same value for '{PERSON}' already exists.",
        f"The length of the '{PERSON}' attribute",
        f"Plug-in says: {PERSON} is on the block list",
    ]
    for text in texts:
        error = error_of(status, code, text)
        spoken = error.message + error.detail + str(getattr(error, "column", ""))
        assert not any(word in spoken for word in PERSON.split())


def test_an_unlisted_code_stays_in_the_detail() -> None:
    error = error_of(400, "0x8ABCDEF0")
    assert error.detail == "HTTP 400, Dataverse code 0x8ABCDEF0, request r1"


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad Gateway</html>", b"null", b"[]", b'{"error":null}', b'{"error":"x"}', b"\xff"]
)
def test_a_body_that_is_no_error_leaves_the_status_to_decide(body: bytes) -> None:
    error = service_error(502, {}, body, now=NOW)
    assert (error.code, error.detail) == (
        "dynamicsUnavailable",
        "HTTP 502, Dataverse code none, request unknown",
    )


def http_date(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 2.5 ", 2.5),
        ("0", 1.0),
        ("-5", 1.0),
        ("99999", 600.0),
        ("5, 30", 30.0),
        (http_date(90), 90.0),
        (http_date(-90), 1.0),
        (http_date(100_000), 600.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("Wed, 99 Foo 2026", None),
        ("", None),
    ],
)
def test_retry_after_is_understood_and_bounded(header: str, seconds: float | None) -> None:
    error = error_of(429, "0x80072322", retry_after=header)
    assert isinstance(error, Transient)
    assert error.retry_after == seconds


@given(st.text(max_size=60))
def test_no_retry_after_is_outside_its_bounds(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or 1 <= seconds <= 600


@pytest.mark.parametrize("refusal", EVERY, ids=lambda refusal: f"{refusal.kind.__name__} {refusal.code}")
def test_every_sentence_is_whole_and_says_what_to_do(refusal: Refusal) -> None:
    message = refusal.message.format(column="a column", limit="", privilege="a privilege")
    assert message.endswith(".")
    assert message.count(". ") >= 1 or "by itself" in message
    assert re.fullmatch(r"[a-z][A-Za-z]+", refusal.code)


def test_every_refusal_is_reached_by_a_code_a_status_or_a_text() -> None:
    reached = {id(each) for each in (*BY_CODE.values(), *BY_STATUS.values(), refusals.by_status(302))}
    reached.add(id(refusals.COLUMN_MISSING))  # by text, see above
    assert [each.code for each in EVERY if id(each) not in reached] == []
