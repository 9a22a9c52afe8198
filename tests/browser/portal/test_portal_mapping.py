"""Manage → Mapping: rows are added, ordered, verified and saved; mistakes are named, and nothing is lost."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from local.stack import Stack
from tests.browser.portal.accessibility import defects, defects_within
from tests.browser.portal.conftest import Connect
from tests.browser.portal.visiting import Visit, Visits
from tests.e2e.conversation import Talk

LEADS = "/integrations/dynamics/mapping/lead"


@pytest.fixture
def talk(stack: Stack, connected: Connect) -> Talk:
    """The API behind the screen, with the default mapping of leads."""
    connected("contoso")
    api = Talk(stack, "contoso", "ada")
    assert api.call("DELETE", "/mappings/lead").status_code == 204
    return api


@pytest.fixture
def visit(visits: Visits, talk: Talk) -> Visit:
    """An administrator before the mapping of leads."""
    visit = visits.signed_in("contoso/ada", LEADS)
    expect(row(visit.page, 28)).to_be_visible()
    return visit


def row(page: Page, number: int) -> Locator:
    return page.get_by_role("row", name=f"Row {number}:")


def save(page: Page) -> None:
    page.get_by_role("button", name="Verify and Save").click()


def add(page: Page, kind: str) -> None:
    page.get_by_role("button", name="Add row", exact=True).click()
    page.get_by_role("menuitem", name=kind).click()


def choose(page: Page, side: str, text: str) -> None:
    """Finds an entry of a combobox by typing a part of it; the keyboard alone."""
    page.get_by_role("combobox", name=side, exact=True).focus()
    page.keyboard.type(text)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text(text)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def rows(talk: Talk) -> list[dict[str, object]]:
    found: list[dict[str, object]] = talk.get("/mappings/lead")["rows"]
    return found


def change_elsewhere(talk: Talk, change: Callable[[list[dict[str, object]]], object]) -> None:
    """Another administrator saves."""
    changed = rows(talk)
    change(changed)
    answer = talk.call("PUT", "/mappings/lead", json={"rows": changed}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


def test_rows_of_one_column_have_priorities_that_keys_change(visit: Visit, talk: Talk) -> None:
    page = visit.page
    add(page, "Vendor field")
    expect(page.get_by_role("combobox", name="Vendor field of row 29")).to_be_focused()
    choose(page, "Vendor field of row 29", "Job Function")
    choose(page, "Dynamics field of row 29", "Job Title")
    expect(row(page, 5).get_by_role("img", name="Priority 1 of 2")).to_be_visible()
    expect(row(page, 29).get_by_role("img", name="Priority 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Move row 29, Job Function").focus()
    for number in range(28, 4, -1):
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("button", name=f"Move row {number}, Job Function")).to_be_focused()
    expect(row(page, 6).get_by_role("img", name="Priority 2 of 2")).to_be_visible()
    save(page)
    expect(page.get_by_role("status").filter(has_text="Verified and saved")).to_contain_text("with 29 rows")
    assert [each.get("vendorField") for each in rows(talk)[4:6]] == ["jobFunction", "jobTitle"]


def test_a_mistake_is_named_marked_and_has_the_focus(visit: Visit, talk: Talk) -> None:
    page = visit.page
    visit.expect_complaint("422")
    page.get_by_role("button", name="Remove row 2", exact=True).click()
    expect(page.get_by_role("button", name="Remove row 2", exact=True)).to_be_focused()
    add(page, "Fixed value")
    expect(page.get_by_role("textbox", name="Fixed value of row 28")).to_be_focused()
    page.keyboard.type("Vendor")
    page.get_by_role("combobox", name="Dynamics field of row 1", exact=True).focus()
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("1 thing needs to be adjusted")
    wrong = page.get_by_role("combobox", name="Dynamics field of row 28")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(row(page, 28)).to_contain_text("Choose a Dynamics field.")
    choose(page, "Dynamics field of row 28", "Description")
    expect(page.get_by_role("alert")).to_have_count(0)
    save(page)
    expect(page.get_by_role("status").filter(has_text="Verified and saved")).to_be_visible()
    saved = rows(talk)
    assert "firstname" not in {each["column"] for each in saved}
    assert saved[-1]["constant"] == "Vendor"


def test_a_required_column_keeps_a_row(visit: Visit) -> None:
    page = visit.page
    locked = page.get_by_role("button", name="Row 4 cannot be removed: Dynamics requires “Last Name”")
    expect(locked).to_be_disabled()
    choose(page, "Dynamics field of row 4", "Website")
    expect(page.get_by_text("A required field has no row")).to_be_visible()
    page.get_by_role("button", name="Add a row for Last Name").click()
    expect(page.get_by_role("combobox", name="Vendor field of row 29")).to_have_value("Last Name")
    expect(page.get_by_text("A required field has no row")).to_have_count(0)
    expect(page.get_by_role("button", name="Row 29 cannot be removed")).to_be_disabled()


def test_options_fit_the_columns_type_and_are_saved(visit: Visit, talk: Talk) -> None:
    page = visit.page
    add(page, "Vendor field")
    choose(page, "Vendor field of row 29", "Company Primary Industry")
    choose(page, "Dynamics field of row 29", "Industry")
    page.get_by_role("button", name="Options of row 29").click()
    panel = page.get_by_role("dialog", name="Options of row 29")
    expect(panel.get_by_label("Phone numbers")).to_have_count(0)
    panel.get_by_role("radio", name="Overwrite field").check()
    panel.get_by_role("switch", name="Protect edits made in Dynamics").check()
    panel.get_by_role("button", name="Add a word").click()
    panel.get_by_role("textbox", name="Vendor word 1").fill("Retail")
    panel.get_by_role("combobox", name="Choice for vendor word 1").select_option(label="Consulting")
    assert defects_within(page, "[role=dialog]") == []
    panel.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Options of row 29")).to_be_focused()
    save(page)
    expect(page.get_by_role("status").filter(has_text="Verified and saved")).to_be_visible()
    saved = rows(talk)[-1]
    assert (saved["updateOption"], saved["protectEdits"]) == ("overwrite", True)
    assert list(saved["choices"]) == ["Retail"]  # type: ignore[call-overload]  # JSON


def test_unsaved_changes_are_not_lost_by_accident(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("combobox", name="Update option of row 2", exact=True).select_option("overwrite")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.get_by_role("tab", name="Accounts").click()
    leaving = page.get_by_role("alertdialog", name="Leave without saving?")
    leaving.get_by_role("button", name="Stay here").click()
    expect(page.get_by_role("combobox", name="Update option of row 2", exact=True)).to_have_value("overwrite")
    page.get_by_role("link", name="Activity").click()
    leaving.get_by_role("button", name="Stay here").click()
    expect(page.get_by_role("link", name="Activity")).to_be_focused()
    page.get_by_role("link", name="Activity").click()
    leaving.get_by_role("button", name="Leave and discard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Activity")


def test_who_comes_second_sees_what_the_first_changed_and_chooses(visit: Visit, talk: Talk) -> None:
    page = visit.page
    visit.expect_complaint("412")
    change_elsewhere(talk, lambda changed: changed.pop(2))
    page.get_by_role("combobox", name="Update option of row 2", exact=True).select_option("overwrite")
    save(page)
    dialog = page.get_by_role("alertdialog", name="Somebody else changed this mapping")
    expect(dialog).to_contain_text("middleName → middlename was removed")
    dialog.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_role("status").filter(has_text="Verified and saved")).to_contain_text("with 28 rows")
    assert rows(talk)[1]["updateOption"] == "overwrite"


def test_versions_are_listed_and_restored_and_the_default_comes_back(visits: Visits, talk: Talk) -> None:
    change_elsewhere(talk, lambda changed: changed.pop(2))
    change_elsewhere(talk, lambda changed: changed.pop(1))
    page = visits.signed_in("contoso/ada", LEADS).page
    newest = talk.get("/mappings/lead")["version"]
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name=f"Version {newest - 1}").click()
    expect(page.get_by_role("dialog")).to_contain_text("middleName → middlename was removed")
    page.get_by_role("button", name=f"Restore version {newest - 1}").click()
    expect(row(page, 27)).to_be_visible()
    expect(page.get_by_text(f"Version {newest + 1}, saved by ada")).to_be_visible()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Back to defaults").click()
    page.get_by_role("button", name="Back to defaults").click()
    expect(row(page, 28)).to_be_visible()
    assert talk.get("/mappings/lead")["version"] == 0


def test_a_preview_says_what_would_be_sent_and_why(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Preview").click()
    panel = page.get_by_role("dialog", name="Preview")
    panel.get_by_role("radio", name="A record that I paste").check()
    person = {"id": 7, "firstName": "Wanda", "lastName": "Tesfaye", "companyName": "Wingtip Toys"}
    panel.get_by_role("textbox", name="The record").fill(json.dumps(person))
    panel.get_by_role("button", name="Show what would be sent").click()
    expect(panel.get_by_role("status")).to_contain_text("A new record would be created")
    sent = panel.get_by_role("table", name="Rows").get_by_role("row", name="Topic")
    expect(sent).to_contain_text("Wanda Tesfaye - Wingtip Toys")
    assert defects_within(page, "[role=dialog]") == []


def test_a_file_carries_the_mapping_away_and_back(visit: Visit, talk: Talk) -> None:
    page = visit.page
    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as CSV").click()
    content = download.value.path().read_bytes()
    page.get_by_role("button", name="Remove row 3").click()
    page.get_by_role("button", name="More").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Import a file").click()
    chooser.value.set_files({"name": "mapping.csv", "mimeType": "text/csv", "buffer": content})
    dialog = page.get_by_role("dialog", name="Import a mapping")
    expect(dialog).to_contain_text("Nothing differs from the mapping in force.")
    dialog.get_by_role("button", name="Take over").click()
    expect(row(page, 28)).to_be_visible()


def test_a_row_is_dragged_to_its_place(visit: Visit) -> None:
    page = visit.page
    handle = page.get_by_role("button", name="Move row 2, First Name")
    handle.hover()
    page.mouse.down()
    to = page.get_by_role("button", name="Move row 4, Last Name").bounding_box()
    assert to is not None
    page.mouse.move(to["x"] + 8, to["y"] + 60, steps=5)
    expect(page.get_by_role("button", name="Move row 4, First Name")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_role("button", name="Move row 4, First Name")).to_be_visible()


def test_without_a_network_the_rows_stay_and_saving_is_tried_again(visit: Visit) -> None:
    page = visit.page
    visit.expect_complaint("ERR_INTERNET_DISCONNECTED")
    page.get_by_role("combobox", name="Update option of row 2", exact=True).select_option("overwrite")
    visit.context.set_offline(True)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")
    visit.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status").filter(has_text="Verified and saved")).to_be_visible()


def test_without_a_connection_the_mapping_says_so(visits: Visits, disconnected: Connect) -> None:
    disconnected("fabrikam")
    visit = visits.open(LEADS)
    visit.expect_complaint("409")
    visit.sign_in("fabrikam/greta")
    expect(visit.page.get_by_role("heading", name="Dynamics 365 is not connected")).to_be_visible()
    expect(visit.page.get_by_role("link", name="Connect", exact=True)).to_be_visible()


def test_axe_finds_nothing_on_the_mapping_and_its_mistakes(visit: Visit) -> None:
    page = visit.page
    visit.expect_complaint("422")
    add(page, "Template")
    save(page)
    page.get_by_role("alert").wait_for()
    assert defects(page) == []
