from typing import Any

from tests import callers
from tests.site import Site
from tests.unit.mapping_api.conftest import Dynamics

ROWS = [
    {"template": "{firstName} {lastName}", "column": "subject"},
    {"vendorField": "lastName", "column": "lastname", "updateOption": "overwrite"},
    {"vendorField": "firstName", "column": "firstname"},
    {"vendorField": "companyName", "column": "companyname"},
    {"vendorField": "companyEmployeeCount", "column": "numberofemployees", "updateOption": "overwrite"},
]
ADA = {
    "id": 7,
    "firstName": "Ada",
    "lastName": "Ngata",
    "companyName": "Contoso",
    "email": "ada@contoso.example",
    "companyEmployeeCount": "1,600",
}


def lead(number: int, **values: Any) -> dict[str, Any]:
    row = {
        "leadid": f"00000000-0000-0000-0000-00000000000{number}",
        "@odata.etag": f'W/"{number}"',
        "statecode": 0,
        "createdon": f"2026-01-0{number}T00:00:00Z",
        "emailaddress1": "ADA@contoso.example",
        "subject": "kept",
        "lastname": "Stone",
        "firstname": "Ada",
        "companyname": "Contoso",
        "numberofemployees": 1600,
    }
    return row | values


def match(site: Site, *records: dict[str, Any]) -> list[Any]:
    body = {"records": list(records), "rows": ROWS, "match": True}
    answer = site.call("POST", "/mappings/lead/preview", token=callers.admin(), body=body)
    assert answer.status == 200, answer.json
    return [item["match"] for item in answer.json["items"]]


def test_a_record_that_dynamics_does_not_have_would_be_created(site: Site) -> None:
    (found,) = match(site, ADA)
    assert (found["outcome"], found["dynamicsId"], found["rule"]) == ("created", None, None)
    assert found["candidates"] == []


def test_the_rule_that_finds_a_record_is_told_with_old_and_new_values(site: Site, dynamics: Dynamics) -> None:
    dynamics.rows = [lead(1)]
    (found,) = match(site, ADA)
    assert (found["outcome"], found["dynamicsId"], found["rule"]) == ("updated", lead(1)["leadid"], "email")
    assert {"rule": "email", "ids": [lead(1)["leadid"]]} in found["candidates"]
    assert found["changes"] == [
        {"column": "lastname", "label": "Last Name", "old": "Stone", "new": "Ngata"},
    ]


def test_a_record_that_has_everything_is_unchanged(site: Site, dynamics: Dynamics) -> None:
    dynamics.rows = [lead(1, lastname="Ngata")]
    (found,) = match(site, ADA)
    assert (found["outcome"], found["rule"], found["changes"]) == ("unchanged", "email", [])


def test_several_matches_are_all_named_with_the_reason(site: Site, dynamics: Dynamics) -> None:
    dynamics.rows = [lead(1), lead(2)]
    (found,) = match(site, ADA)
    assert (found["outcome"], found["code"], found["rule"]) == ("skipped", "severalMatches", "email")
    assert found["candidates"][0]["ids"] == [lead(1)["leadid"], lead(2)["leadid"]]
    assert found["reason"]


def test_a_qualified_lead_is_skipped_with_the_reason(site: Site, dynamics: Dynamics) -> None:
    dynamics.rows = [lead(1, statecode=1)]
    (found,) = match(site, ADA)
    assert (found["outcome"], found["code"], found["dynamicsId"]) == (
        "skipped",
        "readOnlyMatch",
        lead(1)["leadid"],
    )


def test_a_record_that_lacks_what_is_required_would_fail(site: Site) -> None:
    (found,) = match(site, {"firstName": "Ada"})
    assert (found["outcome"], found["code"], found["column"]) == ("failed", "requiredMissing", "lastname")


def test_a_record_that_is_opted_out_is_not_looked_for(site: Site, dynamics: Dynamics) -> None:
    (found,) = match(site, {**ADA, "optedOut": True})
    assert (found["outcome"], found["code"]) == ("skipped", "optedOut")
    assert not any("ada@contoso.example" in sent for sent in dynamics.asked)


def test_nothing_is_asked_unless_it_is_wanted(site: Site, dynamics: Dynamics) -> None:
    body = {"records": [ADA], "rows": ROWS}
    answer = site.call("POST", "/mappings/lead/preview", token=callers.admin(), body=body)
    assert answer.json["items"][0]["match"] is None
    assert dynamics.asked == []


def test_what_was_converted_is_told(site: Site) -> None:
    body = {"records": [ADA], "rows": ROWS}
    answer = site.call("POST", "/mappings/lead/preview", token=callers.admin(), body=body)
    shown = answer.json["items"][0]["rows"]
    assert (shown[4]["given"], shown[4]["value"], shown[4]["converted"]) == ("1,600", 1600, True)
    assert (shown[1]["given"], shown[1]["converted"]) == ("Ngata", False)


def test_suggestions_name_the_columns_that_fit_each_field(site: Site) -> None:
    answer = site.call("GET", "/mappings/lead/suggestions?most=2", token=callers.admin())
    assert answer.status == 200
    found = {item["vendorField"]: item for item in answer.json["items"]}
    assert found["lastName"]["columns"][0]["column"] == "lastname"
    assert max(len(item["columns"]) for item in found.values()) == 2
    assert site.call("GET", "/mappings/lead/suggestions", token=callers.user()).status == 403
    assert site.call("GET", "/mappings/lead/suggestions?most=0", token=callers.admin()).status == 400


def test_what_a_person_edited_in_a_protected_column_is_left_alone(site: Site, dynamics: Dynamics) -> None:
    dynamics.rows = [lead(1)]
    rows = [*ROWS[:1], {**ROWS[1], "protectEdits": True}]
    body = {"records": [ADA], "rows": rows, "match": True}
    answer = site.call("POST", "/mappings/lead/preview", token=callers.admin(), body=body)
    assert answer.json["items"][0]["match"]["outcome"] == "unchanged"
