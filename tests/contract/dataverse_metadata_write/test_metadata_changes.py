"""RetrieveMetadataChanges, as "Query schema definitions" and "Cache schema data" describe it."""

import json
import time
from typing import Any
from urllib.parse import quote

import pytest
from definitions import BANK, TYPE, add_column, add_table, options

from tests.contract.dataverse.running_dataverse import Directory, Organization, error

DAY = 24 * 3600
ALL = f"{TYPE}DeletedMetadataFilters'All'"


def equals(name: str, value: str) -> dict[str, Any]:
    return {
        "ConditionOperator": "Equals",
        "PropertyName": name,
        "Value": {"Type": "System.String", "Value": value},
    }


def query(*tables: str, properties: tuple[str, ...] = ("SchemaName", "Attributes")) -> dict[str, Any]:
    return {
        "Properties": {"AllProperties": False, "PropertyNames": list(properties)},
        "Criteria": {"FilterOperator": "Or", "Conditions": [equals("LogicalName", one) for one in tables]},
        "AttributeQuery": {"Properties": {"AllProperties": False, "PropertyNames": ["LogicalName"]}},
        "LabelQuery": {"FilterLanguages": [1033], "MissingLabelBehavior": 0},
    }


def address(asked: dict[str, Any], stamp: str | None = None, deleted: str = ALL) -> str:
    text = quote(json.dumps(asked))
    if stamp is None:
        return f"RetrieveMetadataChanges(Query=@p1)?@p1={text}"
    return (
        "RetrieveMetadataChanges(Query=@p1,DeletedMetadataFilters=@p2,ClientVersionStamp=@p3)"
        f"?@p1={text}&@p2={quote(deleted)}&@p3={quote(repr(stamp))}"
    )


def changes(contoso: Organization, *more: Any) -> dict[str, Any]:
    answer = contoso.get(address(*more), Consistency="Strong")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_query_spans_tables_and_types(contoso: Organization) -> None:
    found = changes(contoso, query("account", "contact"))
    assert found["DeletedMetadata"] == {"Count": 0, "IsReadOnly": False, "Keys": [], "Values": []}
    assert found["ServerVersionStamp"].partition("!")[0].isdigit()
    tables = {one["LogicalName"]: one for one in found["EntityMetadata"]}
    assert sorted(tables) == ["account", "contact"]
    account = tables["account"]
    assert (account["SchemaName"], account["HasChanged"], account["EntitySetName"]) == ("Account", None, None)
    columns = {one["LogicalName"]: one for one in account["Attributes"]}
    assert columns["emailaddress1"]["@odata.type"] == f"#{TYPE}ComplexStringAttributeMetadata"
    assert "@odata.type" not in columns["accountid"]
    assert columns["emailaddress1"]["MaxLength"] is None


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (equals("AttributeType", "Picklist"), True),
        (
            {
                "ConditionOperator": "NotEquals",
                "PropertyName": "AttributeType",
                "Value": {"Value": "Picklist"},
            },
            False,
        ),
        (
            {
                "ConditionOperator": "In",
                "PropertyName": "LogicalName",
                "Value": {"Value": "['industrycode','x']"},
            },
            True,
        ),
        (
            {
                "ConditionOperator": "NotIn",
                "PropertyName": "LogicalName",
                "Value": {"Value": ["industrycode"]},
            },
            False,
        ),
        (equals("IsValidForCreate", "True"), True),
        (equals("RequiredLevel", "None"), True),
        ({"ConditionOperator": "LessThan", "PropertyName": "ColumnNumber", "Value": {"Value": 1}}, False),
    ],
)
def test_conditions_pick_columns(contoso: Organization, condition: dict[str, Any], expected: bool) -> None:  # noqa: FBT001 - a case
    asked = query("lead")
    asked["AttributeQuery"]["Criteria"] = {"FilterOperator": "And", "Conditions": [condition]}
    (lead,) = changes(contoso, asked)["EntityMetadata"]
    assert ("industrycode" in {one["LogicalName"] for one in lead["Attributes"]}) is expected


def test_choices_come_with_their_options(contoso: Organization) -> None:
    asked = query("lead")
    asked["AttributeQuery"]["Properties"]["PropertyNames"] = ["OptionSet"]
    asked["AttributeQuery"]["Criteria"] = {"Conditions": [equals("LogicalName", "leadqualitycode")]}
    (lead,) = changes(contoso, asked)["EntityMetadata"]
    assert [one["Value"] for one in lead["Attributes"][0]["OptionSet"]["Options"]] == [1, 2, 3]


def test_only_what_has_changed_since_the_stamp_comes_back(contoso: Organization) -> None:
    add_table(contoso)
    stamp = changes(contoso, query("new_bankaccount", "account"))["ServerVersionStamp"]
    assert changes(contoso, query("new_bankaccount", "account"), stamp)["EntityMetadata"] == []
    add_column(contoso, "String", "new_Code")
    (table,) = changes(contoso, query("new_bankaccount", "account"), stamp)["EntityMetadata"]
    assert (table["LogicalName"], table["HasChanged"]) == ("new_bankaccount", False)
    assert [(one["LogicalName"], one["HasChanged"]) for one in table["Attributes"]] == [("new_code", True)]


def test_a_new_table_has_changed_itself(contoso: Organization) -> None:
    stamp = changes(contoso, query("account"))["ServerVersionStamp"]
    add_table(contoso)
    (table,) = changes(contoso, query("new_bankaccount"), stamp)["EntityMetadata"]
    assert table["HasChanged"] is True


def test_an_option_changes_its_column(contoso: Organization) -> None:
    add_table(contoso)
    add_column(contoso, "Picklist", "new_Choice", OptionSet={"Options": options("A", "B")})
    stamp = changes(contoso, query("new_bankaccount"))["ServerVersionStamp"]
    place = {"AttributeLogicalName": "new_choice", "EntityLogicalName": "new_bankaccount"}
    contoso.post("DeleteOptionValue", place | {"Value": 727000000})
    (table,) = changes(contoso, query("new_bankaccount"), stamp)["EntityMetadata"]
    assert [one["LogicalName"] for one in table["Attributes"]] == ["new_choice"]


def test_deleted_columns_are_told_by_their_ids(contoso: Organization) -> None:
    add_table(contoso)
    its_id = add_column(contoso, "String", "new_Code")
    stamp = changes(contoso, query("new_bankaccount"))["ServerVersionStamp"]
    contoso.call("DELETE", f"{BANK}/Attributes({its_id})")
    wanted = f"{TYPE}DeletedMetadataFilters'Attribute'"
    deleted = changes(contoso, query("new_bankaccount"), stamp, wanted)["DeletedMetadata"]
    assert (deleted["Count"], deleted["Keys"]) == (1, ["Attribute"])
    assert deleted["Values"][0]["Items"] == [its_id]
    nothing = f"{TYPE}DeletedMetadataFilters'Entity'"
    assert changes(contoso, query("new_bankaccount"), stamp, nothing)["DeletedMetadata"]["Keys"] == []


def test_deleted_tables_are_told(contoso: Organization) -> None:
    its_id = add_table(contoso)
    stamp = changes(contoso, query("new_bankaccount"))["ServerVersionStamp"]
    contoso.call("DELETE", BANK)
    deleted = changes(contoso, query("new_bankaccount"), stamp)["DeletedMetadata"]
    assert its_id in deleted["Values"][deleted["Keys"].index("Entity")]["Items"]


def test_a_stamp_expires_after_ninety_days(contoso: Organization, makers: Directory) -> None:
    patient = Organization(contoso.base, makers.token(exp=int(time.time()) + 200 * DAY))
    stamp = changes(contoso, query("account"))["ServerVersionStamp"]
    contoso.control("PUT", "clock", {"offset": 89 * DAY})
    with patient.session:
        assert changes(patient, query("account"), stamp)["EntityMetadata"] == []
        contoso.control("PUT", "clock", {"offset": 91 * DAY})
        assert error(patient.get(address(query("account"), stamp))) == (400, "0x80044352")


@pytest.mark.parametrize("stamp", ["nonsense", "1!01/01/2001 00:00:00", "999999999999!01/01/2030 00:00:00"])
def test_a_stamp_that_is_not_ours_has_expired(contoso: Organization, stamp: str) -> None:
    answer = contoso.get(address(query("account"), stamp))
    assert error(answer) == (400, "0x80044352")
    assert answer.json()["error"]["message"] == (
        "Version stamp associated with the client has expired. Please perform a full sync."
    )


def test_a_stamp_from_before_a_reset_has_expired(contoso: Organization) -> None:
    stamp = changes(contoso, query("account"))["ServerVersionStamp"]
    contoso.control("POST", "reset")
    assert error(contoso.get(address(query("account"), stamp))) == (400, "0x80044352")


def test_keys_and_relationships_are_asked_for_by_name(contoso: Organization) -> None:
    names = ("SchemaName", "Keys", "ManyToOneRelationships")
    (lead,) = changes(contoso, query("lead", properties=names))["EntityMetadata"]
    assert lead["Attributes"] is None
    assert lead["Keys"] == []
    assert {one["MetadataId"] for one in lead["ManyToOneRelationships"]}


def test_a_query_that_is_no_json_is_refused(contoso: Organization) -> None:
    assert error(contoso.get("RetrieveMetadataChanges(Query=@p1)?@p1={wrong")) == (400, "0x80060888")
