"""What holds when many ask at once, messages are nonsense, clocks differ, or the worker is told to end."""

import base64
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice

import orjson
import pytest
import requests
from azure.core.exceptions import HttpResponseError
from azure.data.tables import TableClient
from azure.storage.queue import QueueClient

from local.stack import Stack
from tests.e2e.conftest import People
from tests.e2e.conversation import NDJSON, Dataverse, Talk, connect

GRETA = "greta.holm@fabrikam.example"
_AT_ONCE = 50
_LARGE = 8_000
_MOST_OF_STORAGE = 64 * 1024
_SKEW = 290
"""Seconds; a little under the five minutes that clocks may differ ("Access token claims reference": skew)."""


def leads(dataverse: Dataverse, people: People) -> int:
    return sum(row["lastname"] == f"Ngata-{people.prefix}" for row in dataverse.rows("lead"))


def test_fifty_requests_at_once_with_one_key_make_one_export(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    headers = {"Idempotency-Key": people.prefix, "Content-Type": NDJSON}
    body = b"\n".join(orjson.dumps(each) for each in people.many(3))

    def start(_: int) -> requests.Response:
        return admin.call("POST", "/exports", params={"object": "lead"}, data=body, headers=headers)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(start, range(_AT_ONCE)))
    assert {answer.status_code for answer in answers} <= {200, 202, 409}
    (export_id,) = {answer.json()["id"] for answer in answers if answer.ok}
    assert admin.wait(export_id)["counts"]["created"] == 3
    assert leads(dataverse, people) == 3


@pytest.mark.parametrize(
    ("text", "is_readable"),
    [
        pytest.param('{"v": 1, "tenant": "contoso"}', False, id="JSON that is not packed"),
        pytest.param("ä" * 20, False, id="no base64"),
        pytest.param(base64.b64encode(b'{"v": 1}').decode()[:-3], False, id="cut off"),
        pytest.param("x" * _MOST_OF_STORAGE, False, id="as large as can be"),
        pytest.param(
            base64.b64encode(b'{"v": 1, "tenant": "contoso", "export": "no such", "number": 1}').decode(),
            True,
            id="an export that there is not",
        ),
    ],
)
def test_a_message_that_means_nothing_ends_in_the_audit_log_and_others_are_handled(
    connected: Stack, admin: Talk, people: People, text: str, *, is_readable: bool
) -> None:
    storage = connected.storage_connection_string
    with QueueClient.from_connection_string(storage, "exports-write") as queue:
        sent = queue.send_message(text)
        assert admin.export("lead", people.many(2))["counts"]["created"] == 2
        _wait_for_none(queue)
    expected = f"message/exports-write/{sent.id}/{len(text.encode())}"
    with TableClient.from_connection_string(storage, "audit") as audit:
        ended = [row["subject"] for row in audit.query_entities("action eq 'message.dropped'")]
    assert (expected in ended) is not is_readable


def test_a_message_larger_than_storage_takes_is_in_no_queue(connected: Stack) -> None:
    storage = connected.storage_connection_string
    with (
        QueueClient.from_connection_string(storage, "exports-write") as queue,
        pytest.raises(HttpResponseError) as refused,
    ):
        queue.send_message("x" * (_MOST_OF_STORAGE + 1))
    assert refused.value.status_code == 413


def _wait_for_none(queue: QueueClient) -> None:
    end = time.monotonic() + 180
    while queue.get_queue_properties().approximate_message_count:
        assert time.monotonic() < end, f"{queue.queue_name} still has messages"
        time.sleep(0.1)


@pytest.fixture
def fabrikam(connected: Stack) -> Iterator[Talk]:
    """An administrator of another tenant, which is connected to an organization of its own."""
    greta = Talk(connected, "fabrikam", "greta")
    connect(greta, GRETA)
    yield greta
    greta.call("DELETE", "/connection").raise_for_status()


def test_small_exports_of_whichever_tenant_do_not_wait_for_the_end_of_a_large_one(
    admin: Talk, user: Talk, fabrikam: Talk, people: People, dataverse: Dataverse
) -> None:
    # By the record, so that what is large takes long and what is small does not.
    dataverse.control("PUT", "latency", {"request": 0.1, "record": 0.02})
    try:
        large = admin.start("lead", people.many(_LARGE))
        while admin.get(f"/exports/{large}")["state"] == "queued":
            time.sleep(0.05)
        new = (people.one(_LARGE + number) for number in count(1))
        started = [
            (who, who.start("lead", list(islice(new, 10)))) for who in (user, fabrikam, fabrikam, fabrikam)
        ]
        small = [who.wait(export) for who, export in started]
        under_way = admin.get(f"/exports/{large}")
    finally:
        dataverse.control("PUT", "latency", {"request": 0.0, "record": 0.0})
        admin.call("POST", f"/exports/{large}/cancel")
    assert [each["counts"]["created"] for each in small] == [10] * 4
    assert under_way["endedAt"] is None
    admin.wait(large)


@dataclass(frozen=True)
class SameToken(Talk):
    """Keeps the token that it was made with: the clock of whoever made it is not in question."""

    token: str = ""

    def _token(self) -> str:
        return self.token


@pytest.fixture(params=[_SKEW, -_SKEW], ids=["ahead", "behind"])
def skewed(request: pytest.FixtureRequest, connected: Stack, dataverse: Dataverse) -> Iterator[Talk]:
    """An administrator while Microsoft's clocks differ from ours."""
    caller = SameToken(connected, "contoso", "ada", connected.token("contoso", "ada"))
    _set_clocks(connected, dataverse, request.param)
    yield caller
    _set_clocks(connected, dataverse, 0)


def _set_clocks(stack: Stack, dataverse: Dataverse, seconds: int) -> None:
    clock = {"offset": seconds}
    requests.put(f"{stack.entra}/_emulator/clock", json=clock, timeout=180).raise_for_status()
    dataverse.control("PUT", "clock", clock)


def test_clocks_may_differ_by_minutes(skewed: int, admin: Talk, people: People, dataverse: Dataverse) -> None:
    dataverse.fault(action="status", path="$batch", status=401)
    dataverse.fault(action="status", path="CreateMultiple", status=429, code="0x80072322", retryAfter=1)
    export = skewed.export("lead", people.many(20))
    assert export["counts"]["created"] == 20
    assert leads(dataverse, people) == 20
    outcomes = Counter(each["position"] for each in skewed.outcomes(export["id"]))
    assert outcomes == Counter(range(1, 21))
