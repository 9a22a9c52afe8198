import pytest

from shared.domain.convert import ValueRejected, converter
from shared.domain.fields import ColumnType
from tests.builders import column

EMPLOYEES = column("numberofemployees", ColumnType.INTEGER, minimum=0.0, maximum=1_000_000.0)
REVENUE = column("revenue", ColumnType.MONEY, minimum=0.0, maximum=100_000_000_000_000.0, precision=2)
SCORE = column("score", ColumnType.DECIMAL, minimum=-100.0, maximum=100.0, precision=3)
RATE = column("rate", ColumnType.DOUBLE, minimum=0.5, maximum=99.995, precision=2)
BIG = column("big", ColumnType.BIG_INT, minimum=-9.223372036854776e18, maximum=9.223372036854776e18)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1600, 1600),
        (0, 0),
        ("0", 0),
        ("1600", 1600),
        (" 1600 ", 1600),
        ("1,600", 1600),
        ("1,000,000", 1_000_000),
        ("+7", 7),
        ("007", 7),
        ("1600.00", 1600),
        (1600.0, 1600),
    ],
)
def test_a_whole_number_is_read(value: object, number: int) -> None:
    converted = converter(EMPLOYEES)(value)
    assert converted == number
    assert type(converted) is int


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "notAWholeNumber"),
        ("1.5", "notAWholeNumber"),
        (-1, "outOfRange"),
        (1_000_001, "outOfRange"),
        ("9" * 5000, "outOfRange"),
        (1e300, "outOfRange"),
        (float("nan"), "notANumber"),
        (float("inf"), "notANumber"),
        (float("-inf"), "notANumber"),
        ("NaN", "notANumber"),
        ("Infinity", "notANumber"),
        ("1e3", "notANumber"),
        ("1,60", "notANumber"),
        ("1,6000", "notANumber"),
        (",100", "notANumber"),
        ("1.600,00", "notANumber"),
        ("1 600", "notANumber"),
        ("$1600", "notANumber"),
        ("1,000 - 5,000", "notANumber"),
        ("many", "notANumber"),
        ("--5", "notANumber"),
        ("1_600", "notANumber"),
        (True, "notANumber"),
        (False, "notANumber"),
        ([1600], "notANumber"),
        ({"value": 1600}, "notANumber"),
    ],
)
def test_what_is_no_such_number_is_refused(value: object, code: str) -> None:
    with pytest.raises(ValueRejected) as rejected:
        converter(EMPLOYEES)(value)
    assert rejected.value.code == code
    assert rejected.value.message.startswith("Numberofemployees ")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (2.345, 2.34),
        (2.355, 2.36),
        ("2.345", 2.34),
        ("2.3450001", 2.35),
        (2.675, 2.68),
        ("1,234,567.891", 1_234_567.89),
        (0, 0.0),
        (400_000_000, 400_000_000.0),
        (99_999_999_999_999.99, 99_999_999_999_999.99),
    ],
)
def test_money_is_rounded_half_to_even(value: object, number: float) -> None:
    assert converter(REVENUE)(value) == number


def test_a_number_in_thousands_is_multiplied() -> None:
    assert converter(REVENUE, 1000)(400_000) == 400_000_000.0
    assert converter(REVENUE, 1000)("400,000.5") == 400_000_500.0
    assert converter(EMPLOYEES, 1000)("1.6") == 1600


def test_the_range_holds_for_the_multiplied_number() -> None:
    with pytest.raises(ValueRejected, match=r"ends at 1,000,000; the value is higher"):
        converter(EMPLOYEES, 1000)(1001)


@pytest.mark.parametrize("value", [-100, 100, "-100.000", 100.0004])
def test_the_ends_of_the_range_belong_to_it(value: object) -> None:
    assert abs(float(converter(SCORE)(value) or 0)) == 100.0


@pytest.mark.parametrize(
    ("value", "limit"),
    [(0.1, "begins at 0.5"), (99.996, "ends at 99.995"), (99.995, "ends at 99.995")],
    ids=["lower", "higher", "higher when rounded"],
)
def test_a_refused_number_is_told_the_limit_as_it_is(value: float, limit: str) -> None:
    with pytest.raises(ValueRejected) as rejected:
        converter(RATE)(value)
    assert limit in rejected.value.message


def test_a_decimal_without_a_known_precision_has_two_digits() -> None:
    assert converter(column("x", ColumnType.DECIMAL))("1.236") == 1.24


def test_a_decimal_of_precision_zero_is_whole() -> None:
    assert converter(column("x", ColumnType.DECIMAL, precision=0))("2.5") == 2.0


def test_a_decimal_that_is_too_large_to_be_exact_is_refused() -> None:
    with pytest.raises(ValueRejected) as rejected:
        converter(column("x", ColumnType.DECIMAL, precision=10))("9" * 30)
    assert rejected.value.code == "outOfRange"


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63)])
def test_the_greatest_whole_numbers_are_exact(value: int) -> None:
    assert converter(BIG)(value) == value


def test_one_more_than_the_greatest_whole_number_is_refused() -> None:
    with pytest.raises(ValueRejected):
        converter(BIG)(2**63)
