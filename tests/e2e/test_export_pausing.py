"""Exports are held up, let go on and ended early: through HTTP, real queues and the emulators."""

from typing import Any

import pytest

from tests.e2e.conftest import People
from tests.e2e.conversation import Dataverse, Talk

PEOPLE = 2500


def leads(dataverse: Dataverse, people: People) -> int:
    return sum(row["lastname"] == f"Ngata-{people.prefix}" for row in dataverse.rows("lead"))


def change(talk: Talk, export_id: str, what: str) -> dict[str, Any]:
    answer = talk.call("POST", f"/exports/{export_id}/{what}")
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


@pytest.fixture
def paused(admin: Talk, people: People, dataverse: Dataverse) -> dict[str, Any]:
    """An export that is held up while its first chunks are under way: each request takes five seconds."""
    dataverse.control("PUT", "latency", {"request": 5.0})
    return change(admin, admin.start("lead", people.many(PEOPLE)), "pause")


def go_on_quickly(dataverse: Dataverse) -> None:
    dataverse.control("PUT", "latency", {"request": 0.0})


def test_a_paused_export_stands_still_until_it_is_resumed_and_then_does_all_of_it_once(
    admin: Talk, people: People, dataverse: Dataverse, paused: dict[str, Any]
) -> None:
    export_id = paused["id"]
    assert (paused["paused"], paused["waitingFor"]["what"]) == (True, "resume")
    again = change(admin, export_id, "pause")
    assert (again["paused"], again["state"] in {"queued", "running"}) == (True, True)
    resumed = change(admin, export_id, "resume")
    assert not resumed["paused"]
    go_on_quickly(dataverse)
    ended = admin.wait(export_id)
    assert (ended["state"], ended["counts"]["created"]) == ("succeeded", PEOPLE)
    assert (ended["waitingFor"], ended["secondsLeft"], ended["recordsPerSecond"] > 0) == (None, None, True)
    assert leads(dataverse, people) == PEOPLE
    for what in ("pause", "resume"):
        refused = admin.call("POST", f"/exports/{export_id}/{what}")
        assert (refused.status_code, refused.json()["code"]) == (409, "exportEnded")


def test_a_paused_export_can_be_cancelled_and_tells_the_truth(
    admin: Talk, people: People, dataverse: Dataverse, paused: dict[str, Any]
) -> None:
    change(admin, paused["id"], "cancel")
    go_on_quickly(dataverse)
    counts = admin.wait(paused["id"])["counts"]
    assert counts["created"] == leads(dataverse, people)
    assert counts["created"] + counts["skipped"] == counts["total"]
