"""What the metadata endpoints answer to each form of address and query."""

from typing import Any

import pytest

from local.emulators.dataverse.metadata import MetadataError, answer, is_metadata_path
from local.emulators.dataverse.metadata_edits import with_column, with_key
from local.emulators.dataverse.schema import Column, ColumnType, Option, RequiredLevel, Table

ORGANIZATION = "https://contoso.crm4.dynamics.com"
TYPE = "Microsoft.Dynamics.CRM."
INCOMPATIBLE = (
    "A binary operator with incompatible types was detected. Found operand types "
    f"'{TYPE}AttributeTypeCode' and 'AttributeRequiredLevel' for operator kind 'Equal'."
)


def column(schema_name: str, kind: ColumnType, **more: Any) -> Column:
    return Column(name=schema_name.lower(), schema_name=schema_name, type=kind, **more)


CAR = Table(
    logical_name="car",
    schema_name="Car",
    entity_set="cars",
    primary_id="carid",
    primary_name="plate",
    object_type_code=10001,
    label="Car",
    collection_label="Cars",
    columns={
        one.name: one
        for one in [
            column("CarId", ColumnType.UNIQUEIDENTIFIER, required=RequiredLevel.SYSTEM, updatable=False),
            column("Plate", ColumnType.STRING, max_length=8, required=RequiredLevel.APPLICATION),
            column("Color", ColumnType.PICKLIST, options=(Option(1, "Red"), Option(2, "Blue"))),
            column("Sold", ColumnType.BOOLEAN, options=(Option(0, "No"), Option(1, "Yes"))),
            column("Driver", ColumnType.CUSTOMER, targets=("account", "contact")),
            column("Extras", ColumnType.MULTI_SELECT, options=(Option(7, "Roof rack"),)),
            column("Photo", ColumnType.IMAGE, attribute_of="plate"),
        ]
    },
    navigation={"driver_account": ("driver", "account"), "driver_contact": ("driver", "contact")},
)
ROAD = Table(
    logical_name="road",
    schema_name="Road",
    entity_set="roads",
    primary_id="roadid",
    primary_name=None,
    object_type_code=10002,
    label="Road",
    columns={
        "car": column("Car", ColumnType.LOOKUP, targets=("car",)),
        "roadid": column("RoadId", ColumnType.UNIQUEIDENTIFIER),
    },
    navigation={"Car": ("car", "car")},
)


def get(path: str, *tables: Table, **options: str) -> dict[str, Any]:
    query = {f"${name}": value for name, value in options.items()}
    chosen = {table.logical_name: table for table in tables or (CAR, ROAD)}
    return answer(path, query, chosen, ORGANIZATION)


def names(found: dict[str, Any]) -> list[str]:
    return [row["LogicalName"] for row in found["value"]]


def refusal(path: str, **options: str) -> tuple[int, str, str]:
    with pytest.raises(MetadataError) as caught:
        get(path, **options)
    return caught.value.status, caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("LogicalName eq 'car'", ["car"]),
        ("LogicalCollectionName eq 'roads'", ["road"]),
        ("EntitySetName eq 'cars' or LogicalName eq 'road'", ["car", "road"]),
        ("EntitySetName eq 'cars' and LogicalName eq 'road'", []),
        ("not (LogicalName eq 'car')", ["road"]),
        ("ObjectTypeCode gt 10001", ["road"]),
        ("OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'", ["car", "road"]),
        ("IsCustomEntity eq true", []),
        ("IsCustomizable/Value eq true", ["car", "road"]),
        ("PrimaryNameAttribute ne null", ["car"]),
    ],
)
def test_tables_are_filtered(where: str, expected: list[str]) -> None:
    assert names(get("EntityDefinitions", filter=where)) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (f"AttributeType eq {TYPE}AttributeTypeCode'Picklist'", ["color"]),
        (f"AttributeType eq {TYPE}AttributeTypeCode'Virtual'", ["extras", "photo"]),
        (f"RequiredLevel/Value eq {TYPE}AttributeRequiredLevel'ApplicationRequired'", ["plate"]),
        ("LogicalName eq 'sold' and IsValidForCreate eq true", ["sold"]),
        ("IsValidForUpdate eq false", ["carid"]),
        ("AttributeTypeName/Value eq 'MultiSelectPicklistType'", ["extras"]),
        ("AttributeOf eq 'plate'", ["photo"]),
    ],
)
def test_columns_are_filtered(where: str, expected: list[str]) -> None:
    assert names(get("EntityDefinitions(LogicalName='car')/Attributes", filter=where)) == expected


def test_a_selected_table_brings_its_id_and_tells_the_selection_in_the_context() -> None:
    found = get("EntityDefinitions(LogicalName='car')", select="LogicalName,EntitySetName")
    assert found.pop("MetadataId")
    assert found == {
        "@odata.context": f"{ORGANIZATION}/api/data/v9.2/$metadata"
        "#EntityDefinitions(LogicalName,EntitySetName)/$entity",
        "LogicalName": "car",
        "EntitySetName": "cars",
    }


def test_a_table_and_a_column_are_found_by_their_ids() -> None:
    table = get("EntityDefinitions(LogicalName='car')")
    by_id = f"EntityDefinitions({table['MetadataId']})"
    assert get(by_id)["LogicalName"] == "car"
    plate = get(f"{by_id}/Attributes(LogicalName='plate')")
    assert get(f"{by_id}/Attributes({plate['MetadataId']})") == plate


def test_ids_are_the_same_in_every_run() -> None:
    assert get("EntityDefinitions(LogicalName='car')")["MetadataId"] == "2ca87f52-42f1-585e-b36c-661deec2d281"


def test_expanded_columns_are_selected_and_filtered() -> None:
    expand = f"Attributes($select=SchemaName;$filter=AttributeType eq {TYPE}AttributeTypeCode'Boolean'),Keys"
    found = get("EntityDefinitions(LogicalName='car')", select="LogicalName", expand=expand)
    [sold] = found["Attributes"]
    assert sold.pop("MetadataId")
    assert sold == {
        "@odata.type": "#Microsoft.Dynamics.CRM.BooleanAttributeMetadata",
        "SchemaName": "Sold",
    }
    assert found["Keys"] == []
    assert found["@odata.context"].endswith("(LogicalName,Attributes(SchemaName),Keys)/$entity")


def test_only_derived_types_carry_their_type() -> None:
    rows = get("EntityDefinitions(LogicalName='car')/Attributes", select="LogicalName")["value"]
    types = {row["LogicalName"]: row.get("@odata.type", "").rpartition(".")[2] for row in rows}
    assert types == {
        "carid": "",
        "plate": "StringAttributeMetadata",
        "color": "PicklistAttributeMetadata",
        "sold": "BooleanAttributeMetadata",
        "driver": "LookupAttributeMetadata",
        "extras": "MultiSelectPicklistAttributeMetadata",
        "photo": "ImageAttributeMetadata",
    }


def test_image_and_multi_select_are_virtual_and_told_apart_by_the_type_name() -> None:
    path = "EntityDefinitions(LogicalName='car')/Attributes"
    rows = {
        row["LogicalName"]: row
        for row in get(path, select="AttributeType,AttributeTypeName,LogicalName")["value"]
    }
    shown = [(rows[name]["AttributeType"], rows[name]["AttributeTypeName"]) for name in ("photo", "extras")]
    assert shown == [
        ("Virtual", {"Value": "ImageType"}),
        ("Virtual", {"Value": "MultiSelectPicklistType"}),
    ]


@pytest.mark.parametrize(
    ("cast", "expected"),
    [
        ("StringAttributeMetadata", ["plate"]),
        ("LookupAttributeMetadata", ["driver"]),
        ("MultiSelectPicklistAttributeMetadata", ["extras"]),
        ("MoneyAttributeMetadata", []),
    ],
)
def test_a_cast_lists_the_columns_of_its_type_without_annotation(cast: str, expected: list[str]) -> None:
    found = get(f"EntityDefinitions(LogicalName='car')/Attributes/{TYPE}{cast}")
    assert names(found) == expected
    assert all("@odata.type" not in row for row in found["value"])


def test_a_cast_knows_the_properties_of_its_type() -> None:
    path = f"EntityDefinitions(LogicalName='car')/Attributes/{TYPE}StringAttributeMetadata"
    [plate] = get(path, select="MaxLength,FormatName")["value"]
    assert (plate["MaxLength"], plate["FormatName"]) == (8, {"Value": "Text"})


def test_options_come_only_when_expanded() -> None:
    path = f"EntityDefinitions(LogicalName='car')/Attributes/{TYPE}PicklistAttributeMetadata"
    assert "OptionSet" not in get(path)["value"][0]
    [color] = get(path, select="LogicalName", expand="OptionSet,GlobalOptionSet")["value"]
    options = [
        (one["Value"], one["Label"]["UserLocalizedLabel"]["Label"]) for one in color["OptionSet"]["Options"]
    ]
    assert options == [(1, "Red"), (2, "Blue")]
    assert color["GlobalOptionSet"] is None


def test_a_boolean_has_a_true_and_a_false_option() -> None:
    path = (
        f"EntityDefinitions(LogicalName='car')/Attributes(LogicalName='sold')/{TYPE}BooleanAttributeMetadata"
    )
    options = get(f"{path}/OptionSet")
    assert (options["TrueOption"]["Value"], options["FalseOption"]["Value"]) == (1, 0)


def test_relationships_are_seen_from_both_ends() -> None:
    many = get("EntityDefinitions(LogicalName='road')/ManyToOneRelationships")["value"]
    one = get("EntityDefinitions(LogicalName='car')/OneToManyRelationships")["value"]
    assert many == one
    assert many[0]["ReferencingEntityNavigationPropertyName"] == "Car"


def test_keys_are_listed_as_active() -> None:
    keyed = with_key(CAR, "new_plate", ("plate",))
    [key] = get(
        "EntityDefinitions(LogicalName='car')/Keys", keyed, select="KeyAttributes,EntityKeyIndexStatus"
    )["value"]
    assert (key["KeyAttributes"], key["EntityKeyIndexStatus"]) == (["plate"], "Active")


def test_a_column_added_at_run_time_is_answered() -> None:
    changed = with_column(CAR, {"schema_name": "new_VendorId", "type": "String", "max_length": 40})
    found = get("EntityDefinitions(LogicalName='car')/Attributes(LogicalName='new_vendorid')", changed)
    assert (found["IsCustomAttribute"], found["SchemaName"]) == (True, "new_VendorId")


def test_there_are_no_global_option_sets() -> None:
    assert get("GlobalOptionSetDefinitions")["value"] == []


def test_a_count_is_given_when_asked_for() -> None:
    assert get("EntityDefinitions", count="true")["@odata.count"] == 2


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "EntityDefinitions(LogicalName='bus')",
            "EntityMetadata With Id = LogicalName='bus' does not exist.",
        ),
        (
            "EntityDefinitions(LogicalName='car')/Attributes(LogicalName='x')",
            "AttributeMetadata With Id = LogicalName='x' does not exist.",
        ),
        ("GlobalOptionSetDefinitions(Name='x')", "OptionSetMetadata With Id = Name='x' does not exist."),
    ],
)
def test_what_is_not_there_is_404_with_the_services_words(path: str, message: str) -> None:
    assert refusal(path) == (404, "0x80060888", message)


def test_a_column_of_another_type_than_the_cast_is_404() -> None:
    plate = "EntityDefinitions(LogicalName='car')/Attributes(LogicalName='plate')"
    assert refusal(f"{plate}/{TYPE}PicklistAttributeMetadata")[0] == 404


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"select": "MaxLength"},
            "Could not find a property named 'MaxLength' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'.",
        ),
        (
            {"filter": "AttributeType eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'None'"},
            INCOMPATIBLE,
        ),
        (
            {"expand": "OptionSet"},
            "Could not find a property named 'OptionSet' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'.",
        ),
        (
            {"filter": "Nothing eq 1"},
            "Could not find a property named 'Nothing' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'.",
        ),
        ({"top": "3"}, "The query parameter $top is not supported"),
    ],
)
def test_a_query_the_service_cannot_read_is_refused(options: dict[str, str], message: str) -> None:
    path = "EntityDefinitions(LogicalName='car')/Attributes"
    assert refusal(path, **options) == (400, "0x80060888", message)


@pytest.mark.parametrize(
    "where", ["LogicalName eq", "(LogicalName eq 'car'", "LogicalName eq 'a' 'b'", "eq ;"]
)
def test_a_broken_filter_is_refused(where: str) -> None:
    assert refusal("EntityDefinitions", filter=where)[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        "EntityDefinitions(LogicalName='car')/Views",
        f"EntityDefinitions(LogicalName='car')/Attributes/{TYPE}EnumAttributeMetadata",
        "EntityDefinitions(LogicalName='car')/Attributes/Wrong",
    ],
)
def test_an_address_that_leads_nowhere_is_404(path: str) -> None:
    assert refusal(path)[:2] == (404, "0x8006088a")


def test_relationships_are_listed_with_their_type() -> None:
    rows = get("RelationshipDefinitions")["value"]
    assert rows
    assert {row["@odata.type"] for row in rows} == {f"#{TYPE}OneToManyRelationshipMetadata"}


def test_a_relationship_knows_the_common_properties_only_without_a_cast() -> None:
    assert refusal("RelationshipDefinitions", select="ReferencedEntity")[0] == 400
    cast = f"RelationshipDefinitions/{TYPE}OneToManyRelationshipMetadata"
    assert get(cast, select="ReferencedEntity")["value"]


def test_shared_choices_cannot_be_filtered() -> None:
    assert refusal("GlobalOptionSetDefinitions", filter="Name eq 'new_colors'")[0] == 405


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("EntityDefinitions", True),
        ("EntityDefinitions(LogicalName='account')/Attributes", True),
        ("GlobalOptionSetDefinitions", True),
        ("accounts", False),
        ("EntityDefinitionsOfOurs", False),
    ],
)
def test_metadata_paths_are_told_apart_from_rows(path: str, expected: bool) -> None:  # noqa: FBT001 - a table's cell
    assert is_metadata_path(path) is expected
