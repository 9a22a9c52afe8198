"""Rows created, read, changed and removed one at a time, as the Web API's pages show it."""

import uuid

import pytest
from running_dataverse import ADA, CONTOSO, Organization, error

ROOT = CONTOSO["url"] + "/api/data/v9.2"
MISSING = "00000000-0000-4000-8000-00000000dead"


def test_a_new_row_answers_204_with_its_address(contoso: Organization) -> None:
    # "Create a table row using the Web API"
    answer = contoso.post("accounts", {"name": "Sample Account", "creditonhold": False})
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["OData-Version"] == "4.0"
    assert answer.headers["OData-EntityId"].startswith(f"{ROOT}/accounts(")


def test_a_new_row_comes_back_where_its_representation_is_preferred(contoso: Organization) -> None:
    # "Create a table row using the Web API": create with data returned
    answer = contoso.post(
        "accounts?$select=name,revenue",
        {"name": "Sample", "revenue": 5000000},
        Prefer="return=representation",
    )
    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "return=representation"
    assert "OData-EntityId" not in answer.headers
    body = answer.json()
    assert body["@odata.context"] == f"{ROOT}/$metadata#accounts(name,revenue)/$entity"
    assert body["@odata.etag"].startswith('W/"')
    assert body.keys() - {"@odata.context", "@odata.etag"} == {
        "name",
        "revenue",
        "accountid",
        "_transactioncurrencyid_value",
    }


def test_a_row_has_what_the_server_fills_in(contoso: Organization) -> None:
    user = contoso.rows(f"systemusers?$filter=azureactivedirectoryobjectid eq {ADA}")[0]["systemuserid"]
    row = contoso.row("leads", contoso.create("leads", firstname="Ann", lastname="Lee", subject="Hello"))
    assert row["fullname"] == "Ann Lee"
    assert (row["statecode"], row["statuscode"]) == (0, 1)
    assert row["_ownerid_value"] == row["_createdby_value"] == row["_modifiedby_value"] == user
    assert row["createdon"] == row["modifiedon"]
    assert row["createdon"].endswith("Z")
    assert row["@odata.etag"] == f'W/"{row["versionnumber"]}"'
    assert row["donotemail"] is False


def test_an_address_block_and_base_money_follow_their_parts(contoso: Organization) -> None:
    lead = contoso.create("leads", address1_line1="1 Main St", address1_city="Rome", revenue=10.126)
    row = contoso.row("leads", lead)
    assert row["address1_composite"] == "1 Main St\r\nRome"
    assert (row["revenue"], row["revenue_base"], row["exchangerate"]) == (10.13, 10.13, 1.0)
    contoso.patch(f"leads({lead})", {"address1_country": "Italy", "revenue": None})
    row = contoso.row("leads", lead)
    assert row["address1_composite"] == "1 Main St\r\nRome\r\nItaly"
    assert (row["revenue"], row["revenue_base"]) == (None, None)


def test_a_client_may_choose_the_primary_key_once(contoso: Organization) -> None:
    # "Update and delete table rows": an id of one's own; the code 0x80040237 is that of live answers
    chosen = str(uuid.uuid4())
    assert contoso.create("accounts", accountid=chosen.upper(), name="First") == chosen
    answer = contoso.post("accounts", {"accountid": chosen, "name": "Second"})
    assert error(answer) == (412, "0x80040237")
    assert answer.json()["error"]["message"] == "A record with matching key values already exists."
    assert contoso.row("accounts", chosen)["name"] == "First"


def test_an_update_changes_only_what_it_names(contoso: Organization) -> None:
    lead = contoso.create("leads", firstname="Ann", lastname="Lee", companyname="Contoso")
    before = contoso.row("leads", lead)
    assert contoso.patch(f"leads({lead})", {"lastname": "Roe"}, If_Match="*").status_code == 204
    after = contoso.row("leads", lead)
    assert (after["fullname"], after["companyname"]) == ("Ann Roe", "Contoso")
    assert after["versionnumber"] > before["versionnumber"]


def test_an_update_with_if_match_does_not_create(contoso: Organization) -> None:
    # "Perform conditional operations": prevent create in upsert
    answer = contoso.patch(f"accounts({MISSING})", {"name": "x"}, If_Match="*")
    assert error(answer) == (404, "0x80040217")
    assert answer.json()["error"]["message"] == f"account With Id = {MISSING} Does Not Exist"


def test_an_upsert_creates_then_updates_and_tells_which_on_request(contoso: Organization) -> None:
    # "Use Upsert to insert or update a record": 201 against 200 with return=representation
    address = f"accounts({uuid.uuid4()})"
    first = contoso.patch(f"{address}?$select=name", {"name": "One"}, Prefer="return=representation")
    second = contoso.patch(f"{address}?$select=name", {"name": "Two"}, Prefer="return=representation")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["name"] == "Two"
    assert second.headers["ETag"] == second.json()["@odata.etag"]
    silent = contoso.patch(address, {"name": "Three"})
    assert (silent.status_code, silent.headers["OData-EntityId"]) == (204, f"{ROOT}/{address}")


def test_an_upsert_with_if_none_match_does_not_update(contoso: Organization) -> None:
    # "Perform conditional operations": prevent update in upsert
    account = contoso.create("accounts", name="One")
    answer = contoso.patch(f"accounts({account})", {"name": "Two"}, If_None_Match="*")
    assert error(answer) == (412, "0x80040237")


def test_a_stale_version_is_refused_for_update_and_delete(contoso: Organization) -> None:
    # "Perform conditional operations": optimistic concurrency
    account = contoso.create("accounts", name="One")
    stale = contoso.row("accounts", account)["@odata.etag"]
    contoso.patch(f"accounts({account})", {"name": "Two"})
    assert error(contoso.patch(f"accounts({account})", {"name": "x"}, If_Match=stale)) == (412, "0x80060882")
    assert error(contoso.call("DELETE", f"accounts({account})", If_Match=stale)) == (412, "0x80060882")
    fresh = contoso.row("accounts", account)["@odata.etag"]
    assert contoso.call("DELETE", f"accounts({account})", If_Match=fresh).status_code == 204


def test_a_known_version_is_not_sent_again(contoso: Organization) -> None:
    account = contoso.create("accounts", name="One")
    known = contoso.row("accounts", account)["@odata.etag"]
    assert contoso.get(f"accounts({account})", If_None_Match=known).status_code == 304
    assert contoso.get(f"accounts({account})", If_None_Match="null").status_code == 200


def test_a_deleted_row_is_gone(contoso: Organization) -> None:
    account = contoso.create("accounts", name="One")
    assert contoso.call("DELETE", f"accounts({account})").status_code == 204
    for method in ("GET", "DELETE"):
        assert error(contoso.call(method, f"accounts({account})")) == (404, "0x80040217")


def test_single_properties_are_read_set_and_cleared(contoso: Organization) -> None:
    # "Update and delete table rows": update a single property value
    account = contoso.create("accounts", name="One", description="Text")
    assert contoso.call("PUT", f"accounts({account})/name", {"value": "Two"}).status_code == 204
    assert contoso.get(f"accounts({account})/name").json()["value"] == "Two"
    assert contoso.get(f"accounts({account})/name/$value").text == "Two"
    assert contoso.call("DELETE", f"accounts({account})/description").status_code == 204
    assert contoso.get(f"accounts({account})/description").status_code == 204


def test_a_lookup_is_bound_and_cleared(contoso: Organization) -> None:
    account = contoso.create("accounts", name="Parent")
    lead = contoso.create("leads", lastname="Lee", **{"parentaccountid@odata.bind": f"/accounts({account})"})
    assert contoso.row("leads", lead)["_parentaccountid_value"] == account
    assert contoso.call("DELETE", f"leads({lead})/parentaccountid/$ref").status_code == 204
    assert contoso.row("leads", lead)["_parentaccountid_value"] is None
    reference = {"@odata.id": f"{ROOT}/accounts({account})"}
    assert contoso.call("PUT", f"leads({lead})/parentaccountid/$ref", reference).status_code == 204
    contoso.patch(f"leads({lead})", {"parentaccountid@odata.bind": None})
    assert contoso.row("leads", lead)["_parentaccountid_value"] is None


def test_a_lookup_to_several_tables_keeps_which_one(contoso: Organization) -> None:
    contact = contoso.create("contacts", lastname="Roe")
    lead = contoso.create(
        "leads", lastname="Lee", **{"customerid_contact@odata.bind": f"contacts({contact})"}
    )
    row = contoso.row("leads", lead, Prefer='odata.include-annotations="*"')
    assert row["_customerid_value"] == contact
    assert row["_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "contact"
    assert (
        row["_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"] == "customerid_contact"
    )


def test_formatted_values_stand_before_the_values(contoso: Organization) -> None:
    # "Query data using OData": include formatted values
    account = contoso.create("accounts", name="One", industrycode=7, revenue=5000000)
    answer = contoso.get(
        f"accounts({account})?$select=industrycode,revenue,statecode",
        Prefer='odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
    )
    row = answer.json()
    formatted = "{}@OData.Community.Display.V1.FormattedValue"
    assert row[formatted.format("industrycode")] == "Consulting"
    assert row[formatted.format("statecode")] == "Active"
    assert row[formatted.format("revenue")].endswith("5,000,000.00")
    names = list(row)
    assert names.index(formatted.format("statecode")) == names.index("statecode") - 1


def test_a_closed_lead_is_read_only_until_it_is_opened(contoso: Organization) -> None:
    lead = contoso.create("leads", lastname="Lee")
    assert contoso.patch(f"leads({lead})", {"statecode": 2}).status_code == 204
    assert contoso.row("leads", lead)["statuscode"] == 4
    assert error(contoso.patch(f"leads({lead})", {"lastname": "Roe"})) == (400, "0x8004022E")
    assert contoso.patch(f"leads({lead})", {"statecode": 0, "lastname": "Roe"}).status_code == 204
    assert contoso.row("leads", lead)["lastname"] == "Roe"


def test_qualifying_a_lead_makes_an_account_and_a_contact(contoso: Organization) -> None:
    # "QualifyLead Action"
    lead = contoso.create("leads", firstname="Ann", lastname="Lee", companyname="Contoso")
    asked = {"CreateAccount": True, "CreateContact": True, "CreateOpportunity": False, "Status": 3}
    answer = contoso.post(f"leads({lead})/Microsoft.Dynamics.CRM.QualifyLead", asked)
    assert answer.status_code == 200
    made = {one["@odata.type"]: one for one in answer.json()["value"]}
    account = made["#Microsoft.Dynamics.CRM.account"]["accountid"]
    contact = made["#Microsoft.Dynamics.CRM.contact"]["contactid"]
    assert contoso.row("contacts", contact)["_parentcustomerid_value"] == account
    row = contoso.row("leads", lead)
    assert (row["statecode"], row["statuscode"], row["_parentaccountid_value"]) == (1, 3, account)
    assert error(contoso.patch(f"leads({lead})", {"lastname": "Roe"})) == (400, "0x8004022E")


def test_an_inactive_account_can_be_changed(contoso: Organization) -> None:
    account = contoso.create("accounts", name="One")
    assert contoso.patch(f"accounts({account})", {"statecode": 1, "statuscode": 2}).status_code == 204
    assert contoso.patch(f"accounts({account})", {"name": "Two"}).status_code == 204
    assert contoso.row("accounts", account)["statecode"] == 1


def test_an_import_may_set_the_creation_date(contoso: Organization) -> None:
    lead = contoso.create("leads", lastname="Lee", overriddencreatedon="2001-02-03")
    row = contoso.row("leads", lead)
    assert row["createdon"] == "2001-02-03T00:00:00Z"
    assert row["overriddencreatedon"] > row["createdon"]


@pytest.mark.parametrize("entity_set", ["leads", "accounts"])
def test_columns_that_the_interface_requires_are_not_required_by_the_service(
    contoso: Organization, entity_set: str
) -> None:
    # "Column (attribute) definitions": ApplicationRequired is for model-driven apps
    assert contoso.post(entity_set, {}).status_code == 204


def test_columns_that_cannot_be_written_are_ignored(contoso: Organization) -> None:
    # "Column (attribute) definitions": the value is ignored
    account = contoso.create(
        "accounts", name="One", statecode=1, versionnumber=1, createdon="2001-01-01T00:00:00Z"
    )
    row = contoso.row("accounts", account)
    assert row["statecode"] == 0
    assert row["versionnumber"] > 1
    assert row["createdon"] > "2020"


def test_duplicate_detection_is_off_until_a_request_asks_for_it(contoso: Organization) -> None:
    # "Manage duplicate detection during create and update"
    contoso.create("leads", lastname="Lee", emailaddress1="ann@lee.example")
    again = {"lastname": "Lee", "emailaddress1": "ANN@lee.example"}
    assert contoso.post("leads", again).status_code == 204
    answer = contoso.call("POST", "leads", again, **{"MSCRM.SuppressDuplicateDetection": "false"})
    assert error(answer) == (500, "0x80040333")
    contoso.control("PUT", "settings", {"duplicate_status": 412})
    answer = contoso.call("POST", "leads", again, **{"MSCRM.SuppressDuplicateDetection": "false"})
    assert error(answer) == (412, "0x80040333")
