"""A binding that the local host does not serve."""

import azure.functions as func

app = func.FunctionApp()


@app.queue_output(arg_name="out", queue_name="next", connection="AzureWebJobsStorage")
@app.route(route="one")
def one(req: func.HttpRequest, out: func.Out[str]) -> func.HttpResponse: ...
