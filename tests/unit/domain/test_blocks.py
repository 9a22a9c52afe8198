"""Columns that stand together come from one source and are never mixed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.compiled import CompiledMapping
from shared.domain.convert import is_empty
from shared.domain.fields import ColumnType
from shared.domain.mapping import MappingRow, UpdateOption
from tests.builders import (
    CREATE_ONLY,
    FILL,
    OVERWRITE,
    catalog,
    choice,
    column,
    compiled,
    options,
    row,
    template,
    texts,
)

COLUMNS = texts("line", "city", "zip", "fax")
_FEEDS = [("street", "line"), ("city", "city"), ("zipCode", "zip"), ("companyStreet", "line")]
_FEEDS += [("companyCity", "city"), ("companyZipCode", "zip")]


def block(option: UpdateOption = FILL) -> list[MappingRow]:
    return [options(row(field, to, option), block="address") for field, to in _FEEDS]


def address(option: UpdateOption = FILL) -> CompiledMapping:
    return compiled(COLUMNS, *block(option), row("fax", "fax"))


_value = st.sampled_from(["a", "b", "", None])
records = st.fixed_dictionaries({}, optional=dict.fromkeys([field for field, _ in _FEEDS], _value))
present_values = st.fixed_dictionaries({}, optional=dict.fromkeys(["line", "city", "zip"], _value))
any_option = st.sampled_from(UpdateOption)


def _own(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The person's address and the company's."""
    return [
        {
            to: record[field]
            for field, to in _FEEDS
            if field.startswith("company") is company and record.get(field)
        }
        for company in (False, True)
    ]


@given(records, any_option)
def test_a_new_record_gets_the_first_address_whole(record: dict[str, Any], option: UpdateOption) -> None:
    mapping = address(option)
    persons, companys = _own(record)
    assert mapping.creation(mapping.map(record)) == (persons or companys)


@given(records, present_values, any_option)
def test_after_an_update_the_address_is_that_of_before_or_one_of_ours(
    record: dict[str, Any], present: dict[str, Any], option: UpdateOption
) -> None:
    mapping = address(option)
    persons, companys = _own(record)
    changes = mapping.changes(mapping.map(record), present)
    after = {name: value for name, value in (present | changes).items() if not is_empty(value)}
    assert not changes or after == (persons or companys)


@given(records, present_values)
def test_filling_changes_no_value_that_is_there(record: dict[str, Any], present: dict[str, Any]) -> None:
    mapping = address(FILL)
    changes = mapping.changes(mapping.map(record), present)
    assert all(is_empty(present.get(name)) for name in changes)


@given(records, present_values, any_option)
def test_applying_a_record_twice_changes_nothing_the_second_time(
    record: dict[str, Any], present: dict[str, Any], option: UpdateOption
) -> None:
    mapping = address(option)
    written = present | mapping.changes(mapping.map(record), present)
    assert mapping.changes(mapping.map(record), written) == {}
    assert mapping.changes(mapping.map(record), mapping.creation(mapping.map(record))) == {}


@given(records, records, present_values, any_option)
def test_two_records_written_as_one_equal_one_after_the_other(
    one: dict[str, Any], other: dict[str, Any], present: dict[str, Any], option: UpdateOption
) -> None:
    mapping = address(option)
    earlier, later = mapping.map(one), mapping.map(other)
    both = earlier.followed_by(later)
    created = mapping.creation(earlier)
    if option is not CREATE_ONLY or created:
        assert mapping.creation(both) == created | mapping.changes(later, created)
    updated = present | mapping.changes(earlier, present)
    updated |= mapping.changes(later, updated)
    assert present | mapping.changes(both, present) == updated


def test_an_address_of_another_record_is_not_joined_with_one_that_lacks_a_part() -> None:
    mapping = address(OVERWRITE)
    assert mapping.changes(mapping.map({"street": "a", "city": "b"}), {"zip": "97035"}) == {}
    assert mapping.changes(mapping.map({"street": "a", "zipCode": "1"}), {"zip": "97035"}) == {
        "line": "a",
        "zip": "1",
    }


def test_templates_belong_to_the_source_of_their_fields() -> None:
    rows = [
        options(template("{street}, {city}", "line"), block="x"),
        options(row("companyCity", "city"), block="x"),
    ]
    mapping = compiled(COLUMNS, *rows)
    assert mapping.creation(mapping.map({"street": "a", "companyCity": "b"})) == {"line": "a"}
    assert mapping.creation(mapping.map({"companyCity": "b"})) == {"city": "b"}


def test_a_value_that_is_the_same_in_other_letters_does_not_stand_in_the_way() -> None:
    columns = catalog(column("line"), choice("kinds", "a", "b", kind=ColumnType.MULTI_SELECT))
    rows = [row("street", "line"), row("industry", "kinds")]
    mapping = compiled(columns, *(options(each, block="x") for each in rows))
    ours = mapping.map({"street": "s", "industry": ["a", "b"]})
    both = mapping.creation(ours)["kinds"]
    assert mapping.changes(ours, {"kinds": ",".join(reversed(str(both).split(",")))}) == {"line": "s"}
    assert mapping.changes(ours, {"kinds": str(both).split(",")[0]}) == {}


def test_a_value_that_does_not_fit_is_left_out_of_its_address() -> None:
    mapping = address()
    mapped = mapping.map({"street": "a" * 101, "city": "b", "companyStreet": "c"})
    assert mapping.creation(mapped) == {"city": "b"}
    assert [each.column for each in mapped.left_out] == ["line"]


@pytest.mark.parametrize("name", ["住所", "עיר", "a b", "'"])
def test_a_block_may_have_any_name(name: str) -> None:
    rows = [options(row("street", "line"), block=name), options(row("companyCity", "city"), block=name)]
    mapping = compiled(COLUMNS, *rows)
    assert mapping.creation(mapping.map({"street": "a", "companyCity": "b"})) == {"line": "a"}


def test_a_row_outside_of_a_block_does_not_decide_when_the_block_is_written() -> None:
    rows = [options(row(field, field, FILL), block="address") for field in ("line", "city")]
    mapping = compiled(COLUMNS, row("fax", "line", OVERWRITE), *rows)
    assert mapping.changes(mapping.map({"line": "a", "city": "b"}), {"line": "c", "city": "d"}) == {}
