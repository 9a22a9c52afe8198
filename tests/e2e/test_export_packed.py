"""Inputs that are packed with gzip: in a request, and uploaded."""

import gzip

import orjson
import pytest
import requests

from tests.e2e.conftest import People
from tests.e2e.conversation import CSV, NDJSON, Talk

PACKED = {"Content-Encoding": "gzip"}


def packed_lines(people: People, amount: int) -> bytes:
    return gzip.compress(b"\n".join(orjson.dumps(person) for person in people.many(amount)))


def upload(admin: Talk, content: bytes, **headers: str) -> str:
    place = admin.call("POST", "/exports/uploads").json()
    put = requests.put(
        place["url"], data=content, headers={"x-ms-blob-type": "BlockBlob", **headers}, timeout=60
    )
    assert put.status_code == 201, put.text
    return str(place["upload"])


def test_a_packed_file_is_exported_like_any_other(admin: Talk, people: People) -> None:
    ended = admin.wait(admin.start_file("lead", packed_lines(people, 3), NDJSON, headers=PACKED))
    assert (ended["state"], ended["counts"]["created"]) == ("succeeded", 3)


def test_a_packed_json_body_is_exported_like_any_other(admin: Talk, people: People) -> None:
    body = gzip.compress(orjson.dumps({"object": "lead", "records": people.many(2)}))
    headers = {"Content-Type": "application/json", "Prefer": "wait=50", **PACKED}
    answer = admin.call("POST", "/exports", data=body, headers=headers)
    assert (answer.status_code, answer.json()["counts"]["created"]) == (200, 2)


def test_the_same_content_is_the_same_export_however_it_was_packed(admin: Talk, people: People) -> None:
    lines = packed_lines(people, 2)
    key = {"Idempotency-Key": f"packed-{people.prefix}"}
    first = admin.start_file("lead", lines, NDJSON, headers=key | PACKED)
    admin.wait(first)
    for again, headers in ((gzip.compress(gzip.decompress(lines), 1), PACKED), (gzip.decompress(lines), {})):
        answer = admin.call(
            "POST",
            "/exports",
            params={"object": "lead"},
            data=again,
            headers={"Content-Type": NDJSON, **key, **headers},
        )
        assert (answer.status_code, answer.json()["id"]) == (200, first)


@pytest.mark.parametrize("headers", [{}, {"x-ms-blob-content-encoding": "gzip"}], ids=["unmarked", "marked"])
def test_an_uploaded_file_may_be_packed(admin: Talk, people: People, headers: dict[str, str]) -> None:
    rows = [f"{people.prefix}-{number},Ada,Ngata,Contoso" for number in range(3)]
    content = gzip.compress("\n".join(["id,firstName,lastName,companyName", *rows]).encode())
    body = {"object": "lead", "upload": upload(admin, content, **headers), "mediaType": CSV}
    ended = admin.wait(admin.call("POST", "/exports", json=body).json()["id"])
    assert (ended["state"], ended["counts"]["created"]) == ("succeeded", 3)


def test_the_records_of_a_packed_upload_are_counted_before_the_first_is_written(
    admin: Talk, people: People
) -> None:
    limited = {"lead": {"maxRecordsPerExport": 100}}
    admin.call("PUT", "/preferences", json=limited, headers={"If-Match": "*"}).raise_for_status()
    try:
        body = {"object": "lead", "upload": upload(admin, packed_lines(people, 101))}
        ended = admin.wait(admin.call("POST", "/exports", json=body).json()["id"])
    finally:
        admin.call("PUT", "/preferences", json={}, headers={"If-Match": "*"}).raise_for_status()
    assert (ended["state"], ended["counts"]["total"]) == ("failed", 0)
    assert "100 records per export" in ended["problem"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(gzip.compress(b'{"id": 1}')[:-4], "cut off", id="cut off"),
        pytest.param(gzip.compress(bytes(20 * 1024 * 1024)), "100 times its size", id="a bomb"),
    ],
)
def test_an_upload_that_cannot_be_unpacked_fails_and_says_why(
    admin: Talk, content: bytes, reason: str
) -> None:
    body = {"object": "lead", "upload": upload(admin, content)}
    ended = admin.wait(admin.call("POST", "/exports", json=body).json()["id"])
    assert ended["state"] == "failed"
    assert reason in ended["problem"]


@pytest.mark.parametrize(
    ("content", "packing", "status", "code"),
    [
        pytest.param(b'{"id": 1}', "gzip", 400, "gzipDamaged", id="not packed at all"),
        pytest.param(gzip.compress(bytes(20 * 1024 * 1024)), "gzip", 413, "unpackedTooLarge", id="a bomb"),
        pytest.param(b'{"id": 1}', "br", 415, "contentEncodingUnsupported", id="another packing"),
    ],
)
def test_a_file_that_cannot_be_unpacked_is_refused(
    admin: Talk, content: bytes, packing: str, status: int, code: str
) -> None:
    answer = admin.call(
        "POST",
        "/exports",
        params={"object": "lead"},
        data=content,
        headers={"Content-Type": NDJSON, "Content-Encoding": packing},
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
