"""Our compact tables against the real metadata they were written from."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.emulators.dataverse.schema import (
    Column,
    ColumnType,
    SchemaFileError,
    Table,
    load_metadata_file,
    load_tables,
)

TYPES_OF_CDM = {
    "entityId": {"Lookup", "Uniqueidentifier"},
    "guid": {"Uniqueidentifier"},
    "boolean": {"Boolean"},
    "currency": {"Money"},
    "baseCurrency": {"Money"},
    "decimal": {"Decimal"},
    "double": {"Double"},
    "latitude": {"Double"},
    "longitude": {"Double"},
    "dateTime": {"DateTime"},
    "integer": {"Integer"},
    "timezone": {"Integer"},
    "listLookup": {"Picklist"},
    "listLookupCorrelated": {"Status"},
}
LEVELS_OF_CDM = {
    "none": "None",
    "recommended": "Recommended",
    "required": "ApplicationRequired",
    "systemrequired": "SystemRequired",
}

# What differs from Microsoft's description of lead on purpose: (column, aspect) -> the reason.
LEAD_DIFFERENCES = {
    ("description", "type"): "CDM has one word, string, for text of one line and of many: Memo",
    ("qualificationcomments", "type"): "as description",
    ("address1_composite", "type"): "as description",
    ("address2_composite", "type"): "as description",
    ("statecode", "type"): "CDM describes the state as an ordinary choice",
    ("entityimageid", "label"): "CDM gives no label; the one of account",
}


def _as_numbers(value: str | None) -> float | None:
    return None if value is None else float(value)


def _lead_facts(row: dict[str, Any], column: Column) -> dict[str, tuple[Any, Any]]:
    """For each aspect: what CDM says, what we say."""
    types = TYPES_OF_CDM.get(row["cdmType"], {"String"})
    return {
        "type": (column.type.value if column.type.value in types else types, column.type.value),
        "label": (row["displayName"], column.label),
        "max_length": (row["maxLength"], column.max_length),
        "minimum": (_as_numbers(row["min"]), column.minimum),
        "maximum": (_as_numbers(row["max"]), column.maximum),
        "required": (LEVELS_OF_CDM[row["requiredLevel"]], column.required.value),
        "options": (
            [(int(value), label) for value, label in row["options"]],
            [(option.value, option.label) for option in column.options if column.type != ColumnType.BOOLEAN],
        ),
    }


def test_account_agrees_with_the_real_organization_in_every_column(
    real_path: Callable[[str], Path],
) -> None:
    ours, real = load_tables()["account"], load_metadata_file(real_path("account.json"))
    assert sorted(ours.columns) == sorted(real.columns)
    # Our compact files leave out descriptions and the sizes of images.
    kept = {name: replace(column, description="", max_size=None) for name, column in real.columns.items()}
    assert {name for name, column in kept.items() if ours.columns[name] != column} == set()


def test_account_agrees_with_the_real_organization_in_names_keys_and_navigation(
    real_path: Callable[[str], Path],
) -> None:
    ours, real = load_tables()["account"], load_metadata_file(real_path("account.json"))
    assert ours == replace(real, columns=ours.columns, description="", relationships={})


def test_lead_agrees_with_the_standard_description_but_for_the_listed_differences(
    real_json: Callable[[str], Any],
) -> None:
    lead = load_tables()["lead"]
    found = {
        (row["logicalName"], aspect)
        for row in real_json("lead_standard.json")
        for aspect, (said, ours) in _lead_facts(row, lead.columns[row["logicalName"]]).items()
        if said != ours
    }
    assert found == set(LEAD_DIFFERENCES)


def test_business_unit_has_the_columns_and_types_of_a_real_answer(real_json: Callable[[str], Any]) -> None:
    real = {
        row["LogicalName"]: row.get("@odata.type", "").rpartition(".")[2].removesuffix("AttributeMetadata")
        for row in real_json("answers/get_entitydefinition_businessunit_attributes.json")["value"]
    }
    columns = load_tables()["businessunit"].columns
    plain = {ColumnType.UNIQUEIDENTIFIER, ColumnType.VIRTUAL}
    ours = {name: "" if column.type in plain else column.type.value for name, column in columns.items()}
    assert ours == real


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("account", "records/get_account_00000000-0000-0000-0000-000000000020.json"),
        ("businessunit", "records/get_businessunit_00000000-0000-0000-0000-000000000001.json"),
    ],
)
def test_a_real_row_names_only_columns_we_know(name: str, file: str, real_json: Callable[[str], Any]) -> None:
    known = {column.wire_name for column in load_tables()[name].columns.values()}
    assert {key for key in real_json(file) if "@" not in key} <= known


def test_choices_of_boolean_columns_are_read_from_a_real_file(real_path: Callable[[str], Path]) -> None:
    column = load_metadata_file(real_path("account.json")).columns["donotemail"]
    assert [(option.value, option.label) for option in column.options] == [(0, "Allow"), (1, "Do Not Allow")]


def test_a_file_that_is_no_metadata_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('{"value": []}', encoding="utf-8")
    with pytest.raises(SchemaFileError, match=r"rows\.json is no table's metadata: .* Save the answer"):
        load_metadata_file(path)


def test_metadata_without_required_levels_is_refused_with_the_file_name(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    head = '"LogicalName":"a","SchemaName":"A","EntitySetName":"as","PrimaryIdAttribute":"aid"'
    path.write_text(
        f'{{{head},"Attributes":[{{"LogicalName":"aid","AttributeType":"String"}}]}}', encoding="utf-8"
    )
    with pytest.raises(SchemaFileError, match=r"cut\.json: a part of the metadata is missing"):
        load_metadata_file(path)


def test_an_unreadable_path_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(SchemaFileError, match="cannot be read"):
        load_metadata_file(tmp_path / "absent.json")


@pytest.mark.parametrize("table", load_tables().values(), ids=lambda table: table.logical_name)
def test_every_table_is_consistent_in_itself(table: Table) -> None:
    names = table.columns.keys()
    assert {table.primary_id, table.primary_name or table.primary_id} <= names
    assert {column for column, _ in table.navigation.values()} <= names
    assert {column.attribute_of for column in table.columns.values() if column.attribute_of} <= names
    stamps = {"versionnumber"} if table.intersect else {"createdon", "modifiedon", "versionnumber"}
    assert stamps <= names


@pytest.mark.parametrize(
    ("names", "validity"),
    [
        ("leadid overriddencreatedon importsequencenumber", "C-R"),
        ("createdon statecode statuscode ownerid customerid lastname revenue industrycode", "CUR"),
        ("fullname revenue_base budgetamount_base exchangerate versionnumber address1_composite", "--R"),
        ("createdby modifiedon owninguser industrycodename parentaccountidname slainvokedid", "--R"),
    ],
)
def test_lead_columns_can_be_written_as_the_entity_reference_says(names: str, validity: str) -> None:
    columns = load_tables()["lead"].columns
    found = {
        name: "".join(
            letter if given else "-"
            for letter, given in zip(
                "CUR",
                (columns[name].creatable, columns[name].updatable, columns[name].readable),
                strict=True,
            )
        )
        for name in names.split()
    }
    assert found == dict.fromkeys(names.split(), validity)


def test_a_mapping_can_be_made_to_as_many_account_columns_as_in_the_real_organization() -> None:
    account = load_tables()["account"].columns.values()
    writable = [one for one in account if (one.creatable or one.updatable) and one.attribute_of is None]
    assert len(writable) == 117
