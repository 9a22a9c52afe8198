"""Every screen of the portal at once: axe finds nothing, light and dark, wide and narrow."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.portal.accessibility import defects
from tests.browser.portal.screens import SCREENS, Screen
from tests.browser.portal.visiting import Visits
from tests.e2e.conversation import Talk

ROUTES = Path(__file__).parents[3] / "portal" / "src" / "shell" / "routes.tsx"
FRAMES = {"ManagePage"}  # has screens, and is none
PEOPLE = [{"id": 7_001, "firstName": "Ada", "lastName": "Ngata", "companyName": "Fourth Coffee"}]


@pytest.fixture
def export(contoso: Talk) -> str:
    """The id of an export of the tenant."""
    return str(contoso.export("lead", PEOPLE)["id"])


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_axe_finds_nothing(screen: Screen, export: str, visits: Visits) -> None:
    page = visits.signed_in(screen.person, screen.path.format(export=export)).page
    expect(page.get_by_role("heading", level=1)).to_contain_text(screen.heading)
    expect(page.get_by_text(screen.shown).first).to_be_attached()
    assert defects(page) == []


def test_no_screen_is_left_out() -> None:
    routed = set(re.findall(r"/(\w+(?:Page|Tab))'\)", ROUTES.read_text(encoding="utf-8")))
    assert routed - FRAMES == {screen.component for screen in SCREENS}
