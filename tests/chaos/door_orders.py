"""What is to go wrong at the door of the storage account, and what did."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from tests.chaos.wire import Message


class Trouble(StrEnum):
    """What befalls one request to storage."""

    DROPPED = "dropped"  # the connection ends before storage heard of it
    LOST_REPLY = "lostReply"  # done, and the connection ends before the answer
    BUSY = "busy"  # 503, nothing done
    FAILED_AFTER = "failedAfter"  # done, and answered 500
    SLOW = "slow"  # answered later
    TWICE = "twice"  # a queue message is put in twice
    LATE_COPY = "lateCopy"  # a queue message comes again seconds later
    REVERSED = "reversed"  # received messages come in the opposite order


@dataclass(frozen=True, slots=True)
class DoorOrder:
    """One request of a service (blob, queue, table) is to suffer. `seconds`: how late, where it is late."""

    trouble: Trouble
    service: str
    seconds: float = 0.0

    def fits(self, service: str, request: Message) -> bool:
        """Whether this request can suffer so."""
        if service != self.service:
            return False
        match self.trouble:
            case Trouble.LOST_REPLY | Trouble.FAILED_AFTER:
                return request.method != "GET" or service == "queue"
            case Trouble.TWICE | Trouble.LATE_COPY:
                return _puts_message(request)
            case Trouble.REVERSED:
                return service == "queue" and request.method == "GET"
            case _:
                return True


class DoorScript:
    """The orders that wait for a request, and counts of those that were carried out. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[DoorOrder] = []
        self._done: Counter[str] = Counter()

    def order(self, order: DoorOrder) -> None:
        """The next request that fits suffers it."""
        with self._lock:
            self._waiting.append(order)

    def take(self, service: str, request: Message) -> DoorOrder | None:
        """What this request has to suffer, if anything."""
        with self._lock:
            for order in self._waiting:
                if order.fits(service, request):
                    self._waiting.remove(order)
                    self._done[f"{service} {order.trouble}"] += 1
                    return order
        return None

    def end(self) -> Counter[str]:
        """Forgets what waits; gives what was carried out since the last time."""
        with self._lock:
            self._waiting.clear()
            done, self._done = self._done, Counter()
        return done


def _puts_message(request: Message) -> bool:
    return request.method == "POST" and "/messages" in request.target
