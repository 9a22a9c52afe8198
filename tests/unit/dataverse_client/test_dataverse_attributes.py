from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from shared.dataverse.attributes import columns_of, label_of
from shared.dataverse.metadata import TableMetadata, from_json, to_json
from shared.domain.fields import Column, ColumnCatalog, ColumnType, Option, RequiredLevel


def label(text: str | None, *others: str) -> dict[str, Any]:
    user = None if text is None else {"Label": text, "LanguageCode": 1033}
    return {
        "LocalizedLabels": [{"Label": other, "LanguageCode": 1031} for other in others],
        "UserLocalizedLabel": user,
    }


def attribute(name: str, kind: str, **changed: Any) -> dict[str, Any]:
    return {
        "LogicalName": name,
        "SchemaName": name.title(),
        "AttributeType": kind,
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "RequiredLevel": {"Value": "None", "CanBeChanged": True},
        "IsValidForCreate": True,
        "IsValidForUpdate": True,
        "IsValidForRead": True,
        "AttributeOf": None,
        "DisplayName": label(f"The {name}"),
        "IsCustomAttribute": False,
    } | changed


def column(kind: str, detail: dict[str, Any], **changed: Any) -> Column:
    base = attribute("c", kind, **changed)
    (made,) = columns_of([base], [[{"LogicalName": "other"}], [{"LogicalName": "c", **detail}]])
    return made


def option(value: int, text: str) -> dict[str, Any]:
    return {"Value": value, "Label": label(text)}


def test_text_has_its_length_and_format() -> None:
    made = column("String", {"MaxLength": 100, "Format": "Text", "FormatName": {"Value": "Email"}})
    assert (made.type, made.max_length, made.format) == (ColumnType.STRING, 100, "Email")


def test_long_text_has_its_length() -> None:
    assert column("Memo", {"MaxLength": 2000, "Format": "TextArea"}).max_length == 2000


@pytest.mark.parametrize("kind", ["Integer", "BigInt", "Decimal", "Double", "Money"])
def test_numbers_have_their_range(kind: str) -> None:
    made = column(kind, {"MinValue": -5, "MaxValue": 100000000000000.0, "Precision": 2})
    assert (made.minimum, made.maximum, made.precision) == (-5.0, 1e14, 2)
    assert made.type == kind


def test_dates_have_format_and_behavior() -> None:
    made = column("DateTime", {"Format": "DateOnly", "DateTimeBehavior": {"Value": "UserLocal"}})
    assert (made.format, made.behavior) == ("DateOnly", "UserLocal")


def test_yes_no_has_both_options() -> None:
    choices = {"FalseOption": option(0, "Allow"), "TrueOption": option(1, "Do Not Allow")}
    assert column("Boolean", {"OptionSet": choices}).options == (
        Option(0, "Allow"),
        Option(1, "Do Not Allow"),
    )


@pytest.mark.parametrize("kind", ["Picklist", "State", "Status", "MultiSelectPicklist"])
def test_choices_have_their_options(kind: str) -> None:
    made = column(kind, {"OptionSet": {"Options": [option(1, "Hot"), option(2, "Warm")]}})
    assert made.options == (Option(1, "Hot"), Option(2, "Warm"))
    assert made.type == kind


def test_a_global_choice_stands_in_for_one_of_the_columns_own() -> None:
    made = column("Picklist", {"OptionSet": None, "GlobalOptionSet": {"Options": [option(7, "Week")]}})
    assert made.options == (Option(7, "Week"),)


@pytest.mark.parametrize("kind", ["Lookup", "Customer", "Owner"])
def test_lookups_have_their_targets(kind: str) -> None:
    assert column(kind, {"Targets": ["account", "contact"]}).targets == ("account", "contact")


def test_the_name_of_the_type_counts_where_the_type_says_virtual() -> None:
    made = column("Virtual", {}, AttributeTypeName={"Value": "MultiSelectPicklistType"})
    assert made.type is ColumnType.MULTI_SELECT


def test_a_type_of_tomorrow_is_other() -> None:
    assert column("Hologram", {}).type is ColumnType.OTHER


@pytest.mark.parametrize("level", list(RequiredLevel))
def test_the_required_level_is_kept(level: RequiredLevel) -> None:
    assert column("String", {}, RequiredLevel={"Value": str(level)}).required_level is level


def test_what_may_be_written_is_kept() -> None:
    made = column("String", {}, IsValidForCreate=False, IsCustomAttribute=True)
    assert (made.creatable, made.updatable, made.custom) == (False, True, True)


@pytest.mark.parametrize(
    "dropped",
    [
        attribute("industrycodename", "Virtual", AttributeOf="industrycode"),
        attribute("owneridtype", "EntityName", AttributeOf=None),
        attribute("internal", "Virtual"),
        attribute("address1_composite", "Memo", IsValidForCreate=False, IsValidForUpdate=False),
    ],
    ids=lambda dropped: dropped["LogicalName"],
)
def test_what_holds_no_data_of_its_own_is_dropped(dropped: dict[str, Any]) -> None:
    names = [made.name for made in columns_of([dropped, attribute("kept", "String")], [])]
    assert names == ["kept"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (label("Topic", "Thema"), "Topic"),
        (label(None, "Thema"), "Thema"),
        (label(" Topic "), "Topic"),
        (label(None), ""),
        (None, ""),
    ],
)
def test_a_label_is_the_users_else_the_first(given: dict[str, Any] | None, shown: str) -> None:
    assert label_of(given) == shown


def test_a_column_without_a_label_shows_its_schema_name() -> None:
    assert column("String", {}, DisplayName=label(None)).label == "C"


TABLE = TableMetadata(
    table="lead",
    entity_set="leads",
    primary_id="leadid",
    bulk_create=True,
    bulk_update=False,
    read_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    columns=ColumnCatalog(
        [
            Column(name="subject", label="Topic", type=ColumnType.STRING, max_length=300),
            Column(
                name="leadqualitycode",
                label="Rating ❄",
                type=ColumnType.PICKLIST,
                required_level=RequiredLevel.RECOMMENDED,
                options=(Option(1, "Hot"),),
                targets=("account",),
                minimum=-1.5,
                custom=True,
            ),
        ]
    ),
)


def test_a_cached_table_comes_back_as_it_was() -> None:
    back = from_json(to_json(TABLE))
    assert back is not None
    assert dict(back.columns) == dict(TABLE.columns)
    assert (back.table, back.entity_set, back.primary_id) == ("lead", "leads", "leadid")
    assert (back.bulk_create, back.bulk_update, back.read_at) == (True, False, TABLE.read_at)


def test_a_cached_table_of_another_version_is_read_again() -> None:
    cached = orjson.loads(to_json(TABLE)) | {"format": 0}
    assert from_json(orjson.dumps(cached)) is None
