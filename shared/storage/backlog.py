"""How much waits in a queue, and for how long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.storage.faults import storage_faults

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Backlog:
    """`messages`: about how many, those at work and put off too. `age`: of the one whose turn it is."""

    messages: int = 0
    age: timedelta = _NOTHING


class QueueBacklog:
    """Looks at one queue without taking anything from it."""

    def __init__(self, name: str, connect: Callable[[], "QueueClient"]) -> None:
        self.name = name
        self._connect = connect

    def read(self, now: datetime) -> Backlog:
        """What waits now; nothing where there is no queue yet, as a poison queue before it is needed."""
        from azure.core.exceptions import ResourceNotFoundError

        with storage_faults(self.name):
            try:
                client = self._connect()
                messages = client.get_queue_properties().approximate_message_count or 0
                first = next(iter(client.peek_messages(max_messages=1)), None)
            except ResourceNotFoundError:
                return Backlog()
        since = None if first is None else first.inserted_on
        return Backlog(messages, _NOTHING if since is None else max(now - since, _NOTHING))
