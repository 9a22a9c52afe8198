"""What holds for every column type and every value that JSON can carry."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.convert import ValueRejected, converter, utf16_length
from shared.domain.fields import MAPPABLE_TYPES, Column, ColumnType
from tests.builders import choice, column

_LIMITED = {"minimum": -1000.5, "maximum": 1000.5}
COLUMNS = [
    column("line", max_length=12),
    column("memo", ColumnType.MEMO, max_length=30),
    column("integer", ColumnType.INTEGER, minimum=-5.0, maximum=1000.0),
    column("bigint", ColumnType.BIG_INT),
    column("decimal", ColumnType.DECIMAL, precision=2, **_LIMITED),
    column("double", ColumnType.DOUBLE, precision=5, **_LIMITED),
    column("money", ColumnType.MONEY, precision=0, **_LIMITED),
    column("boolean", ColumnType.BOOLEAN),
    column("moment", ColumnType.DATE_TIME, behavior="UserLocal"),
    column("day", ColumnType.DATE_TIME, behavior="DateOnly"),
    choice("choice", "One", "Two, or three", "4"),
    choice("choices", "One", "Two, or three", "4", kind=ColumnType.MULTI_SELECT),
]

empty: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.just([]), st.just({}), st.text(" \t\r\n\u00a0\u2003\u3000\x1c\x85")
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(st.characters(categories=["Cs", "Cc", "Nd", "So"])),
    st.from_regex(r"[+-]?[0-9,]{0,9}\.?[0-9]{0,4}", fullmatch=True),
    st.from_regex(r"-{0,3}[0-9]{1,4}", fullmatch=True),
    st.datetimes().map(str),
    st.dates().map(str),
    st.sampled_from(["One", "two, or three", "4;one", "yes", "N", "9" * 5000]),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["name", "id", "other"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def test_every_type_that_can_be_mapped_is_looked_at() -> None:
    assert {each.type for each in COLUMNS} == MAPPABLE_TYPES


@pytest.mark.parametrize("target", COLUMNS, ids=lambda each: each.name)
@given(empty)
def test_an_empty_value_converts_to_nothing(target: Column, value: object) -> None:
    assert converter(target)(value) is None


@pytest.mark.parametrize("target", COLUMNS, ids=lambda each: each.name)
@given(values, st.sampled_from([1, 1000]))
@example("--5", 1)
@example(float("nan"), 1)
def test_every_value_converts_within_the_columns_limits_or_is_rejected(
    target: Column, value: object, factor: int
) -> None:
    converted = _converted(target, value, factor)
    if isinstance(converted, ValueRejected):
        assert converted.code
        assert target.label in converted.message
    elif converted is not None:
        assert _IS_WITHIN[target.type](converted)
        json.dumps(converted, allow_nan=False).encode()


@pytest.mark.parametrize("target", COLUMNS, ids=lambda each: each.name)
@given(values)
def test_a_converted_value_converts_to_itself(target: Column, value: object) -> None:
    converted = _converted(target, value)
    if not isinstance(converted, ValueRejected):
        assert _converted(target, converted) == converted


def _converted(target: Column, value: object, factor: int = 1) -> Any:
    try:
        return converter(target, factor)(value)
    except ValueRejected as rejected:
        return rejected


def _text(longest: int) -> Callable[[Any], bool]:
    return lambda value: value == value.strip() != "" and utf16_length(value) <= longest


def _number(precision: int) -> Callable[[Any], bool]:
    return lambda value: (
        type(value) is float
        and math.isfinite(value)
        and abs(value) <= 1000.5
        and round(value, precision) == value
    )


def _sorted_numbers(value: Any) -> bool:
    numbers = [int(number) for number in value.split(",")]
    return sorted(set(numbers)) == numbers and set(numbers) <= {1, 2, 3}


_IS_WITHIN: dict[ColumnType, Callable[[Any], bool]] = {
    ColumnType.STRING: _text(12),
    ColumnType.MEMO: _text(30),
    ColumnType.INTEGER: lambda value: type(value) is int and -5 <= value <= 1000,
    ColumnType.BIG_INT: lambda value: type(value) is int and -(2**63) <= value < 2**63,
    ColumnType.DECIMAL: _number(2),
    ColumnType.DOUBLE: _number(5),
    ColumnType.MONEY: _number(0),
    ColumnType.BOOLEAN: lambda value: type(value) is bool,
    ColumnType.DATE_TIME: lambda value: len(value) in {10, 20} and "1753" <= value < "9999-12-32",
    ColumnType.PICKLIST: lambda value: value in {1, 2, 3},
    ColumnType.MULTI_SELECT: _sorted_numbers,
}
