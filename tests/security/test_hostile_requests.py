"""Requests that are too large, too deep, of another kind, or that say more than they may."""

import gzip
import time
from typing import Any

import pytest
from described import Operation, operations, send

from functions.http import MEBIBYTE
from local.stack import Stack

EXTRA = ("tenantId", "org_id", "isAdmin", "roles", "state", "requestedBy", "__proto__", "id")
# What lies below is the vendor's, and may have any name.
FREE = {"records", "existing", "choices"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
QUICK = 120.0
"""Seconds; alone on a machine each takes a few hundredths, and what does not end takes minutes."""


def taking_json(stack: Stack) -> list[Operation]:
    return [each for each in operations(stack.api) if each.body is not None]


@pytest.fixture
def token(stack: Stack) -> str:
    return stack.token("fabrikam", "greta")


def assigned(body: Any, name: str) -> list[Any]:
    """The body once for each object in it that could be given one property more."""
    if isinstance(body, list):
        return [
            [*body[:at], changed, *body[at + 1 :]]
            for at, each in enumerate(body)
            for changed in assigned(each, name)
        ]
    if not isinstance(body, dict):
        return []
    deeper = [
        {**body, key: changed}
        for key, value in body.items()
        if key not in FREE
        for changed in assigned(value, name)
    ]
    return [{**body, name: "contoso"}, *deeper] if name not in body else deeper


def test_no_object_takes_a_property_that_it_does_not_have(stack: Stack, token: str) -> None:
    tried = 0
    for operation in taking_json(stack):
        for name in EXTRA:
            for body in assigned(operation.body, name):
                answer = send(stack.api, operation, token=token, json=body)
                assert answer.status_code == 400, (operation.id, body)
                assert answer.json()["code"] == "bodyInvalid", operation.id
                tried += 1
    assert tried >= 80


BOMBS = {
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep and cut off": b'{"records":' + b"[" * 200_000,
    "deep below a name that exists": b'{"rows":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "ten thousand keys": b"{" + b",".join(b'"k%d":1' % number for number in range(10_000)) + b"}",
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "a lone surrogate": b'{"organizationUrl": "\\ud800"}',
    "a number without end": b'{"a": ' + b"9" * 200_000 + b"}",
    "NaN": b'{"a": NaN}',
    "no object": b"[]",
    "a text": b'"x"',
    "nothing": b"",
    "white space": b" " * 10_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_body_that_is_a_bomb_is_refused_quickly(stack: Stack, token: str, bomb: str) -> None:
    for operation in taking_json(stack):
        began = time.monotonic()
        answer = send(
            stack.api, operation, token=token, data=BOMBS[bomb], headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400, (operation.id, answer.status_code, answer.text[:300])
        assert len(answer.content) < 100_000, operation.id
        assert time.monotonic() - began < QUICK, operation.id


def test_a_record_that_is_a_bomb_fails_alone_or_is_refused(stack: Stack, token: str) -> None:
    (start,) = (each for each in operations(stack.api) if each.id == "postExports")
    deep = b'{"object":"lead","records":[' + b"[" * 90 + b"]" * 90 + b"]}"
    answer = send(stack.api, start, token=token, data=deep, headers={"Content-Type": "application/json"})
    assert answer.status_code in {202, 400}


def test_a_body_above_the_limit_is_refused(stack: Stack, token: str) -> None:
    body = b'{"a": "' + b"x" * MEBIBYTE + b'"}'
    for operation in taking_json(stack):
        if operation.id != "postExports":
            answer = send(
                stack.api, operation, token=token, data=body, headers={"Content-Type": "application/json"}
            )
            assert (answer.status_code, answer.json()["code"]) == (413, "bodyTooLarge"), operation.id


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data", "application/jsonx"]
)
def test_a_body_of_another_kind_is_refused(stack: Stack, token: str, kind: str) -> None:
    for operation in taking_json(stack):
        answer = send(stack.api, operation, token=token, data=b"{}", headers={"Content-Type": kind})
        assert answer.status_code == 415, operation.id


def test_a_compressed_body_is_refused_unopened(stack: Stack, token: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for operation in taking_json(stack):
        if operation.id != "postExports":
            answer = send(stack.api, operation, token=token, data=b"\x1f\x8b", headers=headers)
            assert answer.status_code == 415, operation.id


def test_a_gzip_bomb_is_refused(stack: Stack, token: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    (starting,) = [operation for operation in taking_json(stack) if operation.id == "postExports"]
    bomb = gzip.compress(bytes(200 * MEBIBYTE))
    answer = send(stack.api, starting, token=token, data=bomb, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "unpackedTooLarge")


def test_a_method_that_a_path_does_not_have_is_refused_and_no_header_makes_it_another(
    stack: Stack, token: str
) -> None:
    known: dict[str, set[str]] = {}
    for operation in operations(stack.api):
        known.setdefault(operation.path, set()).add(operation.method)
    for operation in operations(stack.api):
        for method in set(METHODS) - known[operation.path]:
            if (method, operation.path) == ("GET", "/exports/uploads"):
                continue  # is the path of the export named “uploads”, which there is not: 404
            overridden = {"X-HTTP-Method-Override": operation.method, "X-HTTP-Method": operation.method}
            answer = send(stack.api, operation, token=token, method=method, headers=overridden)
            assert answer.status_code == 405, (operation.path, method)
            assert operation.method in answer.headers["Allow"], operation.path


def test_every_answer_carries_the_protective_headers(stack: Stack) -> None:
    for operation in operations(stack.api):
        answer = send(stack.api, operation)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", operation.id
        assert answer.headers["Cache-Control"] == "no-store", operation.id
        assert answer.headers["Referrer-Policy"] == "no-referrer", operation.id
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], operation.id
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], operation.id
        assert "Server" not in answer.headers or "/" not in answer.headers["Server"], operation.id


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://127.0.0.1", "https://portal.example.evil.example"]
)
def test_no_foreign_page_may_read_any_answer(stack: Stack, token: str, origin: str) -> None:
    for operation in operations(stack.api):
        for method in ("OPTIONS", operation.method):
            if method in {"OPTIONS", "GET"}:
                answer = send(stack.api, operation, token=token, method=method, headers={"Origin": origin})
                assert "Access-Control-Allow-Origin" not in answer.headers, operation.id
                assert "Access-Control-Allow-Credentials" not in answer.headers, operation.id
