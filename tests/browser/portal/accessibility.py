"""What axe finds on a page, light and dark, wide and narrow."""

from contextlib import suppress
from typing import Any

from playwright.sync_api import Error, Page

from tests.browser.axe import WIDER, violations
from tests.browser.conftest import BUSY_MACHINE

# A rule, what the element is or lies in, and why it is no defect.
_KNOWN = (
    ("aria-hidden-focus", "[data-tabster-dummy]", "Fluent's focus keeper: it hands the focus on at once"),
    ("region", "[data-popper-placement]", "a menu that is open lies over the page, in no region of it"),
    ("region", ".fui-Toaster", "a notification lies over the page; it is read out as a status"),
)
_SETTLED = """async (scheme) => {
  while (document.documentElement.dataset.theme !== scheme) await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  await new Promise(requestAnimationFrame);
}"""


def defects_within(page: Page, place: str) -> list[str]:
    """Rule and element of each defect of a part of the page , in both themes."""
    found = _defects(page, "light", place) + _defects(page, "dark", place)
    page.emulate_media(color_scheme="light")
    return found


def defects(page: Page, *, narrow: bool = True) -> list[str]:
    """Rule and element of each defect in both themes, and where the page is wider than a small screen."""
    size = page.viewport_size or {"width": 1280, "height": 900}
    found = _defects(page, "light") + _defects(page, "dark", colors_only=True)
    if narrow:
        page.set_viewport_size({"width": 360, "height": size["height"]})
        found += _defects(page, "dark") + _too_wide(page)
        page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
    return found


def _too_wide(page: Page) -> list[str]:
    """A page that adapts itself by script does so a little later."""
    with suppress(Error):
        page.wait_for_function(f"{WIDER} <= 0", timeout=BUSY_MACHINE)
        return []
    return [f"{page.evaluate(WIDER)} pixels wider than 360"]


def _defects(page: Page, scheme: Any, within: str = "html", *, colors_only: bool = False) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(_SETTLED, scheme)
    known = [(rule, place) for rule, place, _ in _KNOWN]
    return [
        f"{scheme}: {violation['id']}: {node['html'][:300]}"
        for violation in violations(page, within=within, colors_only=colors_only, known=known)
        for node in violation["nodes"]
    ]
