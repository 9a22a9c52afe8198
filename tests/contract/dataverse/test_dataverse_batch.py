"""$batch: order, change sets, references, failures, limits ("Execute batch operations using the Web API")."""

import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest
from running_dataverse import CONTOSO, Answer, Organization, error

ROOT = CONTOSO["url"] + "/api/data/v9.2"


def request(method: str, address: str, body: dict[str, Any] | None = None, **headers: str) -> str:
    lines = [f"{method} {address} HTTP/1.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append("Content-Type: application/json; type=entry")
    return "\r\n".join([*lines, "", json.dumps(body) if body is not None else "", ""])


def part(content: str, content_id: str = "") -> str:
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    return head + (f"Content-ID: {content_id}\r\n" if content_id else "") + "\r\n" + content


def change_set(*parts: str) -> str:
    return "Content-Type: multipart/mixed; boundary=changeset_1\r\n\r\n" + joined("changeset_1", parts)


def joined(boundary: str, parts: tuple[str, ...]) -> str:
    return "".join(f"--{boundary}\r\n{one}\r\n" for one in parts) + f"--{boundary}--\r\n"


def send(organization: Organization, *parts: str, **headers: str) -> Answer:
    body = joined("batch_AAA123", parts).encode()
    kind = 'multipart/mixed; boundary="batch_AAA123"'
    return organization.call("POST", "$batch", body, Content_Type=kind, **headers)


def answers(answer: Answer) -> list[Any]:
    """The parts of an answer as (status, headers, JSON), change sets as lists of these."""
    assert answer.headers["Content-Type"].startswith("multipart/mixed; boundary=batchresponse_")
    head = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    return [_read(one) for one in BytesParser(policy=HTTP).parsebytes(head + answer.content).iter_parts()]


def _read(message: Any) -> Any:
    if message.get_content_type() == "multipart/mixed":
        return [_read(one) for one in message.iter_parts()]
    assert message.get_content_type() == "application/http"
    line, _, rest = message.get_payload(decode=True).partition(b"\r\n")
    inner = BytesParser(policy=HTTP).parsebytes(rest)
    payload = bytes(inner.get_payload(decode=True)).strip()
    return int(line.split()[1]), {**message, **inner}, json.loads(payload) if payload else None


def test_parts_are_answered_in_order(contoso: Organization) -> None:
    answer = send(
        contoso,
        part(request("POST", "/api/data/v9.2/accounts", {"name": "One"})),
        part(request("GET", f"{ROOT}/accounts?$select=name")),
        part(request("GET", "/api/data/v9.2/EntityDefinitions(LogicalName='lead')?$select=EntitySetName")),
    )
    assert answer.status_code == 200
    created, listed, described = answers(answer)
    assert created[0] == 204
    assert created[1]["OData-EntityId"] == created[1]["Location"]
    assert created[1]["OData-Version"] == "4.0"
    assert [row["name"] for row in listed[2]["value"]] == ["One"]
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; odata.metadata=minimal\r\n"
    assert head + b"OData-Version: 4.0\r\n" in answer.content
    assert described[2]["EntitySetName"] == "leads"


def test_a_change_set_refers_to_what_it_made(contoso: Organization) -> None:
    answer = send(
        contoso,
        change_set(
            part(request("POST", "/api/data/v9.2/accounts", {"name": "Parent"}), "1"),
            part(
                request(
                    "POST", "/api/data/v9.2/leads", {"lastname": "Lee", "parentaccountid@odata.bind": "$1"}
                ),
                "2",
            ),
            part(request("PATCH", "$1", {"description": "costs $2"}), "3"),
        ),
    )
    (parts,) = answers(answer)
    assert [one[0] for one in parts] == [204, 204, 204]
    assert [one[1]["Content-ID"] for one in parts] == ["1", "2", "3"]
    (account,) = contoso.rows("accounts?$select=accountid,description")
    (lead,) = contoso.rows("leads?$select=_parentaccountid_value")
    assert lead["_parentaccountid_value"] == account["accountid"]
    assert account["description"] == "costs $2"


def test_a_failing_change_set_leaves_nothing_behind(contoso: Organization) -> None:
    answer = send(
        contoso,
        change_set(
            part(request("POST", "/api/data/v9.2/accounts", {"name": "One"}), "1"),
            part(request("POST", "/api/data/v9.2/accounts", {"name": "x" * 161}), "2"),
        ),
    )
    assert answer.status_code == 400
    (failed,) = answers(answer)
    assert (failed[0], failed[2]["error"]["code"]) == (400, "0x80044331")
    assert contoso.rows("accounts") == []


def test_a_reference_to_nothing_is_refused(contoso: Organization) -> None:
    body = {"lastname": "Lee", "parentaccountid@odata.bind": "$1"}
    answer = send(contoso, change_set(part(request("POST", "/api/data/v9.2/leads", body), "2")))
    (failed,) = answers(answer)
    assert failed[0] == 400
    message = "Content-ID Reference: '$1' does not exist in the batch context."
    assert failed[2]["error"]["message"] == message


def test_without_continue_on_error_the_first_failure_ends_the_batch(contoso: Organization) -> None:
    bad = {"subject": "x" * 301}
    answer = send(
        contoso,
        part(request("POST", "/api/data/v9.2/leads", {"subject": "before"})),
        part(request("POST", "/api/data/v9.2/leads", bad)),
        part(request("POST", "/api/data/v9.2/leads", {"subject": "after"})),
    )
    assert answer.status_code == 400
    assert [one[0] for one in answers(answer)] == [204, 400]
    assert [row["subject"] for row in contoso.rows("leads?$select=subject")] == ["before"]


def test_with_continue_on_error_each_part_has_its_own_answer(contoso: Organization) -> None:
    answer = send(
        contoso,
        part(request("POST", "/api/data/v9.2/leads", {"subject": "x" * 301})),
        part(request("POST", "/api/data/v9.2/leads", {"subject": "after"})),
        Prefer="odata.continue-on-error",
    )
    assert answer.status_code == 200
    failed, created = answers(answer)
    assert re.fullmatch(r"[0-9a-f-]{36}", failed[1]["REQ_ID"])
    assert failed[2]["error"] == {
        "code": "0x80044331",
        "message": "A validation error occurred.  The length of the 'subject' attribute of the 'lead' entity "
        "exceeded the maximum allowed length of '300'.",
    }
    assert created[0] == 204


def test_inner_preferences_count_for_their_part(contoso: Organization) -> None:
    inner = request("POST", "/api/data/v9.2/accounts", {"name": "One"}, Prefer="return=representation")
    (created,) = answers(send(contoso, part(inner)))
    assert (created[0], created[2]["name"]) == (201, "One")


def test_line_feeds_alone_are_refused(contoso: Organization) -> None:
    # "Troubleshoot Dataverse Web API client errors"
    body = joined("b", (part(request("GET", "/api/data/v9.2/WhoAmI")),)).replace("\r\n", "\n").encode()
    answer = contoso.call("POST", "$batch", body, Content_Type="multipart/mixed; boundary=b")
    assert error(answer) == (400, "0x80048d19")
    assert "Stream was not readable." in answer.json()["error"]["message"]


def test_get_is_not_allowed_in_a_change_set(contoso: Organization) -> None:
    answer = send(contoso, change_set(part(request("GET", "/api/data/v9.2/accounts"), "1")))
    assert answer.status_code == 400


@pytest.mark.parametrize(("number", "status"), [(1000, 200), (1001, 400)])
def test_a_batch_holds_a_thousand_requests(contoso: Organization, number: int, status: int) -> None:
    answer = send(contoso, *[part(request("GET", "/api/data/v9.2/RetrieveVersion()"))] * number)
    assert answer.status_code == status


def test_a_batch_in_a_batch_is_refused(contoso: Organization) -> None:
    assert error(send(contoso, part(request("POST", "/api/data/v9.2/$batch", {}))))[0] == 400


def test_a_long_address_fits_inside_a_batch(contoso: Organization) -> None:
    contoso.create("leads", lastname="Lee", emailaddress1="p0@x.example")
    wanted = ",".join(f"'p{number}@x.example'" for number in range(2500))
    function = f"Microsoft.Dynamics.CRM.In(PropertyName='emailaddress1',PropertyValues=[{wanted}])"
    address = f"/api/data/v9.2/leads?$select=lastname&$filter={function}"
    assert 32_768 < len(address) < 65_536
    (listed,) = answers(send(contoso, part(request("GET", address))))
    assert [row["lastname"] for row in listed[2]["value"]] == ["Lee"]
    assert error(send(contoso, part(request("GET", address + "&x=" + "y" * 30_000))))[0] in {400, 414}
