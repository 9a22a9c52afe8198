import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.mapping.cells import from_cell, to_cell
from functions.mapping.file_payloads import MappingFile, file_of_csv, file_rows
from functions.mapping.imports import Labels
from functions.mapping.mapping_csv import write_csv
from shared.domain.mapping import MappingRow
from tests import callers
from tests.site import Answer, Site
from tests.unit.mapping_api.test_mapping_options import ROWS

TOPIC = {"template": "{firstName} {lastName} - {companyName}", "column": "subject"}
LAST_NAME = {"vendorField": "lastName", "column": "lastname"}
JOB: dict[str, Any] = {"vendorField": "jobTitle", "column": "jobtitle", "tooLong": "cut"}
GONE = {"vendorField": "country", "column": "new_region"}
CSV = "text/csv"


def put(site: Site, *rows: Any) -> Answer:
    body = {"rows": [TOPIC, LAST_NAME, *rows]}
    return site.call("PUT", "/mappings/lead", token=callers.admin(), body=body, If_Match="*")


def get(site: Site) -> Any:
    return site.call("GET", "/mappings/lead", token=callers.admin())


def download(site: Site, kind: str) -> Answer:
    return site.call("GET", f"/mappings/lead/file?format={kind}", token=callers.admin())


def send(site: Site, body: Any, query: str = "", *, of: str = "lead", **headers: str) -> Answer:
    sent = {"If_Match": "*", **({"Content_Type": CSV} if isinstance(body, bytes) else {}), **headers}
    return site.call("POST", f"/mappings/{of}/import{query}", token=callers.admin(), body=body, **sent)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_mapping_survives_being_carried_away_and_back(site: Site, kind: str) -> None:
    source = {
        "vendorField": "companyPrimaryIndustry",
        "column": "leadsourcecode",
        "choices": {"Retail; =x": "Other", "Finance": 1},
    }
    saved = put(site, JOB, source, {"constant": 10, "column": "leadsourcecode"}).json
    file = download(site, kind)
    put(site)
    answer = send(site, file.json if kind == "json" else file.content)
    assert answer.status == 200, answer.json
    assert (answer.json["rows"], answer.json["version"]) == (saved["rows"], 3)
    assert (answer.json["saved"], answer.json["leftOut"]) == (True, [])
    assert get(site).json["rows"] == saved["rows"]


def test_the_files_have_labels_for_people(site: Site) -> None:
    put(site, JOB)
    (row,) = [row for row in download(site, "json").json["rows"] if row["column"] == "jobtitle"]
    assert (row["vendorFieldLabel"], row["columnLabel"]) == ("Job Title", "Job Title")
    lines = list(csv.DictReader(StringIO(download(site, "csv").content.decode("utf-8-sig"))))
    assert [(line["row"], line["column"], line["columnLabel"]) for line in lines][:2] == [
        ("1", "subject", "Topic"),
        ("2", "lastname", "Last Name"),
    ]
    assert lines[2]["tooLong"] == "cut"


def test_a_file_names_itself(site: Site) -> None:
    answer = download(site, "csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mapping-lead-0.csv"'
    assert answer.headers["Content-Type"].startswith(CSV)
    assert site.call("GET", "/mappings/lead/file?format=xml", token=callers.admin()).status == 400


def test_a_dry_run_saves_nothing_and_says_what_would_change(site: Site) -> None:
    put(site, JOB)
    answer = send(site, {"rows": [TOPIC, LAST_NAME]}, "?dryRun=true", If_Match="")
    assert (answer.status, answer.json["saved"]) == (200, False)
    assert answer.json["changes"] == ["The row jobTitle → jobtitle was removed."]
    assert "dry run" in answer.json["message"]
    assert get(site).json["version"] == 1


def test_an_import_is_verified_like_a_save(site: Site) -> None:
    answer = send(site, {"rows": [TOPIC, GONE]})
    assert (answer.status, answer.json["code"]) == (422, "mappingUnverified")
    assert {(error["row"], error["code"]) for error in answer.json["errors"]} == {
        (2, "columnUnknown"),
        (None, "requiredUnmapped"),
    }


def test_an_import_is_bound_to_what_was_read_like_a_save(site: Site) -> None:
    put(site, JOB)
    stale = get(site).headers["ETag"]
    put(site)
    assert send(site, {"rows": [TOPIC, LAST_NAME, JOB]}, If_Match=stale).status == 412
    assert send(site, {"rows": [TOPIC, LAST_NAME, JOB]}, If_Match="").status == 428


def test_rows_without_a_column_here_are_left_out_on_demand_and_not_lost(site: Site) -> None:
    answer = send(site, {"rows": [TOPIC, GONE, LAST_NAME]}, "?unknownColumns=leaveOut")
    assert answer.status == 200
    assert [row["column"] for row in answer.json["rows"]] == ["subject", "lastname"]
    (left_out,) = answer.json["leftOut"]
    assert (left_out["row"], left_out["code"]) == (2, "columnUnknown")
    assert left_out["mappingRow"]["column"] == "new_region"
    assert "1 row of the file left out" in answer.json["message"]


def test_what_is_wrong_beside_unknown_columns_is_named_with_the_rows_of_the_file(site: Site) -> None:
    answer = send(
        site,
        {"rows": [TOPIC, GONE, LAST_NAME, {"vendorField": "", "column": "jobtitle"}]},
        "?unknownColumns=leaveOut",
    )
    assert answer.status == 422
    assert (4, "vendorFieldMissing") in [(each["row"], each["code"]) for each in answer.json["errors"]]


def test_a_file_of_the_other_object_is_refused(site: Site) -> None:
    answer = send(site, {"object": "account", "rows": []})
    assert (answer.status, answer.json["code"]) == (400, "objectDiffers")


def test_a_csv_by_hand_needs_only_the_columns_that_it_uses(site: Site) -> None:
    content = (
        "template;vendorField;column;updateOption\r\n"
        "{firstName} {lastName};;subject;\r\n"
        ";;;\r\n"
        ";lastName;lastname;overwrite\r\n"
    )
    answer = send(site, content.encode())
    assert answer.status == 200, answer.json
    assert [row["updateOption"] for row in answer.json["rows"]] == ["fillIfMissing", "overwrite"]


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        (b"", "csvInvalid", None),
        (b"\xff\xfe", "csvInvalid", None),
        (b'column\r\n"lastname', "csvInvalid", None),
        (b"vendorField,shoeSize\r\nlastName,9", "csvInvalid", ""),
        (b"column,column\r\nlastname,lastname", "csvInvalid", ""),
        (b"vendorField,column,tooLong\r\nlastName,lastname,shorten", "bodyInvalid", "/rows/0/tooLong"),
        (b"vendorField,column,choices\r\nlastName,lastname,a=b", "bodyInvalid", "/rows/0/choices"),
        (b"constant,column\r\n1e999,lastname", "bodyInvalid", "/rows/0/constant"),
        (b"vendorField,constant,column\r\nlastName,x,lastname", "bodyInvalid", "/rows/0"),
    ],
)
def test_a_csv_that_does_not_fit_is_refused_with_the_place(
    site: Site, content: bytes, code: str, path: str | None
) -> None:
    answer = send(site, content)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert path is None or path in [error["path"] for error in answer.json["errors"]]


def test_files_are_for_administrators(site: Site) -> None:
    assert site.call("GET", "/mappings/lead/file", token=callers.user()).status == 403
    answer = site.call("POST", "/mappings/lead/import", token=callers.user(), body={"rows": []})
    assert answer.status == 403


@given(
    value=st.one_of(st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))
)
def test_a_value_comes_back_from_its_cell_and_no_spreadsheet_runs_it(value: Any) -> None:
    cell = to_cell(value)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    back = from_cell(cell)
    assert (type(back), back) == (type(value), value)


@given(rows=st.lists(ROWS, max_size=4))
def test_rows_come_back_from_a_csv(rows: list[MappingRow]) -> None:
    content = write_csv(file_rows(rows, Labels({}, {})))
    assert list(file_of_csv(content).to_domain()) == rows


@given(rows=st.lists(ROWS, max_size=4))
def test_rows_come_back_from_a_json_file(rows: list[MappingRow]) -> None:
    file = MappingFile.model_validate({"rows": file_rows(rows, Labels({}, {}))}, strict=False)
    assert list(file.to_domain()) == rows
