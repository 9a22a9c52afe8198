"""Each chunk is written and counted once, whoever dies or is told twice, with no more than W at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.export.messages import parse_write_wire
from shared.domain.exports import Chunk, ChunkState, Counts, ExportState
from shared.storage.keys import key
from tests.fakes import MemoryTable
from tests.unit.export.engine import LEASE, TENANT, Crash, Engine
from tests.unit.export.failing import fail_with


def numbers(engine: Engine) -> list[int]:
    return [ran.number for ran in engine.ran]


def test_an_export_never_has_more_messages_than_lanes() -> None:
    engine = Engine(chunk_size=2, window=3)
    engine.export(20)
    assert len(engine.write_queue) == 3


def test_one_delivery_goes_on_from_chunk_to_chunk_until_nothing_is_left() -> None:
    engine = Engine(chunk_size=2, window=1)
    export = engine.export(20)
    assert engine.work() == 1
    assert numbers(engine) == list(range(1, 11))
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.total, ended.chunks) == (
        ExportState.SUCCEEDED,
        20,
        20,
        10,
    )


def test_a_delivery_leaves_the_next_chunk_to_a_message_when_its_turn_is_over() -> None:
    engine = Engine(chunk_size=2, window=1)
    export = engine.export(20)

    def take_half_a_minute(_: int) -> None:
        engine.clock.now += timedelta(seconds=31)

    engine.answer = take_half_a_minute
    assert engine.work() == 5
    assert engine.seen(export).counts.created == 20


def test_the_end_of_an_export_does_not_read_its_chunks() -> None:
    engine = Engine(chunk_size=1, window=2)
    export = engine.export(30)
    engine.tables["chunks"].rows = _refuse  # type: ignore[method-assign]  # reading all rows is what must not happen
    engine.work()
    assert engine.seen(export).counts.created == 30


def _refuse(*_: object, **__: object) -> None:
    raise AssertionError("all chunks are read")


class MortalTable(MemoryTable):
    """Whoever makes the `last` change of a row dies, before or (`is_kept`) after it took effect."""

    last = 0
    is_kept = False

    def put(self, partition: str, row: str, properties: Any) -> str:
        self.last -= 1
        if self.last == 0 and not self.is_kept:
            raise Crash
        tag = super().put(partition, row, properties)
        if self.last == 0:
            raise Crash
        return tag


@given(st.lists(st.tuples(st.integers(1, 14), st.booleans(), st.booleans()), max_size=6))
def test_wherever_workers_die_every_record_is_counted_once_and_the_export_ends(
    deaths: list[tuple[int, bool, bool]],
) -> None:
    engine = Engine(chunk_size=2, window=3)
    engine.tables["chunks"] = table = MortalTable()
    engine.start()
    export = engine.export(23)
    for table.last, table.is_kept, comes_back in deaths:
        work_until_death(engine, comes_back=comes_back)
    table.last = 0
    for _ in range(4):
        engine.work()
        engine.clock.now += 3 * LEASE
        engine.recovery.sweep()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.counts.done) == (ExportState.SUCCEEDED, 23, 23)
    rows = list(engine.stores.chunks.of(TENANT, export))
    assert [row.number for row in rows] == list(range(1, 13))
    assert {row.state for row in rows} == {ChunkState.DONE}
    assert sum(row.counts.created for row in rows) == 23


@pytest.mark.parametrize("comes_back", [True, False])
@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("last", [1, 2, 3])
def test_whoever_dies_while_the_export_itself_changes_leaves_one_that_ends(
    last: int, *, is_kept: bool, comes_back: bool
) -> None:
    engine = Engine(chunk_size=2, window=1)
    engine.tables["exports"] = table = MortalTable()
    engine.start()
    export = engine.export(4)
    table.last, table.is_kept = last, is_kept
    work_until_death(engine, comes_back=comes_back)
    table.last = 0
    if not comes_back:
        engine.clock.now += 3 * LEASE
        engine.recovery.sweep()
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.counts.done) == (ExportState.SUCCEEDED, 4, 4)


def work_until_death(engine: Engine, *, comes_back: bool) -> None:
    """The queue delivers the dead process's message again after ten minutes, or loses it."""
    while len(engine.write_queue):
        engine.clock.now = max(engine.clock.now, engine.write_queue.due)
        wire = engine.write_queue.take()
        try:
            engine.delivery.deliver(parse_write_wire(wire))
        except Crash:
            engine.start()
            if comes_back:
                engine.write_queue.send(wire, timedelta(minutes=10))
            return


@given(st.lists(st.integers(0, 2), max_size=6))
def test_messages_that_come_twice_write_nothing_twice(repeated: list[int]) -> None:
    engine = Engine(chunk_size=2, window=3)
    export = engine.export(20)
    messages = engine.messages()
    for index in repeated:
        engine.write_queue.send(messages[index].to_wire(), timedelta(seconds=index))
    for message in messages:
        engine.write_queue.send(message.to_wire())
    engine.work()
    assert sorted(numbers(engine)) == list(range(1, 11))
    assert engine.seen(export).counts.created == 20
    assert not len(engine.write_queue)


def test_a_message_that_comes_while_its_lane_is_at_work_waits_for_the_end_of_the_lease() -> None:
    engine = Engine(chunk_size=2, window=1)
    export = engine.export(20)
    (message,) = engine.messages()
    again: list[int] = []

    def deliver_again(number: int) -> None:
        if number == 4 and not again:
            again.append(number)
            engine.delivery.deliver(message)

    engine.answer = deliver_again
    engine.delivery.deliver(message)
    assert numbers(engine) == list(range(1, 11))
    assert engine.write_queue.due - engine.clock.now == LEASE
    engine.work()
    assert engine.seen(export).counts.created == 20
    assert numbers(engine) == list(range(1, 11))


def test_a_chunk_that_was_finished_but_not_counted_is_not_written_again() -> None:
    engine = Engine(chunk_size=2, window=1)
    export = engine.export(6)
    (message,) = engine.messages()
    fail_with(engine, Crash(), on=2)
    with pytest.raises(Crash):
        engine.delivery.deliver(message)
    row = engine.stores.chunks.get(TENANT, export, 1)
    assert row is not None
    assert row.value.state is ChunkState.DONE
    engine.stores.chunks.put(TENANT, [replace(row.value, number=2, first=3)])
    engine.start()
    engine.delivery.deliver(message)
    assert numbers(engine) == [1, 2, 3]
    assert engine.seen(export).counts.created == 6


def test_an_export_that_is_cancelled_skips_what_is_left() -> None:
    engine = Engine(chunk_size=1, window=1)
    export = engine.export(9)

    def cancel(number: int) -> None:
        if number == 4:
            engine.change(export, state=ExportState.CANCELLED)

    engine.answer = cancel
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.counts.skipped) == (ExportState.CANCELLED, 4, 5)


def test_a_paused_export_keeps_still_until_it_is_resumed() -> None:
    engine = Engine(chunk_size=1, window=2)
    export = engine.export(9)

    def pause(number: int) -> None:
        if number == 4:
            engine.change(export, paused=True)

    engine.answer = pause
    engine.work()
    ran = len(engine.ran)
    assert ran < 9
    engine.clock.now += 3 * LEASE
    engine.recovery.sweep()
    engine.work()
    assert len(engine.ran) == ran
    engine.answer = lambda _: None
    engine.change(export, paused=False)
    engine.lanes.resume(engine.seen(export))
    engine.work()
    assert engine.seen(export).counts.created == 9


def test_an_export_that_an_earlier_version_began_is_gone_on_with() -> None:
    engine = Engine(chunk_size=2, window=2)
    export = engine.export(8)
    first, _ = engine.messages()
    rows = [Chunk(export=export, number=number, first=2 * number - 1, records=2) for number in range(1, 5)]
    rows[0] = replace(rows[0], state=ChunkState.DONE, counts=Counts(created=2))
    engine.stores.chunks.put(TENANT, rows)
    engine.tables["chunks"].delete(key(TENANT, export), "-progress")
    engine.start()
    engine.delivery.deliver(replace(first, number=2, lane=0))
    engine.work()
    assert sorted(numbers(engine)) == [2, 3, 4]
    assert engine.seen(export).counts.created == 8


def test_an_export_that_nothing_was_cut_of_is_not_ended_by_who_resumes_it() -> None:
    engine = Engine(chunk_size=2, window=2)
    export = engine.export(8, cut=False)
    engine.change(export, state=ExportState.RUNNING, chunks=4, total=8, window=2)
    assert engine.lanes.resume(engine.seen(export)) == 0
    assert engine.seen(export).ended_at is None
    engine.split(export)
    engine.work()
    assert engine.seen(export).counts.created == 8


def test_a_lost_message_is_sent_again_by_the_sweep() -> None:
    engine = Engine(chunk_size=1, window=3)
    export = engine.export(3)
    kept, *_ = engine.messages()
    engine.delivery.deliver(kept)
    assert engine.seen(export).ended_at is None
    engine.clock.now += 3 * LEASE
    assert engine.recovery.sweep() == 1
    engine.work()
    assert engine.seen(export).counts.created == 3
