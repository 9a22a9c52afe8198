"""The pages a person sees: plain HTML forms that work without JavaScript and without the internet."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

_HEADERS = {
    "Cache-Control": "no-store, no-cache",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


class Pages:
    """Renders the templates of this package."""

    def __init__(self) -> None:
        """Read templates from the folder beside this file; a variable that is missing is an error."""
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def show(self, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """One page, never cached and never framed."""
        html = self._templates.get_template(f"{name}.html").render(**values)
        return HTMLResponse(html, status_code=status, headers=_HEADERS)
