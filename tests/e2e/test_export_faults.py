"""Once in effect, whatever happens on the way to Dynamics."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.stack import Stack, StackOptions, running_stack
from tests.e2e.conftest import ADA, People
from tests.e2e.conversation import Dataverse, Talk, connect

CREATE = "leads/Microsoft.Dynamics.CRM.CreateMultiple"
BATCH = "$batch"
_POLL_SECONDS = 0.05
_JUST_REFRESHED = 6.0
"""Seconds after which a token that is refused is no longer taken for one that another worker just got."""


def _leads(dataverse: Dataverse, people: People) -> int:
    return sum(row["lastname"] == f"Ngata-{people.prefix}" for row in dataverse.rows("lead"))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"action": "dropBefore", "path": CREATE}, id="connection lost before the write"),
        pytest.param({"action": "dropAfter", "path": CREATE}, id="connection lost after the write"),
        pytest.param({"action": "dropAfter", "path": BATCH}, id="connection lost after the search"),
        pytest.param({"action": "status", "path": CREATE, "status": 503}, id="unavailable"),
        pytest.param({"action": "status", "path": BATCH, "status": 502, "times": 2}, id="bad gateway twice"),
        pytest.param(
            {"action": "status", "path": CREATE, "status": 429, "code": "0x80072322", "retryAfter": 1},
            id="throttled for a second",
        ),
        pytest.param({"action": "status", "path": BATCH, "status": 401}, id="token refused once"),
    ],
)
def test_every_record_is_created_once_and_said_to_be_created(
    admin: Talk, people: People, dataverse: Dataverse, fault: dict[str, Any]
) -> None:
    dataverse.fault(**fault)
    export = admin.export("lead", people.many(20))
    assert export["counts"]["created"] == 20, export
    assert _leads(dataverse, people) == 20


def test_one_record_that_dynamics_refuses_does_not_take_the_others_with_it(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    admin.export("lead", [people.one(0)])  # the service knows the columns as they are now
    dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"max_length": 10})
    try:
        records = people.many(30)
        records[16]["jobTitle"] = "Director of Revenue"
        export = admin.export("lead", records)
    finally:
        dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"max_length": 100})
    assert export["counts"]["created"] == 29
    (failed,) = admin.outcomes(export["id"], outcome="failed")
    assert (failed["position"], failed["code"], failed["column"]) == (17, "valueTooLong", "jobtitle")


def test_two_exports_of_the_same_people_at_once_double_nobody(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    dataverse.control("PUT", "latency", {"request": 0.2})
    try:
        ids = [admin.start("lead", people.many(50)) for _ in range(3)]
        exports = [admin.wait(each) for each in ids]
    finally:
        dataverse.control("PUT", "latency", {"request": 0.0})
    assert {each["state"] for each in exports} == {"succeeded"}
    assert _leads(dataverse, people) == 50


def test_an_export_waits_while_the_limits_of_dynamics_are_used_up(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    # Three chunks begin with a search each. Of fewer requests than that, which are none of Dynamics' limits,
    # three lanes that come back together may use each window for searches alone.
    dataverse.control("PUT", "limits", {"requests": 4, "window": 3})
    try:
        export = admin.export("lead", people.many(1300))
    finally:
        dataverse.control("PUT", "limits", {"requests": 6000, "window": 300})
    assert export["counts"]["created"] == 1300
    assert _leads(dataverse, people) == 1300


@pytest.fixture(scope="module")
def restless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose workers hold their chunks for three seconds, and whose sweep comes every second."""
    settings = {"EXPORT_LEASE_SECONDS": "3", "REVIVE_SCHEDULE": "* * * * * *", "EXPORT_CHUNK_SIZE": "50"}
    options = StackOptions(settings=settings)
    with running_stack(tmp_path_factory.mktemp("restless"), options) as stack:
        connect(Talk(stack, "contoso", "ada"), ADA)
        yield stack


def test_an_export_survives_the_death_of_its_worker(restless: Stack, people: People) -> None:
    admin, dataverse = Talk(restless, "contoso", "ada"), Dataverse(restless.dataverse)
    dataverse.control("PUT", "latency", {"request": 0.15})
    export_id = admin.start("lead", people.many(2000))
    for _ in range(2):
        while admin.get(f"/exports/{export_id}")["counts"]["created"] < 200:
            time.sleep(_POLL_SECONDS)
        restless.crash("host")
        restless.start("host")
    export = admin.wait(export_id)
    assert export["counts"]["created"] == export["counts"]["total"] == 2000
    assert _leads(dataverse, people) == 2000
    positions = [each["position"] for each in admin.outcomes(export_id, limit=1000)]
    assert positions == list(range(1, 2001))


def test_an_export_survives_that_its_worker_is_told_to_end(restless: Stack, people: People) -> None:
    admin, dataverse = Talk(restless, "contoso", "ada"), Dataverse(restless.dataverse)
    dataverse.control("PUT", "latency", {"request": 0.15})
    try:
        export_id = admin.start("lead", people.many(1000))
        while admin.get(f"/exports/{export_id}")["counts"]["created"] < 200:
            time.sleep(_POLL_SECONDS)
        restless.end("host")
        restless.start("host")
        export = admin.wait(export_id)
    finally:
        dataverse.control("PUT", "latency", {"request": 0.0})
    assert export["counts"]["created"] == export["counts"]["total"] == 1000
    assert _leads(dataverse, people) == 1000


def test_an_export_pauses_while_the_sign_in_is_refused_and_goes_on_after_reconnecting(
    restless: Stack, people: People
) -> None:
    import requests

    admin, dataverse = Talk(restless, "contoso", "ada"), Dataverse(restless.dataverse)
    admin.export("lead", [people.one(0)])  # the service knows the columns, so that the next start asks nobody
    time.sleep(_JUST_REFRESHED)
    requests.post(
        f"{restless.entra}/_emulator/refresh-tokens/revoke", json={}, timeout=180
    ).raise_for_status()
    dataverse.fault(action="status", path="", status=401, times=1000)
    export_id = admin.start("lead", people.many(20))
    while not (paused := admin.get(f"/exports/{export_id}"))["problem"]:
        time.sleep(_POLL_SECONDS)
    assert paused["state"] == "running"
    assert admin.get("/connection")["state"] == "reauthorizationRequired"
    dataverse.control("DELETE", "faults")
    connect(admin, ADA)
    export = admin.wait(export_id)
    assert (export["state"], export["problem"]) == ("succeeded", None)
    assert export["counts"]["created"] == 20
