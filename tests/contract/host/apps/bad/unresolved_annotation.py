"""An annotation that exists for type checkers only."""

from __future__ import annotations

import azure.functions as func

app = func.FunctionApp()


@app.route(route="one")
def one(req: func.HttpRequest) -> Missing: ...  # noqa: F821 - that is what is wrong with it
