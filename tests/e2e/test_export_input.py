"""Bad input: each gets a clear error or a failed outcome with its line, and the rest goes on."""

from typing import Any

import orjson
import pytest

from tests.e2e.conftest import People
from tests.e2e.conversation import CSV, NDJSON, Talk


def _lines(*lines: bytes | dict[str, Any]) -> bytes:
    return b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)


def _codes(admin: Talk, export_id: str) -> list[tuple[int, str, str | None]]:
    return [(each["position"], each["outcome"], each["code"]) for each in admin.outcomes(export_id)]


def test_malformed_lines_fail_alone_with_their_line_number(admin: Talk, people: People) -> None:
    body = _lines(people.one(1), b'{"id": 2, "firstName"', b"[1, 2]", b"", b'"text"', people.one(3))
    export_id = admin.start_file("lead", body, NDJSON)
    assert admin.wait(export_id)["state"] == "completedWithErrors"
    assert _codes(admin, export_id) == [
        (1, "created", None),
        (2, "failed", "malformedJson"),
        (3, "failed", "notAnObject"),
        (4, "failed", "notAnObject"),
        (5, "created", None),
    ]
    assert "Line 5" in admin.outcomes(export_id)[3]["reason"]


def test_ten_megabytes_in_one_line_fail_alone(admin: Talk, people: People) -> None:
    body = _lines(people.one(1), b'{"id": "' + b"x" * 10_000_000 + b'"}', people.one(2))
    export_id = admin.start_file("lead", body, NDJSON)
    admin.wait(export_id)
    assert _codes(admin, export_id) == [
        (1, "created", None),
        (2, "failed", "lineTooLong"),
        (3, "created", None),
    ]


def test_a_body_that_ends_early_loses_its_last_record_only(admin: Talk, people: People) -> None:
    body = _lines(people.one(1), people.one(2))[:-10]
    export_id = admin.start_file("lead", body, NDJSON)
    admin.wait(export_id)
    assert _codes(admin, export_id) == [(1, "created", None), (2, "failed", "malformedJson")]


def test_wrong_csv_rows_fail_alone_with_their_line_number(admin: Talk, people: People) -> None:
    p = people.prefix
    rows = [
        b"id,firstName,lastName,companyName",
        f"{p}-1,Ada,Ngata,Contoso".encode(),
        f'{p}-2,"Bruno,Okafor,Contoso'.encode(),
        f"{p}-3,Carla,Mendes".encode(),
        f"{p}-4,".encode() + b"Zo\xeb,Ngata,Contoso",
        f'{p}-5,"Dinh, Jr.",Tran,Contoso'.encode(),
    ]
    export_id = admin.start_file("lead", b"\r\n".join(rows), CSV)
    admin.wait(export_id)
    assert _codes(admin, export_id) == [
        (1, "created", None),
        (2, "failed", "quotingWrong"),
        (3, "failed", "columnsMissing"),
        (4, "failed", "notUtf8"),
        (5, "created", None),
    ]
    assert "Line 4" in admin.outcomes(export_id)[2]["reason"]


def test_a_csv_whose_header_names_no_field_fails_as_a_whole_and_says_why(admin: Talk) -> None:
    export_id = admin.start_file("lead", b"a,b\n1,2\n", CSV)
    ended = admin.wait(export_id)
    assert ended["state"] == "failed"
    assert "names no vendor field" in ended["problem"]


@pytest.mark.parametrize(
    ("params", "body", "media_type", "status", "code"),
    [
        pytest.param({"object": "contact"}, b"{}", NDJSON, 400, "parameterInvalid", id="unknown object"),
        pytest.param({}, b"{}", NDJSON, 400, "objectMissing", id="no object"),
        pytest.param({"object": "lead"}, b" \n ", NDJSON, 400, "noRecords", id="empty file"),
        pytest.param({"object": "lead"}, b"{}", "text/plain", 415, "contentTypeUnsupported", id="plain text"),
        pytest.param({}, b'{"object": "lead", "rec', "application/json", 400, None, id="cut JSON"),
        pytest.param(
            {}, b'{"object": "lead"}', "application/json", 400, None, id="neither records nor upload"
        ),
        pytest.param(
            {},
            b'{"object": "lead", "upload": "../../x"}',
            "application/json",
            400,
            None,
            id="upload of no id",
        ),
    ],
)
def test_a_request_that_cannot_be_an_export_is_refused(
    admin: Talk, params: dict[str, str], body: bytes, media_type: str, status: int, code: str | None
) -> None:
    answer = admin.call("POST", "/exports", params=params, data=body, headers={"Content-Type": media_type})
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["detail"]
    assert code in {None, problem["code"]}


def test_records_of_a_json_body_that_are_no_objects_fail_alone(admin: Talk, people: People) -> None:
    body = {"object": "lead", "records": [people.one(1), 5, None, people.one(2)]}
    export_id = admin.call("POST", "/exports", json=body).json()["id"]
    admin.wait(export_id)
    assert [each["outcome"] for each in admin.outcomes(export_id)] == [
        "created",
        "failed",
        "failed",
        "created",
    ]
