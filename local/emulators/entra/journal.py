"""The requests that were answered, without anything secret."""

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: never its query, its body or its headers; `notes` are what the handler chose to tell."""

    at: str
    method: str
    host: str
    path: str
    status: int
    notes: dict[str, Any] = field(default_factory=dict)


class Journal:
    """The newest entries and the number of all."""

    def __init__(self) -> None:
        """Start empty."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._count = 0

    def write(self, entry: Entry) -> None:
        """Add an entry; the oldest gives way."""
        self._entries.append(entry)
        self._count += 1

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._count = 0

    def report(self) -> dict[str, Any]:
        """The number of requests and the newest of them, oldest first."""
        return {"count": self._count, "items": [asdict(entry) for entry in self._entries]}
