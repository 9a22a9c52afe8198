"""Two functions share a name."""

import azure.functions as func

app = func.FunctionApp()


@app.function_name("twin")
@app.route(route="one")
def first(req: func.HttpRequest) -> func.HttpResponse: ...


@app.function_name("twin")
@app.route(route="two")
def second(req: func.HttpRequest) -> func.HttpResponse: ...
