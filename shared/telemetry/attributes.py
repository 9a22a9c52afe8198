"""What a span or a measurement may say about itself: nothing else has a name here."""

from collections.abc import Mapping
from typing import TypedDict, cast

from shared.redaction import redact


class Attributes(TypedDict, total=False):
    """Ids of ours, names of operations and counts; never a value of a record, an address or a person."""

    tenant: str
    export: str
    chunk: int
    erasure: str
    request: str
    operation: str
    queue: str
    outcome: str
    result: str
    code: str
    method: str
    host: str
    status: int
    service_request: str


# "Semantic conventions for HTTP spans" has names for some of them.
_NAMES = {
    "method": "http.request.method",
    "host": "server.address",
    "status": "http.response.status_code",
}


def to_wire(attributes: Attributes) -> dict[str, str | int]:
    """The attributes under the names by which they travel."""
    every = cast("Mapping[str, str | int]", attributes)
    return {
        _NAMES.get(name, name): redact(value) if isinstance(value, str) else value
        for name, value in every.items()
    }
