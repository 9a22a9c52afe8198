"""Manage → General: what administrators decide about every export."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from local.stack import Stack
from tests.browser.portal.visiting import Visit, Visits
from tests.e2e.conversation import Talk

ADDRESS = "/integrations/dynamics/general"


@pytest.fixture
def general(contoso: Talk, visits: Visits) -> Visit:
    """The screen of a tenant that has the defaults."""
    return visits.signed_in("contoso/ada", ADDRESS)


def preferences(stack: Stack) -> Any:
    return Talk(stack, "contoso", "ada").get("/preferences")


def test_what_is_saved_is_what_the_api_says_afterwards(general: Visit, stack: Stack) -> None:
    page = general.page
    page.get_by_role("radio", name="Leads only").check()
    leads = page.get_by_role("group", name="People become leads")
    leads.get_by_label("If several records match").select_option("Update the newest one")
    leads.get_by_role("button", name="E-mail address: less important").click()
    leads.get_by_label("Most records in one export").fill("500")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your preferences are saved").first).to_be_visible()
    saved = preferences(stack)
    assert saved["exportObjects"] == "leadsOnly"
    assert saved["lead"] | {"matchRules": ["nameAndCompany", "email"]} == saved["lead"]
    assert saved["lead"]["onSeveralMatches"] == "updateNewest"
    assert saved["lead"]["maxRecordsPerExport"] == 500


def test_a_number_that_is_none_says_so_and_is_not_saved(general: Visit) -> None:
    page = general.page
    limit = page.get_by_role("group", name="People become leads").get_by_label("Most records in one export")
    limit.fill("many")
    expect(page.get_by_text("Enter a whole number")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    limit.fill("7")
    expect(page.get_by_role("button", name="Save")).to_be_enabled()


def test_whoever_saves_second_is_told_and_can_see_what_was_saved(general: Visit, stack: Stack) -> None:
    page = general.page
    page.get_by_role("radio", name="Leads only").check()
    other = {"connection": "individual"}
    Talk(stack, "contoso", "ada").call("PUT", "/preferences", headers={"If-Match": "*"}, json=other)
    general.expect_complaint("412")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Somebody else changed this in the meantime")).to_be_visible()
    page.get_by_role("button", name="Show what was saved").click()
    expect(page.get_by_role("radio", name="Individual connections")).to_be_checked()
    expect(page.get_by_role("radio", name="Accounts and leads")).to_be_checked()


def test_changes_that_are_not_saved_are_not_left_without_a_question(general: Visit) -> None:
    page = general.page
    page.get_by_role("radio", name="Leads only").check()
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Stay here").click()
    expect(page.get_by_role("radio", name="Leads only")).to_be_checked()
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Leave without saving").click()
    expect(page).to_have_url(re.compile("/exports$"))
