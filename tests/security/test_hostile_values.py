"""Values of vendor records that would be code elsewhere: in Dynamics' queries and in a spreadsheet."""

import csv
import io
from itertools import product
from uuid import uuid4

import pytest

from tests.e2e.conversation import Dataverse, Talk

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%", ";", "\x0b")
ENDS = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("https://evil.example")',
    "1+1",
    "SUM(A1:A9)",
    "IMPORTXML(1)",
    "2+5+cmd|' /C calc'!A0",
    "DDE(1)",
    "A1",
    '"quoted"',
    "a,b",
    "x\ny",
    "'",
    "WEBSERVICE(1)",
    "\u202eevil",
)
NAMES = [start + end for start, end in product(STARTS, ENDS)]
FORMULA_STARTS = (*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

ODATA = [
    "O'Hara",
    "' or 1 eq 1 or '1' eq '",
    "') or contains(lastname,'",
    "''",
    "'",
    "%27 or 1 eq 1",
    "%2527",
    "x&$filter=statecode eq 0",
    "x?$top=1",
    "a)(b",
    "a/b\\c",
    'a "quoted" b',
    "null",
    "true",
    "5% of + all #1",
    "@p1",
    "{lastName}",
    "$batch",
    "--batch_x",
    "Ünïcödé 漢字",
    "<script>alert(1)</script>",
    "a;b|c",
    "lastname eq null",
    "\u2019 or \u2018",
]


def test_two_hundred_hostile_names_make_no_cell_that_a_spreadsheet_would_run(ada: Talk) -> None:
    assert len(NAMES) >= 200
    export = ada.export("lead", [{"id": name, "firstName": name} for name in NAMES])
    content = ada.call("GET", f"/exports/{export['id']}/results.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert len(rows) == len(NAMES) + 1
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA_STARTS)] == []
    assert sum(cell.startswith("'") for cell in cells) >= 100


@pytest.fixture(autouse=True)
def usual_mapping(ada: Talk) -> None:
    """Other tests save mappings of their own."""
    for name in ("lead", "account"):
        ada.call("DELETE", f"/mappings/{name}").raise_for_status()


@pytest.fixture
def dataverse(ada: Talk) -> Dataverse:
    return Dataverse(ada.stack.dataverse)


def people(prefix: str) -> list[dict[str, str]]:
    return [
        {
            "id": f"{prefix}-{number}",
            "firstName": f"Odata{number}",
            "lastName": literal,
            "companyName": f"{literal} {number} of {prefix}",
            "email": f"o'{number}+x@{prefix}.example" if number % 2 else "",
        }
        for number, literal in enumerate(ODATA)
    ]


def test_hostile_values_arrive_exactly(ada: Talk, dataverse: Dataverse) -> None:
    arriving = people(f"arriving{uuid4().hex}")
    created = ada.export("lead", arriving)
    assert created["counts"]["created"] == len(ODATA), ada.outcomes(created["id"])
    rows = {row["leadid"]: row for row in dataverse.rows("lead")}
    for outcome, person in zip(ada.outcomes(created["id"]), arriving, strict=True):
        row = rows[outcome["dynamicsId"]]
        assert row["lastname"] == person["lastName"]
        assert row["companyname"] == person["companyName"]
        assert (row["emailaddress1"] or "") == person["email"]


def test_a_hostile_name_and_address_find_their_own_row_and_no_other(ada: Talk, dataverse: Dataverse) -> None:
    there = people(f"there{uuid4().hex}")
    ids = dataverse.seed(
        "lead",
        *(
            {
                "subject": "there",
                "firstname": each["firstName"],
                "lastname": each["lastName"],
                "companyname": each["companyName"],
                "emailaddress1": each["email"] or None,
            }
            for each in there
        ),
    )
    export = ada.export("lead", there)
    found = [outcome["dynamicsId"] for outcome in ada.outcomes(export["id"])]
    assert found == ids
    assert export["counts"]["created"] == 0


def test_a_hostile_account_name_finds_its_own_row_and_no_other(ada: Talk, dataverse: Dataverse) -> None:
    prefix = uuid4().hex
    names = [f"{literal} Ltd {prefix}" for literal in ODATA]
    ids = dataverse.seed("account", *({"name": name, "address1_country": "Norway"} for name in names))
    sent = [{"id": f"{prefix}-{at}", "name": name, "country": "Norway"} for at, name in enumerate(names)]
    export = ada.export("account", sent)
    assert [outcome["dynamicsId"] for outcome in ada.outcomes(export["id"])] == ids


def test_who_opted_out_is_not_exported_and_told_so(ada: Talk, dataverse: Dataverse) -> None:
    prefix = uuid4().hex
    everybody = [{"id": f"{prefix}-{n}", "lastName": f"Out{n}", "optOut": n < 17} for n in range(100)]
    export = ada.export("lead", everybody)
    assert (export["counts"]["created"], export["counts"]["skipped"]) == (83, 17)
    skipped = ada.outcomes(export["id"], outcome="skipped")
    assert {each["code"] for each in skipped} == {"optedOut"}
    names = {row["lastname"] for row in dataverse.rows("lead")}
    assert names.isdisjoint({f"Out{n}" for n in range(17)})
