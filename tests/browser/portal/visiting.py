"""A person in front of the portal: signs in, goes somewhere, and hears every complaint of the page."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route

from local.stack import Stack
from tests.browser.conftest import BUSY_MACHINE

NAMES = {
    "contoso/ada": "Ada Lindqvist",
    "contoso/bruno": "Bruno Okafor",
    "contoso/carla": "Carla Mendes",
    "fabrikam/greta": "Greta Holm",
    "fabrikam/hamid": "Hamid Saleh",
}


Kept = dict[str, Any]


@dataclass
class Visit:
    """One browser profile with its first page."""

    page: Page
    context: BrowserContext
    portal: str
    # What the console said as an error (a breach of the content security policy is one), and uncaught errors.
    complaints: list[str] = field(default_factory=list)
    # Requests to somewhere that is not of this stack; they are refused.
    elsewhere: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect_complaint(self, part: str) -> None:
        """A complaint with this part is what the test is about, such as a status that it ordered."""
        self.expected.append(part)

    def open(self, path: str) -> Page:
        """Loads an address of the portal; whoever was signed in is signed in again without being asked."""
        self.page.goto(self.portal + path)
        return self.page

    def sign_in(self, person: str) -> Page:
        """From the sign-in page to the first screen."""
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.get_by_label(NAMES[person]).check()
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.get_by_role("button", name=NAMES[person]).wait_for()
        return self.page

    def unexpected(self) -> list[str]:
        """Complaints that no test ordered."""
        return [
            complaint for complaint in self.complaints if not any(part in complaint for part in self.expected)
        ]


class Visits:
    """Every browser profile of one test."""

    def __init__(self, browser: Browser, stack: Stack, kept: Kept | None = None) -> None:
        """`kept`: the cookies of whoever signed in to this stack before, which go on being filled."""
        self._browser = browser
        self._kept: Kept = {} if kept is None else kept
        self._stack = stack
        self._own = (stack.portal, stack.entra, stack.api, stack.dataverse)
        self._visits: list[Visit] = []

    def open(self, path: str = "/", *, width: int = 1280, scheme: str = "light", **options: Any) -> Visit:
        """A fresh profile at an address of the portal; options are those of a Playwright context."""
        visit = self._profile(width=width, scheme=scheme, **options)
        visit.open(path)
        return visit

    def _profile(self, *, width: int = 1280, scheme: str = "light", **options: Any) -> Visit:
        size = {"width": width, "height": 900}
        context = self._browser.new_context(
            **{
                "viewport": size,
                "color_scheme": scheme,
                "locale": "en-GB",
                "reduced_motion": "reduce",
                **options,
            }
        )
        context.set_default_timeout(BUSY_MACHINE)
        visit = Visit(context.new_page(), context, self._stack.portal)
        self._visits.append(visit)
        context.route(lambda url: not url.startswith(self._own), lambda route: _refuse(visit, route))
        context.on("console", lambda message: _hear(visit, message.type, message.text))
        context.on("weberror", lambda error: visit.complaints.append(str(error.error)))
        return visit

    def signed_in(self, person: str, path: str = "/", **options: Any) -> Visit:
        """The same with a person signed in: `tenant/user`; from the second time on as after a reload."""
        if person not in self._kept:
            visit = self.open(path, **options)
            visit.sign_in(person)
            self._kept[person] = visit.context.cookies()
            return visit
        visit = self._profile(**options)
        visit.context.add_cookies(self._kept[person])
        visit.open("/config.json")
        visit.page.evaluate("sessionStorage.setItem('portal.signedIn', 'yes')")
        visit.open(path).get_by_role("button", name=NAMES[person]).wait_for()
        return visit

    def close(self) -> None:
        """Ends all of them; an AssertionError names their pages' complaints, and calls to elsewhere."""
        for visit in self._visits:
            visit.context.close()
        complaints = [text for visit in self._visits for text in visit.unexpected()]
        assert complaints == [], complaints  # told in words: pytest looks into test files alone
        elsewhere = [url for visit in self._visits for url in visit.elsewhere]
        assert elsewhere == [], elsewhere


def _refuse(visit: Visit, route: Route) -> None:
    # Storage of the stack is called by exports of large files; its port is beside the others.
    if route.request.url.startswith("http://127.0.0.1:"):
        route.continue_()
        return
    visit.elsewhere.append(route.request.url)
    route.abort()


def _hear(visit: Visit, kind: str, text: str) -> None:
    if kind == "error":
        visit.complaints.append(text)
