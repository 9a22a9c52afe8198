"""Relationships and keys, as the pages on relationships and on alternate keys show them."""

from typing import Any

import pytest
from definitions import BANK, TYPE, add_column, add_table, column, definition, label, made

from tests.contract.dataverse.running_dataverse import Organization, error


def owner(**more: Any) -> dict[str, Any]:
    """The example of "Create and update table relationships using the Web API"."""
    cascade = dict.fromkeys(("Assign", "Delete", "Merge", "Reparent", "Share", "Unshare"), "Cascade")
    usual = {
        "SchemaName": "new_contact_new_bankaccount",
        "@odata.type": f"{TYPE}OneToManyRelationshipMetadata",
        "AssociatedMenuConfiguration": {
            "Behavior": "UseCollectionName",
            "Group": "Details",
            "Label": label("Bank Accounts"),
            "Order": 10000,
        },
        "CascadeConfiguration": cascade,
        "ReferencedAttribute": "contactid",
        "ReferencedEntity": "contact",
        "ReferencingEntity": "new_bankaccount",
        "Lookup": column("Lookup", "new_AccountOwner", RequiredLevel={"Value": "ApplicationRequired"}),
    }
    return usual | more


def pairs(**more: Any) -> dict[str, Any]:
    usual = {
        "SchemaName": "new_accounts_banks",
        "@odata.type": f"{TYPE}ManyToManyRelationshipMetadata",
        "Entity1LogicalName": "account",
        "Entity2LogicalName": "new_bankaccount",
        "IntersectEntityName": "new_accounts_banks",
    }
    return usual | more


@pytest.fixture(autouse=True)
def bank(contoso: Organization) -> None:
    add_table(contoso)


def test_a_one_to_many_relationship_makes_its_lookup(contoso: Organization) -> None:
    answer = contoso.post("RelationshipDefinitions", owner())
    its_id = made(answer)
    assert answer.headers["OData-EntityId"].endswith(f"/RelationshipDefinitions({its_id})")
    contact = contoso.create("contacts", lastname="Okafor")
    row_id = contoso.create("new_bankaccounts", **{"new_AccountOwner@odata.bind": f"/contacts({contact})"})
    assert contoso.row("new_bankaccounts", row_id)["_new_accountowner_value"] == contact
    found = definition(contoso, f"{BANK}/Attributes(LogicalName='new_accountowner')")
    assert (found["AttributeType"], found["RequiredLevel"]["Value"]) == ("Lookup", "ApplicationRequired")


def test_a_relationship_is_read_by_id_by_name_and_below_its_tables(contoso: Organization) -> None:
    its_id = made(contoso.post("RelationshipDefinitions", owner()))
    name = "new_contact_new_bankaccount"
    expected = {
        "MetadataId": its_id,
        "SchemaName": name,
        "ReferencedEntity": "contact",
        "ReferencedAttribute": "contactid",
        "ReferencingEntity": "new_bankaccount",
        "ReferencingAttribute": "new_accountowner",
        "ReferencingEntityNavigationPropertyName": "new_AccountOwner",
        "ReferencedEntityNavigationPropertyName": name,
        "IsCustomRelationship": True,
    }
    cast = f"{TYPE}OneToManyRelationshipMetadata"
    contact = "EntityDefinitions(LogicalName='contact')"
    for path in (
        f"RelationshipDefinitions({its_id})",
        f"RelationshipDefinitions(SchemaName='{name}')/{cast}",
        f"{BANK}/ManyToOneRelationships(SchemaName='{name}')",
        f"{contact}/OneToManyRelationships({its_id})",
    ):
        found = definition(contoso, path)
        assert {one: found[one] for one in expected} == expected
        assert found["CascadeConfiguration"]["Delete"] == "Cascade"
        assert found["AssociatedMenuConfiguration"]["Order"] == 10000


def test_navigation_properties_can_be_named(contoso: Organization) -> None:
    names = {
        "ReferencingEntityNavigationPropertyName": "new_Owner",
        "ReferencedEntityNavigationPropertyName": "new_Accounts",
    }
    made(contoso.post("RelationshipDefinitions", owner(**names)))
    contact = contoso.create("contacts", lastname="Okafor")
    contoso.create(
        "new_bankaccounts", new_accountname="A", **{"new_Owner@odata.bind": f"/contacts({contact})"}
    )
    (row,) = contoso.rows("contacts?$select=lastname&$expand=new_Accounts($select=new_accountname)")
    assert [one["new_accountname"] for one in row["new_Accounts"]] == ["A"]


def test_a_relationship_is_changed_with_put(contoso: Organization) -> None:
    its_id = made(contoso.post("RelationshipDefinitions", owner()))
    path = f"RelationshipDefinitions({its_id})"
    body = definition(contoso, path)
    body["CascadeConfiguration"]["Delete"] = "RemoveLink"
    assert contoso.call("PUT", path, body, **{"MSCRM.MergeLabels": "true"}).status_code == 204
    assert definition(contoso, path)["CascadeConfiguration"]["Delete"] == "RemoveLink"


def test_a_deleted_relationship_takes_its_lookup_along(contoso: Organization) -> None:
    its_id = made(contoso.post("RelationshipDefinitions", owner()))
    assert contoso.call("DELETE", f"RelationshipDefinitions({its_id})").status_code == 204
    assert error(contoso.get(f"RelationshipDefinitions({its_id})"))[0] == 404
    assert contoso.get(f"{BANK}/Attributes(LogicalName='new_accountowner')").status_code == 404


def test_a_many_to_many_relationship_has_an_intersect_table(contoso: Organization) -> None:
    its_id = made(contoso.post("RelationshipDefinitions", pairs()))
    found = definition(contoso, f"RelationshipDefinitions({its_id})")
    assert found["@odata.type"] == f"#{TYPE}ManyToManyRelationshipMetadata"
    assert (found["Entity1IntersectAttribute"], found["Entity2IntersectAttribute"]) == (
        "accountid",
        "new_bankaccountid",
    )
    pair = definition(contoso, "EntityDefinitions(LogicalName='new_accounts_banks')")
    assert pair["IsIntersect"] is True
    listed = definition(contoso, "EntityDefinitions(LogicalName='account')/ManyToManyRelationships")
    assert "new_accounts_banks" in {one["SchemaName"] for one in listed["value"]}


def test_rows_are_associated_and_disassociated(contoso: Organization) -> None:
    made(contoso.post("RelationshipDefinitions", pairs()))
    account = contoso.create("accounts", name="Northwind")
    row_id = contoso.create("new_bankaccounts", new_accountname="Savings")
    target = f"https://contoso.crm4.dynamics.com/api/data/v9.2/new_bankaccounts({row_id})"
    address = f"accounts({account})/new_accounts_banks"
    assert contoso.post(f"{address}/$ref", {"@odata.id": target}).status_code == 204
    query = "accounts?$select=name&$expand=new_accounts_banks($select=new_accountname)"
    (row,) = contoso.rows(query)
    assert [one["new_accountname"] for one in row["new_accounts_banks"]] == ["Savings"]
    assert contoso.call("DELETE", f"{address}({row_id})/$ref").status_code == 204
    (row,) = contoso.rows(query)
    assert row["new_accounts_banks"] == []


def test_a_key_is_made_read_used_and_removed(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Number")
    body = {"SchemaName": "new_NumberKey", "KeyAttributes": ["new_number"], "DisplayName": label("Number")}
    its_id = made(contoso.post(f"{BANK}/Keys", body))
    for key in (its_id, "LogicalName='new_numberkey'"):
        found = definition(contoso, f"{BANK}/Keys({key})")
        assert (found["EntityKeyIndexStatus"], found["KeyAttributes"]) == ("Active", ["new_number"])
    assert contoso.patch("new_bankaccounts(new_number='1')", {"new_accountname": "A"}).status_code == 204
    assert error(contoso.post("new_bankaccounts", {"new_number": "1"})) == (412, "0x80060892")
    assert contoso.call("DELETE", f"{BANK}/Keys({its_id})").status_code == 204
    assert contoso.create("new_bankaccounts", new_number="1")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"SchemaName": "new_NumberKey", "KeyAttributes": ["new_other"]}, "0x80060893"),
        ({"SchemaName": "new_OtherKey", "KeyAttributes": ["new_number"]}, "0x80060894"),
        ({"SchemaName": "new_OtherKey", "KeyAttributes": ["ownerid"]}, "0x8006088F"),
        ({"SchemaName": "new_OtherKey", "KeyAttributes": ["new_long"]}, "0x8006088F"),
        ({"SchemaName": "OtherKey", "KeyAttributes": ["new_other"]}, "0x80044366"),
        ({"SchemaName": "new_OtherKey", "KeyAttributes": []}, "0x80040203"),
    ],
)
def test_a_key_that_cannot_be_is_refused(contoso: Organization, body: dict[str, Any], code: str) -> None:
    add_column(contoso, "String", "new_Number")
    add_column(contoso, "String", "new_Other")
    add_column(contoso, "String", "new_Long", MaxLength=4000)
    made(contoso.post(f"{BANK}/Keys", {"SchemaName": "new_NumberKey", "KeyAttributes": ["new_number"]}))
    assert error(contoso.post(f"{BANK}/Keys", body)) == (400, code)


def test_a_column_of_a_key_stays(contoso: Organization) -> None:
    its_id = add_column(contoso, "String", "new_Number")
    made(contoso.post(f"{BANK}/Keys", {"SchemaName": "new_NumberKey", "KeyAttributes": ["new_number"]}))
    assert error(contoso.call("DELETE", f"{BANK}/Attributes({its_id})")) == (400, "0x8004F01F")


def test_a_relationship_that_cannot_be_is_refused(contoso: Organization) -> None:
    made(contoso.post("RelationshipDefinitions", owner()))
    again = owner(Lookup=column("Lookup", "new_Second"))
    assert error(contoso.post("RelationshipDefinitions", again)) == (400, "0x8004432B")
    taken = owner(SchemaName="new_other")
    assert error(contoso.post("RelationshipDefinitions", taken)) == (400, "0x80047013")
    missing = owner(SchemaName="new_other", ReferencedEntity="new_nothing")
    assert error(contoso.post("RelationshipDefinitions", missing)) == (404, "0x80040217")
    kind = {"@odata.type": f"{TYPE}SomethingElse"}
    assert error(contoso.post("RelationshipDefinitions", owner() | kind)) == (400, "0x80048d19")
