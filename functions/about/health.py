"""Whether the service lives, and whether its storage answers."""

from collections.abc import Callable
from enum import StrEnum
from threading import Lock

from functions.http import Payload
from shared import log
from shared.domain.errors import ServiceError

_KEPT_SECONDS = 5.0


class State(StrEnum):
    """Of the service, or of a part of it."""

    OK = "ok"
    UNAVAILABLE = "unavailable"


class Health(Payload):
    """How the service is."""

    status: State
    storage: State
    version: str
    release: str


class StorageCheck:
    """Asks the storage at most once in five seconds: anybody may ask for the health."""

    def __init__(self, storage_answers: Callable[[], object], monotonic: Callable[[], float]) -> None:
        self._ask = storage_answers
        self._now = monotonic
        self._state = State.UNAVAILABLE
        self._valid_until = float("-inf")
        self._lock = Lock()

    def state(self) -> State:
        with self._lock:
            if self._now() >= self._valid_until:
                self._state = self._asked()
                self._valid_until = self._now() + _KEPT_SECONDS
            return self._state

    def _asked(self) -> State:
        try:
            self._ask()
        except ServiceError as error:
            log.warning("storage did not answer", detail=error.detail)
            return State.UNAVAILABLE
        return State.OK
