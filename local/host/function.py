"""One function of the app, as the host sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class HttpTrigger:
    """Runs the function for each request to a route; no methods means every method."""

    route: str
    methods: frozenset[str]


@dataclass(frozen=True, slots=True)
class QueueTrigger:
    """Runs the function for each message of a queue in the storage account that a setting names."""

    queue: str
    connection: str


@dataclass(frozen=True, slots=True)
class TimerTrigger:
    """Runs the function at the times of a schedule (NCRONTAB, UTC)."""

    schedule: str
    run_on_startup: bool
    use_monitor: bool


Trigger = HttpTrigger | QueueTrigger | TimerTrigger


@dataclass(frozen=True, slots=True)
class Function:
    """A function with its trigger and how it wants to be called."""

    name: str
    call: Callable[..., Any]
    trigger: Trigger
    parameter: str
    directory: Path
    is_async: bool
    wants_context: bool
    returns_response: bool
    # As function.json would have it, for /admin/functions and for comparison with Azure's own worker.
    bindings: tuple[Mapping[str, Any], ...]
