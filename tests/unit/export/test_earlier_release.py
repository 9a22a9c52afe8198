"""What release 0.1 left in storage and in queues is read and gone on with."""

import json

import pytest

from functions.export.messages import parse_split, parse_write
from shared.domain.exports import ExportState, OutcomeKind
from shared.domain.ids import ExportId
from tests.fakes import MemoryTable
from tests.unit.export import release_0_1 as earlier
from tests.unit.export.engine import TENANT, Engine

EXPORT = ExportId(earlier.EXPORT)


@pytest.fixture
def engine() -> Engine:
    """A new process of today over the storage of then."""
    made = Engine(chunk_size=2, window=2)
    for name, rows in (
        ("exports", earlier.EXPORTS),
        ("chunks", earlier.CHUNKS),
        ("tenants", earlier.TENANTS),
    ):
        table: MemoryTable = made.tables[name]
        for partition, row, properties in rows:
            table.put(partition, row, properties)
    made.container.blobs |= {name: text.encode() for name, text in earlier.BLOBS.items()}
    made.start()
    return made


def judge(engine: Engine) -> None:
    ended = engine.seen(EXPORT)
    assert (ended.state, ended.total) == (ExportState.COMPLETED_WITH_ERRORS, 6)
    assert (ended.counts.created, ended.counts.failed, ended.counts.done) == (5, 1, 6)
    found = [
        outcome
        for chunk in engine.stores.chunks.of(TENANT, EXPORT)
        for outcome in engine.stores.files.read_outcomes(TENANT, EXPORT, chunk.number) or []
    ]
    assert [outcome.position for outcome in found] == [1, 2, 3, 4, 5, 6]
    assert found[1].kind is OutcomeKind.FAILED
    assert {ran.number: ran.begun_before for ran in engine.ran} == {2: True, 3: False}
    assert len(engine.ran) == 2


def test_a_message_of_then_goes_on_with_the_export(engine: Engine) -> None:
    engine.delivery.deliver(parse_write(json.dumps(earlier.WRITE).encode()))
    engine.work()
    judge(engine)


def test_a_message_of_then_that_comes_again_and_again_changes_nothing(engine: Engine) -> None:
    for _ in range(3):
        engine.delivery.deliver(parse_write(json.dumps(earlier.WRITE).encode()))
        engine.splitter.split(parse_split(json.dumps(earlier.SPLIT).encode()))
        engine.work()
    judge(engine)


def test_the_sweep_goes_on_with_an_export_whose_messages_are_lost(engine: Engine) -> None:
    engine.clock.now = engine.clock.now.replace(hour=12)
    assert engine.recovery.sweep() == 1
    engine.work()
    judge(engine)


def test_what_was_planned_and_decided_then_is_read(engine: Engine) -> None:
    files = engine.stores.files
    settings = files.read_settings(TENANT, EXPORT)
    assert (settings.owner_email, [row.column for row in settings.rows]) == (
        "bruno@contoso.example",
        ["lastname"],
    )
    assert [each.position for each in files.read_plan(TENANT, EXPORT, 2) or []] == [3, 4]
    assert engine.stores.cooldowns.until(TENANT) is not None
