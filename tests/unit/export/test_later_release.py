"""What a later release adds to rows, contents and messages does not disturb this one, as in a rollback."""

import json
from typing import Any

import orjson
import pytest

from functions.export.messages import parse_split, parse_write, parse_write_wire
from functions.queue_work import OtherVersion
from shared.domain.exports import ExportState, OutcomeKind
from shared.domain.match_decisions import Match
from shared.domain.plan import Create, Delete, MergedInto, PlannedRecord, Reject, Skip, Unchanged, Update
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord
from tests.unit.export.engine import TENANT, Engine

LATER: Any = {"later": ["release", 1]}


def rewritten(content: bytes) -> bytes:
    """A blob as a release would keep it that knows more."""
    try:
        stored = orjson.loads(content)
    except orjson.JSONDecodeError:
        return content  # the input, in the vendor's own words
    if isinstance(stored, list):
        return orjson.dumps([[*each, LATER] for each in stored])
    return orjson.dumps({**stored, **LATER}) if "rows" in stored else content


def hand_over(engine: Engine) -> None:
    """Another process, to whom a later release leaves everything."""
    for table in engine.tables.values():
        for (partition, row), stored in list(table._rows.items()):  # noqa: SLF001 - a copy of all there is
            kept = {**stored.value, "laterText": "x", "laterNumber": 1, "laterTruth": True}
            if "lanes" in kept:
                lanes = {number: [*lane, LATER] for number, lane in json.loads(kept["lanes"]).items()}
                kept["lanes"] = json.dumps(lanes)
            table.put(partition, row, kept)
    blobs = engine.container.blobs
    blobs |= {name: rewritten(content) for name, content in blobs.items()}
    engine.start()


def test_an_export_that_a_later_release_left_half_way_is_ended() -> None:
    engine = Engine(chunk_size=2, window=2)
    export = engine.export(10)
    engine.delivery.deliver(parse_write_wire(engine.write_queue.take()), engine.clock.now)
    assert len(engine.ran) == 1
    hand_over(engine)
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.total, ended.counts.created) == (ExportState.SUCCEEDED, 10, 10)
    assert sorted(ran.number for ran in engine.ran) == [1, 2, 3, 4, 5]


def test_an_input_that_a_later_release_took_is_cut() -> None:
    engine = Engine(chunk_size=2, window=2)
    export = engine.export(5, cut=False)
    hand_over(engine)
    engine.split(export)
    engine.work()
    assert engine.seen(export).counts.created == 5


RECORDS: list[InputRecord] = [
    VendorRecord(1, 1, {"id": 1, "lastName": "Ngata"}),
    UnreadableRecord(2, 2, "malformedJson", "Line cannot be read."),
]
UPDATE = Update("b", "etag", {"lastname": "N"}, {"lastname": "M"})
PLANNED = [
    PlannedRecord(1, "1", Create("a", {"lastname": "Ngata"}), "note", "column", "code"),
    PlannedRecord(2, "2", UPDATE, match=Match("m", ("b",), "b")),
    PlannedRecord(3, "3", Delete("c", "etag")),
    PlannedRecord(4, "4", Unchanged("d")),
    PlannedRecord(5, "5", Skip("code", "reason", "e")),
    PlannedRecord(6, None, Reject("code", "reason", "column")),
    PlannedRecord(7, "7", MergedInto(1, contributed=True)),
]


def test_contents_that_know_more_are_read_as_far_as_they_are_known() -> None:
    engine = Engine()
    export, files = engine.export(1), engine.stores.files
    files.write_records(TENANT, export, 9, RECORDS)
    files.write_plan(TENANT, export, 9, PLANNED)
    name = f"contoso/{export}/plan/000009"
    kept = json.loads(engine.container.blobs[name])
    plans = [[*each[:3], [*each[3], LATER], *each[4:]] for each in kept]
    engine.container.blobs[name] = json.dumps(plans).encode()
    hand_over(engine)
    assert files.read_records(TENANT, export, 9) == RECORDS
    assert files.read_plan(TENANT, export, 9) == PLANNED
    assert files.read_settings(TENANT, export) == engine.settings


@pytest.mark.parametrize("parse", [parse_split, parse_write])
def test_a_message_that_says_more_is_understood(parse: Any) -> None:
    wire = {"v": 1, "tenant": "contoso", "export": "e", "number": 7, "lane": 2}
    assert parse(orjson.dumps(wire | LATER)) == parse(orjson.dumps(wire))


def test_a_message_of_a_later_version_is_refused_and_the_export_goes_on_without_it() -> None:
    engine = Engine(chunk_size=2, window=2)
    export = engine.export(6)
    for _ in range(len(engine.write_queue)):
        later = {**engine.write_queue.take(), "v": 2}
        with pytest.raises(OtherVersion):
            parse_write(orjson.dumps(later))
    engine.clock.now = engine.clock.now.replace(hour=12)
    assert engine.recovery.sweep() == 1
    engine.work()
    counts = engine.seen(export).counts
    assert (counts.created, counts.done) == (6, 6)
    kinds = {
        outcome.kind
        for number in (1, 2, 3)
        for outcome in engine.stores.files.read_outcomes(TENANT, export, number) or ()
    }
    assert kinds == {OutcomeKind.CREATED}
