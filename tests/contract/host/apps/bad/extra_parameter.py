"""A parameter that no binding fills."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="one")
def one(req: func.HttpRequest, repository: str = "") -> func.HttpResponse: ...
