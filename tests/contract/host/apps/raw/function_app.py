"""A queue function whose messages are plain text, and an HTTP function beside it."""

import os
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.queue_trigger(arg_name="message", queue_name="raw", connection="Elsewhere")
def work_on_text(message: func.QueueMessage) -> None:
    Path(os.environ["RECORD"]).write_bytes(message.get_body())


@app.route(route="alive")
def alive(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("yes")
