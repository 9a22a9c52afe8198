"""Runs axe on a page: all of its rules, or after a change of colors those that look at colors."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

Known = Sequence[tuple[str, str]]
"""A rule, and what the element is or lies in, of what is no defect."""

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# In one go: a moment later an element may be gone of which it would have to be asked where it lies.
_RUN = """async ([within, options, known]) => {
  const isKnown = (id, element) => known.some(([rule, place]) => rule === id && element?.closest(place));
  const { violations } = await axe.run(within, options);
  return violations
    .map(({ id, nodes }) => ({ id, nodes: nodes.filter(({ element }) => !isKnown(id, element)) }))
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
}"""
_COLORS = ("color-contrast", "link-in-text-block")


def violations(
    page: Page, *, within: str = "html", colors_only: bool = False, known: Known = ()
) -> list[dict[str, Any]]:
    """What axe finds beside what is `known`; the structure of a page is the same in every color."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"], "elementRef": True}
    if colors_only:
        options["runOnly"] = {"type": "rule", "values": list(_COLORS)}
    found: list[dict[str, Any]] = page.evaluate(_RUN, [within, options, list(known)])
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
