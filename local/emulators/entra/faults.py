"""Faults that tests order for the next calls of the token endpoint."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to `count` token calls: a delay, then a status, a dropped connection or the answer."""

    count: int
    status: int | None = None
    delay: float = 0.0
    dropped: bool = False


class Faults:
    """The ordered faults, oldest first."""

    def __init__(self) -> None:
        """Start without faults."""
        self._waiting: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Add a fault behind those that are still waiting."""
        self._waiting.extend([fault] * fault.count)

    def clear(self) -> None:
        """Forget what has not happened yet."""
        self._waiting.clear()

    def waiting(self) -> int:
        """How many token calls are still going to meet a fault."""
        return len(self._waiting)

    def take(self) -> Fault | None:
        """The fault that this token call meets, or None."""
        return self._waiting.pop(0) if self._waiting else None
