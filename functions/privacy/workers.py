"""The queue function that erases, and the timer that forgets what is old."""

import azure.functions as func

from functions.privacy.erasing import Eraser
from functions.privacy.messages import parse_erasure
from functions.privacy.retention import Retention
from functions.queue_work import Reader, queue_work
from functions.trail import AuditTrail
from shared import log
from shared.storage.names import Queue

_STORAGE = "AzureWebJobsStorage"
_POISON = "-poison"


def blueprint(eraser: Eraser, retention: Retention, trail: AuditTrail, *, schedule: str) -> func.Blueprint:
    """The workers. `schedule` of the retention: six fields, seconds first."""
    workers = func.Blueprint()
    orders = Reader(Queue.ERASURE.value, parse_erasure, trail)

    @workers.function_name("erase")
    @workers.queue_trigger(arg_name="message", queue_name=Queue.ERASURE.value, connection=_STORAGE)
    def erase(message: func.QueueMessage) -> None:
        parsed = orders.read(message)
        if parsed is not None:
            with queue_work("erase", message, tenant=parsed.tenant, erasure=parsed.erasure):
                eraser.work(parsed)

    @workers.function_name("erase_poison")
    @workers.queue_trigger(arg_name="message", queue_name=Queue.ERASURE + _POISON, connection=_STORAGE)
    def erase_poison(message: func.QueueMessage) -> None:
        parsed = orders.read_last(message)
        if parsed is not None:
            log.error("erasure stands still", tenant=parsed.tenant, erasure=parsed.erasure)

    @workers.function_name("forget_old_exports")
    @workers.timer_trigger(arg_name="timer", schedule=schedule)
    def forget_old_exports(timer: func.TimerRequest) -> None:
        log.info("old exports forgotten", exports=retention.sweep(), late=timer.past_due)

    return workers
