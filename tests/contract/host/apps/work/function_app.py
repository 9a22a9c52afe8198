"""Queue functions that write what they saw, a JSON line each, to the file that RECORD names."""

import json
import os
import threading
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()

_lock = threading.Lock()
_running = 0
_BATCH, _THRESHOLD = 4, 2  # of host.json
_crowded = threading.Event()


def record(message: func.QueueMessage, **more: object) -> None:
    seen = {
        "body": message.get_body().decode(),
        "id": message.id,
        "count": message.dequeue_count,
        "inserted": str(message.insertion_time),
        "expires": str(message.expiration_time),
        "visible": str(message.time_next_visible),
        "receipt": message.pop_receipt,
        "at": time.time(),
        **more,
    }
    with _lock, Path(os.environ["RECORD"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(seen) + "\n")


@app.queue_trigger(arg_name="message", queue_name="%JOBS%", connection="AzureWebJobsStorage")
def work(message: func.QueueMessage) -> None:
    record(message)


@app.queue_trigger(arg_name="message", queue_name="async-jobs", connection="Storage")
async def work_async(message: func.QueueMessage) -> None:
    record(message)


@app.queue_trigger(arg_name="message", queue_name="failing", connection="AzureWebJobsStorage")
def fail(message: func.QueueMessage) -> None:
    record(message)
    raise RuntimeError("this message cannot be handled")


@app.queue_trigger(arg_name="message", queue_name="hopeless-poison", connection="AzureWebJobsStorage")
def fail_on_poison(message: func.QueueMessage) -> None:
    record(message)
    raise RuntimeError("this poison message cannot be handled")


@app.queue_trigger(arg_name="message", queue_name="%SLOW%", connection="AzureWebJobsStorage")
def work_slowly(message: func.QueueMessage) -> None:
    record(message, step="begun")
    time.sleep(float(message.get_body().decode()))
    record(message, step="ended")


@app.queue_trigger(arg_name="message", queue_name="crowd", connection="AzureWebJobsStorage")
def work_in_a_crowd(message: func.QueueMessage) -> None:
    global _running  # noqa: PLW0603 - counts across invocations
    with _lock:
        _running += 1
        together = _running
    if together <= _THRESHOLD:
        _crowded.wait(60)  # so many stay until the next batch has come beside them
    elif together > _BATCH:
        _crowded.set()
    time.sleep(0.2)
    with _lock:
        _running -= 1
    record(message, together=together)


@app.queue_trigger(arg_name="message", queue_name="worn-out", connection="AzureWebJobsStorage")
def work_never(message: func.QueueMessage) -> None:
    record(message)
