"""The queue and timer functions that move exports on."""

from contextlib import AbstractContextManager

import azure.functions as func

from functions.export.messages import SplitMessage, WriteMessage, parse_split, parse_write
from functions.export.pipeline import Pipeline
from functions.export.recovery import Recovery
from functions.queue_work import Reader, queue_work
from functions.trail import AuditTrail
from shared import log
from shared.storage.names import Queue

Message = SplitMessage | WriteMessage

_STORAGE = "AzureWebJobsStorage"
_POISON = "-poison"
_GAVE_UP = (
    "The service failed on this part of the export five times. Some of these records may have been written; "
    "exporting them again doubles none."
)
_NOT_SPLIT = "The service could not read the input of this export. Send it again."


def blueprint(pipeline: Pipeline, recovery: Recovery, trail: AuditTrail, *, schedule: str) -> func.Blueprint:
    """The workers. `schedule` of the sweep: six fields, seconds first."""
    workers = func.Blueprint()
    splits = Reader(Queue.SPLIT.value, parse_split, trail)
    writes = Reader(Queue.WRITE.value, parse_write, trail)

    @workers.function_name("split_export")
    @workers.queue_trigger(arg_name="message", queue_name=Queue.SPLIT.value, connection=_STORAGE)
    def split_export(message: func.QueueMessage) -> None:
        parsed = splits.read(message)
        if parsed is not None:
            with _work("split_export", message, parsed):
                pipeline.splitter.split(parsed)

    @workers.function_name("write_chunk")
    @workers.queue_trigger(arg_name="message", queue_name=Queue.WRITE.value, connection=_STORAGE)
    def write_chunk(message: func.QueueMessage) -> None:
        parsed = writes.read(message)
        if parsed is not None:
            with _work("write_chunk", message, parsed):
                pipeline.delivery.deliver(parsed)

    @workers.function_name("split_export_poison")
    @workers.queue_trigger(arg_name="message", queue_name=Queue.SPLIT + _POISON, connection=_STORAGE)
    def split_export_poison(message: func.QueueMessage) -> None:
        parsed = splits.read_last(message)
        if parsed is not None:
            with _work("split_export_poison", message, parsed):
                pipeline.splitter.give_up(parsed, _NOT_SPLIT)

    @workers.function_name("write_chunk_poison")
    @workers.queue_trigger(arg_name="message", queue_name=Queue.WRITE + _POISON, connection=_STORAGE)
    def write_chunk_poison(message: func.QueueMessage) -> None:
        parsed = writes.read_last(message)
        if parsed is not None:
            with _work("write_chunk_poison", message, parsed):
                pipeline.delivery.give_up(parsed, _GAVE_UP)

    @workers.function_name("revive_exports")
    @workers.timer_trigger(arg_name="timer", schedule=schedule)
    def revive_exports(timer: func.TimerRequest) -> None:
        revived = recovery.sweep()
        log.info("sweep finished", revived=revived, late=timer.past_due)

    return workers


def _work(name: str, message: func.QueueMessage, parsed: Message) -> AbstractContextManager[None]:
    if isinstance(parsed, WriteMessage):
        return queue_work(name, message, tenant=parsed.tenant, export=parsed.export, chunk=parsed.number)
    return queue_work(name, message, tenant=parsed.tenant, export=parsed.export)
