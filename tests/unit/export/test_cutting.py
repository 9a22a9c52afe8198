"""An input is cut while its first chunks are written already, once, whatever dies or is found late."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.export.crew import CrewOf, Threads
from functions.export.messages import SplitMessage
from functions.export.turns import CROWDED
from shared.domain.errors import Transient
from shared.domain.exports import ExportState
from shared.domain.limits import Limits
from shared.storage.blob import BlobMissing, Content
from shared.storage.table import AlreadyExists
from tests.fakes import MemoryContainer, MemoryTable
from tests.unit.export.crews import Later
from tests.unit.export.engine import LEASE, TENANT, Crash, Engine
from tests.unit.export.failing import fail_with


class MortalTable(MemoryTable):
    """Whoever writes the `last` row dies instead."""

    last = 0

    def put(self, partition: str, row: str, properties: Any) -> str:
        self.last -= 1
        if self.last == 0:
            raise Crash
        return super().put(partition, row, properties)


class BrokenContainer(MemoryContainer):
    """A blob that is gone, or out of reach, after its first bytes."""

    error: Exception | None = None

    def open(self, name: str) -> Content:
        there = super().open(name)
        if self.error is None or not name.endswith("input"):
            return there
        return replace(there, chunks=self._cut_off(b"".join(there.chunks), self.error))

    def _cut_off(self, whole: bytes, error: Exception) -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        raise error


def mortal(engine: Engine) -> MortalTable:
    engine.tables["chunks"] = table = MortalTable()
    engine.start()
    return table


def broken(engine: Engine) -> BrokenContainer:
    engine.container = container = BrokenContainer()
    engine.start()
    return container


def test_the_first_chunks_are_called_while_the_rest_is_still_to_be_cut() -> None:
    engine = Engine(chunk_size=1, window=2)
    table = mortal(engine)
    export = engine.export(20, cut=False)
    table.last = 3
    with pytest.raises(Crash):
        engine.split(export)
    assert engine.seen(export).state is ExportState.RUNNING
    assert len(engine.write_queue) == 2
    engine.work()
    assert engine.ran


@given(st.integers(1, 40), st.booleans())
def test_cutting_that_dies_anywhere_is_repeated_without_a_second_chunk(last: int, works: bool) -> None:  # noqa: FBT001 - hypothesis passes by position
    engine = Engine(chunk_size=2, window=3)
    table = mortal(engine)
    export = engine.export(31, cut=False)
    table.last = last
    try:
        engine.split(export)
    except Crash:
        engine.start(chunk_size=7)
    table.last = 0
    if works:
        engine.work()
    engine.split(export)
    engine.work()
    for _ in range(2):
        engine.clock.now += 3 * LEASE
        engine.recovery.sweep()
        engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.total) == (ExportState.SUCCEEDED, 31, 31)
    positions = [
        outcome.position
        for chunk in engine.stores.chunks.of(TENANT, export)
        for outcome in engine.stores.files.read_outcomes(TENANT, export, chunk.number) or ()
    ]
    assert positions == list(range(1, 32))


def test_lanes_that_have_caught_up_with_the_cutter_are_called_again() -> None:
    engine = Engine(chunk_size=1, window=3)
    table = mortal(engine)
    export = engine.export(10, cut=False)
    table.last = 4
    with pytest.raises(Crash):
        engine.split(export)
    engine.work()
    assert 0 < len(engine.ran) < 10
    assert engine.seen(export).ended_at is None
    engine.split(export)
    engine.work()
    assert engine.seen(export).counts.created == 10


def test_more_records_than_are_allowed_export_none_of_them() -> None:
    engine = Engine(chunk_size=2, max_records=9)
    export = engine.export(10)
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, engine.ran) == (ExportState.FAILED, [])
    assert ended.problem is not None
    assert "allows 9 records" in ended.problem


def test_as_many_records_as_are_allowed_are_exported() -> None:
    engine = Engine(chunk_size=2, max_records=10)
    export = engine.export(10)
    engine.work()
    assert engine.seen(export).counts.created == 10


def test_more_records_than_are_left_of_the_day_export_none_of_them() -> None:
    engine = Engine(chunk_size=2)
    engine.limits = Limits(records_per_day=15)
    engine.start()
    first, second = engine.export(10), engine.export(10)
    engine.work()
    assert engine.seen(first).counts.created == 10
    ended = engine.seen(second)
    assert (ended.state, ended.counts.done) == (ExportState.FAILED, 0)


def test_an_input_that_is_gone_half_way_exports_what_was_read_and_says_so() -> None:
    engine = Engine(chunk_size=2, window=2)
    container = broken(engine)
    export = engine.export(20, cut=False)
    container.error = BlobMissing("exports")
    engine.split(export)
    engine.work()
    ended = engine.seen(export)
    assert ended.state is ExportState.COMPLETED_WITH_ERRORS
    assert 0 < ended.counts.created == ended.total < 20
    assert ended.problem == (
        f"The content is no longer stored. The {ended.total:,} records before that were exported."
    )


def test_an_input_that_cannot_be_read_to_its_end_five_times_exports_what_was_read() -> None:
    engine = Engine(chunk_size=2, window=2)
    container = broken(engine)
    export = engine.export(20, cut=False)
    container.error = Transient("storageUnavailable", "Away.")
    for _ in range(5):
        with pytest.raises(Transient):
            engine.split(export)
    engine.splitter.give_up(SplitMessage(TENANT, export), "The input could not be read.")
    engine.work()
    ended = engine.seen(export)
    assert ended.state is ExportState.COMPLETED_WITH_ERRORS
    assert 0 < ended.counts.created == ended.total < 20
    assert ended.problem is not None
    assert ended.problem.startswith("The input could not be read.")


def test_an_empty_input_ends_the_export_with_the_reason() -> None:
    engine = Engine()
    ended = engine.seen(engine.export(0))
    assert (ended.state, ended.problem) == (
        ExportState.FAILED,
        "The input has no records. Send at least one.",
    )


def test_the_records_of_an_export_count_once_for_the_day() -> None:
    engine = Engine(chunk_size=2)
    export = engine.export(10)
    engine.split(export)
    engine.work()
    engine.split(export)
    day = engine.clock.now.date()
    assert engine.used(day) == 10


def test_an_export_that_is_cancelled_while_it_is_cut_has_an_outcome_for_every_record() -> None:
    engine = Engine(chunk_size=1, window=2)
    table = mortal(engine)
    export = engine.export(10, cut=False)
    table.last = 3
    with pytest.raises(Crash):
        engine.split(export)
    engine.change(export, state=ExportState.CANCELLED)
    engine.split(export)
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.skipped, ended.counts.done) == (ExportState.CANCELLED, 10, 10)


class ForgetfulTable(MemoryTable):
    """The answer to its first insertion gets lost, and it is sent again."""

    lost = False

    def insert(self, partition: str, row: str, properties: Any) -> str:
        tag = super().insert(partition, row, properties)
        if not self.lost:
            self.lost = True
            raise AlreadyExists(self._name)
        return tag


def crewed(crew: CrewOf = Later) -> Engine:
    """An engine whose first lanes begin where the input is cut."""
    engine = Engine(chunk_size=2, window=2)
    engine.crew = crew
    return engine


@pytest.mark.parametrize("records", [1, 2, 4, 6, 20])
def test_lanes_begin_where_the_input_is_cut_and_nobody_waits_for_a_queue(records: int) -> None:
    engine = crewed()
    export = engine.export(records)
    assert not engine.write_queue
    assert engine.seen(export).counts.created == records
    assert sorted(ran.number for ran in engine.ran) == list(range(1, (records + 1) // 2 + 1))
    assert not any(ran.begun_before for ran in engine.ran)


def test_lanes_in_threads_are_done_when_the_cutter_is() -> None:
    engine = crewed(Threads)
    export = engine.export(40)
    engine.work()  # where a lane found nothing to do before all was cut
    assert engine.seen(export).counts.created == 40
    assert sorted(ran.number for ran in engine.ran) == list(range(1, 21))


def test_a_lane_without_a_message_that_fails_is_sent_for() -> None:
    engine = crewed()
    fail_with(engine, RuntimeError("out of order"), on=1)
    export = engine.export(4)
    (message,) = engine.messages()
    assert message.number == 1
    engine.delivery.deliver(message)
    assert engine.seen(export).counts.created == 4
    assert [ran.begun_before for ran in engine.ran if ran.number == 1] == [False, True]


def test_a_process_at_its_limit_sends_for_its_lanes() -> None:
    engine = crewed()
    turns = [engine.delivery._turns.begun(None) for _ in range(CROWDED)]  # noqa: SLF001 - deliveries at work
    with ExitStack() as others:
        for turn in turns:
            others.enter_context(turn)
        export = engine.export(6)
        assert len(engine.write_queue) == 2
        assert not engine.ran
    engine.work()
    assert engine.seen(export).counts.created == 6


def test_a_cutter_that_dies_as_a_lane_is_followed_when_its_message_comes_again() -> None:
    engine = crewed()

    def die(_: int) -> None:
        raise Crash

    engine.answer = die
    with pytest.raises(Crash):
        engine.export(2)
    (died,) = engine.ran
    engine.answer = lambda _: None
    engine.start()
    engine.split(died.export)
    assert not engine.write_queue  # the time of the dead one is not over
    engine.clock.now += 2 * LEASE
    engine.split(died.export)
    engine.work()
    assert engine.seen(died.export).counts.created == 2
    assert [ran.begun_before for ran in engine.ran] == [False, True]


def test_a_cutter_whose_change_was_done_but_not_answered_has_its_chunk_all_the_same() -> None:
    engine = crewed()
    engine.tables["chunks"] = ForgetfulTable("chunks")
    engine.start()
    export = engine.export(2)
    assert engine.seen(export).counts.created == 2
    assert not engine.write_queue
