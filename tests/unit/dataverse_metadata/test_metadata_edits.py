"""Changes of a table at run time."""

from typing import Any

import pytest

from local.emulators.dataverse.metadata_edits import (
    ColumnEditError,
    metadata_version,
    with_changed_column,
    with_column,
    with_key,
    without_column,
)
from local.emulators.dataverse.schema import Column, ColumnType, Option, RequiredLevel, Table

TABLE = Table(
    logical_name="car",
    schema_name="Car",
    entity_set="cars",
    primary_id="carid",
    primary_name="plate",
    object_type_code=1,
    label="Car",
    columns={
        "carid": Column(
            name="carid",
            schema_name="CarId",
            type=ColumnType.UNIQUEIDENTIFIER,
            required=RequiredLevel.SYSTEM,
        ),
        "plate": Column(name="plate", schema_name="Plate", type=ColumnType.STRING, max_length=8),
    },
)


def test_a_new_column_is_custom_and_named_after_its_schema_name() -> None:
    column = with_column(TABLE, {"schema_name": "new_Id", "type": "String", "max_length": 9}).columns[
        "new_id"
    ]
    assert (column.schema_name, column.type, column.max_length, column.custom) == (
        "new_Id",
        ColumnType.STRING,
        9,
        True,
    )


def test_choices_are_given_as_values_and_labels() -> None:
    spec = {"schema_name": "new_Color", "type": "Picklist", "options": {"1": "Red"}}
    assert with_column(TABLE, spec).columns["new_color"].options == (Option(1, "Red"),)


@pytest.mark.parametrize(
    ("kind", "targets", "expected"),
    [
        ("Lookup", ["account"], {"new_Owner": ("new_owner", "account")}),
        (
            "Customer",
            ["account", "contact"],
            {"new_Owner_account": ("new_owner", "account"), "new_Owner_contact": ("new_owner", "contact")},
        ),
    ],
)
def test_a_new_lookup_can_be_bound(kind: str, targets: list[str], expected: dict[str, Any]) -> None:
    spec = {"schema_name": "new_Owner", "type": kind, "targets": targets}
    assert with_column(TABLE, spec).navigation == expected


def test_a_removed_column_takes_what_hangs_on_it_along() -> None:
    spec = {"schema_name": "new_Owner", "type": "Lookup", "targets": ["account"]}
    named = {"schema_name": "new_OwnerName", "type": "String", "attribute_of": "new_owner"}
    grown = with_key(with_column(with_column(TABLE, spec), named), "new_key", ("plate", "new_owner"))
    assert without_column(grown, "new_owner") == TABLE


def test_a_changed_column_keeps_its_other_fields() -> None:
    column = with_changed_column(TABLE, "plate", {"required": "ApplicationRequired"}).columns["plate"]
    assert (column.required, column.max_length) == (RequiredLevel.APPLICATION, 8)


def test_the_given_table_stays_as_it_was() -> None:
    with_column(TABLE, {"schema_name": "new_Id", "type": "String"})
    assert list(TABLE.columns) == ["carid", "plate"]


def test_the_version_follows_the_tables() -> None:
    changed = with_changed_column(TABLE, "plate", {"max_length": 9})
    before, after = metadata_version({"car": TABLE}), metadata_version({"car": changed})
    assert before != after
    assert metadata_version({"car": with_changed_column(changed, "plate", {"max_length": 8})}) == before


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda: with_column(TABLE, {"schema_name": "Plate", "type": "String"}),
            "has a column plate already",
        ),
        (lambda: with_column(TABLE, {"type": "String"}), "needs schema_name"),
        (lambda: with_column(TABLE, {"schema_name": "a", "type": "Text"}), "not understood: 'Text'"),
        (lambda: with_column(TABLE, {"schema_name": "a", "type": "String", "size": 1}), "has no size"),
        (lambda: without_column(TABLE, "carid"), "is a system column"),
        (lambda: without_column(TABLE, "wheels"), "has no column wheels"),
        (lambda: with_changed_column(TABLE, "wheels", {}), "has no column wheels"),
        (lambda: with_key(TABLE, "k", ("wheels",)), "has no column wheels"),
    ],
    ids=["doubled", "nameless", "type", "field", "system", "removed", "changed", "key"],
)
def test_an_impossible_change_is_refused_with_its_reason(edit: Any, message: str) -> None:
    with pytest.raises(ColumnEditError, match=message):
        edit()
