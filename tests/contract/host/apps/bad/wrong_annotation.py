"""The parameter's annotation is not what the trigger gives."""

import azure.functions as func

app = func.FunctionApp()


@app.timer_trigger(arg_name="timer", schedule="0 * * * * *")
def tick(timer: func.QueueMessage) -> None: ...
