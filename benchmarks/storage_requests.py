"""Requests to Azure Storage, sorted into those of the service and those of the functions host itself."""

from collections import Counter
from enum import StrEnum
from threading import Lock
from urllib.parse import urlsplit

_HOSTS_CONTAINER = "azure-webjobs-hosts"
_QUEUE_OF_HOST = {"GET": "receive", "DELETE": "delete", "PUT": "renew"}


class Side(StrEnum):
    """Who makes a request."""

    SERVICE = "service"
    HOST = "host"


class StorageRequests:
    """Counts of requests by side, service (table, blob, queue) and what they do."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[tuple[Side, str, str]] = Counter()

    def note(self, service: str, method: str, url: str) -> None:
        """Counts one request."""
        with self._lock:
            self._counts[_sorted(service, method, url)] += 1

    def taken(self) -> Counter[tuple[Side, str, str]]:
        """The counts since the last time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return counts


def _sorted(service: str, method: str, url: str) -> tuple[Side, str, str]:
    parts = urlsplit(url)
    _, *path = parts.path.strip("/").split("/")
    match service:
        case "queue" if method in _QUEUE_OF_HOST:
            return Side.HOST, service, _QUEUE_OF_HOST[method]
        case "queue":
            return Side.SERVICE, service, f"send {path[0]}"
        case "blob":
            side = Side.HOST if path[0] == _HOSTS_CONTAINER else Side.SERVICE
            return side, service, f"{method} {_blob_kind(path, parts.query)}"
        case _:
            return Side.SERVICE, service, f"{_table_verb(method, path[0])} {path[0].partition('(')[0]}"


def _blob_kind(path: list[str], query: str) -> str:
    """The container and, of an export's blobs (tenant/export/kind/number), the kind."""
    kind = "/".join([path[0], *path[3:4]])
    return f"{kind} ({query.partition('comp=')[2].partition('&')[0]})" if "comp=" in query else kind


def _table_verb(method: str, name: str) -> str:
    if name == "$batch":
        return "transaction"
    return {"GET": "query" if name.endswith("()") else "get"}.get(method, method)
