import pytest

from functions.export.reading.lines import LONGEST_LINE
from functions.export.reading.ndjson import read_ndjson
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord


def read(content: bytes) -> list[InputRecord]:
    return list(read_ndjson([content]))


def codes(content: bytes) -> list[str]:
    return [each.code if isinstance(each, UnreadableRecord) else "ok" for each in read(content)]


def test_each_line_is_a_record() -> None:
    assert read(b'{"id": 1, "name": "Contoso"}\n{"id": 2}\n') == [
        VendorRecord(1, 1, {"id": 1, "name": "Contoso"}),
        VendorRecord(2, 2, {"id": 2}),
    ]


def test_the_last_line_needs_no_end() -> None:
    assert read(b'{"id": 1}') == [VendorRecord(1, 1, {"id": 1})]


def test_empty_lines_are_no_records_but_count_as_lines() -> None:
    assert [(each.position, each.line) for each in read(b'\n  \r\n{"id":1}\n\n\t\n{"id":2}')] == [
        (1, 3),
        (2, 6),
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_has_no_records(content: bytes) -> None:
    assert read(content) == []


def test_a_byte_order_mark_and_ends_of_lines_of_windows_do_not_matter() -> None:
    assert read(b'\xef\xbb\xbf{"id":1}\r\n{"id":2}\r\n') == [
        VendorRecord(1, 1, {"id": 1}),
        VendorRecord(2, 2, {"id": 2}),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"id": 1', "malformedJson"),
        (b"{'id': 1}", "malformedJson"),
        (b'{"id": 1,}', "malformedJson"),
        (b'{"id": 1} {"id": 2}', "malformedJson"),
        (b'{"id": NaN}', "malformedJson"),
        (b'{"id": Infinity}', "malformedJson"),
        (b'{"name": "\xe9"}', "malformedJson"),
        (b'{"name": "\\ud800"}', "malformedJson"),
        (b"\xff\xfe{\x00}\x00", "malformedJson"),
        (b'{"name": "a\x00b"}', "malformedJson"),
        (b"id,name", "malformedJson"),
        (b"[]", "notAnObject"),
        (b'[{"id": 1}]', "notAnObject"),
        (b'"Contoso"', "notAnObject"),
        (b"7", "notAnObject"),
        (b"null", "notAnObject"),
        (b"true", "notAnObject"),
        (b'{"a":' + b"[" * 33 + b"]" * 33 + b"}", "nestedTooDeep"),
        (b'{"a":' + b'{"a":' * 300 + b"1" + b"}" * 301, "nestedTooDeep"),
        (b'{"a":' + b"[" * 100_000, "malformedJson"),
        (b'{"a":"' + b"x" * LONGEST_LINE + b'"}', "lineTooLong"),
        (b"x" * 10_000_000, "lineTooLong"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else value,
)
def test_a_line_that_is_no_record_is_told_and_the_rest_goes_on(line: bytes, code: str) -> None:
    before, wrong, after = read(b'{"id":1}\n' + line + b'\n{"id":2}\n')
    assert (before, after) == (VendorRecord(1, 1, {"id": 1}), VendorRecord(3, 3, {"id": 2}))
    assert isinstance(wrong, UnreadableRecord)
    assert (wrong.position, wrong.line, wrong.code) == (2, 2, code)
    assert wrong.reason.startswith("Line 2 ")


def test_values_may_be_nested_as_deep_as_vendors_do() -> None:
    assert codes(b'{"a":' + b"[" * 32 + b"]" * 32 + b"}") == ["ok"]


def test_a_body_that_ends_early_spoils_its_last_record_alone() -> None:
    assert codes(b'{"id":1}\n{"id":2}\n{"id":3,"na') == ["ok", "ok", "malformedJson"]


def test_a_number_too_large_for_a_whole_one_is_still_read() -> None:
    (only,) = read(b'{"revenue": 123456789012345678901234567890}')
    assert isinstance(only, VendorRecord)
    assert only.fields == {"revenue": pytest.approx(1.2345678901234568e29)}
