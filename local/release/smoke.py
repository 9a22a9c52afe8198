"""Whether a deployed service works: its health, and two records exported twice where it harms nobody."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from local.api_client import ApiClient
from local.errors import DevError

_PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = 300.0

# The same people at each release: the organization for tests has them once, however often this runs.
PEOPLE = [
    {
        "id": f"smoke-{number}",
        "firstName": "Smoke",
        "lastName": f"Test {number}",
        "companyName": "Release Check",
        "email": f"smoke-{number}@release-check.example",
    }
    for number in (1, 2)
]


class Failed(DevError):
    """The service does not work as it should; the message says which step showed it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait for what takes time, and by which clock."""

    seconds: float = _TIMEOUT_SECONDS
    pause: float = _PAUSE_SECONDS
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def until(self, what: str, look: Callable[[], Mapping[str, Any] | None]) -> Mapping[str, Any]:
        """What `look` gives as soon as it gives something."""
        end = self.now() + self.seconds
        while (found := look()) is None:
            if self.now() > end:
                raise Failed(f"{what} did not come about within {self.seconds:.0f} s")
            self.sleep(self.pause)
        return found


def check_health(client: ApiClient, release: str | None, waiting: Waiting) -> Mapping[str, Any]:
    """The health, once it is good and of the release that was deployed: instances change one by one."""
    seen = "no answer"

    def look() -> Mapping[str, Any] | None:
        nonlocal seen
        try:
            health = client.get("/health")
        except (DevError, requests.RequestException) as error:
            seen = str(error)
            return None
        seen = f"status {health['status']}, release {health['release']}"
        good = health["status"] == "ok" and release in {None, health["release"]}
        return health if good else None

    try:
        return waiting.until(f"a good health of release {release or 'any'}", look)
    except Failed as error:
        raise Failed(f"{error}; the last was: {seen}") from None


def check_export(client: ApiClient, waiting: Waiting) -> list[Mapping[str, Any]]:
    """Exports the same two people twice: both arrive, and the second time changes nothing."""
    first, second = (_exported(client, waiting) for _ in range(2))
    counts = second["counts"]
    if counts["unchanged"] != len(PEOPLE):
        raise Failed(f"the same records again were not all unchanged: {dict(counts)}")
    return [first, second]


def _exported(client: ApiClient, waiting: Waiting) -> Mapping[str, Any]:
    started = client.send(
        "POST", "/exports?again=true", {"object": "lead", "records": PEOPLE}, Prefer="wait=20"
    )
    path = f"/exports/{started['id']}"

    def look() -> Mapping[str, Any] | None:
        export = client.get(path)
        return export if export["endedAt"] else None

    export = waiting.until(f"the end of {path}", look)
    if export["state"] != "succeeded":
        failures = [f"{each['code']}: {each['reason']}" for each in client.records(started["id"], "failed")]
        why = "; ".join(failures) or export.get("problem") or "no reason was given"
        raise Failed(f"{path} ended as {export['state']}: {why}")
    return export
