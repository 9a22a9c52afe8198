"""Columns of every type, as "Create and update column definitions using the Web API" shows."""

from typing import Any

import pytest
from definitions import BANK, TYPE, add_column, add_table, column, definition, label, made, options, text_of

from tests.contract.dataverse.running_dataverse import Organization, error

COLUMNS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("String", "new_BankName", {"MaxLength": 100, "FormatName": {"Value": "Text"}}, {"MaxLength": 100}),
    ("Money", "new_Balance", {"PrecisionSource": 2}, {"PrecisionSource": 2, "IsBaseCurrency": False}),
    ("DateTime", "new_Checkeddate", {"Format": "DateOnly"}, {"Format": "DateOnly"}),
    ("Decimal", "new_Decimal", {"MaxValue": 100.0, "MinValue": 0.0, "Precision": 1}, {"MaxValue": 100.0}),
    ("Integer", "new_Integer", {"MaxValue": 100, "MinValue": 0, "Format": "None"}, {"MinValue": 0}),
    ("Memo", "new_Memo", {"Format": "TextArea", "ImeMode": "Disabled", "MaxLength": 500}, {"MaxLength": 500}),
    ("BigInt", "new_BigInt", {}, {"MaxValue": 9223372036854775807}),
    ("Double", "new_Double", {"Precision": 3}, {"Precision": 3}),
    ("File", "new_File", {}, {"MaxSizeInKB": 32768}),
    ("Image", "new_Image", {"CanStoreFullImage": True}, {"MaxSizeInKB": 10240, "CanStoreFullImage": True}),
]


@pytest.fixture(autouse=True)
def bank(contoso: Organization) -> None:
    add_table(contoso)


@pytest.mark.parametrize(("kind", "name", "given", "shown"), COLUMNS, ids=[one[0] for one in COLUMNS])
def test_a_new_column_is_shown_as_it_was_described(
    contoso: Organization, kind: str, name: str, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    answer = contoso.post(
        f"{BANK}/Attributes", column(kind, name, **given), **{"MSCRM.SolutionUniqueName": "x"}
    )
    its_id = made(answer)
    assert answer.headers["OData-EntityId"].endswith(f"/{BANK}/Attributes({its_id})")
    found = definition(contoso, f"{BANK}/Attributes({its_id})/{TYPE}{kind}AttributeMetadata")
    assert {one: found[one] for one in shown} == shown
    assert found["SchemaName"] == name
    assert found["AttributeTypeName"] == {"Value": f"{kind}Type"}
    assert (found["IsCustomAttribute"], found["IsManaged"]) == (True, False)
    assert text_of(found, "Description") == f"The {name}"
    assert contoso.get(f"new_bankaccounts?$select={name.lower()}").status_code == 200


def test_a_yes_no_column_has_its_own_labels(contoso: Organization) -> None:
    two = {
        "TrueOption": {"Value": 1, "Label": label("Open")},
        "FalseOption": {"Value": 0, "Label": label("Closed")},
    }
    add_column(
        contoso, "Boolean", "new_Boolean", OptionSet=two | {"OptionSetType": "Boolean"}, DefaultValue=True
    )
    contoso.create("new_bankaccounts", new_accountname="Savings")
    (row,) = contoso.rows(
        "new_bankaccounts?$select=new_boolean", Prefer='odata.include-annotations="OData.Community.*"'
    )
    assert row["new_boolean"] is True
    assert row["new_boolean@OData.Community.Display.V1.FormattedValue"] == "Open"


def test_a_choice_takes_its_values_only(contoso: Organization) -> None:
    names = ("Bravo", "Delta", "Alpha", "Charlie", "Foxtrot")
    given = {"Options": options(*names), "IsGlobal": False, "OptionSetType": "Picklist"}
    add_column(contoso, "Picklist", "new_Choice", OptionSet=given)
    assert contoso.create("new_bankaccounts", new_choice=727000004)
    assert error(contoso.post("new_bankaccounts", {"new_choice": 727000005})) == (400, "0x8004431A")
    path = f"{BANK}/Attributes(LogicalName='new_choice')/{TYPE}PicklistAttributeMetadata/OptionSet"
    found = definition(contoso, path)
    assert [one["Label"]["UserLocalizedLabel"]["Label"] for one in found["Options"]] == list(names)


def test_a_multi_select_choice_holds_several(contoso: Organization) -> None:
    given = {"Options": options("Appetizer", "Entree", "Dessert"), "OptionSetType": "Picklist"}
    add_column(contoso, "MultiSelectPicklist", "new_Courses", AttributeType="Virtual", OptionSet=given)
    row_id = contoso.create("new_bankaccounts", new_courses="727000002,727000000")
    assert contoso.row("new_bankaccounts", row_id)["new_courses"] == "727000000,727000002"


def test_a_multi_select_choice_holds_150_at_most(contoso: Organization) -> None:
    given = {"Options": options(*map(str, range(151))), "OptionSetType": "Picklist"}
    add_column(contoso, "MultiSelectPicklist", "new_Courses", OptionSet=given)
    values = [str(727000000 + index) for index in range(151)]
    assert contoso.create("new_bankaccounts", new_courses=",".join(values[:150]))
    refused = contoso.post("new_bankaccounts", {"new_courses": ",".join(values)})
    assert error(refused) == (400, "0x80050222")


def test_the_first_money_brings_the_currency(contoso: Organization) -> None:
    add_column(contoso, "Money", "new_Balance")
    row_id = contoso.create("new_bankaccounts", new_balance=12.5)
    row = contoso.row("new_bankaccounts", row_id)
    assert (row["new_balance_base"], row["exchangerate"]) == (12.5, 1.0)
    assert row["_transactioncurrencyid_value"]
    add_column(contoso, "Money", "new_Limit")
    assert contoso.row("new_bankaccounts", row_id)["new_limit_base"] is None


@pytest.mark.parametrize(
    ("behavior", "given", "kept"),
    [
        ("UserLocal", "2026-03-01T23:30:00+02:00", "2026-03-01T21:30:00Z"),
        ("TimeZoneIndependent", "2026-03-01T23:30:00Z", "2026-03-01T23:30:00Z"),
        ("DateOnly", "2026-03-01", "2026-03-01"),
    ],
)
def test_times_follow_their_behavior(contoso: Organization, behavior: str, given: str, kept: str) -> None:
    form = "DateOnly" if behavior == "DateOnly" else "DateAndTime"
    add_column(contoso, "DateTime", "new_Checked", DateTimeBehavior={"Value": behavior}, Format=form)
    row_id = contoso.create("new_bankaccounts", new_checked=given)
    assert contoso.row("new_bankaccounts", row_id)["new_checked"] == kept
    path = f"{BANK}/Attributes(LogicalName='new_checked')/{TYPE}DateTimeAttributeMetadata"
    assert definition(contoso, path)["DateTimeBehavior"] == {"Value": behavior}


def test_a_customer_lookup_points_at_accounts_and_contacts(contoso: Organization) -> None:
    body = {
        "OneToManyRelationships": [
            {
                "SchemaName": f"new_bankaccount_customer_{target}",
                "ReferencedEntity": target,
                "ReferencingEntity": "new_bankaccount",
            }
            for target in ("account", "contact")
        ],
        "Lookup": column("ComplexLookup", "new_CustomerId"),
    }
    answer = contoso.post("CreateCustomerRelationships", body)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["RelationshipIds"]) == 2
    assert answer.json()["AttributeId"]
    contact = contoso.create("contacts", lastname="Okafor")
    row_id = contoso.create(
        "new_bankaccounts", **{"new_CustomerId_contact@odata.bind": f"/contacts({contact})"}
    )
    row = contoso.row("new_bankaccounts", row_id, Prefer='odata.include-annotations="*"')
    assert row["_new_customerid_value"] == contact
    assert row["_new_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "contact"


def test_a_polymorphic_lookup_points_at_the_tables_it_was_made_for(contoso: Organization) -> None:
    body = {
        "OneToManyRelationships": [
            {"SchemaName": f"new_x_{one}", "ReferencedEntity": one, "ReferencingEntity": "new_bankaccount"}
            for one in ("account", "lead")
        ],
        "Lookup": column("ComplexLookup", "new_Origin"),
    }
    assert contoso.post("CreatePolymorphicLookupAttribute", body).status_code == 200
    lead = contoso.create("leads", subject="A", lastname="B")
    assert contoso.create("new_bankaccounts", **{"new_Origin_lead@odata.bind": f"/leads({lead})"})


def test_put_changes_a_column(contoso: Organization) -> None:
    add_column(contoso, "Boolean", "new_Boolean")
    path = f"{BANK}/Attributes(LogicalName='new_boolean')"
    full = definition(contoso, f"{path}/{TYPE}BooleanAttributeMetadata") | {
        "@odata.type": f"{TYPE}BooleanAttributeMetadata",
        "DisplayName": label("Sample Boolean Updated"),
        "RequiredLevel": {"Value": "ApplicationRequired"},
    }
    answer = contoso.call("PUT", path, full, **{"MSCRM.MergeLabels": "true"})
    assert answer.status_code == 204, answer.text
    assert answer.headers["OData-EntityId"].endswith(path)
    found = definition(contoso, path)
    assert text_of(found) == "Sample Boolean Updated"
    assert found["RequiredLevel"]["Value"] == "ApplicationRequired"


def test_a_longer_text_fits_after_put(contoso: Organization) -> None:
    add_column(contoso, "String", "new_Text", MaxLength=5)
    assert error(contoso.post("new_bankaccounts", {"new_text": "longer"})) == (400, "0x80044331")
    path = f"{BANK}/Attributes(LogicalName='new_text')"
    body = definition(contoso, f"{path}/{TYPE}StringAttributeMetadata") | {"MaxLength": 50}
    assert contoso.call("PUT", f"{path}/{TYPE}StringAttributeMetadata", body).status_code == 204
    assert contoso.create("new_bankaccounts", new_text="longer")


def test_a_column_is_added_to_a_standard_table(contoso: Organization) -> None:
    account = contoso.create("accounts", name="Northwind")
    made(contoso.post("EntityDefinitions(LogicalName='account')/Attributes", column("Integer", "new_Score")))
    assert contoso.patch(f"accounts({account})", {"new_score": 7}).status_code == 204
    assert [row["name"] for row in contoso.rows("accounts?$filter=new_score gt 6")] == ["Northwind"]


def test_a_deleted_column_is_gone_with_those_beside_it(contoso: Organization) -> None:
    add_column(contoso, "Money", "new_Balance")
    add_column(contoso, "Image", "new_Logo")
    for name in ("new_balance", "new_logo"):
        path = f"{BANK}/Attributes(LogicalName='{name}')"
        assert contoso.call("DELETE", path, If_Match="*").status_code == 204
    names = {one["LogicalName"] for one in definition(contoso, f"{BANK}/Attributes")["value"]}
    assert not [name for name in names if name.startswith(("new_balance", "new_logo"))]


@pytest.mark.parametrize("more", [{"SourceType": 1}, {"SourceType": 2}, {"FormulaDefinition": "<xaml/>"}])
def test_calculated_and_rollup_columns_are_not_supported(contoso: Organization, more: dict[str, Any]) -> None:
    body = column("Integer", "new_Sum", **more)
    assert error(contoso.post(f"{BANK}/Attributes", body)) == (400, "0x80060422")
