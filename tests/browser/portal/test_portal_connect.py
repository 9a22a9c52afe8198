"""From the sign-in to congratulations, and a user's own connection, through Microsoft's pages in a window."""

import re
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Error, Locator, Page, expect

from local.stack import Stack
from tests.browser.portal.accessibility import defects
from tests.browser.portal.conftest import Connect
from tests.browser.portal.visiting import Visit, Visits
from tests.e2e.conversation import Talk, connect

ADDRESS = "/integrations/dynamics/connect"


@pytest.fixture
def connecting(disconnected: Connect, stack: Stack, visits: Visits) -> Visit:
    """An administrator at the first step; nothing is connected, and nobody is switched on."""
    disconnected("contoso")
    answer = Talk(stack, "contoso", "ada").call(
        "PUT", "/access", headers={"If-Match": "*"}, json={"enabled": False, "users": "all"}
    )
    assert answer.status_code == 200, answer.text
    return visits.signed_in("contoso/ada", "/integrations")


def step(page: Page, title: str) -> Locator:
    return page.get_by_role("group", name=title)


def sign_in_at_microsoft(window: Page, email: str) -> None:
    """Through the sign-in: who it is, and that it may; until the window is closed or elsewhere."""
    window.get_by_label(email).check()
    microsoft = urlsplit(window.url).netloc
    window.get_by_role("button", name="Accept").click()
    consent = window.get_by_role("heading", name="Permissions requested")
    # A window that closes itself is an error for whoever looks into it at that moment.
    with suppress(Error):
        while urlsplit(window.url).netloc == microsoft:
            if consent.is_visible():
                window.get_by_role("button", name="Accept").click()
                consent.wait_for(state="hidden")
            window.wait_for_timeout(50)


def test_from_the_sign_in_to_congratulations(connecting: Visit, stack: Stack) -> None:
    page = connecting.page
    page.get_by_role("link", name="Connect").click()
    first = step(page, "Sign in to your organization")
    first.get_by_role("textbox", name="Organization URL").fill("contoso.crm4.dynamics.com/main.aspx?appid=1")
    expect(first.get_by_text("https://contoso.crm4.dynamics.com will be connected")).to_be_visible()
    with page.expect_popup() as opened:
        first.get_by_role("button", name="Sign in with Microsoft").click()
    sign_in_at_microsoft(opened.value, "ada.lindqvist@contoso.example")
    expect(first.get_by_text("Connected to")).to_be_visible()
    second = step(page, "Grant access for all users")
    grant = second.get_by_role("button", name="Grant access for all users")
    expect(grant.or_(second.get_by_label("Done"))).to_be_visible()
    if grant.is_visible():
        with page.expect_popup() as opened:
            grant.click()
        sign_in_at_microsoft(opened.value, "ada.lindqvist@contoso.example")
    expect(second.get_by_label("Done")).to_be_visible()
    third = step(page, "Switch it on for your users")
    third.get_by_label("Users may export to Dynamics 365").check()
    third.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Congratulations")).to_be_visible()
    assert Talk(stack, "contoso", "bruno").get("/connection")["enabled"] is True


def test_people_are_chosen_by_name_and_whoever_was_never_here_by_address(
    connecting: Visit, stack: Stack
) -> None:
    ada, bruno = Talk(stack, "contoso", "ada"), Talk(stack, "contoso", "bruno")
    bruno.get("/connection")
    page = connecting.open(ADDRESS)
    third = step(page, "Switch it on for your users")
    third.get_by_label("Users may export to Dynamics 365").check()
    third.get_by_label("Chosen users").check()
    expect(third.get_by_text("Choose at least one person")).to_be_visible()
    people = third.get_by_role("combobox", name="People")
    people.fill("okaf")
    page.get_by_role("option", name="Bruno Okafor").click()
    people.fill("new.colleague@contoso.example")
    page.get_by_role("option", name="Add “new.colleague@contoso.example”").click()
    expect(third.get_by_role("option", name="Bruno Okafor")).to_be_visible()
    expect(third.get_by_role("option", name="new.colleague@contoso.example")).to_be_visible()
    assert defects(page) == []
    with page.expect_response(
        lambda answer: answer.url.endswith("/access") and answer.request.method == "PUT"
    ):
        third.get_by_role("button", name="Save").click()
    assert ada.get("/access")["users"] == ["bruno", "new.colleague@contoso.example"]
    third.get_by_role("option", name="new.colleague@contoso.example").click()
    expect(third.get_by_role("option", name="new.colleague@contoso.example")).to_have_count(0)


def test_an_address_that_is_none_cannot_be_signed_in_to(connecting: Visit) -> None:
    page = connecting.open(ADDRESS)
    page.get_by_role("textbox", name="Organization URL").fill("https://contoso.example")
    expect(page.get_by_text("does not look like the address")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with Microsoft")).to_be_disabled()


def test_a_window_that_is_closed_is_noticed(connecting: Visit) -> None:
    page = connecting.open(ADDRESS)
    page.get_by_role("textbox", name="Organization URL").fill("https://contoso.crm4.dynamics.com")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with Microsoft").click()
    opened.value.get_by_label("ada.lindqvist@contoso.example").wait_for()
    opened.value.close()
    expect(page.get_by_text("The sign-in window was closed")).to_be_visible()


def test_where_windows_are_blocked_the_sign_in_goes_on_in_this_one(connecting: Visit) -> None:
    connecting.context.add_init_script("window.open = () => null")
    page = connecting.open(ADDRESS)
    page.get_by_role("textbox", name="Organization URL").fill("https://contoso.crm4.dynamics.com")
    page.get_by_role("button", name="Sign in with Microsoft").click()
    expect(page.get_by_text("Your browser blocked the sign-in window")).to_be_visible()
    page.get_by_role("button", name="Sign in here").click()
    page.get_by_label("ada.lindqvist@contoso.example").wait_for()
    sign_in_at_microsoft(page, "ada.lindqvist@contoso.example")
    expect(page.get_by_text("Connected to")).to_be_visible()


def test_a_user_connects_their_own_account(contoso: Talk, visits: Visits, stack: Stack) -> None:
    # Another test may have connected an administrator who approved for nobody else.
    approved = {"directory": "contoso.onmicrosoft.com"}
    requests.post(f"{stack.entra}/_emulator/consent", json=approved, timeout=60).raise_for_status()
    page = visits.signed_in("contoso/bruno", "/settings/integrations").page
    card = page.get_by_role("group", name="Dynamics 365")
    expect(card.get_by_role("textbox", name="Organization URL")).to_have_value(
        "https://contoso.crm4.dynamics.com"
    )
    with page.expect_popup() as opened:
        card.get_by_role("button", name="Connect").click()
    sign_in_at_microsoft(opened.value, "bruno.okafor@contoso.example")
    expect(card.get_by_text("Connected since")).to_be_visible()
    assert defects(page) == []
    card.get_by_role("button", name="Disconnect").click()
    expect(card.get_by_text("Not connected")).to_be_visible()


def test_who_is_not_switched_on_is_told_whom_to_ask(connecting: Visit, visits: Visits) -> None:
    page = visits.signed_in("contoso/bruno", "/settings/integrations").page
    expect(page.get_by_role("heading", name="Nothing is connected yet")).to_be_visible()


def test_where_no_confirmation_is_asked_for_the_portal_sends_none(connecting: Visit, stack: Stack) -> None:
    """The window tells what its last page tells where CONNECT_CONFIRMATION is optional: it is done."""
    sent: list[str] = []
    connecting.context.on("request", lambda request: sent.append(request.url))
    page = connecting.open(ADDRESS)
    page.get_by_role("textbox", name="Organization URL").fill(stack.organization_url)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with Microsoft").click()
    window = opened.value
    window.get_by_label("ada.lindqvist@contoso.example").wait_for()
    connect(Talk(stack, "contoso", "ada"), "ada.lindqvist@contoso.example")
    window.goto(f"{stack.api}/docs")
    done = {"type": "dynamics-connection", "ok": True, "code": "connected"}
    window.evaluate("([told, to]) => window.opener.postMessage(told, to)", [done, stack.portal])
    expect(page.get_by_text("Connected to")).to_be_visible()
    assert not [url for url in sent if url.endswith("/connection/confirm")]


def test_who_ends_an_attackers_sign_in_connects_nothing(connecting: Visit, stack: Stack) -> None:
    """The attacker sends the address to somebody who is signed in to the portal of another tenant."""
    attacker = Talk(stack, "fabrikam", "greta")
    before = attacker.get("/connection")
    lure = {"organizationUrl": stack.organization_url, "returnUrl": stack.portal + ADDRESS}
    url = attacker.call("POST", "/connection", json=lure).json()["authorizationUrl"]
    connecting.expect_complaint("409")
    page = connecting.page
    page.evaluate("localStorage.setItem('portal.language', 'de')")
    page.goto(url)
    sign_in_at_microsoft(page, "ada.lindqvist@contoso.example")
    # The API says it in English; the portal knows the code in German.
    expect(page.get_by_text("Zu diesem Code gibt es keine Anmeldung von Ihnen zu bestätigen")).to_be_visible()
    expect(page).to_have_url(re.compile(r"code=confirmationNeeded$"))
    assert attacker.get("/connection")["organizationUrl"] != stack.organization_url
    assert attacker.get("/connection")["account"] == before["account"]
    assert Talk(stack, "contoso", "ada").get("/connection")["state"] == "disconnected"
