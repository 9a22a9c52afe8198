"""One queue: small JSON messages for the Functions host."""

import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from shared import telemetry
from shared.storage.faults import storage_faults

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

MAX_MESSAGE = 48 * 1024
"""64 KiB in base64, in which messages are kept ("Scalability targets for Queue Storage")."""

_LONGEST_DELAY = timedelta(days=7)
_NOW = timedelta()
_FOREVER = -1


class QueueSender:
    """Sends to one queue. Connects at first use; safe to share between threads."""

    def __init__(self, name: str, connect: Callable[[], "QueueClient"]) -> None:
        self._name = name
        self._connect = connect

    def send(self, message: Mapping[str, Any], delay: timedelta = _NOW) -> None:
        """Queues the message, invisible for the delay (rounded up to seconds, at most 7 days)."""
        body = orjson.dumps({**message, **telemetry.carried()})
        if len(body) > MAX_MESSAGE:
            raise ValueError(
                f"A message may have {MAX_MESSAGE} bytes, this one has {len(body)}. Send a reference."
            )
        seconds = math.ceil(min(max(delay, _NOW), _LONGEST_DELAY).total_seconds())
        with storage_faults(self._name):
            self._connect().send_message(body.decode(), visibility_timeout=seconds, time_to_live=_FOREVER)
