"""What is known of an organization is looked at once a second, and news of this process's own at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.export.pacing import Pacing
from shared.dataverse.refusals import BudgetSpent
from shared.dataverse.traffic import Allowance
from shared.domain.errors import Transient
from shared.domain.exports import Export
from shared.domain.ids import TenantId
from shared.domain.pace import Pace, throttled
from shared.storage.cooldowns import CooldownStore
from tests.unit.export.engine import TENANT, Engine

_THROTTLED = Transient("throttled", "Dynamics asks for fewer requests.", retry_after=30)
_SPENT = BudgetSpent("throttled", "Dynamics asks for fewer requests.", retry_after=30)


def test_what_another_process_learned_of_the_organization_is_heeded_a_second_later() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    pacing = Pacing(engine.stores, lambda _: engine.allowance)
    assert pacing.visit(export, 0).wait == 0
    now = engine.clock.now
    learned = throttled(Pace(), 60.0, window=4, began=now, now=now)
    CooldownStore(engine.tables["tenants"]).change(TENANT, lambda _: learned)
    assert pacing.visit(export, 0).wait == 0
    engine.clock.now += timedelta(seconds=1)
    assert pacing.visit(export, 0).wait >= 59


def test_what_a_process_learns_of_the_organization_holds_for_all_its_lanes_at_once() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    pacing = Pacing(engine.stores, lambda _: engine.allowance)
    waiting = pacing.visit(export, 0)
    pacing.visit(export, 0).refused(_THROTTLED)
    assert waiting.wait == 0
    assert pacing.visit(export, 0).wait > 0


def test_a_window_that_is_used_up_leaves_all_lanes_and_too_many_at_once_leaves_half() -> None:
    engine = Engine(window=4)
    export = engine.seen(engine.export(2))
    pacing = Pacing(engine.stores, lambda _: engine.allowance)
    first = pacing.visit(export, 0)
    first.refused(_SPENT)
    assert (first.wait >= 30, first.width) == (True, 4)
    second = pacing.visit(export, 0)
    second.refused(_THROTTLED)
    assert (second.wait >= 30, second.width) == (True, 2)


def test_once_one_request_is_refused_no_other_is_sent_and_that_is_no_news() -> None:
    engine = Engine(window=4)
    export = engine.seen(engine.export(2))
    pacing = Pacing(engine.stores, lambda _: engine.allowance)
    midway = pacing.visit(export, 1)
    pacing.heed(export, engine.allowance)
    pacing.visit(export, 0).refused(_THROTTLED)
    known = engine.stores.cooldowns.pace(TENANT)
    engine.clock.now += timedelta(seconds=10)
    with pytest.raises(Transient) as stopped:
        pacing.heed(export, engine.allowance)
    assert (stopped.value.code, stopped.value.retry_after) == ("organizationResting", 20)
    midway.refused(stopped.value)
    assert (midway.wait >= 20, midway.width, midway.tries) == (True, 2, 1)
    assert engine.stores.cooldowns.pace(TENANT) == known
    engine.clock.now += timedelta(seconds=20)
    pacing.heed(export, engine.allowance)


def test_what_is_under_way_is_not_stopped_by_an_outage() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    pacing = Pacing(engine.stores, lambda _: engine.allowance)
    for _ in range(2):
        engine.clock.now += timedelta(seconds=1)
        pacing.visit(export, 0).refused(Transient("dynamicsUnavailable", "Dynamics does not answer."))
    assert pacing.pace(TENANT).is_down
    assert pacing.pace(TENANT).wait(engine.clock.now) > 0
    pacing.heed(export, engine.allowance)


def asking_dynamics(_: Export) -> Allowance:
    raise AssertionError("whoever looks before a request holds a slot, and would wait for another one")


def test_requests_go_one_after_another_only_while_little_time_is_left() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    pauses: list[float] = []
    pacing = Pacing(engine.stores, asking_dynamics, pauses.append)
    pacing.heed(export, engine.allowance)
    engine.allowance = Allowance(time_left=120.0, most_time=1200.0, took=8.0)
    pacing.heed(export, engine.allowance)
    pacing.heed(export, engine.allowance)
    assert pauses == []
    engine.allowance = Allowance(time_left=119.0, most_time=1200.0, took=8.0)
    for _ in range(3):
        pacing.heed(export, engine.allowance)
    engine.clock.now += timedelta(seconds=1.25)
    for _ in range(2):
        pacing.heed(export, engine.allowance)
    assert pauses == [0.5, 1.0, 0.25, 0.75]


def test_whoever_waits_for_a_turn_hears_of_a_refusal_in_it() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    engine.allowance = Allowance(time_left=1.0, most_time=1200.0, took=8.0)
    pacing = Pacing(engine.stores, lambda _: engine.allowance, lambda _: visit.refused(_SPENT))
    visit = pacing.visit(export, 0)
    pacing.heed(export, engine.allowance)
    with pytest.raises(Transient, match="refused others"):
        pacing.heed(export, engine.allowance)


def test_what_a_process_learns_is_known_beside_it_before_it_is_stored() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    waits: list[float] = []

    class Slow(CooldownStore):
        def change(self, tenant: TenantId, step: Callable[[Pace], Pace]) -> Pace:
            waits.append(pacing.visit(export, 0).wait)
            return super().change(tenant, step)

    stores = replace(engine.stores, cooldowns=Slow(engine.tables["tenants"]))
    pacing = Pacing(stores, lambda _: engine.allowance)
    pacing.visit(export, 0).refused(_SPENT)
    assert waits[0] >= 30
