"""Export → History and Activity: what was done, by day, as a list, and whether all is well."""

import pytest
from playwright.sync_api import expect

from tests.browser.portal.accessibility import defects
from tests.browser.portal.visiting import Visit, Visits
from tests.e2e.conversation import Talk


@pytest.fixture
def exported(contoso: Talk) -> str:
    """Ada's export of one person who becomes a lead, and one record that cannot."""
    person = {"id": 7_000_001, "firstName": "Noor", "lastName": "Yarrow", "companyName": "Yarrow Works"}
    ended = contoso.export("lead", [person, {"id": 7_000_002}])
    return str(ended["id"])


def test_the_history_leads_to_each_export_and_shows_the_month(exported: str, visits: Visits) -> None:
    visit = visits.signed_in("contoso/ada", "/exports")
    page = visit.page
    row = page.get_by_role("region", name="Exports").get_by_role("row").nth(1)
    expect(row).to_contain_text("Completed with errors")
    expect(page.get_by_role("img", name="in the last 30 days")).to_be_visible()
    page.get_by_role("button", name="Show as a table").click()
    expect(
        page.get_by_role("region", name="Records in the last 30 days").get_by_role("row").nth(1)
    ).to_be_visible()
    assert defects(page) == []
    page.get_by_label("State").select_option("Queued")
    expect(page.get_by_role("heading", name="There are no such exports")).to_be_visible()
    page.get_by_label("State").select_option("Completed with errors")
    row.get_by_role("link").click()
    expect(page).to_have_url(f"{visit.portal}/exports/{exported}")


def test_who_has_exported_nothing_is_led_to_the_first_export(contoso: Talk, visits: Visits) -> None:
    page = visits.signed_in("contoso/carla", "/exports").page
    expect(page.get_by_role("heading", name="Nothing was exported yet")).to_be_visible()
    page.get_by_role("link", name="Start an export").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New export")


@pytest.fixture
def activity(exported: str, visits: Visits) -> Visit:
    """Ada at the activity of a tenant that has exported something."""
    return visits.signed_in("contoso/ada", "/activity")


def test_the_audit_log_tells_who_did_what_and_that_it_is_whole(activity: Visit) -> None:
    page = activity.page
    expect(page.get_by_text("The log is whole")).to_be_visible()
    page.get_by_label("Action").select_option("Export started")
    row = page.get_by_role("region", name="Audit log").get_by_role("row").nth(1)
    expect(row).to_contain_text("ada")
    expect(row).to_contain_text("Export started")


def test_the_connection_is_checked_and_the_limits_are_shown(activity: Visit) -> None:
    page = activity.page
    expect(page.get_by_role("group", name="Limits used").get_by_role("progressbar")).to_have_count(5)
    page.get_by_role("button", name="Check the connection").click()
    checked = page.get_by_role("group", name="Connection check")
    expect(checked.get_by_text("Dynamics knows the connected account.")).to_be_visible()
    assert defects(page) == []
