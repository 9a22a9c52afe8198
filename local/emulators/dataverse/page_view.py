"""Pages put together: which organization a page shows, its links, its template."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from local.emulators.dataverse.page_source import PostSource


class PageError(Exception):
    """A page that cannot be shown; its text is for the visitor."""


class PageView:
    """The templates, filled for one organization at a time; the first one is shown where none is named."""

    def __init__(self, sources: Sequence[PostSource]) -> None:
        self.sources = sources
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def source(self, request: Request) -> PostSource:
        """The organization that the address names, else the one of the Host header, else the first."""
        asked = request.query_params.get("organization") or request.headers.get("host", "")
        return next((one for one in self.sources if host_of(one.url) == asked), self.sources[0])

    def show(self, template: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page of a template."""
        source = self.source(request)
        chosen = request.query_params.get("organization")

        def link(path: str, **options: Any) -> str:
            return address(path, chosen, options)

        html = self._templates.get_template(f"{template}.html").render(
            source=source, sources=self.sources, chosen=chosen, link=link, host_of=host_of, **values
        )
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})

    def missing(self, request: Request, error: PageError) -> HTMLResponse:
        """The page for what is not here."""
        return self.show("missing", request, status=404, message=str(error))


def address(path: str, organization: str | None, options: dict[str, Any]) -> str:
    """The address of a page that stays with the chosen organization; empty options are left out."""
    kept = {name: value for name, value in options.items() if value}
    query = urlencode(kept | ({"organization": organization} if organization else {}), doseq=True)
    return quote(path) + (f"?{query}" if query else "")


def host_of(url: str) -> str:
    """The host of an organization's address."""
    return urlsplit(url).netloc


def whole(text: str | None) -> int:
    """A whole number from the address; 1 for anything else."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 1
