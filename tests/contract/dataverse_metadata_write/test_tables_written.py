"""Tables made, changed and removed, as "Create and update table definitions using the Web API" shows."""

import json

import pytest
from definitions import BANK, TYPE, add_table, column, definition, label, made, table, text_of

from tests.contract.dataverse.running_dataverse import Organization, error

MERGING = {"MSCRM.MergeLabels": "true"}


def test_a_new_table_is_told_by_its_address(contoso: Organization) -> None:
    answer = contoso.post("EntityDefinitions", table(), **{"MSCRM.SolutionUniqueName": "examplesolution"})
    assert answer.status_code == 204
    its_id = made(answer)
    root = "https://contoso.crm4.dynamics.com/api/data/v9.2"
    assert answer.headers["OData-EntityId"] == f"{root}/EntityDefinitions({its_id})"
    assert definition(contoso, f"EntityDefinitions({its_id})")["LogicalName"] == "new_bankaccount"


def test_a_new_table_has_the_names_and_the_usual_properties(contoso: Organization) -> None:
    add_table(contoso)
    found = definition(contoso, BANK)
    expected = {
        "SchemaName": "new_BankAccount",
        "EntitySetName": "new_bankaccounts",
        "PrimaryIdAttribute": "new_bankaccountid",
        "PrimaryNameAttribute": "new_accountname",
        "OwnershipType": "UserOwned",
        "IsCustomEntity": True,
        "IsManaged": False,
        "IsActivity": False,
        "ChangeTrackingEnabled": False,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["ObjectTypeCode"] > 10000
    assert (text_of(found), text_of(found, "DisplayCollectionName")) == ("Bank Account", "Bank Accounts")


def test_a_new_table_holds_rows_at_once(contoso: Organization) -> None:
    add_table(contoso)
    row_id = contoso.create("new_bankaccounts", new_accountname="Savings")
    row = contoso.row("new_bankaccounts", row_id)
    assert (row["new_accountname"], row["statecode"], row["statuscode"]) == ("Savings", 0, 1)
    who = contoso.get("WhoAmI").json()["UserId"]
    assert (row["_ownerid_value"], row["_createdby_value"]) == (who, who)


def test_a_table_of_the_organization_has_no_owner(contoso: Organization) -> None:
    add_table(contoso, OwnershipType="OrganizationOwned")
    names = {one["LogicalName"] for one in definition(contoso, f"{BANK}/Attributes")["value"]}
    assert "organizationid" in names
    assert "ownerid" not in names


def test_rows_of_a_new_table_change_their_state(contoso: Organization) -> None:
    add_table(contoso)
    row_id = contoso.create("new_bankaccounts", new_accountname="Savings")
    assert contoso.patch(f"new_bankaccounts({row_id})", {"statecode": 1}).status_code == 204
    assert contoso.row("new_bankaccounts", row_id)["statuscode"] == 2


def test_columns_come_with_the_table(contoso: Organization) -> None:
    body = table()
    body["Attributes"] += [column("Money", "new_Balance", PrecisionSource=2)]
    made(contoso.post("EntityDefinitions", body))
    assert contoso.create("new_bankaccounts", new_balance=12.5)


def test_put_replaces_the_labels(contoso: Organization) -> None:
    its_id = add_table(contoso)
    full = definition(contoso, f"EntityDefinitions({its_id})") | {"DisplayName": label("Bank Business Name")}
    answer = contoso.call("PUT", f"EntityDefinitions({its_id})", full, **MERGING)
    assert answer.status_code == 204, answer.text
    assert text_of(definition(contoso, BANK)) == "Bank Business Name"


@pytest.mark.parametrize(
    ("merge", "languages"), [("true", [1033, 1031]), ("false", [1033]), (None, [1033])], ids=str
)
def test_merging_keeps_labels_in_other_languages(
    contoso: Organization, merge: str | None, languages: list[int]
) -> None:
    add_table(contoso, DisplayName=label("Bank Account", _1031="Bankkonto"))
    headers = {} if merge is None else {"MSCRM.MergeLabels": merge}
    full = definition(contoso, BANK) | {"DisplayName": label("Account at a bank")}
    contoso.call("PUT", BANK, full, **headers)
    rows = definition(contoso, BANK)["DisplayName"]["LocalizedLabels"]
    assert [one["LanguageCode"] for one in rows] == languages
    assert rows[0]["Label"] == "Account at a bank"


def test_settings_are_kept(contoso: Organization) -> None:
    add_table(contoso)
    full = definition(contoso, BANK) | {"ChangeTrackingEnabled": True}
    contoso.call("PUT", BANK, full)
    assert definition(contoso, BANK)["ChangeTrackingEnabled"] is True


def test_patch_of_a_definition_is_not_supported(contoso: Organization) -> None:
    add_table(contoso)
    assert contoso.patch(BANK, {"DisplayName": label("x")}).status_code == 405


def test_publishing_is_accepted(contoso: Organization) -> None:
    entities = "<importexportxml><entities><entity>account</entity></entities></importexportxml>"
    assert contoso.post("PublishXml", {"ParameterXml": entities}).status_code == 204
    assert contoso.post("PublishAllXml").status_code == 204
    assert error(contoso.post("PublishXml", {})) == (400, "0x80040203")


def test_a_deleted_table_is_gone_with_the_lookups_to_it(contoso: Organization) -> None:
    add_table(contoso)
    add_table(contoso, "new_Branch", DisplayCollectionName=label("Branches"))
    relationship = {
        "@odata.type": f"{TYPE}OneToManyRelationshipMetadata",
        "SchemaName": "new_branch_bankaccount",
        "ReferencedEntity": "new_branch",
        "ReferencingEntity": "new_bankaccount",
        "Lookup": column("Lookup", "new_BranchId"),
    }
    made(contoso.post("RelationshipDefinitions", relationship))
    assert contoso.call("DELETE", "EntityDefinitions(LogicalName='new_branch')").status_code == 204
    assert error(contoso.get("new_branchs"))[0] == 404
    assert contoso.get("EntityDefinitions(LogicalName='new_branch')").status_code == 404
    names = {one["LogicalName"] for one in definition(contoso, f"{BANK}/Attributes")["value"]}
    assert "new_branchid" not in names


def test_a_table_with_the_name_of_a_deleted_one_is_empty(contoso: Organization) -> None:
    add_table(contoso)
    contoso.create("new_bankaccounts", new_accountname="Savings")
    contoso.call("DELETE", BANK)
    add_table(contoso)
    assert contoso.rows("new_bankaccounts") == []


def test_a_reset_takes_customizing_back(contoso: Organization) -> None:
    add_table(contoso)
    made(contoso.post("EntityDefinitions(LogicalName='account')/Attributes", column("String", "new_Code")))
    contoso.control("POST", "reset")
    assert contoso.get(BANK).status_code == 404
    assert error(contoso.get("accounts?$select=new_code")) == (400, "0x80060888")


def test_tables_made_in_a_change_set_go_when_it_fails(contoso: Organization) -> None:
    part = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {}\r\n\r\n"
    head = "POST /api/data/v9.2/{} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}\r\n"
    parts = [("EntityDefinitions", json.dumps(table())), ("accounts", '{"wrong": 1}')]
    inner = "".join(
        f"--c\r\n{part.format(index)}{head.format(*one)}" for index, one in enumerate(parts, start=1)
    )
    body = f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{inner}--c--\r\n--b--\r\n"
    answer = contoso.post("$batch", body.encode(), Content_Type="multipart/mixed; boundary=b")
    assert answer.status_code == 400
    assert contoso.get(BANK).status_code == 404
    add_table(contoso)


def test_the_global_version_tells_changes(contoso: Organization) -> None:
    wish = 'odata.include-annotations="Microsoft.Dynamics.CRM.globalmetadataversion"'
    name = "@Microsoft.Dynamics.CRM.globalmetadataversion"
    before = contoso.get("accounts", Prefer=wish).json()[name]
    add_table(contoso)
    after = contoso.get("accounts", Prefer=wish, Consistency="Strong").json()[name]
    assert before != after
