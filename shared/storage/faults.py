"""Failures of the storage account, translated into the errors of the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shared.domain.errors import Transient

if TYPE_CHECKING:
    from azure.core.exceptions import HttpResponseError

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
"""Between two pieces of an answer."""

RETRY_OPTIONS: dict[str, Any] = {
    "retry_total": 2,
    "retry_connect": 2,
    "retry_read": 2,
    "retry_status": 2,
    "retry_backoff_factor": 0.2,
    "connection_timeout": CONNECT_SECONDS,
    "read_timeout": READ_SECONDS,
    # Blobs and queues have their own names, and would wait 15 seconds before the first repetition.
    "initial_backoff": 0.2,
    "increment_base": 1,
    "random_jitter_range": 0.2,
}
"""Short on purpose: a queue message is tried again by the host, a caller by itself."""

_RESOURCE_MISSING = frozenset({"TableNotFound", "ContainerNotFound", "QueueNotFound"})
_PASSES_BY_ITSELF = frozenset({408, 429, 500, 502, 503, 504})


@contextmanager
def storage_faults(place: str) -> Iterator[None]:
    """Turns an outage into Transient. `place` is for the log: the table, container or queue, no keys."""
    from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError

    try:
        yield
    except (ServiceRequestError, ServiceResponseError) as error:
        raise _unavailable(f"{place}: {type(error).__name__}") from error
    except HttpResponseError as error:
        if error.status_code not in _PASSES_BY_ITSELF:
            raise
        raise _unavailable(f"{place}: HTTP {error.status_code}") from error


def unless_resource_missing(error: "HttpResponseError") -> None:
    """Lets the 404 of a missing row or blob pass, and raises that of a missing table, container or queue."""
    if getattr(error, "error_code", None) in _RESOURCE_MISSING:
        raise error


def _unavailable(detail: str) -> Transient:
    return Transient(
        "storageUnavailable",
        "The storage of this service does not answer at the moment. Try again in a minute.",
        detail=detail,
    )
