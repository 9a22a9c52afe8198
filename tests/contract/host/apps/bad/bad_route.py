"""A constraint that Azure Functions does not know."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="things/{id:uuid}")
def one(req: func.HttpRequest) -> func.HttpResponse: ...
