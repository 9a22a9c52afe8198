"""The timer function that forgets sign-ins whose time is over, and the tokens that were never confirmed."""

from collections.abc import Callable
from datetime import datetime

import azure.functions as func

from shared import log
from shared.storage.auth_flows import AuthFlowStore


def blueprint(flows: AuthFlowStore, clock: Callable[[], datetime], *, schedule: str) -> func.Blueprint:
    """The worker. `schedule`: six fields, seconds first."""
    workers = func.Blueprint()

    @workers.function_name("forget_sign_ins")
    @workers.timer_trigger(arg_name="timer", schedule=schedule)
    def forget_sign_ins(timer: func.TimerRequest) -> None:
        log.info("old sign-ins forgotten", rows=flows.forget_expired(clock()), late=timer.past_due)

    return workers
