"""What an administrator is told about a mapping that was right once, and warnings about one that is."""

import pytest

from shared.domain.compiled import compile_mapping
from shared.domain.drift import drift, sound_rows
from shared.domain.fields import ColumnCatalog, ColumnType
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow, TooLong
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import verify, warnings
from tests.builders import (
    FILL,
    OVERWRITE,
    REQUIRED,
    catalog,
    choice,
    column,
    constant,
    options,
    row,
    template,
)

PEOPLE = vendor_fields(ObjectType.LEAD)
ROWS = [
    row("fax", "fax"),
    options(row("companyType", "package"), choices=(("private", "Box"),)),
    row("jobTitle", "jobtitle", OVERWRITE),
]
THEN = catalog(column("fax"), choice("package", "Box", "Bag"), column("jobtitle", max_length=200))


def test_an_organization_that_is_as_it_was_has_no_drift() -> None:
    assert verify(ROWS, PEOPLE, THEN) == []
    assert drift(ROWS, THEN, PEOPLE) == []
    assert sound_rows(ROWS, THEN, PEOPLE) == ROWS


@pytest.mark.parametrize(
    ("now", "code", "number"),
    [
        (catalog(THEN["package"], THEN["jobtitle"]), "columnGone", 1),
        (catalog(*THEN.values(), column("fax", creatable=False, updatable=False)), "columnNotWritable", 1),
        (catalog(*THEN.values(), column("fax", ColumnType.INTEGER)), "columnTypeChanged", 1),
        (catalog(*THEN.values(), column("fax", ColumnType.IMAGE)), "columnNotWritable", 1),
        (catalog(*THEN.values(), choice("package", "Crate", "Bag")), "choiceGone", 2),
    ],
)
def test_what_changed_is_told_and_pauses_its_row_alone(now: ColumnCatalog, code: str, number: int) -> None:
    found = drift(ROWS, now, PEOPLE)
    assert [(each.code, each.row) for each in found] == [(code, number)]
    assert found[0].message.startswith(f"Row {number}: ")
    left = [each for place, each in enumerate(ROWS, start=1) if place != number]
    assert sound_rows(ROWS, now, PEOPLE) == left


def test_the_export_goes_on_without_a_paused_row() -> None:
    now = catalog(THEN["package"], THEN["jobtitle"])
    mapping = compile_mapping(sound_rows(ROWS, now, PEOPLE), now, PEOPLE)
    assert mapping.creation(mapping.map({"fax": "1", "jobTitle": "CTO", "companyType": "private"})) == {
        "package": 1,
        "jobtitle": "CTO",
    }


def test_a_column_that_became_required_is_told() -> None:
    now = catalog(*THEN.values(), column("lastname", label="Last Name", required_level=REQUIRED))
    [problem] = drift(ROWS, now, PEOPLE)
    assert (problem.code, problem.column, problem.row) == ("columnNowRequired", "lastname", None)
    assert "“Last Name” (lastname)" in problem.message


def test_a_required_column_whose_only_row_is_paused_is_told_too() -> None:
    now = catalog(*THEN.values(), choice("package", "Crate", required_level=REQUIRED))
    assert [each.code for each in drift(ROWS, now, PEOPLE)] == ["choiceGone", "columnNowRequired"]


@pytest.mark.parametrize(
    ("gone", "what"),
    [
        (options(row("companyType", "package"), other_choice="Lost"), "“Lost”"),
        (constant("Lost", "package"), "“Lost”"),
        (constant(99, "package"), "“99”"),
    ],
)
def test_every_way_to_name_a_choice_is_watched(gone: MappingRow, what: str) -> None:
    [problem] = drift([gone], THEN, PEOPLE)
    assert problem.code == "choiceGone"
    assert what in problem.message
    assert "Box (1), Bag (2)" in problem.message


WIDE = catalog(
    column("jobtitle", max_length=100, label="Job Title"),
    column("lastname", max_length=50, label="Last Name", required_level=REQUIRED),
    column("emailaddress1", max_length=100, format="Email"),
    column("telephone1", max_length=50, label="Business Phone"),
    column("description", ColumnType.MEMO, max_length=5000),
)


@pytest.mark.parametrize(
    ("rows", "code", "number", "says"),
    [
        (
            [row("jobTitle", "jobtitle", OVERWRITE)],
            "sourceLonger",
            1,
            "holds 100 characters; Job Title may be longer",
        ),
        (
            [options(row("email", "emailaddress1", OVERWRITE), too_long=TooLong.CUT)],
            "cutAddress",
            1,
            "leads nowhere",
        ),
        (
            [options(row("fax", "telephone1"), protect_edits=True), row("email", "emailaddress1", OVERWRITE)],
            "protectionNeedless",
            1,
            "“Business Phone” is safe",
        ),
        ([row("suffix", "lastname", OVERWRITE)], "requiredOftenEmpty", None, "“Last Name” (lastname)"),
        ([template("{suffix} {middleName}", "lastname", OVERWRITE)], "requiredOftenEmpty", None, "Add a row"),
        (
            [row("phone", "telephone1", FILL), row("companyPhone", "telephone1", OVERWRITE)],
            "groupOptionsDiffer",
            2,
            "“Business Phone” is mapped in rows 1 and 2 with different update options",
        ),
        (
            [row("email", "emailaddress1"), row("companyDescription", "description")],
            "nothingOverwritten",
            None,
            "Every row",
        ),
    ],
)
def test_a_warning_names_what_to_think_of_and_does_not_block(
    rows: list[MappingRow], code: str, number: int | None, says: str
) -> None:
    [warning] = warnings(rows, PEOPLE, WIDE)
    assert (warning.code, warning.row) == (code, number)
    assert says in warning.message
    assert not {each.code for each in verify(rows, PEOPLE, WIDE)} - {"requiredUnmapped"}


@pytest.mark.parametrize(
    "rows",
    [
        [row("lastName", "lastname", OVERWRITE)],
        [row("suffix", "lastname", OVERWRITE), constant("Unknown", "lastname", OVERWRITE)],
        [template("{suffix} {lastName}", "lastname", OVERWRITE)],
        [options(row("jobTitle", "jobtitle", OVERWRITE), too_long=TooLong.CUT)],
        [],
    ],
)
def test_nothing_to_think_of_has_no_warning(rows: list[MappingRow]) -> None:
    assert warnings(rows, PEOPLE, WIDE) == []


def test_a_row_whose_column_is_gone_is_no_matter_for_warnings() -> None:
    assert warnings([row("city", "gone", OVERWRITE)], PEOPLE, WIDE) == []
