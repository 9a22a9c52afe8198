"""Bodies and addresses that are refused, each with the code and wording of its source."""

import uuid
from typing import Any

import pytest
from running_dataverse import Organization, error

MISSING = "00000000-0000-4000-8000-00000000dead"
PAYLOAD = "0x80048d19"

# A made-up name, the body, the code, a part of the message.
BODIES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "a text one unit too long",
        {"jobtitle": "x" * 101},
        "0x80044331",
        (
            "A validation error occurred.  The length of the 'jobtitle' attribute of the 'lead' entity "
            "exceeded the maximum allowed length of '100'."
        ),
    ),
    ("astral characters count twice", {"jobtitle": "😀" * 51}, "0x80044331", "allowed length of '100'"),
    (
        "an option that is not in the set",
        {"industrycode": 999},
        "0x8004431A",
        "The value 999 of 'industrycode'",
    ),
    ("an integer under its minimum", {"numberofemployees": -1}, "0x8004432F", "'numberofemployees'"),
    ("an integer over its maximum", {"numberofemployees": 1000001}, "0x8004432F", "'numberofemployees'"),
    ("money over its maximum", {"revenue": 100000000000001}, "0x80044330", "'revenue'"),
    ("a double under its minimum", {"address1_latitude": -90.5}, "0x80044330", "'address1_latitude'"),
    ("a date before 1753", {"overriddencreatedon": "1700-01-01T00:00:00Z"}, "0x80040239", "01/01/1753"),
    (
        "a time after all times",
        {"overriddencreatedon": "9999-12-31T23:59:59-14:00"},
        PAYLOAD,
        "Edm.DateTimeOffset",
    ),
    (
        "a word for a number",
        {"industrycode": "Charity"},
        PAYLOAD,
        (
            "Error identified in Payload provided by the user for Entity :'leads', For more information on "
            "this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  "
            "InnerException : Microsoft.OData.ODataException: Cannot convert the literal 'Charity' to the "
            "expected type 'Edm.Int32'."
        ),
    ),
    (
        "a number for a text",
        {"lastname": 5},
        PAYLOAD,
        "Cannot convert the literal '5' to the expected type 'Edm.String'",
    ),
    ("a number for a yes", {"donotemail": 1}, PAYLOAD, "'Edm.Boolean'"),
    ("a fraction for a whole number", {"numberofemployees": 1.5}, PAYLOAD, "'Edm.Int32'"),
    ("a text for money", {"revenue": "5"}, PAYLOAD, "IEEE754Compatible"),
    ("no GUID", {"leadid": "seven"}, PAYLOAD, "'Edm.Guid'"),
    ("no date", {"lastusedincampaign": "soon"}, PAYLOAD, "'Edm.DateTimeOffset'"),
    (
        "a property that is not there",
        {"gendercode": 1},
        PAYLOAD,
        (
            "Invalid property 'gendercode' was found in entity 'Microsoft.Dynamics.CRM.lead'. ---> "
            "Microsoft.OData.ODataException: The property 'gendercode' does not exist on type "
            "'Microsoft.Dynamics.CRM.lead'. Make sure to only use property names that are defined by "
            "the type."
        ),
    ),
    ("a property in the wrong case", {"LastName": "x"}, PAYLOAD, "Invalid property 'LastName'"),
    (
        "a bind that is no navigation property",
        {"customerid@odata.bind": f"/accounts({MISSING})"},
        PAYLOAD,
        (
            "An undeclared property 'customerid' which only has property annotations in the payload but no "
            "property value was found in the payload."
        ),
    ),
    ("a plain value for a lookup", {"parentaccountid": MISSING}, PAYLOAD, "'PrimitiveValue' node"),
    (
        "a write to the shown lookup",
        {"_parentaccountid_value": MISSING},
        PAYLOAD,
        "Use Navigation properties",
    ),
    (
        "a reason of another state",
        {"statuscode": 3},
        "0x80048408",
        "3 is not a valid status code for state code LeadState.Open",
    ),
]


@pytest.mark.parametrize(
    ("body", "code", "words"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES]
)
def test_a_new_lead_is_refused_for(
    contoso: Organization, body: dict[str, Any], code: str, words: str
) -> None:
    answer = contoso.post("leads", body)
    assert error(answer) == (400, code)
    assert words in answer.json()["error"]["message"]
    assert contoso.rows("leads?$select=leadid") == []


@pytest.mark.parametrize(
    "body",
    [
        {"jobtitle": "x" * 100},
        {"jobtitle": "😀" * 50},
        {"industrycode": "7"},
        {"numberofemployees": 0},
        {"revenue": 100000000000000},
        {"jobtitle": ""},
        {"industrycode": None},
        {"overriddencreatedon": "1753-01-01"},
    ],
    ids=str,
)
def test_a_value_at_the_edge_is_taken(contoso: Organization, body: dict[str, Any]) -> None:
    assert contoso.post("leads", body).status_code == 204


def test_an_empty_text_is_kept_as_null(contoso: Organization) -> None:
    assert contoso.row("leads", contoso.create("leads", jobtitle=""))["jobtitle"] is None


def test_a_bind_to_a_row_that_does_not_exist_is_refused(contoso: Organization) -> None:
    answer = contoso.post("leads", {"parentaccountid@odata.bind": f"/accounts({MISSING})"})
    assert error(answer) == (404, "0x80040217")
    assert answer.json()["error"]["message"] == f"account With Id = {MISSING} Does Not Exist"


def test_a_system_column_cannot_be_emptied(contoso: Organization) -> None:
    # "Update and delete table rows": SystemRequired attributes cannot be set to null
    lead = contoso.create("leads", lastname="Lee")
    assert error(contoso.patch(f"leads({lead})", {"ownerid@odata.bind": None}))[0] == 400
    assert error(contoso.patch(f"leads({lead})", {"statecode": None}))[0] == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(contoso: Organization, body: bytes) -> None:
    answer = contoso.call("POST", "leads", body, Content_Type="application/json")
    assert error(answer) == (400, PAYLOAD)


# The address, the status, the code, a part of the message. Sources: "Troubleshoot Dataverse Web API client
# errors", "Use alternate keys to reference a record".
ADDRESSES = [
    ("Account", 404, "0x8006088a", "Resource not found for the segment 'Account'."),
    ("account", 404, "0x8006088a", "Resource not found for the segment 'account'."),
    (
        "accounts?$select=Name",
        400,
        "0x80060888",
        "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.",
    ),
    ("accounts?$filter=nope eq 1", 400, "0x80060888", "Could not find a property named 'nope'"),
    ("accounts?$orderby=nope", 400, "0x80060888", "Could not find a property named 'nope'"),
    ("accounts?$skip=5", 400, "0x80060888", "$skip"),
    ("accounts?$top=-1", 400, "0x80060888", "$top"),
    (
        "accounts(accountnumber='1')",
        400,
        "0x80060890",
        "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.account'.",
    ),
    ("accounts?$filter=name eq 'O'Bryan'", 400, "0x80060888", "There is an unterminated literal at position"),
    (
        "accounts?$filter=Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['O'Brian'])",
        400,
        "0x80060888",
        "Invalid JSON. A comma character ',' was expected in scope 'Array'.",
    ),
    (
        "accounts?$filter=accountid eq 'x'",
        400,
        "0x80060888",
        "'Edm.Guid' and 'Edm.String' for operator kind 'Equal'",
    ),
    ("accounts?$filter=name eq", 400, "0x80060888", "Expression expected at position"),
    ("accounts?$filter=(name eq 'a'", 400, "0x80060888", "')' expected at position"),
    ("accounts?$filter=name eq 'a' name", 400, "0x80060888", "Syntax error at position"),
    ("accounts?$filter=lower(name) eq 'a'", 400, "0x80060888", "An unknown function with name 'lower'"),
    (
        "accounts?$filter=" + " or ".join(["name eq 'a'"] * 501),
        400,
        "0x8004430C",
        "Number of conditions in query exceeded maximum limit.",
    ),
    ("accounts?$skiptoken=nonsense", 400, "0x80060888", "Paging Cookie"),
    (
        "accounts?$filter=numberofemployees eq 99999999999999999999 and",
        400,
        "0x80060888",
        "Expression expected",
    ),
    ("accounts?$expand=nothing", 400, "0x80060888", "Could not find a property named 'nothing'"),
    ("accounts?savedQuery=00000000-0000-0000-0000-000000000000", 501, "0x80040315", "savedQuery"),
]


@pytest.mark.parametrize(
    ("path", "status", "code", "words"), ADDRESSES, ids=[case[0][:80] for case in ADDRESSES]
)
def test_an_address_is_refused(
    contoso: Organization, *, path: str, status: int, code: str, words: str
) -> None:
    answer = contoso.get(path)
    assert error(answer) == (status, code)
    assert words in answer.json()["error"]["message"]


def test_a_function_called_with_the_wrong_verb_is_not_found(contoso: Organization) -> None:
    answer = contoso.post("WhoAmI", {})
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith(
        "No HTTP resource was found that matches the request URI"
    )


def test_an_address_over_32_kib_is_refused(contoso: Organization) -> None:
    # "Query data using OData": 32,768 characters
    fits = "accounts?$filter=name eq '" + "x" * 32_000 + "'"
    assert contoso.get(fits).status_code == 200
    assert contoso.get(fits + "x" * 1000).status_code in {400, 414}


def test_every_refusal_carries_a_request_id(contoso: Organization) -> None:
    answer = contoso.get(f"accounts({MISSING})")
    assert uuid.UUID(answer.headers["x-ms-service-request-id"])
