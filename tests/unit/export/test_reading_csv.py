import pytest

from functions.export.reading import CSV, NDJSON, read_records
from functions.export.reading.csv_files import read_csv
from functions.export.reading.lines import LONGEST_LINE
from shared.domain.errors import InvalidRequest
from shared.domain.ids import ObjectType
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord
from shared.domain.vendor_catalog import vendor_fields

COMPANIES = vendor_fields(ObjectType.ACCOUNT)
HEADER = b"id,name,city\n"


def read(content: bytes) -> list[InputRecord]:
    return list(read_csv([content], COMPANIES))


def told(content: bytes) -> list[tuple[int, int, str]]:
    """Position, line, and what became of it."""
    return [
        (
            each.position,
            each.line,
            each.code if isinstance(each, UnreadableRecord) else str(each.fields.get("id")),
        )
        for each in read(content)
    ]


def refused(content: bytes) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as error:
        read(content)
    return error.value


def test_each_row_is_a_record_of_the_headers_fields() -> None:
    assert read(HEADER + b"1,Contoso,Redmond\n2,Fabrikam,\n") == [
        VendorRecord(1, 2, {"id": "1", "name": "Contoso", "city": "Redmond"}),
        VendorRecord(2, 3, {"id": "2", "name": "Fabrikam"}),
    ]


@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"], ids=["comma", "semicolon", "tab"])
def test_the_delimiter_is_the_one_of_the_header(delimiter: bytes) -> None:
    content = (HEADER + b"1,Contoso,Redmond").replace(b",", delimiter)
    assert read(content) == [VendorRecord(1, 2, {"id": "1", "name": "Contoso", "city": "Redmond"})]


def test_a_comma_in_a_file_of_semicolons_is_part_of_the_value() -> None:
    (only,) = read(b"id;name;city\n1;Contoso, Ltd;Redmond")
    assert isinstance(only, VendorRecord)
    assert only.fields["name"] == "Contoso, Ltd"


@pytest.mark.parametrize(
    "header",
    [
        b"id,name,city",
        b"ID,NAME,City",
        b" id , name , city ",
        b"Company ID,Company Name,City",
        b'"id","name","city"',
    ],
)
def test_a_header_names_fields_or_their_labels_in_any_case(header: bytes) -> None:
    (only,) = read(header + b"\n1,Contoso,Redmond\n")
    assert only == VendorRecord(1, 2, {"id": "1", "name": "Contoso", "city": "Redmond"})


def test_columns_that_are_no_vendor_field_are_kept_under_their_own_name() -> None:
    (only,) = read(b"id,Our Note,\n1,call,x\n")
    assert only == VendorRecord(1, 2, {"id": "1", "Our Note": "call"})


def test_a_byte_order_mark_and_ends_of_lines_of_windows_do_not_matter() -> None:
    assert read(b"\xef\xbb\xbfid,name\r\n1,Contoso\r\n") == [
        VendorRecord(1, 2, {"id": "1", "name": "Contoso"})
    ]


def test_lines_before_the_header_and_between_rows_may_be_empty() -> None:
    assert told(b"\r\n  \nid,name\n\n1,a\n\n\n2,b\n") == [(1, 5, "1"), (2, 8, "2")]


def test_quotes_protect_delimiters_quotes_and_line_breaks() -> None:
    assert read(HEADER + b'1,"Contoso, ""the"" one","Red\r\nmond"\n2,b,c\n') == [
        VendorRecord(1, 2, {"id": "1", "name": 'Contoso, "the" one', "city": "Red\nmond"}),
        VendorRecord(2, 4, {"id": "2", "name": "b", "city": "c"}),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b'2,"Con"toso,x', "quotingWrong"),
        (b'2,"Contoso,x', "quotingWrong"),
        (b"2,Con\rtoso,x", "quotingWrong"),
        (b"2,Caf\xe9,x", "notUtf8"),
        (b"2,Contoso", "columnsMissing"),
        (b"2", "columnsMissing"),
        (b"2,Contoso,x,y", "columnsMissing"),
        (b"2;Contoso;x", "columnsMissing"),
        (b"2," + b"x" * 10_000_000 + b",y", "lineTooLong"),
        (b'2,"' + b"x" * 200_000 + b'",y', "quotingWrong"),
    ],
    ids=lambda value: repr(value[:14]) if isinstance(value, bytes) else value,
)
def test_a_wrong_row_is_told_and_the_rest_goes_on(row: bytes, code: str) -> None:
    content = HEADER + b"1,a,b\n" + row + b'\n3,"c",d\n4,e,f\n'
    assert told(content) == [(1, 2, "1"), (2, 3, code), (3, 4, "3"), (4, 5, "4")]
    wrong = read(content)[1]
    assert isinstance(wrong, UnreadableRecord)
    assert wrong.reason.startswith("Line 3 ")


def test_too_few_and_too_many_columns_are_counted() -> None:
    wrong = [each.reason for each in read(HEADER + b"1\n1,2,3,4\n") if isinstance(each, UnreadableRecord)]
    assert wrong == [
        "Line 2 has 1 columns; the first line names 3.",
        "Line 3 has 4 columns; the first line names 3.",
    ]


def test_a_quote_that_stays_open_to_the_end_spoils_its_own_row_alone() -> None:
    rows = b"".join(b"%d,a,b\n" % number for number in range(2, 100))
    assert told(HEADER + b'1,"a,b\n' + rows) == [
        (1, 2, "quotingWrong"),
        *((number, number + 1, str(number)) for number in range(2, 100)),
    ]


def test_a_quote_that_is_closed_by_another_rows_quote_swallows_no_rows() -> None:
    assert told(HEADER + b'1,"a\n2,b,c\n3,"d,e\n4,f,g\n') == [
        (1, 2, "quotingWrong"),
        (2, 3, "2"),
        (3, 4, "quotingWrong"),
        (4, 5, "4"),
    ]
    assert told(HEADER + b'1,"a,b\n2,c,d"\n3,e,f\n') == [
        (1, 2, "columnsMissing"),
        (2, 3, "2"),
        (3, 4, "3"),
    ]


def test_an_open_quote_before_a_line_of_another_encoding_or_length_swallows_neither() -> None:
    content = HEADER + b'1,"a\n2,caf\xe9,x\n3,"b\n4,' + b"x" * LONGEST_LINE + b",y\n5,c,d\n"
    assert told(content) == [
        (1, 2, "quotingWrong"),
        (2, 3, "notUtf8"),
        (3, 4, "quotingWrong"),
        (4, 5, "lineTooLong"),
        (5, 6, "5"),
    ]


def test_a_quote_never_closes_beyond_a_line_that_is_too_long() -> None:
    content = HEADER + b'1,"a\n' + b"x" * (LONGEST_LINE + 1) + b'\nb",c\n2,d,e\n'
    assert told(content) == [
        (1, 2, "quotingWrong"),
        (2, 3, "lineTooLong"),
        (3, 4, "columnsMissing"),
        (4, 5, "2"),
    ]


def test_a_body_that_ends_early_spoils_its_last_record_alone() -> None:
    assert told(HEADER + b"1,a,b\n2,c") == [(1, 2, "1"), (2, 3, "columnsMissing")]
    assert told(HEADER + b'1,a,b\n2,c,"d') == [(1, 2, "1"), (2, 3, "quotingWrong")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "noRecords"),
        (b"\n \r\n", "noRecords"),
        (b"\xef\xbb\xbf", "noRecords"),
        (b"1,Contoso,Redmond\n2,Fabrikam,Oslo\n", "headerUnknown"),
        (b"Kundennummer;Ort\n1;Oslo\n", "headerUnknown"),
        (b'{"id": 1}\n', "headerUnknown"),
        (b"x" * 2_000_000, "headerUnknown"),
        (b"id,name,Name\n1,a,b\n", "headerRepeated"),
        (b"id,Company ID\n1,2\n", "headerRepeated"),
        (b"id,Note,Note\n1,2,3\n", "headerRepeated"),
        (b"id,name\r1,Contoso\r2,Fabrikam\r", "headerUnreadable"),
        (b"id," + b"x" * 200_000 + b"\n1,2\n", "headerUnreadable"),
        ("id,name\n1,Contoso\n".encode("utf-16"), "notUtf8"),
        ("id,größe\n".encode("latin-1"), "notUtf8"),
    ],
    ids=lambda value: repr(value[:16]) if isinstance(value, bytes) else value,
)
def test_a_file_that_is_no_input_as_a_whole_is_refused(content: bytes, code: str) -> None:
    error = refused(content)
    assert error.code == code
    assert len(error.message) < 500


def test_a_header_without_rows_has_no_records() -> None:
    assert read(HEADER) == []


def test_the_media_type_says_how_to_read() -> None:
    assert list(read_records(CSV, [b"id\n1\n"], COMPANIES)) == [VendorRecord(1, 2, {"id": "1"})]
    assert list(read_records(NDJSON, [b'{"id":1}\n'], COMPANIES)) == [VendorRecord(1, 1, {"id": 1})]
