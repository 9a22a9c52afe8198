"""Export: records in, live progress, outcomes with their reasons, and what can be done about them."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from local.stack import ROOT, Stack
from tests.browser.portal.accessibility import defects, defects_within
from tests.browser.portal.conftest import Connect
from tests.browser.portal.visiting import Visit, Visits
from tests.e2e.conversation import Dataverse, Talk

PEOPLE = ROOT.parent / "shared" / "data" / "people.ndjson"


@pytest.fixture
def ada_exports(contoso: Talk, visits: Visits) -> Visit:
    """Ada at the new export."""
    return visits.signed_in("contoso/ada", "/export")


def prefer(admin: Talk, **preferences: Any) -> None:
    answer = admin.call("PUT", "/preferences", headers={"If-Match": "*"}, json=preferences)
    assert answer.status_code == 200, answer.text


def person(name: str, **fields: Any) -> dict[str, Any]:
    """A vendor record that is nobody else's."""
    number = int.from_bytes(name.encode()[:6], "big")
    return {"id": number, "firstName": "Noor", "lastName": name, "companyName": f"{name} Works", **fields}


def paste(page: Page, records: Sequence[Any]) -> None:
    page.get_by_role("tab", name="Paste").click()
    page.get_by_label("Records", exact=True).fill("\n".join(json.dumps(record) for record in records))
    expect(page.get_by_text(re.compile(r"\d+ records? found"))).to_be_visible()


def choose_file(page: Page, file: Path | FilePayload) -> None:
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name="Choose a file").click()
    opened.value.set_files(file)


def run(page: Page, button: str = "Start export") -> Locator:
    """Starts it and waits for the end; the card of its progress."""
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("button", name="Download results")).to_be_visible()
    return page.get_by_role("group", name="Progress")


def outcomes(page: Page) -> Locator:
    return page.get_by_role("region", name="Outcomes")


def test_the_real_people_are_exported_with_progress_to_the_end(ada_exports: Visit) -> None:
    if not PEOPLE.exists():
        pytest.skip("shared/data/people.ndjson is not beside the checkout")
    page = ada_exports.page
    choose_file(page, PEOPLE)
    expect(page.get_by_text("412 records found.")).to_be_visible()
    expect(page.get_by_text("19 of 19 columns are fields that the export knows.")).to_be_visible()
    page.get_by_role("button", name="Start export").click()
    progress = page.get_by_role("group", name="Progress")
    expect(progress.get_by_role("progressbar")).to_be_visible()
    expect(progress).to_contain_text("412 of 412 records (100%)")
    expect(progress.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "1")
    expect(page.get_by_role("button", name="All 412")).to_be_visible()
    expect(outcomes(page).get_by_role("row")).to_have_count(51)
    page.get_by_role("button", name="Next").click()
    expect(outcomes(page).get_by_role("row").nth(1)).to_contain_text("51")
    assert defects(page) == []


def test_a_dry_run_writes_nothing_and_leads_to_the_export_and_that_into_dynamics(
    ada_exports: Visit, stack: Stack
) -> None:
    page = ada_exports.page
    name = f"{uuid4().hex[:6]} Quill"  # whom an earlier try has not written
    paste(page, [person(name)])
    progress = run(page, "Dry run")
    expect(page.get_by_text("nothing was written to Dynamics")).to_be_visible()
    assert name not in written(stack)
    expect(outcomes(page).get_by_role("row", name="Created")).to_be_visible()
    expect(page.get_by_role("link", name="Open record 1 in Dynamics 365")).to_have_count(0)
    page.get_by_role("link", name="Export them now").click()
    progress = run(page)
    expect(progress).to_contain_text("1 of 1 records (100%)")
    assert name in written(stack)
    lead = re.escape("https://contoso.crm4.dynamics.com/main.aspx?etn=lead&id=") + "[-0-9a-f]{36}"
    link = page.get_by_role("link", name="Open record 1 in Dynamics 365")
    expect(link).to_have_attribute("href", re.compile(f"^{lead}&pagetype=entityrecord$"))


def written(stack: Stack) -> set[str]:
    return {str(row.get("lastname")) for row in Dataverse(stack.dataverse).rows("lead")}


def test_an_administrator_sees_how_a_file_maps(ada_exports: Visit) -> None:
    page = ada_exports.page
    file = "First Name;lastName;Company Name;shoeSize\nNoor;Vale;Vale Works;43\n"
    choose_file(page, {"name": "people.csv", "mimeType": "text/csv", "buffer": file.encode()})
    expect(page.get_by_text("3 of 4 columns are fields that the export knows.")).to_be_visible()
    expect(page.get_by_role("columnheader", name="shoeSize")).to_contain_text("Not recognized")
    mapped = page.get_by_role("region", name="How they map")
    expect(mapped.get_by_role("row", name="Last Name")).to_contain_text("Vale")
    assert defects(page) == []


def test_what_is_no_record_is_said_at_once(ada_exports: Visit) -> None:
    page = ada_exports.page
    page.get_by_role("tab", name="Paste").click()
    page.get_by_label("Records", exact=True).fill("[1, 2]")
    expect(page.get_by_text("Each entry of the list has to be an object")).to_be_visible()
    expect(page.get_by_role("button", name="Start export")).to_have_attribute("aria-disabled", "true")


def test_failed_records_say_why_and_are_retried(ada_exports: Visit) -> None:
    page = ada_exports.page
    paste(page, [person("Sorrel"), {"id": 5, "firstName": "Nobody"}, "no record"])
    progress = run(page)
    expect(progress).to_contain_text("Completed with errors")
    page.get_by_role("button", name="Failed 2").click()
    rows = outcomes(page).get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("Column: ")
    expect(rows.nth(2)).to_contain_text("Line 3 is no record")
    with page.expect_download() as file:
        page.get_by_role("button", name="Download results").click()
    assert Path(file.value.path()).read_text(encoding="utf-8-sig").startswith("position,vendorId,outcome")
    page.get_by_role("button", name="Retry 2 failed records").click()
    expect(page.get_by_text("This export repeats records of another one.")).to_be_visible()
    expect(page.get_by_role("group", name="Progress")).to_contain_text("of 2 records (100%)")


def test_an_export_is_taken_back_after_a_trial(ada_exports: Visit, stack: Stack) -> None:
    page = ada_exports.page
    paste(page, [person("Umber")])
    run(page)
    page.get_by_role("button", name="Undo…").click()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("1 record deleted or put back")).to_be_visible()
    assert defects_within(page, "[role=dialog]") == []
    assert "Umber" in written(stack)
    page.get_by_role("button", name="Undo now").click()
    expect(page.get_by_text("This takes back what another export changed.")).to_be_visible()
    expect(page.get_by_role("group", name="Progress")).to_contain_text("Succeeded")
    assert "Umber" not in written(stack)


@pytest.fixture
def held_up(contoso: Talk, visits: Visits, stack: Stack) -> Iterator[Visit]:
    """Bruno's export, which Dynamics asks for patience again and again."""
    visit = visits.signed_in("contoso/bruno", "/export")
    paste(visit.page, [person("Verity")])
    dataverse = Dataverse(stack.dataverse)
    dataverse.fault(action="status", status=429, retry_after=1, times=1_000_000)
    visit.page.get_by_role("button", name="Start export").click()
    visit.page.get_by_role("button", name="Pause").wait_for()
    yield visit
    dataverse.control("DELETE", "faults")


def test_an_export_is_paused_resumed_and_cancelled(held_up: Visit) -> None:
    page = held_up.page
    progress = page.get_by_role("group", name="Progress")
    page.get_by_role("button", name="Pause").click()
    expect(progress.get_by_role("status")).to_have_text("Paused")
    page.get_by_role("button", name="Resume").click()
    expect(progress).not_to_contain_text("Paused")
    page.get_by_role("button", name="Cancel export").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel export").click()
    expect(progress).to_contain_text("Cancelled")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_leads_only_leaves_no_accounts_to_choose(ada_exports: Visit, contoso: Talk) -> None:
    page = ada_exports.page
    expect(page.get_by_role("radio", name="Accounts")).to_be_enabled()
    prefer(contoso, exportObjects="leadsOnly")
    ada_exports.open("/export")
    expect(page.get_by_role("radio", name="Accounts")).to_be_disabled()
    expect(page.get_by_text("Your administrator allows leads only.")).to_be_visible()


def test_individual_connections_ask_a_person_to_connect_first(
    contoso: Talk, visits: Visits, stack: Stack
) -> None:
    Talk(stack, "contoso", "carla").call("DELETE", "/me/connection")
    prefer(contoso, connection="individual")
    page = visits.signed_in("contoso/carla", "/export").page
    expect(page.get_by_role("heading", name="Connect your own account first")).to_be_visible()
    expect(page.get_by_role("link", name="Go to my integrations")).to_be_visible()


def test_a_tenant_never_sees_anothers_exports(ada_exports: Visit, connected: Connect, visits: Visits) -> None:
    page = ada_exports.page
    paste(page, [person("Wren")])
    run(page)
    address = page.url.removeprefix(ada_exports.portal)
    connected("fabrikam")
    greta = visits.signed_in("fabrikam/greta", "/exports")
    expect(greta.page.get_by_role("heading", level=1)).to_have_text("History")
    expect(greta.page.get_by_role("main")).not_to_contain_text("ada")
    greta.expect_complaint("404")
    greta.open(address)
    expect(greta.page.get_by_role("alert")).to_contain_text("There is no such export")


def test_a_large_file_is_uploaded_before_it_is_exported(ada_exports: Visit) -> None:
    page = ada_exports.page
    padding = "x" * 100_000
    lines = [json.dumps(person(f"Alder{number}", id=number, notes=padding)) for number in range(50)]
    choose_file(page, {"name": "large.ndjson", "mimeType": "", "buffer": "\n".join(lines).encode()})
    expect(page.get_by_text("The file is large")).to_be_visible()
    expect(run(page, "Dry run")).to_contain_text("50 of 50 records (100%)")


def test_a_person_picks_the_record_where_several_match(ada_exports: Visit, stack: Stack) -> None:
    page = ada_exports.page
    twin = {"lastname": "Twin", "companyname": "Twin Works", "emailaddress1": "noor@twin.example"}
    Dataverse(stack.dataverse).seed("lead", twin, twin)
    paste(page, [person("Twin", email="noor@twin.example")])
    expect(run(page)).to_contain_text("1 of 1 records (100%)")
    page.get_by_role("button", name="Choose the Dynamics record for record 1").click()
    candidates = page.get_by_role("radio", name="noor@twin.example")
    expect(candidates).to_have_count(2)
    assert defects_within(page, "[role=dialog]") == []
    candidates.first.check()
    page.get_by_role("button", name="Export it").click()
    expect(page.get_by_text("This export repeats records of another one.")).to_be_visible()
    expect(page.get_by_role("button", name="Updated 1")).to_be_visible()
