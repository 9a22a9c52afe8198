"""The parameter has another name than the binding."""

import azure.functions as func

app = func.FunctionApp()


@app.queue_trigger(arg_name="message", queue_name="jobs", connection="AzureWebJobsStorage")
def work(msg: func.QueueMessage) -> None: ...
