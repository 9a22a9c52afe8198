"""One request to the Web API and its answer, the same for a part of a batch as for a whole HTTP request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

JSON_TYPE = "application/json; odata.metadata=minimal"


@dataclass(frozen=True, slots=True)
class Call:
    """A request below `/api/data/vX.Y/`; header names are in lower case, path and query still encoded."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    version: str = "v9.2"
    in_batch: bool = False


@dataclass(slots=True)
class Reply:
    """An answer; `records` counts the rows that it read or wrote, for the journal and for latency."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    records: int = 0


def json_reply(content: Any, *, status: int = 200, records: int = 0) -> Reply:
    """An answer with a JSON body."""
    return Reply(status, {"Content-Type": JSON_TYPE}, orjson.dumps(content), records)
