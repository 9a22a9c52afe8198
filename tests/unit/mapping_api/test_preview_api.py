from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.mapping.preview import Previewer, RowEffect
from functions.mapping.preview_payloads import PreviewBody
from shared.domain.compiled import compile_mapping
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow, UpdateOption, VendorSource
from shared.domain.vendor_catalog import vendor_fields
from tests import callers
from tests.site import Answer, Site
from tests.unit.mapping_api.conftest import LEAD

ADA = {
    "id": 7,
    "firstName": "Ada",
    "lastName": "Ngata",
    "companyName": "Contoso",
    "jobTitle": "Director of Revenue Operations",
    "companyPhone": "425 555 0100",
    "companyEmployeeCount": 120,
}
ROWS = [
    {"template": "{firstName} {lastName} - {companyName}", "column": "subject"},
    {"vendorField": "lastName", "column": "lastname", "updateOption": "overwrite"},
    {"vendorField": "directPhone", "column": "telephone1"},
    {"vendorField": "companyPhone", "column": "telephone1"},
    {"vendorField": "phone", "column": "telephone1"},
    {"vendorField": "jobTitle", "column": "jobtitle"},
    {"constant": 10, "column": "leadsourcecode", "updateOption": "createOnly"},
    {"vendorField": "companyEmployeeCount", "column": "numberofemployees"},
    {"vendorField": "firstName", "column": "gone"},
]


def preview(site: Site, **body: Any) -> Answer:
    return site.call("POST", "/mappings/lead/preview", token=callers.admin(), body=body)


def test_what_a_new_record_is_made_of_is_shown_in_the_types_of_its_columns(site: Site) -> None:
    answer = preview(site, records=[ADA], rows=ROWS)
    assert answer.status == 200
    (item,) = answer.json["items"]
    assert (item["position"], item["vendorId"], item["refused"], item["update"]) == (1, "7", None, None)
    assert item["create"] == {
        "subject": "Ada Ngata - Contoso",
        "lastname": "Ngata",
        "telephone1": "425 555 0100",
        "leadsourcecode": 10,
        "numberofemployees": 120,
    }
    assert answer.json["missing"] == ["gone"]


def test_each_row_tells_its_effect_and_why(site: Site) -> None:
    (item,) = preview(site, records=[{**ADA, "phone": "1"}], rows=ROWS).json["items"]
    assert [(row["row"], row["effect"]) for row in item["rows"]] == [
        (1, "sent"),
        (2, "sent"),
        (3, "empty"),
        (4, "sent"),
        (5, "outranked"),
        (6, "invalid"),
        (7, "sent"),
        (8, "sent"),
        (9, "unusable"),
    ]
    assert all(row["reason"] for row in item["rows"])
    assert "Row 4" in item["rows"][4]["reason"]
    assert "10" in item["rows"][5]["reason"]
    assert item["rows"][0]["template"] == ROWS[0]["template"]
    assert item["rows"][6]["constant"] == item["rows"][6]["value"] == 10


def test_what_would_change_on_an_existing_record_is_shown(site: Site) -> None:
    existing = {
        "lastname": "Stone",
        "telephone1": "already there",
        "numberofemployees": None,
        "leadsourcecode": 1,
    }
    (item,) = preview(site, records=[ADA], rows=ROWS, existing=existing).json["items"]
    assert item["update"] == {
        "lastname": "Ngata",
        "subject": "Ada Ngata - Contoso",
        "numberofemployees": 120,
    }


def test_a_record_that_lacks_what_dynamics_requires_is_shown_as_refused(site: Site) -> None:
    (item,) = preview(site, records=[{"firstName": "Ada"}], rows=ROWS).json["items"]
    assert item["column"] == "lastname"
    assert "Last Name" in item["refused"]


def test_a_value_that_fails_its_record_is_shown_as_refusing_it(site: Site) -> None:
    rows = [*ROWS[:2], {**ROWS[5], "onInvalid": "failRecord"}]
    (item,) = preview(site, records=[ADA], rows=rows).json["items"]
    assert item["column"] == "jobtitle"
    assert "10" in item["refused"]


def test_without_rows_those_in_force_are_tried(site: Site) -> None:
    (item,) = preview(site, records=[ADA]).json["items"]
    assert item["create"]["subject"] == "Ada Ngata - Contoso"
    assert item["create"]["leadsourcecode"] == 10


def test_a_record_without_an_id_has_one_made_from_its_content(site: Site) -> None:
    (item,) = preview(site, records=[{"lastName": "Ngata"}]).json["items"]
    assert item["vendorId"].startswith("content-")


def test_several_records_are_shown_in_their_order(site: Site) -> None:
    items = preview(site, records=[ADA, {"id": "b", "lastName": "Stone"}], rows=ROWS).json["items"]
    assert [(item["position"], item["vendorId"]) for item in items] == [(1, "7"), (2, "b")]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/records"),
        ({"records": []}, "/records"),
        ({"records": [ADA] * 21}, "/records"),
        ({"records": ["Ada"]}, "/records/0"),
        ({"records": [ADA], "existing": []}, "/existing"),
        ({"records": [ADA], "rows": [5]}, "/rows/0"),
    ],
)
def test_a_request_of_the_wrong_shape_is_refused(site: Site, body: Any, path: str) -> None:
    answer = preview(site, **body)
    assert answer.status == 400
    assert path in [error["path"] for error in answer.json["errors"]]


def test_the_example_of_the_description_can_be_previewed(site: Site) -> None:
    (example,) = PreviewBody.model_json_schema()["examples"]
    answer = preview(site, **example)
    assert answer.json["items"][0]["update"]["subject"] == "Ada Ngata - Contoso Ltd"


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=60),
    st.lists(st.text()),
)
FIELDS = ("lastName", "jobTitle", "companyEmployeeCount", "directPhoneDoNotCall")
SOME_ROWS = st.lists(
    st.builds(
        MappingRow,
        source=st.builds(VendorSource, st.sampled_from(FIELDS)),
        column=st.sampled_from(sorted(LEAD)),
        update_option=st.sampled_from(UpdateOption),
    ),
    max_size=6,
)


@given(rows=SOME_ROWS, record=st.dictionaries(st.sampled_from(FIELDS), VALUES), exists=st.booleans())
def test_the_rows_shown_as_sent_are_exactly_what_an_export_would_send(
    rows: list[MappingRow], record: dict[str, Any], *, exists: bool
) -> None:
    fields = vendor_fields(ObjectType.LEAD)
    shown = Previewer(rows, lambda some: compile_mapping(some, LEAD, fields)).preview(
        record, {} if exists else None
    )
    mapped = compile_mapping(rows, LEAD, fields).map(record)
    sent = {row.mapping_row.column: row.value for row in shown.rows if row.effect is RowEffect.SENT}
    assert sent == mapped.for_create()
    assert shown.create.items() <= sent.items()
