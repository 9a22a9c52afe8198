"""What axe finds on a page, light and dark, wide and narrow."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def defects(page: Page, *, narrow: bool = True) -> list[str]:
    """Rule and element of each defect in both themes, and where the page is wider than a small screen."""
    size = page.viewport_size or {"width": 1280, "height": 900}
    found = [defect for scheme in ("light", "dark") for defect in _defects(page, scheme)]
    if narrow:
        page.set_viewport_size({"width": 360, "height": size["height"]})
        found += _defects(page, "dark")
        wider = page.evaluate(_WIDER)
        found += [f"{wider} pixels wider than 360"] if wider > 0 else []
        page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
    return found


def _defects(page: Page, scheme: Any) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(_SETTLED, scheme)
    return [
        f"{scheme}: {violation['id']}: {node['html'][:300]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
        if not _is_known(page, violation["id"], node["target"][0])
    ]


def _is_known(page: Page, rule: str, element: str) -> bool:
    return any(
        rule == known and page.locator(element).evaluate("(it, place) => it.closest(place) !== null", place)
        for known, place, _ in _KNOWN
    )
