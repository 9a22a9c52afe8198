"""What lanes do while Dynamics asks for patience, is away, or a person or a bug holds them up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.errors import NeedsUser, Transient
from shared.domain.exports import ExportState, OutcomeKind
from tests.unit.export.engine import LEASE, TENANT, Engine
from tests.unit.export.failing import fail_with

_THROTTLED = Transient("throttled", "Dynamics asks for fewer requests.", retry_after=30)


_AWAY = Transient("dynamicsUnavailable", "Dynamics cannot be reached.")


def away(_: int) -> None:
    """Dynamics does not answer, whatever the chunk."""
    raise _AWAY


def test_a_person_who_has_to_act_stops_all_lanes_and_one_tries_first() -> None:
    engine = Engine(chunk_size=1, window=3)
    export = engine.export(9)

    def refuse(_: int) -> None:
        raise NeedsUser("signInMissing", "Sign in again.")

    engine.answer = refuse
    engine.work()
    assert engine.seen(export).problem == "Sign in again."
    assert len(engine.ran) == 3
    engine.clock.now += 3 * LEASE
    assert engine.recovery.sweep() == 1
    engine.work()
    assert len(engine.ran) == 4
    engine.answer = lambda _: None
    engine.recovery.resume(TENANT)
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.problem, ended.counts.created) == (ExportState.SUCCEEDED, None, 9)


def test_a_chunk_that_always_breaks_its_worker_ends_with_the_reason_and_the_others_go_on() -> None:
    engine = Engine(chunk_size=2, window=1)
    export = engine.export(8)
    fail_with(engine, RuntimeError("a bug"), on=3, times=99)
    (message,) = engine.messages()
    for _ in range(5):
        with pytest.raises(RuntimeError):
            engine.delivery.deliver(message)
    engine.delivery.give_up(message, "Broken.")  # the lane was further than the message: it is called anew
    (named,) = engine.messages()
    assert named.number == 3
    engine.delivery.give_up(named, "Broken.")
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.counts.failed) == (
        ExportState.COMPLETED_WITH_ERRORS,
        6,
        2,
    )
    outcomes = engine.stores.files.read_outcomes(TENANT, export, 3) or []
    assert {(each.kind, each.reason) for each in outcomes} == {(OutcomeKind.FAILED, "Broken.")}


def test_throttling_halves_the_lanes_and_everybody_waits() -> None:
    engine = Engine(chunk_size=1, window=4)
    export = engine.export(40)
    fail_with(engine, _THROTTLED, on=2)
    before = engine.clock.now
    engine.work(until=before)
    assert {ran.number for ran in engine.ran} <= {1, 2, *range(5, 41)}
    waiting = engine.stores.progress.get(TENANT, export)
    assert waiting is not None
    assert len(waiting.lanes) == 2
    engine.work()
    assert engine.clock.now - before >= timedelta(seconds=30)
    assert engine.seen(export).counts.created == 40


def test_an_organization_that_is_down_for_hours_costs_few_tries_and_the_export_says_so() -> None:
    engine = Engine(chunk_size=1, window=8)
    export = engine.export(100)
    engine.answer = away
    began = engine.clock.now
    engine.work(until=began + timedelta(hours=6))
    assert len(engine.ran) < 70
    said = engine.seen(export).problem
    assert said is not None
    assert "goes on by itself" in said
    engine.answer = lambda _: None
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.problem) == (ExportState.SUCCEEDED, 100, None)


def test_an_organization_that_is_down_for_a_day_fails_the_records_with_the_reason() -> None:
    engine = Engine(chunk_size=1, window=2)
    export = engine.export(50)
    engine.answer = away
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.failed) == (ExportState.FAILED, 50)
    assert len(engine.ran) < 300


def test_one_lost_connection_stops_nobody_else() -> None:
    engine = Engine(chunk_size=1, window=4)
    export = engine.export(40)
    fail_with(engine, _AWAY, on=2)
    before = engine.clock.now
    engine.work(until=before)
    assert len(engine.ran) == 40
    engine.work()
    assert engine.seen(export).counts.created == 40


def test_the_hint_of_dynamics_bounds_the_lanes() -> None:
    engine = Engine(chunk_size=1, window=4)
    export = engine.export(40)
    engine.allowance = replace(engine.allowance, parallelism=2)
    lanes: list[int] = []

    def note(_: int) -> None:
        progress = engine.stores.progress.get(TENANT, export)
        lanes.append(len(progress.lanes) if progress else 0)

    engine.answer = note
    engine.work()
    assert max(lanes[4:]) <= 2
    assert engine.seen(export).counts.created == 40
