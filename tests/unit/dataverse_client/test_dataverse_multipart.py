from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dataverse.multipart import BrokenAnswer, PartAnswer, read, write

TYPE = "multipart/mixed; boundary=batchresponse_13d0640a"


def answer(*parts: bytes, closed: bool = True, boundary: bytes = b"batchresponse_13d0640a") -> bytes:
    head = b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    body = b"".join(b"--" + boundary + b"\r\n" + head + part + b"\r\n" for part in parts)
    return body + (b"--" + boundary + b"--\r\n" if closed else b"")


CREATED = (
    b"HTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n"
    b"OData-EntityId: https://contoso.crm4.dynamics.com/api/data/v9.2/leads(1)\r\n\r\n"
)
FAILED = b'HTTP/1.1 400 Bad Request\r\nREQ_ID: de4c5227\r\n\r\n{"error":{"code":"0x80044331","message":"m"}}'


def test_written_batch_is_what_the_documents_show() -> None:
    boundary, body = write([("POST", "/tasks", {"If-Match": "*"}, b'{"a":1}'), ("GET", "/x", {}, None)])
    assert body.decode() == (
        f"--{boundary}\r\n"
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        "POST /tasks HTTP/1.1\r\nAccept: application/json\r\nIf-Match: *\r\n\r\n"
        '{"a":1}\r\n'
        f"--{boundary}\r\n"
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        "GET /x HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n"
        f"--{boundary}--\r\n"
    )


def test_written_boundary_occurs_in_no_part() -> None:
    first, _ = write([("POST", "/x", {}, b"{}")])
    boundary, body = write([("POST", "/x", {}, b"a\r\n--" + first.encode() + b"\r\nb")])
    assert boundary != first
    assert body.count(b"\r\n--" + boundary.encode()) == 1  # the end; the first one opens the body


def test_answers_come_in_order_with_status_headers_and_body() -> None:
    first, second = read(TYPE, answer(CREATED, FAILED))
    assert (first.status, first.body) == (204, b"")
    assert first.headers["odata-entityid"].endswith("leads(1)")
    assert second == PartAnswer(400, {"req_id": "de4c5227"}, b'{"error":{"code":"0x80044331","message":"m"}}')


def test_a_quoted_boundary_and_other_parameters_are_understood() -> None:
    assert (
        len(read('Multipart/Mixed; charset=utf-8; boundary="batchresponse_13d0640a"', answer(CREATED))) == 1
    )


@pytest.mark.parametrize(
    "text",
    [
        b"--batchresponse_13d0640a",
        b"\r\n--batchresponse_13d0640a and more",
        b"\r\n--batchresponse_13d0640a and\r\nmore",
        b"\r\n--batchresponse_13d0640a-- and more",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"\r\n\r\n\r\n",
    ],
)
def test_text_that_looks_like_a_boundary_stays_in_its_body(text: bytes) -> None:
    inside = b'{"description":"' + text + b'"}'
    first, second = read(TYPE, answer(b"HTTP/1.1 200 OK\r\n\r\n" + inside, CREATED))
    assert first.body == inside
    assert second.status == 204


def test_every_truncation_is_noticed() -> None:
    whole = answer(CREATED, FAILED)
    end = whole.rindex(b"--")
    for length in range(end):
        with pytest.raises(BrokenAnswer):
            read(TYPE, whole[:length])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("application/json", b"{}", id="no multipart"),
        pytest.param("multipart/mixed", answer(CREATED), id="no boundary"),
        pytest.param("multipart/mixed; boundary=", answer(CREATED), id="empty boundary"),
        pytest.param("multipart/mixed; boundary=other", answer(CREATED), id="other boundary"),
        pytest.param(TYPE, b"", id="empty"),
        pytest.param(TYPE, answer(b"no status line"), id="no status line"),
        pytest.param(TYPE, answer(b"HTTP/1.1 abc\r\n\r\n"), id="no number"),
    ],
)
def test_what_is_no_answer_to_a_batch_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(BrokenAnswer):
        read(content_type, body)


def test_a_batch_without_answers_has_none() -> None:
    assert read(TYPE, answer()) == []


NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,15}", fullmatch=True)
VALUES = st.from_regex(r"([!-~]([ -~]{0,20}[!-~])?)?", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(100, 599), st.dictionaries(NAMES, VALUES), st.binary(max_size=50)), max_size=5
    )
)
def test_any_answers_are_read_as_they_were_written(parts: list[tuple[int, Mapping[str, str], bytes]]) -> None:
    boundary = b"batchresponse_7f000001-0000-4000-8000-000000000000"
    written = [
        b"HTTP/1.1 %d Some Reason\r\n" % status
        + b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        + b"\r\n"
        + body
        for status, headers, body in parts
    ]
    read_back = read(f"multipart/mixed; boundary={boundary.decode()}", answer(*written, boundary=boundary))
    assert [(part.status, part.headers, part.body) for part in read_back] == parts
