"""Timer functions that write when they ran to the file that RECORD names."""

import os
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()


def record(name: str, timer: func.TimerRequest) -> None:
    with Path(os.environ["RECORD"]).open("a", encoding="utf-8") as file:
        file.write(f"{name} {timer.past_due} {time.time()}\n")


@app.timer_trigger(arg_name="timer", schedule="%EVERY%", use_monitor=False)
def tick(timer: func.TimerRequest) -> None:
    record("tick", timer)
    time.sleep(0.2)
    record("tock", timer)


@app.timer_trigger(arg_name="timer", schedule="0 0 0 29 2 *", run_on_startup=True)
def at_start(timer: func.TimerRequest) -> None:
    record("at_start", timer)


@app.timer_trigger(arg_name="timer", schedule="0 0 0 29 2 *")
def by_hand(timer: func.TimerRequest) -> None:
    record("by_hand", timer)
