"""One delivery of a queue message: its content, its place in the log and in the trace of whoever sent it."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar, Unpack

import azure.functions as func

from functions.trail import AuditTrail
from shared import log, telemetry
from shared.telemetry.attributes import Attributes

M = TypeVar("M")


@contextmanager
def queue_work(name: str, message: func.QueueMessage, **ids: Unpack[Attributes]) -> Iterator[None]:
    """The work of the named function on the message; what it fails by is logged before the host has it.

    The host of Azure passes the events of a process on no longer once that process sends them by itself.
    """
    fields = {key: str(value) for key, value in ids.items()}
    with (
        log.context(**fields),
        telemetry.span(name, telemetry.Kind.CONSUMER, parent=_sender(message), **ids),
    ):
        try:
            yield
        except Exception as error:
            log.exception("delivery failed", error)
            raise


class OtherVersion(ValueError):
    """A message in another form than this release knows: it may come from a newer one, or be for it."""

    def __init__(self, version: int) -> None:
        super().__init__(f"a message of another version than {version}")


def content_of(message: func.QueueMessage) -> bytes:
    """The JSON that the message carries as base64; ValueError for what is none.

    The host is told to leave the encoding to us: what it cannot decode it would put where no function can
    read it either, and nobody would hear of it.
    """
    body: bytes = message.get_body()
    if body.lstrip().startswith(b"{"):
        return body  # a host that was set to decode has done so
    return base64.b64decode(b"".join(body.split()), validate=True)


@dataclass(frozen=True, slots=True)
class Reader(Generic[M]):
    """Reads the messages of one queue, and ends those that mean nothing: that is audited, not retried."""

    queue: str
    parse: Callable[[bytes], M]
    trail: AuditTrail

    def read(self, message: func.QueueMessage) -> M | None:
        """The message; None for one that nobody can read, which has found its end by that.

        OtherVersion where another release may know what it means.
        """
        try:
            return self.parse(content_of(message))
        except OtherVersion:
            raise
        except ValueError:
            self.end(message)
            return None

    def read_last(self, message: func.QueueMessage) -> M | None:
        """The same for a message that was set aside: no queue comes after this one."""
        try:
            return self.read(message)
        except OtherVersion:
            self.end(message)
            return None

    def end(self, message: func.QueueMessage) -> None:
        """Notes that a message ends here."""
        self.trail.message_dropped(self.queue, message.id or "unknown", len(message.get_body()))


def _sender(message: func.QueueMessage) -> str:
    """The traceparent that the message brought; messages of older versions have none."""
    try:
        wire = json.loads(content_of(message))
    except ValueError:
        return ""
    brought = wire.get("traceparent") if isinstance(wire, dict) else None
    return brought if isinstance(brought, str) else ""
