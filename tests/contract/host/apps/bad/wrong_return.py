"""An HTTP function that returns a number."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="one")
def one(req: func.HttpRequest) -> int: ...
