"""`python -m tests.browser.portal.pictures` photographs every screen into docs/pictures/portal."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import expect, sync_playwright

from local.browser import MISSING, chromium
from local.sample.people import people
from local.sign_in import sign_in
from local.stack import Stack, StackOptions, running_stack
from tests.browser.conftest import SWITCHES
from tests.browser.portal.screens import SCREENS, Screen
from tests.browser.portal.visiting import Visits
from tests.e2e.conversation import Talk, connect

FOLDER = Path(__file__).parents[3] / "docs" / "pictures" / "portal"
_LATER: dict[str, dict[str, Any]] = {"dark": {"scheme": "dark"}, "german": {}, "small": {"width": 360}}
_ALSO = {"general": ("dark", "small"), "mapping-lead": ("dark", "german", "small"), "export": ("dark",)}


def main() -> int:
    """0 when all of them are there."""
    program = chromium()
    if program is None:
        print(f"no pictures: {MISSING}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as state,
        running_stack(Path(state), StackOptions()) as stack,
        sync_playwright() as playwright,
    ):
        export = _something_to_see(stack)
        browser = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        visits = Visits(browser, stack)
        for screen in SCREENS:
            _photograph(visits, screen, export, screen.name)
            for variant in _ALSO.get(screen.name, ()):
                _photograph(visits, screen, export, f"{screen.name}-{variant}", **_LATER[variant])
        visits.close()
        browser.close()
    return 0


def _something_to_see(stack: Stack) -> str:
    """The id of an export with every outcome, in a tenant that is connected."""
    ada = Talk(stack, "contoso", "ada")
    connect(ada, "ada.lindqvist@contoso.example")
    bruno = Talk(stack, "contoso", "bruno")
    own = bruno.call("POST", "/me/connection", json={"organizationUrl": stack.organization_url})
    sign_in(own.json()["authorizationUrl"], "bruno.okafor@contoso.example")
    everybody = people()
    ada.export("lead", everybody[:120])
    changed = [{**person, "jobTitle": "Head of Purchasing"} for person in everybody[:40]]
    return str(ada.export("lead", [*changed, *everybody[40:]])["id"])


def _photograph(visits: Visits, screen: Screen, export: str, name: str, **options: Any) -> None:
    visit = visits.signed_in(screen.person, screen.path.format(export=export), **options)
    page = visit.page
    expect(page.get_by_text(screen.shown).first).to_be_attached()
    if name.endswith("german"):
        page.evaluate("localStorage.setItem('portal.language', 'de')")
        page.reload()
        page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    visit.context.close()
    print(name, flush=True)


if __name__ == "__main__":
    sys.exit(main())
