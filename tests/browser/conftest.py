"""A browser of this machine, and an emulated organization with something to see."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from local.browser import MISSING, chromium
from tests.contract.dataverse.running_dataverse import Organization, running

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BUSY_MACHINE = 120_000  # milliseconds; only a hang should fail
Opener = Callable[..., Page]

expect.set_options(timeout=BUSY_MACHINE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    found = chromium()
    if found is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found, args=list(SWITCHES), timeout=BUSY_MACHINE
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def organization() -> Iterator[Organization]:
    """An organization with people, a changed one, refused requests and ordered faults."""
    with running("--anonymous") as address:
        found = Organization(address, None)
        with found.session:
            fill(found)
            yield found


def fill(organization: Organization) -> None:
    people = [{"lastname": f"Ngata {number}", "companyname": "Fourth Coffee"} for number in range(60)]
    organization.control("POST", "rows/lead", people)
    account = organization.create("accounts", name="Northwind", websiteurl="https://northwind.example")
    lead = organization.create("leads", lastname="Changed", jobtitle="Buyer", revenue=12.5)
    bind = {"parentaccountid@odata.bind": f"accounts({account})"}
    for change in ({"jobtitle": "Head of purchasing", "donotemail": True}, bind | {"statuscode": 2}):
        assert organization.patch(f"leads({lead})", change).status_code == 204
    organization.get("leads?$filter=nothing eq 1")
    orders = [
        {"action": "status", "path": "CreateMultiple", "status": 429},
        {"action": "delay", "path": "never"},
    ]
    organization.control("POST", "faults", orders)


@pytest.fixture
def opened(browser: Browser, organization: Organization) -> Iterator[Opener]:
    """Opens a page of the organization in a fresh profile; addresses elsewhere are refused."""
    contexts = []

    def open_page(path: str, *, width: int = 1280, scheme: str = "light", script: bool = True) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script)
        context.set_default_timeout(BUSY_MACHINE)
        contexts.append(context)
        page = context.new_page()
        page.route(lambda url: not url.startswith(organization.base), lambda route: route.abort())
        page.goto(organization.base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
