"""However many threads share a client, Dynamics has no more requests of theirs at once than it may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Lock

import requests

from shared.dataverse.client import DataverseClient
from shared.dataverse.messages import DataverseRequest
from shared.dataverse.slots import Slots
from shared.domain.organization import parse_organization_url
from tests.fakes import MemoryServer

AT_ONCE, THREADS = 2, 6


class Organization:
    """Counts who is there at once; nobody leaves before the house is as full as it may be."""

    def __init__(self) -> None:
        self.most = 0
        self._there = 0
        self._lock = Lock()
        self._full = Barrier(AT_ONCE)

    def answer(self, _: requests.PreparedRequest) -> tuple[int, bytes]:
        with self._lock:
            self._there += 1
            self.most = max(self.most, self._there)
        self._full.wait(timeout=60)
        with self._lock:
            self._there -= 1
        return 200, b"{}"


def test_no_more_requests_are_under_way_than_the_gate_lets_through() -> None:
    organization = Organization()
    client = DataverseClient(
        MemoryServer(organization.answer).session(),
        parse_organization_url("https://contoso.crm4.dynamics.com"),
        lambda _: "token",
        clock=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        slots=Slots(AT_ONCE),
    )
    request = DataverseRequest("GET", "/api/data/v9.2/WhoAmI()")
    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(client.send, [request] * THREADS))
    assert [answer.status for answer in answers] == [200] * THREADS
    assert organization.most == AT_ONCE


def test_whether_a_request_is_to_be_sent_is_asked_when_its_turn_has_come() -> None:
    slots = Slots(AT_ONCE)
    client = DataverseClient(
        MemoryServer(lambda _: (200, b"{}")).session(),
        parse_organization_url("https://contoso.crm4.dynamics.com"),
        lambda _: "token",
        clock=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        slots=slots,
    )
    spare: list[int] = []
    client.asking(lambda: spare.append(slots.spare())).send(
        DataverseRequest("GET", "/api/data/v9.2/WhoAmI()")
    )
    assert spare == [AT_ONCE - 1]
