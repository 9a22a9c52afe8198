"""When an order is taken for one that came before."""

from dataclasses import replace
from typing import Any

import pytest

from functions.identity import Caller
from shared.domain.ids import UserId
from tests.unit.export_api.export_desk import BRUNO, NEIGHBOUR, PEOPLE, Desk

CARLA = replace(BRUNO, user=UserId("carla"))
STRANGER = replace(BRUNO, tenant=NEIGHBOUR)


def test_the_same_key_makes_one_export_for_a_day(desk: Desk) -> None:
    first = desk.order(Idempotency_Key="k")
    desk.later(hours=23)
    again = desk.order(Idempotency_Key="k")
    assert (again.status, again.json["id"], len(desk.split_queue)) == (202, first.json["id"], 1)
    desk.process()
    ended = desk.order(Idempotency_Key="k")
    assert (ended.status, ended.json["counts"]["created"]) == (200, 3)
    desk.later(hours=2)
    assert desk.order(Idempotency_Key="k").json["id"] != first.json["id"]


@pytest.mark.parametrize(
    "other", [{"dryRun": True}, {"matches": "skip"}, {"object": "account"}, {"records": [{"id": 9}]}]
)
def test_a_key_stands_for_one_body(desk: Desk, other: dict[str, Any]) -> None:
    desk.order(Idempotency_Key="k")
    answer = desk.order(Idempotency_Key="k", **other)
    assert (answer.status, answer.json["code"]) == (422, "idempotencyKeyReused")
    assert len(desk.split_queue) == 1


@pytest.mark.parametrize("other", [CARLA, STRANGER], ids=["a colleague", "another tenant"])
@pytest.mark.parametrize("key", ["k", None])
def test_nobody_is_given_the_export_of_another_for_the_same_order(
    desk: Desk, other: Caller, key: str | None
) -> None:
    header = {} if key is None else {"Idempotency_Key": key}
    first, second = desk.order(**header), desk.order(caller=other, **header)
    assert first.json["id"] != second.json["id"]
    assert len(desk.split_queue) == 2


def test_the_same_order_within_a_minute_is_one_export(desk: Desk) -> None:
    first = desk.order()
    desk.later(seconds=59)
    assert desk.order().json["id"] == first.json["id"]
    assert len(desk.split_queue) == 1
    desk.later(seconds=2)
    assert desk.order().json["id"] != first.json["id"]


@pytest.mark.parametrize("other", [{"dryRun": True}, {"matches": "update"}, {"object": "account"}])
def test_another_wish_makes_another_export(desk: Desk, other: dict[str, Any]) -> None:
    assert desk.order().json["id"] != desk.order(**other).json["id"]


def test_who_wants_the_same_again_says_so(desk: Desk) -> None:
    first = desk.order()
    body = {"object": "lead", "records": PEOPLE}
    assert desk.call("POST", "/exports?again=false", body).json["id"] == first.json["id"]
    assert desk.call("POST", "/exports?again=true", body).json["id"] != first.json["id"]


def test_another_decision_of_the_administrator_makes_another_export(desk: Desk) -> None:
    first = desk.order()
    desk.decide(update_existing=False)
    assert desk.order().json["id"] != first.json["id"]


def test_what_was_cancelled_may_be_ordered_again_at_once(desk: Desk) -> None:
    first = desk.order().json["id"]
    desk.call("POST", f"/exports/{first}/cancel")
    second = desk.order()
    assert (second.status, second.json["state"]) == (202, "queued")
    assert second.json["id"] != first
