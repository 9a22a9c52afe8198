"""What holds for every mapping with options, blocks and lookups, verified or not."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.compiled import CompiledMapping, compile_mapping
from shared.domain.compiled.lookups import Links
from shared.domain.convert import is_empty
from shared.domain.drift import drift, sound_rows
from shared.domain.fields import ColumnCatalog, ColumnType, Option
from shared.domain.ids import ObjectType
from shared.domain.mapping import LookupRule, MappingRow, RowOptions, UpdateOption, rows_by_column
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import verify, warnings
from tests.builders import catalog, column
from tests.unit.domain.any_mapping import COLUMNS, any_rows, present_values, records
from tests.unit.domain.any_options import any_options
from tests.unit.domain.linked import ACCOUNT, CUSTOMER, ONE, PARENT, TARGETS, TWO, found

PEOPLE = vendor_fields(ObjectType.LEAD)
ALL: ColumnCatalog = catalog(
    *COLUMNS.values(),
    PARENT,
    CUSTOMER,
    column("statecode", ColumnType.STATE, options=(Option(0, "A"), Option(1, "B"))),
    column(
        "statuscode", ColumnType.STATUS, options=(Option(1, "A", 0), Option(2, "B", 1), Option(3, "3", 1))
    ),
)
LINKS = found(
    ACCOUNT,
    "name",
    {"accountid": ONE, "name": "Ada"},
    {"accountid": TWO, "name": "b"},
    *({"accountid": each, "name": "3"} for each in (ONE, TWO)),
)
_by_name = LookupRule("account", "name")


def _with(row: MappingRow, options: RowOptions, *, by_name: bool) -> MappingRow:
    return replace(row, options=replace(options, lookup=_by_name) if by_name else options)


_rows = st.lists(
    st.builds(
        _with, any_rows(ALL).filter(bool).map(lambda rows: rows[0]), any_options, by_name=st.booleans()
    ),
    max_size=8,
)
_linked = st.sampled_from([None, ONE, TWO])
_present = st.builds(
    lambda values, parent, customer, state, status: (
        values
        | {
            "_parentaccountid_value": parent,
            "_customerid_value": customer,
            "statecode": state,
            "statuscode": status,
        }
    ),
    present_values(list(COLUMNS.values())),
    _linked,
    _linked,
    st.sampled_from([0, 1]),
    st.sampled_from([None, 1, 2, 3]),
)


def mapping_of(rows: list[MappingRow]) -> CompiledMapping:
    return compile_mapping(rows, ALL, PEOPLE, targets=TARGETS)


def written_over(mapping: CompiledMapping, present: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The row of Dynamics after a write."""
    values = mapping.payloads.by_column(body)
    return present | {ALL[name].wire_name: value for name, value in values.items()}


@given(_rows, records, _present)
def test_applying_a_record_twice_sends_nothing_the_second_time(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = mapping_of(rows)
    mapped = mapping.map(fields, LINKS)
    created = written_over(mapping, {}, mapping.creation(mapped))
    assert mapping.changes(mapping.map(fields, LINKS), created) == {}
    updated = written_over(mapping, present, mapping.changes(mapped, present))
    assert mapping.changes(mapping.map(fields, LINKS), updated) == {}


@given(_rows, records, _present)
def test_nothing_is_blanked_and_what_fills_changes_no_value(
    rows: list[MappingRow], fields: dict[str, Any], present: dict[str, Any]
) -> None:
    mapping = mapping_of(rows)
    changes = mapping.payloads.by_column(mapping.changes(mapping.map(fields, LINKS), present))
    assert not any(is_empty(value) for value in changes.values())
    grouped = rows_by_column(rows)
    options = {each.options.block: each.update_option for each in reversed(rows)}
    for name in changes.keys() & grouped.keys():
        if not is_empty(present.get(ALL[name].wire_name)) and name != "statecode":
            used = {each.update_option for each in grouped[name]}
            used |= {options[each.options.block] for each in grouped[name] if each.options.block}
            assert UpdateOption.OVERWRITE in used


@given(_rows, records, records, _present)
def test_two_records_written_as_one_equal_one_after_the_other(
    rows: list[MappingRow], one: dict[str, Any], other: dict[str, Any], present: dict[str, Any]
) -> None:
    assume(not any(each.column in {"statecode", "statuscode"} for each in rows))
    mapping = mapping_of(rows)
    earlier, later = mapping.map(one, LINKS), mapping.map(other, LINKS)
    updated = written_over(mapping, present, mapping.changes(earlier, present))
    updated = written_over(mapping, updated, mapping.changes(later, updated))
    at_once = written_over(mapping, present, mapping.changes(earlier.followed_by(later), present))
    assert {name: _unordered(value) for name, value in at_once.items()} == {
        name: _unordered(value) for name, value in updated.items()
    }


def _unordered(value: Any) -> Any:
    return sorted(value.split(",")) if isinstance(value, str) and "," in value else value


@given(_rows, st.lists(records, max_size=3), _present)
def test_every_record_is_planned_without_an_error_whatever_the_rows(
    rows: list[MappingRow], all_fields: list[dict[str, Any]], present: dict[str, Any]
) -> None:
    mapping = mapping_of(rows)
    for fields in all_fields:
        mapping.lookup_questions([fields])
        for links in (LINKS, Links()):
            mapped = mapping.map(fields, links, present)
            for body in (mapping.creation(mapped), mapping.changes(mapped, present)):
                json.dumps(body, allow_nan=False).encode()
    verify(rows, PEOPLE, ALL, TARGETS)
    warnings(rows, PEOPLE, ALL)


@given(_rows)
def test_what_verifies_is_compiled_whole_and_has_not_drifted(rows: list[MappingRow]) -> None:
    problems = {each.code for each in verify(rows, PEOPLE, ALL, TARGETS)}
    if problems <= {"requiredUnmapped", "rowNeverUsed", "rowDuplicate"}:
        assert mapping_of(rows).missing == ()
        assert sound_rows(rows, ALL, PEOPLE) == rows
        assert {each.code for each in drift(rows, ALL, PEOPLE)} <= {"columnNowRequired"}
