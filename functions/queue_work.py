"""One delivery of a queue message: its place in the log and in the trace of whoever sent it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Unpack

import azure.functions as func

from shared import log, telemetry
from shared.telemetry.attributes import Attributes


@contextmanager
def queue_work(name: str, message: func.QueueMessage, **ids: Unpack[Attributes]) -> Iterator[None]:
    """The work of the named function on the message; what it fails by is logged before the host has it.

    The host of Azure passes the events of a process on no longer once that process sends them by itself.
    """
    fields = {key: str(value) for key, value in ids.items()}
    with (
        log.context(**fields),
        telemetry.span(name, telemetry.Kind.CONSUMER, parent=_sender(message.get_body()), **ids),
    ):
        try:
            yield
        except Exception as error:
            log.exception("delivery failed", error)
            raise


def _sender(body: bytes) -> str:
    """The traceparent that the message brought; messages of older versions have none."""
    try:
        wire = json.loads(body)
    except ValueError:
        return ""
    brought = wire.get("traceparent") if isinstance(wire, dict) else None
    return brought if isinstance(brought, str) else ""
