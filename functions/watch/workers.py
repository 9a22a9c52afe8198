"""The timer function that looks after the service."""

import azure.functions as func

from functions.watch.service import Watch


def blueprint(watch: Watch, *, schedule: str) -> func.Blueprint:
    """The worker. `schedule`: six fields, seconds first."""
    workers = func.Blueprint()

    @workers.function_name("watch_service")
    @workers.timer_trigger(arg_name="timer", schedule=schedule)
    def watch_service(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the trigger's parameter
        watch.look()

    return workers
