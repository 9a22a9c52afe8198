"""Two functions answer one route."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="things/{id}", methods=["GET", "PUT"])
def first(req: func.HttpRequest) -> func.HttpResponse: ...


@app.route(route="Things/{name}", methods=["PUT"])
def second(req: func.HttpRequest) -> func.HttpResponse: ...
