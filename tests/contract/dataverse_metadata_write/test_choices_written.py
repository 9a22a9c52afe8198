"""Choices and their options, as "Create and update choices (option sets) using the Web API" shows."""

import pytest
from definitions import BANK, TYPE, add_column, add_table, column, definition, label, made, options, text_of

from tests.contract.dataverse.running_dataverse import Organization, error

CHOICE = {"AttributeLogicalName": "new_choice", "EntityLogicalName": "new_bankaccount"}


def shared(name: str = "new_colors") -> dict[str, object]:
    return {
        "@odata.type": f"{TYPE}OptionSetMetadata",
        "Name": name,
        "DisplayName": label("Colors"),
        "Description": label("Color Choice"),
        "OptionSetType": "Picklist",
        "Options": options("Red", "Yellow", "Green"),
    }


@pytest.fixture(autouse=True)
def bank(contoso: Organization) -> None:
    add_table(contoso)
    given = {"Options": options("Bravo", "Delta", "Alpha"), "OptionSetType": "Picklist"}
    add_column(contoso, "Picklist", "new_Choice", OptionSet=given)


def choices(contoso: Organization, name: str = "new_choice") -> list[tuple[int, str]]:
    path = f"{BANK}/Attributes(LogicalName='{name}')/{TYPE}PicklistAttributeMetadata/OptionSet"
    rows = definition(contoso, path)["Options"]
    return [(one["Value"], text_of(one, "Label")) for one in rows]


def test_a_shared_choice_is_made_and_read_by_name_and_id(contoso: Organization) -> None:
    answer = contoso.post("GlobalOptionSetDefinitions", shared())
    its_id = made(answer)
    for key in ("Name='new_colors'", its_id):
        found = definition(contoso, f"GlobalOptionSetDefinitions({key})")
        assert (found["Name"], found["IsGlobal"], text_of(found)) == ("new_colors", True, "Colors")
        assert [one["Value"] for one in found["Options"]] == [727000000, 727000001, 727000002]
    assert len(definition(contoso, "GlobalOptionSetDefinitions")["value"]) == 1


def test_a_column_is_made_with_a_shared_choice(contoso: Organization) -> None:
    its_id = made(contoso.post("GlobalOptionSetDefinitions", shared()))
    bind = {"GlobalOptionSet@odata.bind": f"/GlobalOptionSetDefinitions({its_id})"}
    add_column(contoso, "Picklist", "new_Colors", **bind)
    assert contoso.create("new_bankaccounts", new_colors=727000002)
    query = "$select=LogicalName&$expand=OptionSet,GlobalOptionSet"
    path = f"{BANK}/Attributes/{TYPE}PicklistAttributeMetadata?{query}"
    rows = {one["LogicalName"]: one for one in definition(contoso, path)["value"]}
    assert rows["new_colors"]["GlobalOptionSet"]["Name"] == "new_colors"
    assert rows["new_choice"]["GlobalOptionSet"] is None
    assert error(contoso.call("DELETE", f"GlobalOptionSetDefinitions({its_id})")) == (400, "0x80048417")


def test_options_of_a_shared_choice_reach_its_columns(contoso: Organization) -> None:
    made(contoso.post("GlobalOptionSetDefinitions", shared()))
    add_column(contoso, "Picklist", "new_Colors", OptionSet={"IsGlobal": True, "Name": "new_colors"})
    answer = contoso.post("InsertOptionValue", {"OptionSetName": "new_colors", "Label": label("Blue")})
    assert contoso.create("new_bankaccounts", new_colors=answer.json()["NewOptionValue"])


def test_a_shared_choice_is_renamed_and_deleted(contoso: Organization) -> None:
    made(contoso.post("GlobalOptionSetDefinitions", shared()))
    path = "GlobalOptionSetDefinitions(Name='new_colors')"
    body = definition(contoso, path) | {"DisplayName": label("Colours")}
    assert contoso.call("PUT", path, body).status_code == 204
    assert text_of(definition(contoso, path)) == "Colours"
    assert contoso.call("DELETE", path).status_code == 204
    assert contoso.get(path).status_code == 404


def test_an_option_is_inserted_with_its_value(contoso: Organization) -> None:
    body = CHOICE | {"Value": 727000005, "Label": label("Echo"), "SolutionUniqueName": "examplesolution"}
    answer = contoso.post("InsertOptionValue", body)
    assert answer.status_code == 200
    assert answer.json() == {
        "@odata.context": "https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata"
        "#Microsoft.Dynamics.CRM.InsertOptionValueResponse",
        "NewOptionValue": 727000005,
    }
    assert choices(contoso)[-1] == (727000005, "Echo")


def test_an_option_without_a_value_gets_the_next_one(contoso: Organization) -> None:
    answer = contoso.post("InsertOptionValue", CHOICE | {"Label": label("Echo")})
    assert answer.json()["NewOptionValue"] == 727000003


def test_a_taken_value_is_refused(contoso: Organization) -> None:
    body = CHOICE | {"Value": 727000000, "Label": label("Echo")}
    assert error(contoso.post("InsertOptionValue", body)) == (400, "0x80044310")


def test_an_option_of_a_yes_no_column_is_relabelled(contoso: Organization) -> None:
    add_column(contoso, "Boolean", "new_Boolean")
    body = {
        "AttributeLogicalName": "new_boolean",
        "EntityLogicalName": "new_bankaccount",
        "Value": 1,
        "Label": label("Up"),
        "MergeLabels": True,
    }
    assert contoso.post("UpdateOptionValue", body).status_code == 204
    path = f"{BANK}/Attributes(LogicalName='new_boolean')/{TYPE}BooleanAttributeMetadata/OptionSet"
    assert text_of(definition(contoso, path)["TrueOption"], "Label") == "Up"


def test_options_are_ordered(contoso: Organization) -> None:
    body = CHOICE | {"Values": [727000002, 727000000, 727000001]}
    assert contoso.post("OrderOption", body).status_code == 204
    assert [text for _, text in choices(contoso)] == ["Alpha", "Bravo", "Delta"]
    assert error(contoso.post("OrderOption", CHOICE | {"Values": [1]})) == (400, "0x80040203")


def test_an_option_is_deleted(contoso: Organization) -> None:
    assert contoso.post("DeleteOptionValue", CHOICE | {"Value": 727000001}).status_code == 204
    assert [value for value, _ in choices(contoso)] == [727000000, 727000002]
    assert error(contoso.post("DeleteOptionValue", CHOICE | {"Value": 727000001})) == (400, "0x80048403")


def test_a_status_reason_belongs_to_its_state(contoso: Organization) -> None:
    body = {
        "AttributeLogicalName": "statuscode",
        "EntityLogicalName": "new_bankaccount",
        "Label": label("Frozen"),
        "StateCode": 1,
    }
    answer = contoso.post("InsertStatusValue", body)
    assert answer.status_code == 200
    frozen = answer.json()["NewOptionValue"]
    row_id = contoso.create("new_bankaccounts", new_accountname="Savings")
    assert error(contoso.patch(f"new_bankaccounts({row_id})", {"statuscode": frozen})) == (400, "0x80048408")
    state = {"statecode": 1, "statuscode": frozen}
    assert contoso.patch(f"new_bankaccounts({row_id})", state).status_code == 204
    assert error(contoso.post("InsertStatusValue", body | {"StateCode": 9})) == (400, "0x80040203")


def test_options_are_added_to_choices_only(contoso: Organization) -> None:
    body = {"AttributeLogicalName": "new_accountname", "EntityLogicalName": "new_bankaccount"}
    assert error(contoso.post("InsertOptionValue", body | {"Label": label("x")})) == (400, "0x80044320")


def test_a_standard_choice_gets_another_option(contoso: Organization) -> None:
    body = {"AttributeLogicalName": "industrycode", "EntityLogicalName": "lead", "Label": label("Space")}
    value = contoso.post("InsertOptionValue", body).json()["NewOptionValue"]
    assert value == 100_000_000
    assert contoso.create("leads", subject="A", lastname="B", industrycode=value)


def test_two_shared_choices_cannot_have_one_name(contoso: Organization) -> None:
    made(contoso.post("GlobalOptionSetDefinitions", shared()))
    assert error(contoso.post("GlobalOptionSetDefinitions", shared())) == (400, "0x80044363")


def test_a_column_needs_a_choice_that_is_there(contoso: Organization) -> None:
    body = column("Picklist", "new_Other", OptionSet={"IsGlobal": True, "Name": "new_missing"})
    assert error(contoso.post(f"{BANK}/Attributes", body))[0] == 404
