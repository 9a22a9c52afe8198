"""The mapping through HTTP: every type, priority, errors that name the field, versions, files, drift."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from local.stack import Stack
from tests.e2e.conftest import ADA, People
from tests.e2e.conversation import Dataverse, Talk, connect

HOST = "contoso.crm4.dynamics.com"
HERE = f"?organization={HOST}"
TOPIC = {"template": "{firstName} {lastName} - {companyName}", "column": "subject"}
LAST_NAME = {"vendorField": "lastName", "column": "lastname"}
EMAIL = {"vendorField": "email", "column": "emailaddress1"}
BASIC: list[dict[str, Any]] = [TOPIC, LAST_NAME, EMAIL]


class Mapping:
    """The mapping of leads, as an administrator's screen would handle it."""

    def __init__(self, admin: Talk) -> None:
        self.admin = admin

    def call(self, method: str, path: str = "", **options: Any) -> requests.Response:
        return self.admin.call(method, f"/mappings/lead{path}", **options)

    def save(self, *rows: dict[str, Any], tag: str = "*") -> requests.Response:
        return self.call("PUT", json={"rows": [*BASIC, *rows]}, headers={"If-Match": tag})

    def saved(self, *rows: dict[str, Any]) -> Any:
        answer = self.save(*rows)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self) -> Any:
        return self.admin.get("/mappings/lead")

    def tag(self) -> str:
        return self.call("GET").headers["ETag"]


@pytest.fixture
def mapping(admin: Talk) -> Iterator[Mapping]:
    here = Mapping(admin)
    yield here
    assert here.call("DELETE").status_code == 204


@pytest.fixture
def columns(dataverse: Dataverse) -> Iterator["Columns"]:
    made = Columns(dataverse)
    yield made
    made.remove_all()


class Columns:
    """Columns of the lead that an administrator of the organization makes, changes and removes."""

    def __init__(self, dataverse: Dataverse) -> None:
        self._dataverse = dataverse
        self._made: set[str] = set()

    def add(self, schema_name: str, kind: str, **more: Any) -> str:
        spec = {"schema_name": schema_name, "type": kind, "label": schema_name, **more}
        self._dataverse.control("POST", f"tables/lead/columns{HERE}", spec)
        self._made.add(schema_name.lower())
        return schema_name.lower()

    def change(self, name: str, **changes: Any) -> None:
        self._dataverse.control("PATCH", f"tables/lead/columns/{name}{HERE}", changes)

    def remove(self, name: str) -> None:
        self._dataverse.control("DELETE", f"tables/lead/columns/{name}{HERE}")
        self._made.discard(name)

    def remove_all(self) -> None:
        for name in list(self._made):
            self.remove(name)


def lead_of(dataverse: Dataverse, person: dict[str, Any]) -> dict[str, Any]:
    (lead,) = [row for row in dataverse.rows("lead") if row["emailaddress1"] == person["email"]]
    return lead


def test_every_column_type_is_mapped_verified_and_exported(
    mapping: Mapping, columns: "Columns", people: People, dataverse: Dataverse
) -> None:
    columns.add("new_Segment", "Picklist", options={"1": "Retail", "2": "Energy"})
    columns.add("new_Tags", "MultiSelectPicklist", options={"1": "Python", "2": "SQL"})
    columns.add("new_Born", "DateTime", format="DateOnly", behavior="DateOnly")
    columns.add("new_Checked", "DateTime", format="DateAndTime", behavior="UserLocal")
    columns.add("new_Staff", "BigInt")
    columns.add("new_Score", "Integer", minimum=0, maximum=100)
    columns.add("new_Ratio", "Decimal", minimum=0, maximum=10**9, precision=2)
    columns.add("new_Weight", "Double", minimum=0, maximum=10**9, precision=2)
    columns.add("new_Europe", "Boolean", options={"0": "No", "1": "Yes"})
    mapping.saved(
        {"vendorField": "jobTitle", "column": "jobtitle", "tooLong": "cut"},
        {"vendorField": "companyDescription", "column": "description"},
        {"vendorField": "companyWebsite", "column": "websiteurl"},
        {"vendorField": "directPhone", "column": "telephone1", "phoneFormat": "e164"},
        {
            "vendorField": "companyPrimaryIndustry",
            "column": "new_segment",
            "choices": {"Shops": "Retail"},
            "otherChoice": 2,
        },
        {"vendorField": "techSkills", "column": "new_tags"},
        {"vendorField": "birthday", "column": "new_born", "dateFormat": "DD.MM.YYYY"},
        {"vendorField": "validDate", "column": "new_checked"},
        {"vendorField": "companyEmployeeCount", "column": "new_staff"},
        {"vendorField": "contactAccuracyScore", "column": "new_score"},
        {"vendorField": "companyRevenueNumeric", "column": "new_ratio"},
        {"constant": 1.5, "column": "new_weight"},
        {"vendorField": "withinEu", "column": "new_europe", "trueWords": ["oui"], "falseWords": ["non"]},
        {"vendorField": "companyRevenueNumeric", "column": "revenue"},
        {
            "constant": "EUR",
            "column": "transactioncurrencyid",
            "lookup": {"table": "transactioncurrency", "column": "isocurrencycode"},
        },
    )
    person = people.one(
        1,
        jobTitle=f"Director of {'revenue operations ' * 9}",
        companyDescription="Outdoor\nequipment",
        companyWebsite="https://www.contoso.example",
        directPhone="(425) 555-0142",
        country="United States",
        companyPrimaryIndustry=["Shops"],
        techSkills=["Python", "SQL"],
        birthday="29.02.1980",
        validDate="2026-05-02T08:11:00Z",
        companyEmployeeCount=1600,
        contactAccuracyScore=95,
        companyRevenueNumeric=4000000,
        withinEu="oui",
    )
    export = mapping.admin.export("lead", [person])
    assert export["counts"]["created"] == 1, mapping.admin.outcomes(export["id"])
    lead = lead_of(dataverse, person)
    assert lead["jobtitle"].startswith("Director of revenue operations")
    assert not lead["jobtitle"].endswith(" ")
    assert len(lead["jobtitle"]) <= 100
    assert lead["telephone1"] == "+14255550142"
    assert (lead["new_segment"], lead["new_tags"]) == (1, "1,2")
    assert (lead["new_born"], lead["new_checked"]) == ("1980-02-29", "2026-05-02T08:11:00Z")
    assert (lead["new_staff"], lead["new_score"], lead["new_europe"]) == (1600, 95, True)
    assert (lead["new_ratio"], lead["new_weight"], lead["revenue"]) == (4000000.0, 1.5, 4000000.0)
    assert lead["_transactioncurrencyid_value"]
    assert mapping.admin.export("lead", [person])["counts"]["unchanged"] == 1


def test_the_first_row_with_a_value_wins_and_a_removed_row_is_no_longer_sent(
    mapping: Mapping, people: People, dataverse: Dataverse
) -> None:
    phones = [{"vendorField": name, "column": "telephone1"} for name in ("directPhone", "companyPhone")]
    mapping.saved(*phones, {"vendorField": "jobTitle", "column": "jobtitle"})
    both = people.one(1, directPhone="555 0142", companyPhone="555 0100", jobTitle="Director")
    company = people.one(2, companyPhone="555 0100", jobTitle="Director")
    mapping.admin.export("lead", [both, company])
    assert lead_of(dataverse, both)["telephone1"] == "555 0142"
    assert lead_of(dataverse, company)["telephone1"] == "555 0100"
    mapping.saved(*phones)
    later = people.one(3, jobTitle="Director")
    mapping.admin.export("lead", [later])
    assert lead_of(dataverse, later)["jobtitle"] is None


def test_an_error_names_the_row_the_field_and_the_column_and_nothing_is_saved(mapping: Mapping) -> None:
    before = mapping.read()["version"]
    answer = mapping.save(
        {"vendorField": "companyName", "column": "numberofemployees"},
        {"vendorField": "jobTitle", "column": "new_gone"},
    )
    assert answer.status_code == 422
    problems = [(each["row"], each["vendorField"], each["column"]) for each in answer.json()["errors"]]
    assert problems == [(4, "companyName", "numberofemployees"), (5, "jobTitle", "new_gone")]
    assert all(each["message"].startswith("Row ") for each in answer.json()["errors"])
    assert mapping.read()["version"] == before


def test_a_save_says_so_and_two_administrators_at_once_do_not_overwrite_each_other(mapping: Mapping) -> None:
    first = mapping.saved({"vendorField": "jobTitle", "column": "jobtitle"})
    assert f"saved as version {first['version']}" in first["message"]
    tag = mapping.tag()
    assert mapping.save(tag=tag).status_code == 200
    answer = mapping.save({"vendorField": "fax", "column": "fax"}, tag=tag)
    assert answer.status_code == 412
    (difference,) = answer.json()["errors"]
    assert (difference["code"], difference["column"]) == ("rowRemoved", "jobtitle")
    assert "ada" in answer.json()["detail"]


def test_a_version_is_shown_and_restored(mapping: Mapping) -> None:
    first = mapping.saved({"vendorField": "jobTitle", "column": "jobtitle"})
    mapping.saved()
    items = mapping.admin.get("/mappings/lead/versions")["items"]
    assert items[1]["version"] == first["version"]
    path = f"/versions/{first['version']}"
    assert mapping.call("GET", path).json()["rows"] == first["rows"]
    answer = mapping.call("POST", f"{path}/restore", headers={"If-Match": mapping.tag()})
    assert answer.status_code == 200, answer.text
    assert mapping.read()["rows"] == first["rows"]


def test_a_mapping_is_carried_into_another_tenant(
    mapping: Mapping, columns: "Columns", connected: Stack
) -> None:
    columns.add("new_Only", "String", max_length=100)
    mapping.saved(
        {"vendorField": "jobTitle", "column": "jobtitle", "tooLong": "cut"},
        {"vendorField": "region", "column": "new_only"},
    )
    other = Talk(connected, "fabrikam", connected.demo["tenants"][1]["users"][0]["id"])
    connect(other, connected.demo["tenants"][1]["users"][0]["email"])
    for kind, media_type in (("json", "application/json"), ("csv", "text/csv")):
        file = mapping.call("GET", "/file", params={"format": kind})
        headers = {"Content-Type": media_type, "If-Match": "*"}
        strict = other.call("POST", "/mappings/lead/import", data=file.content, headers=headers)
        assert strict.status_code == 422, strict.text
        assert [each["code"] for each in strict.json()["errors"]] == ["columnUnknown"]
        answer = other.call(
            "POST",
            "/mappings/lead/import",
            params={"unknownColumns": "leaveOut"},
            data=file.content,
            headers=headers,
        )
        assert answer.status_code == 200, answer.text
        assert [row["mappingRow"]["column"] for row in answer.json()["leftOut"]] == ["new_only"]
        assert other.get("/mappings/lead")["rows"] == mapping.read()["rows"][:-1]


def test_a_preview_finds_the_existing_record_and_writes_nothing(
    mapping: Mapping, people: People, dataverse: Dataverse
) -> None:
    mapping.saved({"vendorField": "jobTitle", "column": "jobtitle", "updateOption": "overwrite"})
    known, fresh = people.one(1, jobTitle="Director"), people.one(2)
    (lead_id,) = dataverse.seed(
        "lead",
        {"lastname": "K", "subject": "K", "emailaddress1": known["email"], "jobtitle": "Manager"},
    )
    answer = mapping.call("POST", "/preview", json={"records": [known, fresh], "match": True})
    assert answer.status_code == 200, answer.text
    found, new = (item["match"] for item in answer.json()["items"])
    assert (found["outcome"], found["dynamicsId"], found["rule"]) == ("updated", lead_id, "email")
    assert found["changes"] == [
        {"column": "jobtitle", "label": "Job Title", "old": "Manager", "new": "Director"}
    ]
    assert (new["outcome"], new["dynamicsId"], new["candidates"]) == ("created", None, [])
    assert lead_of(dataverse, known)["jobtitle"] == "Manager"
    assert mapping.admin.export("lead", [known])["counts"]["updated"] == 1
    again = mapping.call("POST", "/preview", json={"records": [known], "match": True})
    assert again.json()["items"][0]["match"]["outcome"] == "unchanged"


def test_what_changes_in_the_organization_afterwards_is_a_warning_and_a_clear_outcome(
    mapping: Mapping, columns: "Columns", people: People, dataverse: Dataverse
) -> None:
    columns.add("new_Gone", "String", max_length=100)
    columns.add("new_Kind", "Picklist", options={"1": "Retail", "2": "Energy"})
    columns.add("new_Needed", "String", max_length=100)
    saved = mapping.saved(
        {"vendorField": "region", "column": "new_gone"},
        {"constant": 2, "column": "new_kind"},
        {"vendorField": "jobTitle", "column": "jobtitle"},
    )
    assert saved["warnings"] == [each for each in saved["warnings"] if each["code"] != "columnGone"]
    columns.remove("new_gone")
    columns.change("new_kind", options={"1": "Retail"})
    columns.change("new_needed", required="ApplicationRequired")
    # What is refused is looked at anew, so that the metadata that are remembered are today's.
    assert mapping.call("POST", "/verify", json={"rows": [TOPIC]}).status_code == 422
    warnings = mapping.read()["warnings"]
    assert [(each["code"], each["row"], each["column"]) for each in warnings] == [
        ("columnGone", 4, "new_gone"),
        ("choiceGone", 5, "new_kind"),
        ("columnNowRequired", None, "new_needed"),
    ]
    person = people.one(1, jobTitle="Director", region="Alps")
    lacking = mapping.admin.export("lead", [person])
    (outcome,) = mapping.admin.outcomes(lacking["id"])
    assert (outcome["outcome"], outcome["code"], outcome["column"]) == (
        "failed",
        "requiredMissing",
        "new_needed",
    )
    columns.change("new_needed", required="None")
    mapping.call("POST", "/verify", json={"rows": [TOPIC]})
    export = mapping.admin.export("lead", [person])
    assert export["counts"]["created"] == 1
    assert [(each["code"], each["row"], each["column"]) for each in export["warnings"]] == [
        ("columnGone", 4, "new_gone"),
        ("choiceGone", 5, "new_kind"),
    ]
    assert lead_of(dataverse, person)["jobtitle"] == "Director"


def test_suggestions_put_the_likeliest_column_first(mapping: Mapping) -> None:
    items = mapping.admin.get("/mappings/lead/suggestions", params={"most": 3})["items"]
    first = {item["vendorField"]: item["columns"][0]["column"] for item in items if item["columns"]}
    assert (first["email"], first["jobTitle"], first["lastName"]) == (
        "emailaddress1",
        "jobtitle",
        "lastname",
    )


def test_verify_warns_with_counts_of_the_last_records_and_never_with_their_values(
    mapping: Mapping, people: People
) -> None:
    secret = "Confidential title of somebody " * 5
    mapping.admin.export("lead", [people.one(1, jobTitle=secret)])
    row = {"vendorField": "jobTitle", "column": "jobtitle"}
    answer = mapping.call("POST", "/verify", json={"rows": [*BASIC, row]})
    assert answer.status_code == 200, answer.text
    (warning,) = [each for each in answer.json()["warnings"] if each["code"] == "sampleTooLong"]
    assert (warning["row"], warning["column"]) == (4, "jobtitle")
    assert "Confidential" not in answer.text


def test_verify_names_the_privileges_that_the_connected_account_lacks(
    mapping: Mapping, dataverse: Dataverse
) -> None:
    assert not _codes(mapping) & {"privilegeMissing", "privilegesNotChecked"}
    (ada,) = [user for user in dataverse.control("GET", "users") if user["email"] == ADA]
    account = {"directoryObjectId": ada["object_id"], "email": ADA, "name": ada["name"]}
    dataverse.control("POST", "users", {**account, "roles": ["Read only"]})
    try:
        answer = mapping.call("POST", "/verify", json={"rows": BASIC})
    finally:
        dataverse.control("POST", "users", {**account, "roles": ["System Administrator"]})
    assert answer.status_code == 200
    lacking = " ".join(each["message"] for each in answer.json()["warnings"])
    assert "prvCreateLead" in lacking
    assert "prvWriteLead" in lacking
    assert "prvReadLead" not in lacking


def _codes(mapping: Mapping) -> set[str]:
    answer = mapping.call("POST", "/verify", json={"rows": BASIC})
    return {each["code"] for each in answer.json()["warnings"]}
