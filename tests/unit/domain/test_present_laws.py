"""What an existing record holds spares work, and changes nothing else."""

from typing import Any

from hypothesis import given

from shared.domain.mapping import MappingRow
from tests.builders import FILL, catalog, column, compiled, row
from tests.unit.domain.any_mapping import COLUMNS, any_rows, present_values, records

existing_values = present_values(list(COLUMNS.values()))


@given(any_rows(), records, existing_values)
def test_knowing_what_is_there_gives_the_same_changes_and_the_same_rejection(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = compiled(COLUMNS, *rows)
    knowing, unknowing = mapping.map(fields, present=present), mapping.map(fields)
    assert mapping.changes(knowing, present) == mapping.changes(unknowing, present)
    assert knowing.rejected == unknowing.rejected
    assert all(left_out in unknowing.left_out for left_out in knowing.left_out)


def test_a_value_that_could_only_fill_is_not_complained_about_where_there_is_one() -> None:
    mapping = compiled(catalog(column("fax", max_length=3)), row("fax", "fax", FILL))
    assert mapping.map({"fax": "1234"}, present={"fax": "1"}).left_out == []
    assert [each.code for each in mapping.map({"fax": "1234"}, present={"fax": " "}).left_out] == ["tooLong"]
