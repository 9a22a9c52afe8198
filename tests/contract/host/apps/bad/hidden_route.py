"""A function that the host never reaches: functions are tried in the order of their names."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="things/{id}")
def any_thing(req: func.HttpRequest) -> func.HttpResponse: ...


@app.route(route="things/special", methods=["GET"])
def special_thing(req: func.HttpRequest) -> func.HttpResponse: ...
