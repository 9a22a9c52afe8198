from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.compiled import compile_mapping
from shared.domain.fields import ColumnType, VendorType
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow, TemplateSource, VendorSource
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import COMPATIBLE, MOST_ROWS, verify
from tests.builders import REQUIRED, catalog, choice, column, constant, row, template
from tests.unit.domain.any_mapping import COLUMNS, FIELDS, any_rows, records

PEOPLE = vendor_fields(ObjectType.LEAD)
TABLE = catalog(
    column("firstname"),
    column("fax"),
    column("numberofemployees", ColumnType.INTEGER, minimum=0.0, maximum=100.0),
    column("donotphone", ColumnType.BOOLEAN),
    column("seen", ColumnType.DATE_TIME),
    choice("leadsourcecode", "Web", "Other"),
    column("parentaccountid", ColumnType.LOOKUP),
    column("fullname", creatable=False, updatable=False),
)


def problems(*rows: MappingRow, columns: Any = TABLE) -> list[tuple[str, int | None]]:
    found = verify(rows, PEOPLE, columns)
    return [(problem.code, problem.row) for problem in found]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (row("", "fax"), "vendorFieldMissing"),
        (row("  ", "fax"), "vendorFieldMissing"),
        (row("favouriteColour", "fax"), "vendorFieldUnknown"),
        (row("FirstName", "fax"), "vendorFieldUnknown"),
        (constant("", "fax"), "constantMissing"),
        (constant(" \n", "fax"), "constantMissing"),
        (constant("\x00", "fax"), "constantMissing"),
        (template("", "fax"), "templateEmpty"),
        (template("no field", "fax"), "templateEmpty"),
        (template("{}", "fax"), "templateEmpty"),
        (template("{firstName} {nickName}", "fax"), "vendorFieldUnknown"),
        (row("phone", ""), "columnMissing"),
        (row("phone", "  "), "columnMissing"),
        (row("phone", "new_gone"), "columnUnknown"),
        (row("phone", "Fax"), "columnUnknown"),
        (row("phone", "fax' or 1 eq 1"), "columnUnknown"),
        (row("phone", "fax)\r\n$select=*"), "columnUnknown"),
        (row("phone", "fullname"), "columnNotWritable"),
        (row("companyName", "parentaccountid"), "columnNotMappable"),
        (row("phone", "numberofemployees"), "typeMismatch"),
        (row("companyRevenueNumeric", "numberofemployees"), "typeMismatch"),
        (row("firstName", "donotphone"), "typeMismatch"),
        (row("withinEu", "seen"), "typeMismatch"),
        (row("birthday", "donotphone"), "typeMismatch"),
        (row("email", "leadsourcecode"), "typeMismatch"),
        (template("{firstName}", "numberofemployees"), "typeMismatch"),
        (template("{firstName}", "leadsourcecode"), "typeMismatch"),
        (constant("many", "numberofemployees"), "constantInvalid"),
        (constant(101, "numberofemployees"), "constantInvalid"),
        (constant(float("nan"), "numberofemployees"), "constantInvalid"),
        (constant(float("inf"), "numberofemployees"), "constantInvalid"),
        (constant("Internet", "leadsourcecode"), "constantInvalid"),
        (constant("--1", "leadsourcecode"), "constantInvalid"),
        (constant("x" * 101, "fax"), "constantInvalid"),
        (constant("maybe", "donotphone"), "constantInvalid"),
        (constant("yesterday", "seen"), "constantInvalid"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_row_is_told_by_number_and_what_to_adjust(wrong: MappingRow, code: str) -> None:
    found = verify([row("firstName", "firstname"), wrong], PEOPLE, TABLE)
    assert [(problem.code, problem.row, problem.path) for problem in found] == [(code, 2, "/rows/1")]
    assert found[0].message.startswith("Row 2: ")
    assert found[0].column == (wrong.column or None)
    assert found[0].vendor_field == (wrong.source.field if isinstance(wrong.source, VendorSource) else None)


@pytest.mark.parametrize(
    "right",
    [
        row("companyEmployeeCount", "numberofemployees"),
        row("companyEmployeeCount", "fax"),
        row("firstName", "leadsourcecode"),
        row("techSkills", "leadsourcecode"),
        row("withinEu", "donotphone"),
        row("birthday", "seen"),
        row("validDate", "seen"),
        template("{lastName}, {firstName}", "fax"),
        constant("web", "leadsourcecode"),
        constant(2, "leadsourcecode"),
        constant(0, "numberofemployees"),
        constant(value=False, to="donotphone"),
        constant("2026-01-31", "seen"),
    ],
)
def test_a_right_row_has_no_problem(right: MappingRow) -> None:
    assert problems(right) == []


def test_all_problems_are_told_at_once() -> None:
    columns = catalog(*TABLE.values(), column("lastname", required_level=REQUIRED))
    found = problems(
        row("phone", "gone"),
        row("firstName", "firstname"),
        row("nickName", ""),
        row("firstName", "firstname"),
        constant("x", "fax"),
        row("fax", "fax"),
        columns=columns,
    )
    assert found == [
        ("columnUnknown", 1),
        ("vendorFieldUnknown", 3),
        ("columnMissing", 3),
        ("rowDuplicate", 4),
        ("rowNeverUsed", 5),
        ("requiredUnmapped", None),
    ]


@pytest.mark.parametrize("again", [row("fax", "fax"), template("{fax}", "fax"), constant("1", "fax")])
def test_the_same_row_twice_is_told_at_the_second(again: MappingRow) -> None:
    assert ("rowDuplicate", 3) in problems(again, row("firstName", "firstname"), again)
    assert ("rowDuplicate", 1) not in problems(again, row("firstName", "firstname"), again)


def test_one_field_may_feed_two_columns_and_two_fields_one_column() -> None:
    assert problems(row("fax", "fax"), row("fax", "firstname"), row("phone", "fax")) == []


def test_two_rows_without_a_column_are_no_duplicates_but_blanks() -> None:
    assert problems(row("fax", ""), row("fax", "")) == [("columnMissing", 1), ("columnMissing", 2)]
    assert problems(constant("x", ""), row("fax", "")) == [("columnMissing", 1), ("columnMissing", 2)]


def test_a_fixed_value_ends_the_rows_of_its_column() -> None:
    assert problems(row("fax", "fax"), constant("none", "fax")) == []
    assert problems(constant("none", "fax"), row("fax", "fax")) == [("rowNeverUsed", 1)]


def test_a_required_column_needs_a_row() -> None:
    columns = catalog(column("lastname", label="Last Name", required_level=REQUIRED))
    (problem,) = verify([], PEOPLE, columns)
    assert (problem.code, problem.row, problem.column) == ("requiredUnmapped", None, "lastname")
    assert "“Last Name” (lastname)" in problem.message
    assert problems(row("lastName", "lastname"), columns=columns) == []
    assert problems(template("{lastName}", "lastname"), columns=columns) == []
    assert problems(constant("Unknown", "lastname"), columns=columns) == []


@pytest.mark.parametrize(
    "column",
    [
        column("ownerid", ColumnType.OWNER, required_level=REQUIRED),
        column("total", required_level=REQUIRED, creatable=False),
    ],
    ids=["no mapping can fill it", "not set on creation"],
)
def test_a_required_column_that_cannot_be_filled_needs_no_row(column: Any) -> None:
    assert problems(columns=catalog(column)) == []


def test_a_mapping_has_at_most_two_hundred_rows() -> None:
    many = [template("{fax}" + "!" * number, "fax") for number in range(MOST_ROWS)]
    assert problems(*many) == []
    assert problems(*many, row("fax", "fax")) == [("tooManyRows", None)]


def test_every_vendor_type_may_feed_text() -> None:
    assert set(COMPATIBLE) == set(VendorType)
    assert all(ColumnType.STRING in types and ColumnType.MEMO in types for types in COMPATIBLE.values())


_any_source = st.one_of(
    st.sampled_from([*FIELDS, "", "nothing"]).map(VendorSource),
    st.text(max_size=6).map(TemplateSource),
    st.sampled_from(
        [*(each.source for each in (constant("A", "x"), constant(2, "x"), constant("--5", "x")))]
    ),
)
_any_name = st.one_of(st.sampled_from([*COLUMNS, "", "gone"]), st.text(max_size=5))


@given(any_rows(sources=_any_source, names=_any_name), st.lists(records, max_size=5))
def test_every_record_is_mapped_without_an_error_whatever_the_rows(
    rows: list[MappingRow], all_fields: list[dict[str, object]]
) -> None:
    mapping = compile_mapping(rows, COLUMNS, PEOPLE)
    for fields in all_fields:
        mapping.map(fields)
    verify(rows, PEOPLE, COLUMNS)


@given(any_rows())
def test_what_verifies_compiles_with_nothing_missing_and_can_fill_what_is_required(
    rows: list[MappingRow],
) -> None:
    needed = [*rows, constant("x", "needed")]
    if any(problem.code != "rowNeverUsed" for problem in verify(needed, PEOPLE, COLUMNS)):
        return
    mapping = compile_mapping(needed, COLUMNS, PEOPLE)
    assert mapping.missing == ()
    assert mapping.missing_required(mapping.creation(mapping.map({}))) is None


@given(any_rows(sources=_any_source, names=_any_name))
def test_what_cannot_be_compiled_whole_does_not_verify(rows: list[MappingRow]) -> None:
    if compile_mapping(rows, COLUMNS, PEOPLE).missing:
        assert verify(rows, PEOPLE, COLUMNS)
