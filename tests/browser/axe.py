"""Runs axe on a page: all of its rules, or after a change of colors those that look at colors."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_COLORS = ("color-contrast", "link-in-text-block")


def violations(page: Page, *, within: str = "html", colors_only: bool = False) -> list[dict[str, Any]]:
    """What axe finds, rule by rule; the structure of a page is the same in every color."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if colors_only:
        options["runOnly"] = {"type": "rule", "values": list(_COLORS)}
    answer = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    found: list[dict[str, Any]] = answer["violations"]
    return found


def defects_of_a_plain_page(page: Page) -> list[str]:
    """Of a page without animations: what axe finds and what does not fit, narrow and wide, light and dark."""
    defects: list[str] = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wider = page.evaluate(WIDER)
        defects += [f"{wider} pixels wider than {width}"] if wider else []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for one in violations(page, colors_only=scheme == "dark"):
                defects.append(f"{width} {scheme}: {one['id']}: {one['nodes'][0]['html']}")
    return defects
