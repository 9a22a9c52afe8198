"""Somebody holds an export up, lets it go on, or ends it: what the workers do about it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from engine import LEASE, TENANT, Engine

from functions.export.halting import Halted
from functions.export.stopping import Stopping
from functions.identity import Caller
from shared.domain.errors import NeedsUser
from shared.domain.exports import Export, ExportState
from shared.domain.ids import ExportId, UserId
from shared.storage.table import Stored

BRUNO = Caller(tenant=TENANT, user=UserId("bruno"))
LONG = 3 * LEASE


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def stopping(engine: Engine) -> Stopping:
    def find(_caller: Caller, export_id: str) -> Stored[Export]:
        return Stored(engine.seen(ExportId(export_id)), "")

    return Stopping(engine.stores, find)


def at_chunk(engine: Engine, number: int, act: Callable[[], object]) -> None:
    """Somebody acts while this chunk is under way, and the worker notices at its next request."""

    def answer(chunk: int) -> None:
        if chunk == number:
            engine.answer = lambda _: None
            act()
            raise Halted

    engine.answer = answer


def test_a_paused_export_stands_still_whatever_the_sweep_finds_until_it_is_resumed(
    engine: Engine, stopping: Stopping
) -> None:
    export_id = engine.export(10)
    stopping.pause(BRUNO, export_id)
    engine.work()
    assert engine.ran == []
    engine.clock.now += LONG
    assert engine.recovery.sweep() == 0
    engine.work()
    assert engine.ran == []
    stopping.resume(BRUNO, export_id)
    engine.work()
    seen = engine.seen(export_id)
    assert (seen.state, seen.counts.created) == (ExportState.SUCCEEDED, 10)
    assert sorted(ran.number for ran in engine.ran) == [1, 2, 3, 4, 5]


def test_a_pause_takes_effect_in_the_middle_of_a_chunk_which_is_then_done_again(
    engine: Engine, stopping: Stopping
) -> None:
    export_id = engine.export(10)
    at_chunk(engine, 2, lambda: stopping.pause(BRUNO, export_id))
    engine.work()
    assert engine.seen(export_id).ended_at is None
    stopping.resume(BRUNO, export_id)
    engine.work()
    assert engine.seen(export_id).counts.created == 10
    assert [ran.begun_before for ran in engine.ran if ran.number == 2] == [False, True]


def test_who_resumes_at_the_very_moment_at_which_a_chunk_is_given_back_loses_none(
    engine: Engine, stopping: Stopping
) -> None:
    export_id = engine.export(2)

    def there_and_back() -> None:
        stopping.pause(BRUNO, export_id)
        stopping.resume(BRUNO, export_id)

    at_chunk(engine, 1, there_and_back)
    engine.work()
    assert engine.seen(export_id).counts.created == 2


def test_a_cancellation_in_the_middle_of_a_chunk_tells_what_was_written(
    engine: Engine, stopping: Stopping
) -> None:
    export_id = engine.export(10)
    at_chunk(engine, 1, lambda: stopping.cancel(BRUNO, export_id))
    engine.work()
    seen = engine.seen(export_id)
    assert seen.state is ExportState.CANCELLED
    assert (seen.counts.created, seen.counts.skipped) == (2, 8)


def test_a_paused_export_is_cancelled_at_once(engine: Engine, stopping: Stopping) -> None:
    export_id = engine.export(10)
    stopping.pause(BRUNO, export_id)
    engine.work()
    stopping.cancel(BRUNO, export_id)
    engine.work()
    seen = engine.seen(export_id)
    assert (seen.state, seen.counts.skipped, engine.ran) == (ExportState.CANCELLED, 10, [])


def test_an_export_that_waits_for_a_person_goes_on_as_soon_as_somebody_says_so(
    engine: Engine, stopping: Stopping
) -> None:
    export_id = engine.export(2)

    def nobody_is_signed_in(_chunk: int) -> None:
        engine.answer = lambda _: None
        raise NeedsUser("signInLost", "Sign in again.")

    engine.answer = nobody_is_signed_in
    engine.work()
    assert engine.seen(export_id).problem == "Sign in again."
    stopping.resume(BRUNO, export_id)
    engine.work()
    seen = engine.seen(export_id)
    assert (seen.state, seen.problem) == (ExportState.SUCCEEDED, None)


def test_a_pause_of_a_pause_and_a_resumption_of_nothing_change_nothing(
    engine: Engine, stopping: Stopping
) -> None:
    export_id = engine.export(2)
    before = engine.seen(export_id)
    assert stopping.resume(BRUNO, export_id) == before
    paused = stopping.pause(BRUNO, export_id)
    assert paused == replace(before, paused=True)
    assert stopping.pause(BRUNO, export_id) == paused
