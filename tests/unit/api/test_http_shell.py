import gzip
import json
import logging

import pytest

from tests import callers
from tests.site import Site
from tests.unit.api.conftest import PORTAL

STATUSES = {
    "invalid": 400,
    "forbidden": 403,
    "missing": 404,
    "conflict": 409,
    "needs-user": 409,
    "stale": 412,
    "large": 413,
    "type": 415,
    "unverified": 422,
    "record": 422,
    "precondition": 428,
    "throttled": 429,
    "bug": 500,
    "transient": 503,
}


@pytest.mark.parametrize("how", STATUSES)
def test_each_kind_of_error_has_its_status_and_is_problem_details(site: Site, how: str) -> None:
    answer = site.call("GET", f"/fail/{how}")
    assert answer.status == answer.json["status"] == STATUSES[how]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["type"] == f"urn:dynamics-export:problem:{answer.json['code']}"
    assert answer.json["instance"] == "urn:uuid:r-1"
    assert answer.json["title"]
    assert answer.json["detail"]
    assert b"secret inner detail" not in answer.content


def test_what_went_wrong_inside_stands_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dynamics_export")
    site.call("GET", "/fail/bug")
    failure = next(json.loads(line) for line in caplog.messages if "request failed" in line)
    assert failure["request"] == "r-1"
    assert "secret inner detail" in failure["traceback"]


def test_the_tenant_of_the_caller_stands_in_the_log_and_the_token_does_not(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "dynamics_export")
    token = callers.user()
    site.call("GET", "/samples/other", token=token)
    refused = next(json.loads(line) for line in caplog.messages if "request refused" in line)
    assert refused["tenant"] == "contoso"
    assert token not in caplog.text


def test_an_unverified_mapping_names_row_field_and_column(site: Site) -> None:
    (error,) = site.call("GET", "/fail/unverified").json["errors"]
    assert error == {
        "path": "/rows/1",
        "code": "columnUnknown",
        "message": "Row 2: …",
        "row": 2,
        "vendorField": "a",
        "column": "b",
    }


def test_who_is_throttled_is_told_how_long_to_wait_in_whole_seconds(site: Site) -> None:
    assert site.call("GET", "/fail/throttled").headers["Retry-After"] == "13"
    assert int(site.call("GET", "/fail/transient").headers["Retry-After"]) > 0


def test_without_a_token_the_answer_says_how_to_bring_one(site: Site) -> None:
    answer = site.call("GET", "/samples/lead")
    assert (answer.status, answer.json["code"]) == (401, "tokenMissing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="dynamics-export"'


def test_with_a_bad_token_the_answer_says_that_it_is_bad(site: Site) -> None:
    answer = site.call("GET", "/samples/lead", token="abc")
    assert (answer.status, answer.json["code"]) == (401, "tokenInvalid")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_what_is_for_administrators_is_closed_to_users(site: Site) -> None:
    answer = site.call("PUT", "/samples/lead", token=callers.user(), body={"displayName": "x"})
    assert (answer.status, answer.json["code"]) == (403, "adminsOnly")


def test_a_user_is_handed_on_and_the_answer_is_json(site: Site) -> None:
    answer = site.call("GET", "/samples/lead", token=callers.user())
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json == {"displayName": "bruno lead", "size": 1, "tags": []}


def test_an_unknown_object_is_not_found(site: Site) -> None:
    answer = site.call("GET", "/samples/contact", token=callers.user())
    assert (answer.status, answer.json["code"]) == (404, "objectUnknown")


def test_an_operation_for_anybody_knows_nobody(site: Site) -> None:
    assert site.call("GET", "/whoami", token=callers.user()).status == 500


def test_an_answer_without_a_body_has_no_content_type(site: Site) -> None:
    answer = site.call("GET", "/fail/not")
    assert (answer.status, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("url", ["/fail/not", "/fail/bug", "/whoami"])
def test_every_answer_is_protected(site: Site, url: str) -> None:
    headers = site.call("GET", url).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Request-Id"] == "r-1"


BAD_BODIES: dict[str, tuple[bytes, str | None, int, str]] = {
    "cut off": (b'{"displayName": "x"', "application/json", 400, "jsonInvalid"),
    "not JSON": (b"displayName=x", "application/json", 400, "jsonInvalid"),
    "not UTF-8": (b'{"displayName": "\xff"}', "application/json", 400, "jsonInvalid"),
    "too deep": (b"[" * 5000, "application/json", 400, "jsonInvalid"),
    "deep and closed": (
        b'{"displayName": ' + b"[" * 3000 + b"]" * 3000 + b"}",
        "application/json",
        400,
        "jsonInvalid",
    ),
    "empty": (b"", "application/json", 400, "bodyMissing"),
    "white space": (b" \n", "application/json", 400, "bodyMissing"),
    "a list": (b"[]", "application/json", 400, "bodyInvalid"),
    "null": (b"null", "application/json", 400, "bodyInvalid"),
    "number for text": (b'{"displayName": 1}', "application/json", 400, "bodyInvalid"),
    "text for number": (b'{"displayName": "x", "size": "1"}', "application/json", 400, "bodyInvalid"),
    "unknown member": (b'{"displayName": "x", "sise": 1}', "application/json", 400, "bodyInvalid"),
    "huge number": (
        b'{"displayName": "x", "size": 1' + b"0" * 5000 + b"}",
        "application/json",
        400,
        "jsonInvalid",
    ),
    "a form": (b"displayName=x", "application/x-www-form-urlencoded", 415, "contentTypeUnsupported"),
    "text": (b'{"displayName": "x"}', "text/plain", 415, "contentTypeUnsupported"),
    "untyped": (b'{"displayName": "x"}', None, 415, "contentTypeUnsupported"),
    "as large as may be": (b" " * (1024 * 1024), "application/json", 400, "bodyMissing"),
    "too large": (b" " * (1024 * 1024 + 1), "application/json", 413, "bodyTooLarge"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_bad_body_is_refused_with_its_reason(site: Site, case: str) -> None:
    body, media_type, status, code = BAD_BODIES[case]
    typed = {} if media_type is None else {"Content_Type": media_type}
    answer = site.call("POST", "/samples", body=body, **typed)
    assert (answer.status, answer.json["code"]) == (status, code)


@pytest.mark.parametrize("packing", ["gzip", "br", "deflate", "gzip, gzip"])
def test_a_compressed_body_is_refused(site: Site, packing: str) -> None:
    answer = site.call("POST", "/samples", body={"displayName": "x"}, Content_Encoding=packing)
    assert (answer.status, answer.json["code"]) == (415, "contentEncodingUnsupported")


@pytest.mark.parametrize("packing", ["gzip", "GZIP", " gzip "])
def test_an_operation_that_says_so_takes_gzip(site: Site, packing: str) -> None:
    body = gzip.compress(b'{"displayName": "x"}')
    typed = {"Content_Type": "application/json", "Content_Encoding": packing}
    answer = site.call("POST", "/packed-samples", body=body, **typed)
    assert (answer.status, answer.json["displayName"]) == (201, "x")


BAD_PACKINGS: dict[str, tuple[bytes, str, int, str]] = {
    "not packed": (b'{"displayName": "x"}', "gzip", 400, "gzipDamaged"),
    "cut off": (gzip.compress(b'{"displayName": "x"}')[:-1], "gzip", 400, "gzipDamaged"),
    "a bomb": (gzip.compress(b" " * (1024 * 1024 + 1)), "gzip", 413, "unpackedTooLarge"),
    "no JSON": (gzip.compress(b"{"), "gzip", 400, "jsonInvalid"),
    "another packing": (b'{"displayName": "x"}', "br", 415, "contentEncodingUnsupported"),
}


@pytest.mark.parametrize("case", BAD_PACKINGS)
def test_a_badly_packed_body_is_refused_with_its_reason(site: Site, case: str) -> None:
    body, packing, status, code = BAD_PACKINGS[case]
    typed = {"Content_Type": "application/json", "Content_Encoding": packing}
    answer = site.call("POST", "/packed-samples", body=body, **typed)
    assert (answer.status, answer.json["code"]) == (status, code)


def test_the_content_type_may_name_its_charset(site: Site) -> None:
    answer = site.call(
        "POST", "/samples", body=b'{"displayName": "x"}', Content_Type="Application/JSON; charset=utf-8"
    )
    assert answer.json["displayName"] == "x"


def test_every_misfit_of_a_body_is_named_with_a_pointer(site: Site) -> None:
    answer = site.call("POST", "/samples", body={"size": "x", "tags": ["a", 1], "a/b~c": 1})
    assert {error["path"] for error in answer.json["errors"]} == {
        "/displayName",
        "/size",
        "/tags/1",
        "/a~1b~0c",
    }
    assert all(error["message"] and error["code"] for error in answer.json["errors"])


def test_a_flood_of_misfits_is_cut_short(site: Site) -> None:
    answer = site.call("POST", "/samples", body={"displayName": "x", "tags": [1] * 5000})
    assert len(answer.json["errors"]) == 100
    assert "5000" in answer.json["detail"]


def test_other_bytes_than_json_are_handed_on_as_they_came(site: Site) -> None:
    answer = site.call(
        "PUT",
        "/samples/lead",
        token=callers.admin(),
        body=b"a,b\n1,2\n",
        Content_Type="text/csv",
        If_Match="*",
    )
    assert (answer.status, answer.json["displayName"]) == (201, "text/csv 8 None")


def test_an_operation_has_its_own_limit(site: Site) -> None:
    answer = site.call(
        "PUT",
        "/samples/lead",
        token=callers.admin(),
        body=b"x" * 10_001,
        Content_Type="text/csv",
        If_Match="*",
    )
    assert answer.status == 413
    assert "10,000" in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("size=0", ["?size"]),
        ("size=11", ["?size"]),
        ("size=x", ["?size"]),
        ("size=-1", ["?size"]),
        ("size=٣", ["?size"]),
        ("size=" + "9" * 30, ["?size"]),
        ("kind=c", ["?kind"]),
        ("kind=c&size=0", ["?size", "?kind"]),
    ],
)
def test_a_query_parameter_out_of_bounds_is_named(site: Site, query: str, paths: list[str]) -> None:
    answer = site.call("GET", f"/samples/lead?{query}", token=callers.user())
    assert (answer.status, answer.json["code"]) == (400, "parameterInvalid")
    assert [error["path"] for error in answer.json["errors"]] == paths


def test_query_parameters_within_bounds_pass(site: Site) -> None:
    assert site.call("GET", "/samples/lead?size=10&kind=a&other=1", token=callers.user()).status == 200


def test_a_page_of_the_portal_may_read_the_answer(site: Site) -> None:
    headers = site.call("GET", "/fail/conflict", Origin=PORTAL).headers
    assert headers["Access-Control-Allow-Origin"] == PORTAL
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", PORTAL + ".evil.example", PORTAL.upper(), "null", PORTAL + "/"]
)
def test_another_page_may_not(site: Site, origin: str) -> None:
    for answer in (site.call("GET", "/fail/not", Origin=origin), site.call("OPTIONS", "/x/y", Origin=origin)):
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/samples/lead", "/exports/1/records", "/"])
def test_a_browser_that_asks_first_is_told_what_it_may_send(site: Site, path: str) -> None:
    answer = site.call("OPTIONS", path, Origin=PORTAL, Access_Control_Request_Method="PUT")
    assert answer.status == 204
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    for header in ("authorization", "content-type", "if-match", "idempotency-key", "prefer"):
        assert header in allowed
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/nothing", "/samples/lead/more", "/fail", "/exports/../samples"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_an_unknown_path_is_not_found_and_says_where_to_look(site: Site, method: str, path: str) -> None:
    answer = site.call(method, path)
    assert (answer.status, answer.json["code"]) == (404, "pathUnknown")
    assert "/docs" in answer.json["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/samples/lead", "GET, OPTIONS, PUT"),
        ("GET", "/samples", "OPTIONS, POST"),
        ("POST", "/Fail/x", "GET, OPTIONS"),
        ("HEAD", "/whoami", "GET, OPTIONS"),
    ],
)
def test_another_method_is_refused_with_those_that_are_taken(
    site: Site, method: str, path: str, allowed: str
) -> None:
    answer = site.call(method, path, body=b"x" * 2_000_000)
    assert (answer.status, answer.json["code"]) == (405, "methodNotAllowed")
    assert answer.headers["Allow"] == allowed


def test_a_body_is_no_matter_where_nobody_reads_it(site: Site) -> None:
    assert site.call("POST", "/nothing", body=b"x" * 2_000_000).status == 404
