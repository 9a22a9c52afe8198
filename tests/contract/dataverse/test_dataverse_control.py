"""The control surface, custom tables and columns, and rows that outlive the process."""

from pathlib import Path

import pytest
from running_dataverse import ADA, HOST, ROOT, Directory, Organization, error, running

HERE = f"?organization={HOST}"
METADATA = ROOT.parent / "shared" / "dataverse" / "account.json"


def test_rows_are_seeded_and_read_directly(contoso: Organization) -> None:
    made = contoso.control("POST", "rows/lead" + HERE, [{"lastname": "a"}, {"lastname": "b"}])
    found = contoso.control("GET", "rows/lead" + HERE)
    assert found["count"] == 2
    assert [row["leadid"] for row in found["rows"]] == made["ids"]
    contoso.control("DELETE", "rows/lead" + HERE)
    assert contoso.rows("leads") == []


def test_a_new_column_is_there_at_once_for_metadata_rows_and_queries(contoso: Organization) -> None:
    column = {"schema_name": "new_Score", "type": "Integer", "minimum": 0, "maximum": 10}
    contoso.control("POST", "tables/lead/columns" + HERE, column)
    contoso.create("leads", lastname="a", new_score=7)
    assert contoso.rows("leads?$select=new_score&$filter=new_score eq 7")[0]["new_score"] == 7
    assert error(contoso.post("leads", {"new_score": 11})) == (400, "0x8004432F")
    path = "EntityDefinitions(LogicalName='lead')/Attributes(LogicalName='new_score')"
    assert contoso.get(path).status_code == 200
    contoso.control("PATCH", "tables/lead/columns/new_score" + HERE, {"maximum": 20})
    assert contoso.post("leads", {"new_score": 11}).status_code == 204
    contoso.control("DELETE", "tables/lead/columns/new_score" + HERE)
    assert error(contoso.post("leads", {"new_score": 1})) == (400, "0x80048d19")
    assert "new_score" not in contoso.rows("leads")[0]


def test_an_alternate_key_finds_and_guards_rows(contoso: Organization) -> None:
    column = {"schema_name": "new_VendorId", "type": "String", "max_length": 100}
    contoso.control("POST", "tables/lead/columns" + HERE, column)
    key = {"name": "new_vendorkey", "columns": ["new_vendorid"]}
    contoso.control("POST", "tables/lead/keys" + HERE, key)
    contoso.create("leads", lastname="a", new_vendorid="O'1")
    contoso.create("leads", lastname="no key")
    contoso.create("leads", lastname="no key either")
    assert contoso.get("leads(new_vendorid='o''1')").json()["lastname"] == "a"
    answer = contoso.post("leads", {"new_vendorid": "O'1"})
    assert error(answer) == (412, "0x80060892")
    assert answer.json()["error"]["message"].startswith(
        "Entity Key new_vendorkey violated. A record with the same value for new_vendorid already exists."
    )
    assert error(contoso.get("leads(new_vendorid='2')")) == (404, "0x80060891")


def test_a_key_over_equal_rows_is_refused(contoso: Organization) -> None:
    for _ in range(2):
        contoso.create("accounts", accountnumber="1")
    answer = contoso.session.post(
        f"{contoso.base}/_emulator/tables/account/keys{HERE}",
        json={"name": "new_key", "columns": ["accountnumber"]},
        timeout=60,
    )
    assert answer.status_code == 409
    assert contoso.post("accounts", {"accountnumber": "1"}).status_code == 204


def test_an_upsert_by_alternate_key_keeps_the_form_of_the_address(contoso: Organization) -> None:
    # "Use Upsert to insert or update a record"
    key = {"name": "new_number", "columns": ["accountnumber", "name"]}
    contoso.control("POST", "tables/account/keys" + HERE, key)
    address = "accounts(accountnumber='A',name='One')"
    for text, status in (("x", 201), ("y", 200)):
        answer = contoso.patch(address, {"description": text}, Prefer="return=representation")
        assert (answer.status_code, answer.json()["accountnumber"]) == (status, "A")
    answer = contoso.patch(address, {"description": "z", "name": "Other"})
    assert answer.headers["OData-EntityId"].endswith(address)
    assert contoso.get(address).json()["description"] == "z"


def test_a_reset_takes_back_everything(contoso: Organization) -> None:
    contoso.create("leads", lastname="a")
    contoso.control("POST", "tables/lead/columns" + HERE, {"schema_name": "new_A", "type": "Boolean"})
    contoso.control("POST", "tables/account/keys" + HERE, {"name": "new_key", "columns": ["accountnumber"]})
    contoso.control("PUT", "limits" + HERE, {"requests": 1})
    contoso.control("POST", "reset" + HERE)
    assert contoso.bulk("account", "CreateMultiple", [{"accountnumber": "1"}] * 2).status_code == 200
    assert contoso.control("GET", "limits" + HERE)["requests"] == 6000
    assert contoso.rows("leads") == []
    assert error(contoso.post("leads", {"new_a": True})) == (400, "0x80048d19")
    assert contoso.get("WhoAmI").status_code == 200


def test_an_unknown_organization_or_field_is_told(contoso: Organization) -> None:
    for path, body in (("limits?organization=nowhere", {}), ("limits", {"speed": 1}), ("settings", [])):
        answer = contoso.session.put(f"{contoso.base}/_emulator/{path}", json=body, timeout=60)
        assert answer.status_code == 400
        assert answer.json()["message"]


def test_rows_and_versions_outlive_the_process(tmp_path: Path, directory: Directory) -> None:
    options = ("--state", tmp_path / "state", "--entra", directory.address)
    with running(*options) as address:
        contoso = Organization(address, directory.token())
        lead = contoso.create("leads", lastname="Lee", emailaddress1="Ann@x.example")
        before = contoso.row("leads", lead)
    with running(*options) as address:
        contoso = Organization(address, directory.token())
        assert contoso.row("leads", lead) == before
        assert len(contoso.rows("leads?$filter=emailaddress1 eq 'ann@x.example'")) == 1
        contoso.patch(f"leads({lead})", {"lastname": "Roe"})
        assert contoso.row("leads", lead)["versionnumber"] > before["versionnumber"]
        users = contoso.rows(f"systemusers?$filter=azureactivedirectoryobjectid eq {ADA}")
        assert len(users) == 1


def test_a_real_tables_metadata_takes_the_place_of_the_standard_one(directory: Directory) -> None:
    if not METADATA.exists():
        pytest.skip(f"{METADATA} is not beside the checkout")
    with running("--metadata", METADATA, "--entra", directory.address) as address:
        contoso = Organization(address, directory.token())
        row = contoso.row("accounts", contoso.create("accounts", name="One", revenue=5))
        assert (row["name"], row["revenue_base"], row["followemail"]) == ("One", 5.0, True)


def test_without_a_token_an_anonymous_emulator_sees_the_administrator() -> None:
    with running("--anonymous") as address:
        answer = Organization(address, None).get("WhoAmI")
        assert answer.status_code == 200
