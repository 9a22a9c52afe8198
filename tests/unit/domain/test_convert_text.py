import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.convert import ValueRejected, as_text, converter, is_empty, utf16_length
from shared.domain.fields import ColumnType
from tests.builders import column

LINE = converter(column("city", max_length=10))
MEMO = converter(column("description", ColumnType.MEMO, max_length=20))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Seattle", "Seattle"),
        ("  Seattle  ", "Seattle"),
        ("\u00a0Seattle\u3000", "Seattle"),
        ("New\nYork", "New York"),
        ("New\r\nYork", "New York"),
        ("New\tYork", "New York"),
        ("Se\x00at\x07tle\x7f", "Seattle"),
        ("\x00 Oslo \x1b", "Oslo"),
        ("Oslo\ud800", "Oslo"),
        ("\udc00Oslo", "Oslo"),
        ("Zürich", "Zürich"),
        ("القاهرة", "القاهرة"),
        ("\u200fתל אביב", "\u200fתל אביב"),
        (98101, "98101"),
        (0, "0"),
        (1.5, "1.5"),
        (3.0, "3"),
        (True, "Yes"),
        (False, "No"),
        (["B2B", "B2C"], "B2B; B2C"),
        (["B2B", None, "", " "], "B2B"),
        ({"name": "Retail"}, "Retail"),
        ({"name": " ", "value": "x"}, "x"),
        ([{"name": "A"}, {"id": 2}], "A; 2"),
    ],
)
def test_a_line_of_text_is_brought_to_what_a_person_reads(value: object, text: str) -> None:
    assert LINE(value) == text


def test_a_memo_keeps_its_lines_but_not_its_control_characters() -> None:
    assert MEMO(" one\r\n\ttwo\x00\n ") == "one\r\n\ttwo"


@pytest.mark.parametrize(
    "text",
    ["1234567890", "12345678😀", "😀😀😀😀😀", "שלום שלום!", "e\u0301" * 5, "👨\u200d👩\u200d👦ab"],
    ids=["ascii", "one emoji", "emoji", "right to left", "combining", "joined emoji"],
)
def test_text_of_exactly_the_greatest_length_fits(text: str) -> None:
    assert utf16_length(text) == 10
    assert LINE(text) == text


@pytest.mark.parametrize("text", ["12345678901", "123456789😀", "😀😀😀😀😀a", "é" * 11, "😀" * 1000])
def test_text_that_is_longer_by_one_is_refused(text: str) -> None:
    with pytest.raises(ValueRejected) as rejected:
        LINE(text)
    assert rejected.value.code == "tooLong"
    assert "10 characters" in rejected.value.message
    assert text not in rejected.value.message


def test_white_space_around_the_text_does_not_count() -> None:
    assert LINE(" " * 50 + "1234567890" + "\n" * 50) == "1234567890"


def test_a_column_without_a_known_length_has_the_one_of_dataverse() -> None:
    line, memo = converter(column()), converter(column("description", ColumnType.MEMO))
    assert line("a" * 100) == "a" * 100
    assert memo("a" * 2000) == "a" * 2000
    for convert, length in ((line, 101), (memo, 2001)):
        with pytest.raises(ValueRejected):
            convert("a" * length)


@given(st.text())
def test_length_is_counted_in_utf16_units(text: str) -> None:
    assert utf16_length(text) == sum(2 if ord(character) > 0xFFFF else 1 for character in text)


@pytest.mark.parametrize("value", [None, "", " ", "\t\r\n", "\u00a0", "\u3000\u2003", [], {}])
def test_null_and_white_space_are_empty(value: object) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, 0.0, False, "0", "false", "-", "\x00", [0], {"a": 1}])
def test_zero_and_false_are_values(value: object) -> None:
    assert not is_empty(value)


@pytest.mark.parametrize("shape", ["list", "object"])
def test_a_value_nested_without_end_is_no_text_and_no_crash(shape: str) -> None:
    value: object = "bottom"
    for _ in range(3000):
        value = [value] if shape == "list" else {"name": value}
    assert as_text(value) == ""


@pytest.mark.parametrize("kind", [ColumnType.LOOKUP, ColumnType.STATE, ColumnType.OTHER])
def test_a_column_that_no_mapping_fills_has_no_conversion(kind: ColumnType) -> None:
    with pytest.raises(ValueRejected, match="Ownerid cannot be filled"):
        converter(column("ownerid", kind))
