"""Faults that a test orders: which requests they hit, and what happens to those."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What befalls a request."""

    STATUS = "status"  # answered with a status and code, nothing done
    DROP_BEFORE = "dropBefore"  # the connection ends before anything was done
    DROP_AFTER = "dropAfter"  # the connection ends after the work was done
    DELAY = "delay"  # done, and answered later
    TIMEOUT = "timeout"  # done, and never answered


class FaultError(ValueError):
    """A fault that cannot be read; the message says which field."""


@dataclass(slots=True)
class Fault:
    """One order; it lets `after` matching requests pass, then hits `times` of them."""

    action: Action
    method: str = ""
    path: str = ""
    after: int = 0
    times: int = 1
    status: int = 503
    code: str = ""
    message: str = "The service is unavailable."
    retry_after: int | None = None
    seconds: float = 0.0

    def matches(self, method: str, path: str) -> bool:
        """Whether the request is of the kind that the order names."""
        return self.method in {"", method} and self.path.lower() in path.lower()


class FaultScript:
    """The orders of one organization; each request is offered to them in turn."""

    def __init__(self) -> None:
        self.orders: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if one is due; used-up orders go."""
        for order in self.orders:
            if not order.matches(method, path):
                continue
            if order.after > 0:
                order.after -= 1
                continue
            order.times -= 1
            if order.times <= 0:
                self.orders.remove(order)
            return order
        return None


def read_fault(content: Mapping[str, Any]) -> Fault:
    """A fault from the control surface's JSON."""
    names = {"retryAfter": "retry_after"}
    try:
        values = {names.get(name, name): value for name, value in content.items()}
        found = Fault(**{**values, "action": Action(values.get("action", ""))})
    except (TypeError, ValueError) as error:
        actions = ", ".join(Action)
        raise FaultError(f"The fault cannot be read: {error}. action is one of {actions}.") from error
    found.method = found.method.upper()
    return found


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault as the control surface shows it."""
    return {
        "action": fault.action,
        "method": fault.method,
        "path": fault.path,
        "after": fault.after,
        "times": fault.times,
        "status": fault.status,
        "code": fault.code,
        "message": fault.message,
        "retryAfter": fault.retry_after,
        "seconds": fault.seconds,
    }
