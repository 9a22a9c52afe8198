"""Related rows written: references, N:N relationships, deep insert, what deletion does to others."""

import pytest
from running_dataverse import Organization, error

CONTACTS = "contact_customer_accounts"
LEADS = "accountleads_association"


def test_a_reference_is_added_to_a_collection_and_removed_again(contoso: Organization) -> None:
    company, person = contoso.create("accounts", name="One"), contoso.create("contacts", lastname="Lee")
    path = f"accounts({company})/{CONTACTS}"
    address = f"{contoso.base}/api/data/v9.2/contacts({person})"
    assert contoso.post(f"{path}/$ref", {"@odata.id": address}).status_code == 204
    assert contoso.row("contacts", person)["_parentcustomerid_value"] == company
    (reference,) = contoso.rows(f"{path}/$ref")
    assert reference["@odata.id"].endswith(f"/contacts({person})")
    assert contoso.call("DELETE", f"{path}({person})/$ref").status_code == 204
    assert contoso.row("contacts", person)["_parentcustomerid_value"] is None


def test_a_reference_is_removed_by_its_address_too(contoso: Organization) -> None:
    company = contoso.create("accounts", name="One")
    bind = {"parentcustomerid_account@odata.bind": f"/accounts({company})"}
    person = contoso.create("contacts", lastname="Lee", **bind)
    path = f"accounts({company})/{CONTACTS}/$ref?$id={contoso.base}/api/data/v9.2/contacts({person})"
    assert contoso.call("DELETE", path).status_code == 204
    assert contoso.row("contacts", person)["_parentcustomerid_value"] is None


def test_rows_are_linked_many_to_many_from_both_sides(contoso: Organization) -> None:
    companies = [contoso.create("accounts", name=name) for name in ("One", "Two")]
    lead = contoso.create("leads", lastname="Lee")
    for company in companies:
        answer = contoso.post(f"accounts({company})/{LEADS}/$ref", {"@odata.id": f"leads({lead})"})
        assert answer.status_code == 204
    assert len(contoso.rows(f"leads({lead})/{LEADS}?$select=name")) == 2
    row = contoso.get(f"accounts({companies[0]})?$select=name&$expand={LEADS}($select=lastname)").json()
    assert [one["lastname"] for one in row[LEADS]] == ["Lee"]
    found = contoso.rows(f"leads?$filter={LEADS}/any(a:a/name eq 'Two')&$select=lastname")
    assert [one["lastname"] for one in found] == ["Lee"]
    again = contoso.post(f"leads({lead})/{LEADS}/$ref", {"@odata.id": f"accounts({companies[0]})"})
    assert error(again) == (412, "0x80040237")
    assert contoso.call("DELETE", f"leads({lead})/{LEADS}({companies[0]})/$ref").status_code == 204
    assert contoso.rows(f"accounts({companies[0]})/{LEADS}") == []


def test_a_reference_to_a_missing_row_is_refused(contoso: Organization) -> None:
    company = contoso.create("accounts", name="One")
    missing = "00000000-0000-4000-8000-00000000dead"
    answer = contoso.post(f"accounts({company})/{CONTACTS}/$ref", {"@odata.id": f"contacts({missing})"})
    assert error(answer) == (404, "0x80040217")
    answer = contoso.post(f"accounts({missing})/{CONTACTS}/$ref", {"@odata.id": f"contacts({missing})"})
    assert error(answer) == (404, "0x80040217")


def test_related_rows_are_created_in_one_operation(contoso: Organization) -> None:
    body = {
        "name": "One",
        "primarycontactid": {"firstname": "Ann", "lastname": "Lee"},
        CONTACTS: [{"lastname": "A"}, {"lastname": "B", "account_primary_contact": [{"name": "Two"}]}],
        LEADS: [{"lastname": "Lead"}],
    }
    answer = contoso.post("accounts", body)
    assert answer.status_code == 204
    company = answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")
    expands = f"primarycontactid($select=fullname),{CONTACTS}($select=lastname;$orderby=lastname)"
    row = contoso.get(f"accounts({company})?$select=name&$expand={expands}").json()
    assert row["primarycontactid"]["fullname"] == "Ann Lee"
    assert [one["lastname"] for one in row[CONTACTS]] == ["A", "B"]
    two = contoso.rows("accounts?$filter=name eq 'Two'&$expand=primarycontactid($select=lastname)")
    assert two[0]["primarycontactid"]["lastname"] == "B"
    assert len(contoso.rows(f"accounts({company})/{LEADS}")) == 1


def test_a_deep_insert_that_fails_leaves_nothing_behind(contoso: Organization) -> None:
    body = {"name": "One", CONTACTS: [{"lastname": "A"}, {"lastname": "x" * 51}]}
    assert error(contoso.post("accounts", body)) == (400, "0x80044331")
    assert contoso.rows("accounts") == []
    assert contoso.rows("contacts") == []


def test_a_row_is_created_within_a_collection(contoso: Organization) -> None:
    company = contoso.create("accounts", name="One")
    answer = contoso.post(f"accounts({company})/{CONTACTS}", {"lastname": "Lee"})
    assert answer.status_code == 204
    assert [row["lastname"] for row in contoso.rows(f"accounts({company})/{CONTACTS}")] == ["Lee"]


def test_lookups_to_a_deleted_row_are_emptied(contoso: Organization) -> None:
    parent = contoso.create("accounts", name="Parent")
    child = contoso.create("accounts", name="Child", **{"parentaccountid@odata.bind": f"/accounts({parent})"})
    before = contoso.row("accounts", child)["versionnumber"]
    assert contoso.call("DELETE", f"accounts({parent})").status_code == 204
    row = contoso.row("accounts", child)
    assert row["_parentaccountid_value"] is None
    assert row["versionnumber"] > before


def test_contacts_go_with_their_account(contoso: Organization) -> None:
    company = contoso.create("accounts", name="One")
    bind = {"parentcustomerid_account@odata.bind": f"/accounts({company})"}
    person = contoso.create("contacts", lastname="Lee", **bind)
    stays = contoso.create("contacts", lastname="Stays")
    contoso.call("DELETE", f"accounts({company})")
    assert error(contoso.get(f"contacts({person})")) == (404, "0x80040217")
    assert contoso.get(f"contacts({stays})").status_code == 200


def test_a_currency_in_use_cannot_be_deleted(contoso: Organization) -> None:
    contoso.create("accounts", name="One", revenue=5)
    (currency,) = contoso.rows("transactioncurrencies?$select=transactioncurrencyid")
    answer = contoso.call("DELETE", f"transactioncurrencies({currency['transactioncurrencyid']})")
    assert error(answer) == (400, "0x80040227")
    assert len(contoso.rows("transactioncurrencies")) == 1


@pytest.mark.parametrize("named", [True, False], ids=["a named customer", "the new account"])
def test_a_qualified_lead_becomes_an_opportunity(contoso: Organization, *, named: bool) -> None:
    lead = contoso.create(
        "leads", subject="Deal", lastname="Lee", companyname="One", emailaddress1="a@b.example"
    )
    customer = contoso.create("accounts", name="Customer")
    body = {"CreateAccount": True, "CreateContact": True, "CreateOpportunity": True, "Status": 3}
    if named:
        kind = "Microsoft.Dynamics.CRM.account"
        body |= {"OpportunityCustomerId": {"accountid": customer, "@odata.type": kind}}
    answer = contoso.post(f"leads({lead})/Microsoft.Dynamics.CRM.QualifyLead", body)
    made = {one["@odata.type"].rpartition(".")[2]: one for one in answer.json()["value"]}
    assert set(made) == {"account", "contact", "opportunity"}
    expand = "$expand=customerid_account($select=name),originatingleadid($select=leadid)"
    row = contoso.get(f"opportunities({made['opportunity']['opportunityid']})?{expand}").json()
    assert (row["name"], row["statecode"]) == ("Deal", 0)
    assert row["customerid_account"]["name"] == ("Customer" if named else "One")
    assert row["originatingleadid"]["leadid"] == lead
