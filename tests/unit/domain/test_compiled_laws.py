"""What holds for every mapping, every vendor record and every existing record."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.convert import ValueRejected, converter, is_empty
from shared.domain.fields import ColumnType
from shared.domain.mapping import MappingRow, UpdateOption, VendorSource, rows_by_column
from tests.builders import FILL, OVERWRITE, compiled, constant, row, texts
from tests.unit.domain.any_mapping import COLUMNS, any_rows, present_values, records

existing_values = present_values(list(COLUMNS.values()))
TEXT = texts("a", "b", "c")


@given(any_rows(), records, existing_values)
def test_applying_a_record_twice_changes_nothing_the_second_time(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    mapped = mapping.map(fields)
    assert mapping.changes(mapping.map(fields), mapping.creation(mapped)) == {}
    written = present | mapping.changes(mapped, present)
    assert mapping.changes(mapping.map(fields), written) == {}


@given(any_rows(), records, records, existing_values)
def test_two_records_written_as_one_equal_one_after_the_other(
    rows: list[MappingRow], one: dict[str, Any], other: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    earlier, later = mapping.map(one), mapping.map(other)
    both = earlier.followed_by(later)

    created = mapping.creation(earlier)
    created |= mapping.changes(later, created)
    assert mapping.creation(both) == created

    updated = present | mapping.changes(earlier, present)
    updated |= mapping.changes(later, updated)
    assert _same(present | mapping.changes(both, present), updated)


_two_fields = any_rows(texts("a"), sources=st.sampled_from([VendorSource("phone"), VendorSource("fax")]))
_two_values = st.fixed_dictionaries(
    {}, optional={"phone": st.sampled_from("12"), "fax": st.sampled_from("34")}
)


@given(_two_fields, _two_values, _two_values, st.sampled_from([{}, {"a": " "}, {"a": "1"}]))
def test_two_records_that_win_by_different_rows_equal_one_after_the_other(
    rows: list[MappingRow], one: dict[str, Any], other: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(texts("a"), *rows)
    earlier, later = mapping.map(one), mapping.map(other)
    updated = present | mapping.changes(earlier, present)
    updated |= mapping.changes(later, updated)
    assert present | mapping.changes(earlier.followed_by(later), present) == updated


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Equal but for the order in which several choices are listed, which means nothing."""
    return {name: _ordered(name, value) for name, value in one.items()} == {
        name: _ordered(name, value) for name, value in other.items()
    }


def _ordered(name: str, value: Any) -> Any:
    many = COLUMNS[name].type is ColumnType.MULTI_SELECT and isinstance(value, str)
    return sorted(value.split(",")) if many else value


@given(any_rows(), records, existing_values)
def test_a_value_in_dynamics_is_never_blanked(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    assert not any(is_empty(value) for value in mapping.changes(mapping.map(fields), present).values())


@given(any_rows(), existing_values)
def test_a_record_without_values_changes_nothing_but_by_constants(
    rows: list[MappingRow], present: dict[str, Any]
) -> None:
    from_fields = [each for each in rows if hasattr(each.source, "field") or hasattr(each.source, "template")]
    mapping = compiled(COLUMNS, *from_fields)
    assert mapping.changes(mapping.map({}), present) == {}


@given(any_rows(), records, existing_values)
def test_what_is_there_is_changed_by_overwriting_rows_alone(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    grouped = rows_by_column(rows)
    for name in mapping.changes(mapping.map(fields), present):
        if not is_empty(present.get(name)):
            assert UpdateOption.OVERWRITE in {each.update_option for each in grouped[name]}


@given(any_rows(), records, existing_values)
def test_what_would_not_change_is_not_sent(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    for name, value in mapping.changes(mapping.map(fields), present).items():
        assert present.get(name) != value


@given(any_rows(), records)
def test_the_first_row_with_a_value_that_fits_wins_whatever_the_rest(
    rows: list[MappingRow], fields: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    values = mapping.map(fields).for_create()
    for name, group in rows_by_column(rows).items():
        alone = [compiled(COLUMNS, each).map(fields).for_create().get(name) for each in group]
        assert values.get(name) == next((value for value in alone if value is not None), None)


@given(any_rows(), records, existing_values)
def test_everything_that_is_sent_is_json_and_fits_its_column(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    mapped = mapping.map(fields)
    for values in (mapping.creation(mapped), mapping.changes(mapped, present)):
        json.dumps(values, allow_nan=False).encode()
        for name, value in values.items():
            assert converter(COLUMNS[name])(value) == value


@given(any_rows(), records)
def test_every_value_that_is_left_out_has_its_reason(rows: list[MappingRow], fields: dict[str, Any]) -> None:
    mapped = compiled(COLUMNS, *rows).map(fields)
    assert (mapped.rejected is None) or mapped.rejected in mapped.left_out
    for left_out in mapped.left_out:
        assert COLUMNS[left_out.column].label in left_out.message
        assert left_out.code


@given(st.text())
def test_a_constant_arrives_as_typing_it_would(text: str) -> None:
    mapping = compiled(TEXT, constant(text, "a"))
    try:
        expected = converter(TEXT["a"])(text)
    except ValueRejected:
        expected = None
    assert mapping.map({}).for_create().get("a") == expected


@given(st.permutations([row("phone", "a", FILL), row("fax", "b", OVERWRITE), row("city", "c", FILL)]))
def test_rows_of_different_columns_may_stand_in_any_order(rows: list[MappingRow]) -> None:
    mapped = compiled(TEXT, *rows).map({"phone": "1", "fax": "2", "city": "3"})
    assert mapped.for_create() == {"a": "1", "b": "2", "c": "3"}
