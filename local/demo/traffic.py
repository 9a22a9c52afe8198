"""What reached the emulated Dataverse: requests and rows, counted there and not by the product."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.callers import loopback_session

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SlowRequest:
    """A request to Dataverse and how long the answer took there."""

    name: str
    records: int
    milliseconds: float


class Dataverse:
    """The control surface of the emulator, for one organization."""

    def __init__(self, address: str, organization_url: str) -> None:
        self._control = f"{address}/_emulator"
        self._organization = urlsplit(organization_url).netloc
        self._session = loopback_session()

    def requests(self) -> int:
        """How many requests the organization got since it exists."""
        return int(self._get("stats")["requests"])

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._get(f"rows/{table}", limit="1")["count"])

    def slowest_of_last(self, number: int) -> SlowRequest | None:
        """The slowest of the last requests, as far as the emulator still remembers them."""
        return slowest(self._get("journal")[-number:]) if number else None

    def _get(self, path: str, **parameters: str) -> Any:
        asked = {"organization": self._organization, **parameters}
        answer = self._session.get(f"{self._control}/{path}", params=asked, timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        return answer.json()


def slowest(journal: Iterable[dict[str, Any]]) -> SlowRequest | None:
    """The entry that took longest, by the last part of its address."""
    entry = max(journal, key=lambda one: float(one["ms"]), default=None)
    if entry is None:
        return None
    name = str(entry["path"]).rstrip("/").rpartition("/")[2].rpartition(".")[2]
    return SlowRequest(name, int(entry["records"]), float(entry["ms"]))
