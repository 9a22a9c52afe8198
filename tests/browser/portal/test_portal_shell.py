"""The portal's frame: signing in and out, who sees what, on every screen size, theme and language."""

import json
import time

import pytest
import requests
from playwright.sync_api import Page, expect

from local.stack import Stack
from tests.browser.portal.accessibility import defects
from tests.browser.portal.conftest import Connect
from tests.browser.portal.visiting import Visit, Visits
from tests.e2e.conversation import Talk


def account(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_an_administrator_arrives_at_the_integrations(ada: Visit) -> None:
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Integrations")
    expect(ada.page).to_have_title("Integrations · Fernway Data")


def test_a_user_sees_neither_the_admin_portal_nor_its_screens(bruno: Visit) -> None:
    expect(bruno.page.get_by_role("heading", level=1)).to_have_text("New export")
    expect(bruno.page.get_by_role("navigation")).not_to_contain_text("Activity")
    bruno.open("/integrations")
    expect(bruno.page.get_by_role("main")).to_contain_text("This screen is for administrators")


def test_a_person_is_named_with_tenant_and_role(greta: Visit) -> None:
    account(greta.page, "Greta Holm")
    expect(greta.page.get_by_text("Administrator of fabrikam")).to_be_visible()
    expect(greta.page.get_by_text("greta.holm@fabrikam.example")).to_be_visible()


def test_tenants_see_their_own_connection_only(
    visits: Visits, connected: Connect, disconnected: Connect
) -> None:
    connected("contoso")
    disconnected("fabrikam")
    tiles = [
        visits.signed_in(person).page.get_by_role("group", name="Dynamics 365")
        for person in ("contoso/ada", "fabrikam/greta")
    ]
    expect(tiles[0]).to_contain_text("https://contoso.crm4.dynamics.com")
    expect(tiles[0].get_by_role("link", name="Manage")).to_be_visible()
    expect(tiles[1]).to_contain_text("Not connected")
    expect(tiles[1]).not_to_contain_text("contoso")


def test_after_signing_out_nobody_is_signed_in(ada: Visit) -> None:
    account(ada.page, "Ada Lindqvist")
    ada.page.get_by_role("menuitem", name="Sign out").click()
    expect(ada.page.get_by_role("heading", name="Export to Dynamics 365")).to_be_visible()
    ada.open("/integrations")
    expect(ada.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_a_cancelled_sign_in_says_so(visits: Visits) -> None:
    page = visits.open().page
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The sign-in was cancelled.")).to_be_visible()


def test_a_reload_stays_at_its_address_and_asks_nobody(ada: Visit) -> None:
    ada.open("/activity?from=here")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Activity")
    expect(ada.page).to_have_url(ada.portal + "/activity?from=here")


def test_a_sign_in_leads_to_the_address_that_was_wanted(visits: Visits) -> None:
    visit = visits.open("/activity")
    visit.sign_in("contoso/ada")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Activity")


def test_no_token_is_ever_stored(ada: Visit) -> None:
    ada.page.wait_for_function("sessionStorage.getItem('portal.signedIn') === 'yes'")
    stored = ada.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "eyJ" not in stored
    assert json.loads(stored) == [{}, {"portal.signedIn": "yes"}, ""]


def test_a_worthless_token_is_renewed_without_asking(ada: Visit, stack: Stack) -> None:
    requests.post(
        f"{stack.entra}/_emulator/keys/rotate", json={"ring": "callers", "forget": True}, timeout=60
    ).raise_for_status()
    ada.expect_complaint("401")
    ada.page.get_by_role("link", name="History").click()
    ada.page.get_by_role("link", name="Integrations", exact=True).click()
    expect(ada.page.get_by_role("group", name="Dynamics 365")).to_be_visible()
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    _wait_for_new_keys(stack)


def _wait_for_new_keys(stack: Stack) -> None:
    """The API asks for keys twice a minute at most: whoever comes before that would be refused."""
    talk, end = Talk(stack, "contoso", "ada"), time.monotonic() + 180
    while talk.call("GET", "/connection").status_code == 401 and time.monotonic() < end:
        time.sleep(0.5)


@pytest.mark.parametrize(
    "path", ["/", "/integrations/dynamics/mapping/lead", "/config.json", "/assets/none.js"]
)
def test_every_answer_has_the_headers_that_protect_it(visits: Visits, stack: Stack, path: str) -> None:
    headers = requests.get(stack.portal + path, timeout=60).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert f"connect-src 'self' {stack.api.removesuffix('/api')} {stack.entra}" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_an_unknown_address_is_named_as_one(ada: Visit) -> None:
    ada.open("/nowhere")
    expect(ada.page.get_by_role("heading", name="There is no such page")).to_be_visible()
    ada.page.get_by_role("link", name="Go to the start").click()
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Integrations")


def test_navigation_moves_the_focus_to_the_new_screen(ada: Visit) -> None:
    ada.page.get_by_role("link", name="History").click()
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("History")
    expect(ada.page.get_by_role("main")).to_be_focused()


def test_the_keyboard_skips_to_the_content_first(ada: Visit) -> None:
    ada.open("/activity")
    ada.page.get_by_role("heading", level=1).wait_for()
    ada.page.keyboard.press("Tab")
    skip = ada.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("main")).to_be_focused()


def test_a_small_screen_has_the_menu_behind_a_button(visits: Visits) -> None:
    page = visits.signed_in("contoso/ada", width=360).page
    page.get_by_role("button", name="Open the menu").click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_language_and_theme_are_chosen_and_kept(ada: Visit) -> None:
    page = ada.page
    account(page, "Ada Lindqvist")
    page.get_by_role("menuitemradio", name="Deutsch").click()
    page.get_by_role("menuitemradio", name="Dunkel").click()
    ada.open("/integrations")
    expect(page.get_by_role("heading", level=1)).to_have_text("Integrationen")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_browsers_language_is_the_first_choice(visits: Visits) -> None:
    page = visits.open(locale="de-AT").page
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible()


def test_a_lost_network_is_said(ada: Visit) -> None:
    ada.expect_complaint("ERR_INTERNET_DISCONNECTED")
    ada.context.set_offline(True)
    expect(ada.page.get_by_text("You are offline")).to_be_visible()
    ada.context.set_offline(False)
    expect(ada.page.get_by_text("You are offline")).to_have_count(0)


def test_an_error_of_the_api_is_shown_with_what_to_do(visits: Visits, stack: Stack) -> None:
    visit = visits.open()
    problem = {"status": 403, "code": "forbidden", "detail": "Ask an administrator to switch it on."}
    visit.expect_complaint("403")
    visit.page.route(
        f"{stack.api}/connection",
        lambda route: route.fulfill(
            status=403, json=problem, headers={"Access-Control-Allow-Origin": stack.portal}
        ),
    )
    visit.sign_in("contoso/ada")
    expect(visit.page.get_by_role("alert")).to_contain_text("Ask an administrator to switch it on.")
    visit.page.unroute(f"{stack.api}/connection")
    visit.page.get_by_role("button", name="Try again").click()
    expect(visit.page.get_by_role("group", name="Dynamics 365")).to_be_visible()


def test_axe_finds_nothing_on_the_sign_in(visits: Visits) -> None:
    page = visits.open().page
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    assert defects(page) == []


def test_axe_finds_nothing_on_the_integrations(ada: Visit) -> None:
    ada.page.get_by_role("group", name="Dynamics 365").wait_for()
    assert defects(ada.page) == []


def test_axe_finds_nothing_in_the_open_menus(visits: Visits) -> None:
    page = visits.signed_in("contoso/ada", width=360).page
    page.get_by_role("button", name="Open the menu").click()
    page.get_by_role("link", name="History").wait_for()
    assert defects(page, narrow=False) == []
    page.keyboard.press("Escape")
    account(page, "Ada Lindqvist")
    page.get_by_role("menuitem", name="Sign out").wait_for()
    assert defects(page, narrow=False) == []
