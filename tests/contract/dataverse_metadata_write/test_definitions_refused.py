"""Definitions that Dataverse refuses, with the codes of Microsoft's list of error codes."""

from typing import Any

import pytest
from definitions import BANK, add_table, column, label, table

from tests.contract.dataverse.running_dataverse import Organization, error

ACCOUNT = "EntityDefinitions(LogicalName='account')"
LONG = "new_" + "x" * 100


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("BankAccount", "0x80044366"),
        ("", "0x80044366"),
        ("x_BankAccount", "0x80044366"),
        ("mscrm_BankAccount", "0x80044366"),
        ("new_Bank Account", "0x80044364"),
        ("1new_BankAccount", "0x80044365"),
        (LONG, "0x80044367"),
        ("new_Taken", "0x80044363"),
        ("NEW_taken", "0x80044363"),
    ],
)
def test_a_table_with_a_wrong_name_is_refused(contoso: Organization, name: str, code: str) -> None:
    add_table(contoso, "new_Taken")
    assert error(contoso.post("EntityDefinitions", table(name))) == (400, code)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"DisplayName": None}, "0x8004700C"),
        ({"DisplayName": {"LocalizedLabels": []}}, "0x8004700C"),
        ({"DisplayCollectionName": label("", _1031="Bankkonten")}, "0x8004700C"),
        ({"OwnershipType": "Nobody"}, "0x80040203"),
        ({"Attributes": []}, "0x80040203"),
    ],
)
def test_a_table_that_lacks_something_is_refused(
    contoso: Organization, more: dict[str, Any], code: str
) -> None:
    assert error(contoso.post("EntityDefinitions", table(**more))) == (400, code)
    assert contoso.get(BANK).status_code == 404


@pytest.mark.parametrize("more", [{"IsActivity": True}, {"TableType": "Elastic"}])
def test_kinds_of_tables_that_are_not_emulated_say_so(contoso: Organization, more: dict[str, Any]) -> None:
    assert error(contoso.post("EntityDefinitions", table(**more))) == (501, "0x80040315")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (column("String", "new_AccountName"), "0x80047013"),
        (column("String", "Bank"), "0x80044366"),
        (column("String", "new_Bank", DisplayName=None), "0x8004700C"),
        (column("Strange", "new_Bank"), "0x80048d19"),
        (column("Lookup", "new_Bank"), "0x80040203"),
        (column("String", "new_Bank", MaxLength=4001), "0x80040203"),
        (column("String", "new_Bank", FormatName={"Value": "Poem"}), "0x80040203"),
        (column("Integer", "new_Bank", MinValue=5, MaxValue=4), "0x80040203"),
        (column("Decimal", "new_Bank", Precision=11), "0x80040203"),
        (column("Picklist", "new_Bank"), "0x80040203"),
        (column("DateTime", "new_Bank", DateTimeBehavior={"Value": "DateOnly"}), "0x80040203"),
        (column("String", "new_Bank", RequiredLevel={"Value": "SystemRequired"}), "0x80040203"),
        (column("File", "new_Bank", MaxSizeInKB=10485761), "0x80040203"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["SchemaName"],
)
def test_a_wrong_column_is_refused(contoso: Organization, body: dict[str, Any], code: str) -> None:
    add_table(contoso)
    assert error(contoso.post(f"{BANK}/Attributes", body)) == (400, code)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (ACCOUNT, "0x80044250"),
        (f"{ACCOUNT}/Attributes(LogicalName='name')", "0x80044250"),
        (f"{BANK}/Attributes(LogicalName='new_accountname')", "0x80047002"),
        (f"{BANK}/Attributes(LogicalName='createdon')", "0x80044250"),
    ],
)
def test_what_the_system_needs_is_not_deleted(contoso: Organization, path: str, code: str) -> None:
    add_table(contoso)
    assert error(contoso.call("DELETE", path)) == (400, code)


@pytest.mark.parametrize(
    "path",
    [
        "EntityDefinitions(LogicalName='new_nothing')",
        f"{ACCOUNT}/Attributes(LogicalName='new_nothing')",
        f"{ACCOUNT}/Keys(LogicalName='new_nothing')",
        "RelationshipDefinitions(SchemaName='new_nothing')",
        "GlobalOptionSetDefinitions(Name='new_nothing')",
    ],
)
def test_what_is_not_there_cannot_be_deleted(contoso: Organization, path: str) -> None:
    assert error(contoso.call("DELETE", path)) == (404, "0x80060888")


@pytest.mark.parametrize(
    ("method", "path", "privilege"),
    [
        ("POST", "EntityDefinitions", "prvCreateEntity"),
        ("PUT", ACCOUNT, "prvWriteEntity"),
        ("DELETE", ACCOUNT, "prvDeleteEntity"),
        ("POST", f"{ACCOUNT}/Attributes", "prvCreateAttribute"),
        ("POST", "RelationshipDefinitions", "prvCreateRelationship"),
        ("POST", "GlobalOptionSetDefinitions", "prvCreateOptionSet"),
        ("POST", "PublishAllXml", "prvPublishCustomization"),
    ],
)
def test_a_salesperson_may_not_customize(
    salesperson: Organization, method: str, path: str, privilege: str
) -> None:
    answer = salesperson.call(method, path, {})
    assert error(answer) == (403, "0x80040220")
    assert f"is missing {privilege} privilege" in answer.json()["error"]["message"]


def test_a_system_customizer_makes_tables_and_works_with_their_rows(
    contoso: Organization, salesperson: Organization
) -> None:
    users = contoso.control("GET", "users")
    bruno = next(one for one in users if one["roles"] == ["Salesperson"])
    contoso.control(
        "POST", "users", {"directoryObjectId": bruno["object_id"], "roles": ["System Customizer"]}
    )
    add_table(salesperson)
    assert salesperson.create("new_bankaccounts", new_accountname="Savings")
    assert error(salesperson.post("accounts", {"name": "Northwind"})) == (403, "0x80040220")
