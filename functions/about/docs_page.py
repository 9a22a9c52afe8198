"""The page to read about the API and to try it: one document that loads nothing from elsewhere."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "page"


@dataclass(frozen=True, slots=True)
class DocsPage:
    """The page, and the Content-Security-Policy under which alone its script and style may run."""

    html: str
    policy: str


def docs_page(nonce: str) -> DocsPage:
    """The page for one answer; `nonce` is unpredictable and never used again."""
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return DocsPage(_template().replace("{{nonce}}", nonce), policy)


@cache
def _template() -> str:
    """The page with its style and script put in."""
    parts = {name: (_FOLDER / f"docs.{name}").read_text("utf-8") for name in ("html", "css", "js")}
    return parts["html"].replace("{{style}}", parts["css"]).replace("{{script}}", parts["js"])
