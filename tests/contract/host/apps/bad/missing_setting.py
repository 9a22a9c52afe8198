"""A placeholder without a setting."""

import azure.functions as func

app = func.FunctionApp()


@app.queue_trigger(arg_name="message", queue_name="%NO_SUCH_SETTING%", connection="AzureWebJobsStorage")
def work(message: func.QueueMessage) -> None: ...
