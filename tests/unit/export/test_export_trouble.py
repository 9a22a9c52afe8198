"""What is broken or comes twice ends with a reason, once, and holds up nothing else."""

import pytest

from shared.domain.exports import ExportState, OutcomeKind
from shared.domain.ids import ExportId
from tests.unit.export.engine import TENANT, Engine

_BROKEN = {
    "cut off": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "of something else": lambda _: b'{"a": 1}',
    "no text": lambda _: b"\xff\xfe\x00",
}


def blob_of(engine: Engine, kind: str, number: int) -> str:
    """The name of one chunk's blob."""
    (name,) = [name for name in engine.container.blobs if f"/{kind}/" in name and name.endswith(f"{number}")]
    return name


def codes(engine: Engine, export: ExportId) -> list[str | None]:
    found = []
    for chunk in engine.stores.chunks.of(TENANT, export):
        found += engine.stores.files.read_outcomes(TENANT, export, chunk.number) or []
    assert [outcome.position for outcome in found] == list(range(1, len(found) + 1))
    return [outcome.code for outcome in found if outcome.kind is OutcomeKind.FAILED]


def test_records_of_a_chunk_that_is_gone_fail_with_the_reason_and_the_others_are_written() -> None:
    engine = Engine(chunk_size=2, window=2)
    export = engine.export(8)
    del engine.container.blobs[blob_of(engine, "records", 3)]
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created) == (ExportState.COMPLETED_WITH_ERRORS, 6)
    assert codes(engine, export) == ["contentGone", "contentGone"]


@pytest.mark.parametrize("how", _BROKEN)
def test_records_of_a_chunk_that_is_corrupt_fail_with_the_reason_and_the_others_are_written(
    how: str,
) -> None:
    engine = Engine(chunk_size=2, window=2)
    export = engine.export(8)
    name = blob_of(engine, "records", 3)
    engine.container.blobs[name] = _BROKEN[how](engine.container.blobs[name])
    engine.work()
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created) == (ExportState.COMPLETED_WITH_ERRORS, 6)
    assert codes(engine, export) == ["contentGone", "contentGone"]
