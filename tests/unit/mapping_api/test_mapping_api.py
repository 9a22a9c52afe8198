from typing import Any

import pytest

from functions.mapping.payloads import MappingBody
from shared.domain.errors import Problem
from shared.domain.ids import ObjectType, TenantId
from shared.domain.mapping import (
    ConstantSource,
    Mapping,
    MappingRow,
    OnInvalid,
    TemplateSource,
    UpdateOption,
    VendorSource,
)
from shared.storage.mappings import MappingStore
from tests import callers
from tests.site import Answer, Site

TOPIC = {"template": "{firstName} {lastName} - {companyName}", "column": "subject"}
LAST_NAME = {"vendorField": "lastName", "column": "lastname"}
JOB = {
    "vendorField": "jobTitle",
    "column": "jobtitle",
    "updateOption": "overwrite",
    "onInvalid": "failRecord",
}
SOURCE = {"constant": 10, "column": "leadsourcecode", "updateOption": "createOnly"}
ROWS = [TOPIC, LAST_NAME, JOB, SOURCE]
VERIFIED = {
    "verified": True,
    "rows": 4,
    "message": "Nothing needs to be adjusted: 4 rows fit your organization.",
    "warnings": [],
}


def get(site: Site, **changes: Any) -> Answer:
    return site.call("GET", "/mappings/lead", token=callers.admin(**changes))


def put(site: Site, rows: Any, tag: str = "*", **more: Any) -> Answer:
    body = {"rows": rows, **more}
    return site.call("PUT", "/mappings/lead", token=callers.admin(), body=body, If_Match=tag)


def test_a_tenant_that_saved_nothing_has_the_default_mapping_with_a_tag(site: Site) -> None:
    answer = get(site)
    assert answer.status == 200
    assert answer.headers["ETag"]
    assert {name: answer.json[name] for name in ("object", "version", "updatedBy", "updatedAt")} == {
        "object": "lead",
        "version": 0,
        "updatedBy": None,
        "updatedAt": None,
    }
    columns = [row["column"] for row in answer.json["rows"]]
    assert columns[0] == "subject"
    assert columns.count("telephone1") == 3
    assert "emailaddress1" not in columns, "the organization of this test has no such column"


def test_the_default_mapping_passes_its_own_verification(site: Site) -> None:
    answer = put(site, get(site).json["rows"], get(site).headers["ETag"])
    assert answer.status == 200


def test_a_saved_mapping_is_read_back_with_who_and_when(site: Site, store: MappingStore) -> None:
    saved = put(site, ROWS, get(site).headers["ETag"])
    assert saved.status == 200
    read = get(site)
    assert read.json == {name: value for name, value in saved.json.items() if name != "message"}
    assert read.headers["ETag"] == saved.headers["ETag"]
    assert {name: read.json[name] for name in ("object", "version", "updatedBy", "updatedAt")} == {
        "object": "lead",
        "version": 1,
        "updatedBy": "ada",
        "updatedAt": "2026-01-31T09:30:00Z",
    }
    assert read.json["rows"][1] == {**LAST_NAME, "updateOption": "fillIfMissing", "onInvalid": "skipValue"}
    kept = store.get("contoso", "lead").value
    assert kept is not None
    assert kept.rows == (
        MappingRow(source=TemplateSource(TOPIC["template"]), column="subject"),
        MappingRow(source=VendorSource("lastName"), column="lastname"),
        MappingRow(
            source=VendorSource("jobTitle"),
            column="jobtitle",
            update_option=UpdateOption.OVERWRITE,
            on_invalid=OnInvalid.FAIL_RECORD,
        ),
        MappingRow(
            source=ConstantSource(10), column="leadsourcecode", update_option=UpdateOption.CREATE_ONLY
        ),
    )


def test_what_was_read_can_be_sent_back_as_it_is(site: Site) -> None:
    first = put(site, ROWS)
    again = site.call(
        "PUT", "/mappings/lead", token=callers.admin(), body=first.json, If_Match=first.headers["ETag"]
    )
    assert again.status == 200
    assert again.json["version"] == 2
    assert again.json["rows"] == first.json["rows"]


def test_a_column_may_be_fed_by_several_rows_in_order(site: Site) -> None:
    rows = [
        *ROWS,
        *({"vendorField": name, "column": "telephone1"} for name in ("directPhone", "companyPhone")),
    ]
    saved = put(site, rows)
    assert [row.get("vendorField") for row in saved.json["rows"][-2:]] == ["directPhone", "companyPhone"]


def test_every_problem_is_named_with_its_row_field_and_column_and_nothing_is_saved(site: Site) -> None:
    answer = put(
        site,
        [
            {"vendorField": "", "column": "jobtitle"},
            {"vendorField": "jobTitle", "column": ""},
            {},
            {"vendorField": "shoeSize", "column": "firstname"},
            {"vendorField": "firstName", "column": "nosuchcolumn"},
            {"vendorField": "lastUpdatedDate", "column": "createdon"},
            {"vendorField": "companyName", "column": "numberofemployees"},
            {"constant": 99, "column": "leadsourcecode"},
            LAST_NAME,
            LAST_NAME,
        ],
    )
    assert (answer.status, answer.json["code"]) == (422, "mappingUnverified")
    found = {
        (error["row"], error["vendorField"], error["column"], error["code"])
        for error in answer.json["errors"]
    }
    assert found >= {
        (1, "", "jobtitle", "vendorFieldMissing"),
        (2, "jobTitle", None, "columnMissing"),
        (3, "", None, "vendorFieldMissing"),
        (4, "shoeSize", "firstname", "vendorFieldUnknown"),
        (5, "firstName", "nosuchcolumn", "columnUnknown"),
        (6, "lastUpdatedDate", "createdon", "columnNotWritable"),
        (7, "companyName", "numberofemployees", "typeMismatch"),
        (8, None, "leadsourcecode", "constantInvalid"),
        (10, "lastName", "lastname", "rowDuplicate"),
        (None, None, "subject", "requiredUnmapped"),
    }
    assert str(len(answer.json["errors"])) in answer.json["detail"]
    assert get(site).json["version"] == 0


def test_every_row_of_a_long_mapping_is_named(site: Site) -> None:
    rows = [{"vendorField": "", "column": f"new_{number}"} for number in range(150)]
    answer = put(site, rows)
    assert {error["row"] for error in answer.json["errors"]} >= set(range(1, 151))


def test_a_saved_mapping_is_shown_while_the_organization_is_out_of_reach(
    site: Site, store: MappingStore
) -> None:
    saved = Mapping(object_type=ObjectType.LEAD, rows=(), version=4)
    store.replace(TenantId("fabrikam"), saved, None)
    answer = get(site, org_id="fabrikam")
    assert (answer.status, answer.json["version"]) == (200, 4)
    assert [warning["code"] for warning in answer.json["warnings"]] == ["organizationNotRead"]


def test_a_required_column_cannot_be_left_without_a_row(site: Site) -> None:
    answer = put(site, [LAST_NAME])
    assert answer.status == 422
    assert [(error["column"], error["code"]) for error in answer.json["errors"]] == [
        ("subject", "requiredUnmapped")
    ]
    assert "Topic" in answer.json["errors"][0]["message"]


def test_whoever_comes_second_is_refused(site: Site) -> None:
    tag = get(site).headers["ETag"]
    assert put(site, ROWS, tag).status == 200
    assert put(site, ROWS, tag).status == 412
    assert get(site).json["version"] == 1


def test_whoever_comes_second_is_told_by_whom_and_what_was_changed_row_by_row(site: Site) -> None:
    put(site, ROWS)
    tag = get(site).headers["ETag"]
    phones = [{"vendorField": name, "column": "telephone1"} for name in ("directPhone", "companyPhone")]
    put(site, [TOPIC, {**LAST_NAME, "onInvalid": "failRecord"}, SOURCE, *phones], tag)
    answer = put(site, ROWS, tag)
    assert (answer.status, answer.json["code"]) == (412, "changedMeanwhile")
    assert "ada saved version 2 at 2026-01-31T09:31" in answer.json["detail"]
    assert [(error["code"], error["row"], error["column"]) for error in answer.json["errors"]] == [
        ("rowAdded", 4, "telephone1"),
        ("rowAdded", 5, "telephone1"),
        ("rowRemoved", None, "jobtitle"),
        ("rowChanged", 2, "lastname"),
    ]
    assert "onInvalid was skipValue, is failRecord" in answer.json["errors"][3]["message"]


def test_another_order_of_the_rows_of_one_column_is_a_difference(site: Site) -> None:
    phones = [{"vendorField": name, "column": "telephone1"} for name in ("directPhone", "companyPhone")]
    put(site, [*ROWS, *phones])
    tag = get(site).headers["ETag"]
    put(site, [*ROWS, *phones[::-1]], tag)
    (error,) = put(site, ROWS, tag).json["errors"]
    assert (error["code"], error["column"]) == ("rowsReordered", "telephone1")
    assert "companyPhone, directPhone" in error["message"]


def test_a_tag_that_nobody_knows_is_answered_with_what_differs_from_what_was_sent(site: Site) -> None:
    put(site, ROWS)
    answer = put(site, ROWS[:-1], '"stranger"')
    assert answer.status == 412
    assert [(error["code"], error["column"]) for error in answer.json["errors"]] == [
        ("rowAdded", "leadsourcecode")
    ]


def test_a_save_says_that_it_was_verified_and_saved(site: Site) -> None:
    assert put(site, ROWS).json["message"] == (
        "The mapping was verified and saved as version 1, with 4 rows. The next export uses it."
    )


def test_what_was_read_can_be_sent_back(site: Site) -> None:
    saved = put(site, ROWS)
    answer = site.call(
        "PUT", "/mappings/lead", token=callers.admin(), body=saved.json, If_Match=saved.headers["ETag"]
    )
    assert (answer.status, answer.json["version"]) == (200, 2)


def test_warnings_stand_beside_and_block_nothing(site: Site, warnings: list[Problem]) -> None:
    warnings.append(Problem("valuesTooLong", "3 of 50 values are longer.", row=3, column="jobtitle"))
    shown = {
        "code": "valuesTooLong",
        "message": "3 of 50 values are longer.",
        "row": 3,
        "vendorField": None,
        "column": "jobtitle",
    }
    answer = site.call("POST", "/mappings/lead/verify", token=callers.admin(), body={"rows": ROWS})
    assert (answer.status, answer.json["warnings"]) == (200, [shown])
    saved = put(site, ROWS)
    assert (saved.status, saved.json["warnings"]) == (200, [shown])


def test_an_overwrite_says_what_it_overwrites(site: Site) -> None:
    answer = site.call("PUT", "/mappings/lead", token=callers.admin(), body={"rows": ROWS})
    assert answer.status == 428


def test_the_default_mapping_can_be_restored(site: Site) -> None:
    before = get(site)
    put(site, ROWS)
    answer = site.call("DELETE", "/mappings/lead", token=callers.admin())
    assert (answer.status, answer.content) == (204, b"")
    assert get(site).json == before.json


def test_restoring_the_default_mapping_twice_is_fine(site: Site) -> None:
    for _ in range(2):
        assert site.call("DELETE", "/mappings/lead", token=callers.admin()).status == 204


def test_a_mapping_that_changed_meanwhile_is_not_thrown_away(site: Site) -> None:
    tag = get(site).headers["ETag"]
    put(site, ROWS)
    answer = site.call("DELETE", "/mappings/lead", token=callers.admin(), If_Match=tag)
    assert answer.status == 412
    assert get(site).json["version"] == 1


def test_an_empty_if_match_binds_a_restore_to_nothing(site: Site) -> None:
    assert site.call("DELETE", "/mappings/lead", token=callers.admin(), If_Match="").status == 204


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"constant": [1], "column": "lastname"}, "constantInvalid"),
        ({"vendorField": "lastName", "template": "x", "column": "lastname"}, "sourceAmbiguous"),
        ({"vendorFeild": "lastName", "column": "lastname"}, "extraForbidden"),
    ],
)
def test_a_misfit_has_a_stable_name_and_a_sentence(site: Site, row: Any, code: str) -> None:
    (error,) = put(site, [row]).json["errors"]
    assert error["code"] == code
    assert error["message"][0].isupper()
    assert error["message"].endswith(".")


def test_each_object_has_a_mapping_of_its_own(site: Site) -> None:
    put(site, ROWS)
    account = site.call("GET", "/mappings/account", token=callers.admin())
    assert (account.json["object"], account.json["version"]) == ("account", 0)


def test_another_tenant_has_a_mapping_of_its_own(site: Site) -> None:
    put(site, ROWS)
    assert get(site, org_id="fabrikam").json["code"] == "notConnected"


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("GET", "/mappings/lead", None),
        ("PUT", "/mappings/lead", {"rows": ROWS}),
        ("DELETE", "/mappings/lead", None),
        ("POST", "/mappings/lead/verify", {"rows": ROWS}),
        ("POST", "/mappings/lead/preview", {"records": [{}]}),
    ],
)
def test_mappings_are_for_administrators(site: Site, method: str, url: str, body: Any) -> None:
    assert site.call(method, url, token=callers.user(), body=body, If_Match="*").status == 403
    assert site.call(method, url, body=body, If_Match="*").status == 401
    unknown = url.replace("lead", "contact")
    assert site.call(method, unknown, token=callers.admin(), body=body, If_Match="*").status == 404


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"vendorField": "lastName", "constant": "x", "column": "lastname"}, "/rows/1"),
        ({"constant": {"a": 1}, "column": "lastname"}, "/rows/1/constant"),
        ({"constant": [1], "column": "lastname"}, "/rows/1/constant"),
        ({"constant": "x" * 4001, "column": "lastname"}, "/rows/1/constant"),
        ({"constant": 2**64, "column": "lastname"}, "/rows/1/constant"),
        ({"vendorField": 5, "column": "lastname"}, "/rows/1/vendorField"),
        ({"vendorField": "lastName", "column": None}, "/rows/1/column"),
        ({"vendorField": "lastName", "column": "lastname", "updateOption": "append"}, "/rows/1/updateOption"),
        ({"vendorField": "lastName", "column": "lastname", "onInvalid": "ignore"}, "/rows/1/onInvalid"),
        ({"vendorField": "lastName", "column": "lastname", "priority": 1}, "/rows/1/priority"),
        ("lastName", "/rows/1"),
    ],
)
def test_a_row_of_the_wrong_shape_is_refused_where_it_stands(site: Site, row: Any, path: str) -> None:
    answer = put(site, [TOPIC, row])
    assert (answer.status, answer.json["code"]) == (400, "bodyInvalid")
    assert [(error["path"], error["row"]) for error in answer.json["errors"]] == [(path, 2)]


def test_an_infinite_constant_is_refused(site: Site) -> None:
    body = b'{"rows": [{"constant": 1e999, "column": "lastname"}]}'
    answer = site.call(
        "PUT",
        "/mappings/lead",
        token=callers.admin(),
        body=body,
        If_Match="*",
        Content_Type="application/json",
    )
    assert answer.status == 400


@pytest.mark.parametrize("value", ["Vendor", 0, 7, 1.5, False, True])
def test_a_constant_is_kept_as_it_is(value: Any) -> None:
    row = MappingBody.model_validate({"rows": [{"constant": value, "column": "x"}]}).to_domain()[0]
    assert row.source == ConstantSource(value)
    assert type(row.source.value) is type(value)


def test_rows_are_verified_without_being_saved(site: Site) -> None:
    answer = site.call("POST", "/mappings/lead/verify", token=callers.admin(), body={"rows": ROWS})
    assert (answer.status, answer.json) == (200, VERIFIED)
    assert get(site).json["version"] == 0


def test_verification_answers_as_a_save_would(site: Site) -> None:
    answer = site.call("POST", "/mappings/lead/verify", token=callers.admin(), body={"rows": [LAST_NAME]})
    assert answer.status == 422
    assert answer.json["errors"] == put(site, [LAST_NAME]).json["errors"]


def test_without_rows_those_in_force_are_verified(site: Site) -> None:
    put(site, ROWS)
    answer = site.call("POST", "/mappings/lead/verify", token=callers.admin(), body={})
    assert answer.json == VERIFIED


def test_an_empty_mapping_is_not_the_same_as_none(site: Site) -> None:
    answer = site.call("POST", "/mappings/lead/verify", token=callers.admin(), body={"rows": []})
    assert answer.status == 422


def test_the_example_of_the_description_has_the_right_shape() -> None:
    (example,) = MappingBody.model_json_schema()["examples"]
    assert len(MappingBody.model_validate(example, strict=False).to_domain()) == 7
