"""The emulator's pages as people meet them: narrow or wide, light or dark, by keyboard, without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import defects_of_a_plain_page
from tests.browser.conftest import Opener
from tests.contract.dataverse.running_dataverse import HOST, Organization

HERE = f"?organization={HOST}"
PAGES = {
    "front": "/",
    "grid": "/view/lead",
    "search": "/view/lead?search=ngata+1",
    "nothing found": "/view/lead?search=zzz",
    "row": "row",
    "log": "/view/_requests",
    "filtered log": "/view/_requests?status=refused",
    "request": "/view/_requests/1",
    "control": "/view/_control",
    "problem": "/view/_control?done=Something+is+done.",
    "missing": "/view/spaceship",
}


def address(organization: Organization, name: str) -> str:
    if name != "row":
        return PAGES[name]
    (lead,) = organization.rows("leads?$select=leadid&$filter=lastname eq 'Changed'")
    return f"/view/lead/{lead['leadid']}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits_any_screen(
    opened: Opener, organization: Organization, name: str
) -> None:
    page = opened(address(organization, name))
    assert defects_of_a_plain_page(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_follow_the_readers_wish(opened: Opener, scheme: str) -> None:
    page = opened("/", scheme=scheme)
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in color.strip("rgb()").split(","))
    assert (brightness < 200) is (scheme == "dark")


def test_a_page_asks_for_nothing_but_itself(opened: Opener, organization: Organization) -> None:
    page = opened("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(organization.base + "/view/_control")
    assert [url for url in asked if not url.startswith("data:")] == [organization.base + "/view/_control"]


def test_the_keyboard_alone_sets_a_limit_and_takes_it_back(
    opened: Opener, organization: Organization
) -> None:
    page = opened("/", script=False)
    press_until(page, "Control")
    page.keyboard.press("Enter")
    page.wait_for_url("**/view/_control")
    press_until(page, "Requests", "input")
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert organization.control("GET", "limits" + HERE)["requests"] == 77
    press_until(page, "The documented ones", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Requests", exact=True)).to_have_value("6000")
    assert organization.control("GET", "limits" + HERE)["requests"] == 6000


def press_until(page: Page, name: str, kind: str = "a") -> None:
    """Presses Tab until the element with this name has the focus, and sees that the focus shows."""
    wanted = page.get_by_label(name, exact=True) if kind == "input" else page.locator(kind, has_text=name)
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.first.evaluate("one => one === document.activeElement"):
            width = wanted.first.evaluate("one => getComputedStyle(one).outlineWidth")
            assert width == "3px"
            return
    pytest.fail(f"Tab never came to '{name}'.")


def test_the_first_tab_skips_to_the_content(opened: Opener) -> None:
    page = opened("/view/lead")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#content$"))


def test_a_search_leads_to_a_row_and_its_past(opened: Opener) -> None:
    page = opened("/view/lead", width=360, script=False)
    page.get_by_role("searchbox").fill("changed")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Changed").click()
    page.get_by_role("link", name="2 changes").click()
    cells = page.get_by_role("row", name="Job Title").get_by_role("cell")
    expect(cells).to_have_text(["Job Title", "Buyer", "Head of purchasing"])
    expect(page.get_by_role("link", name="Northwind").first).to_be_visible()


def test_a_fault_is_ordered_and_cleared_by_hand(opened: Opener, organization: Organization) -> None:
    before = len(organization.control("GET", "faults" + HERE))
    page = opened("/view/_control", script=False)
    page.get_by_label("Only addresses with").fill("nowhere")
    page.get_by_role("button", name="SQL deadlock").click()
    expect(page.get_by_role("status")).to_have_text("Ordered: SQL deadlock.")
    assert len(organization.control("GET", "faults" + HERE)) == before + 1
    expect(page.get_by_role("row", name="nowhere")).to_be_visible()
