"""What is broken or comes twice ends with a reason, once, and holds up nothing else."""

import pytest

from functions.export.messages import WriteMessage
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


def test_a_chunk_that_is_given_up_twice_is_given_up_once() -> None:
    engine, message = broken()
    engine.delivery.give_up(message, "Broken.")
    engine.delivery.give_up(message, "Broken.")
    engine.work()
    judge_given_up(engine)


def test_a_message_that_comes_again_after_it_was_set_aside_changes_nothing() -> None:
    """A crash of the host between the copy into the poison queue and the end of the message leaves both."""
    engine, message = broken()
    engine.delivery.give_up(message, "Broken.")
    engine.answer = lambda _: None
    engine.delivery.deliver(message)
    engine.work()
    judge_given_up(engine)


def broken() -> tuple[Engine, WriteMessage]:
    """An export of four chunks whose first one broke its worker five times."""
    engine = Engine(chunk_size=2, window=2)
    engine.export(8)
    (message, *others) = engine.messages()
    for other in others:
        engine.write_queue.send(other.to_wire())

    def answer(number: int) -> None:
        if number == message.number:
            raise RuntimeError

    engine.answer = answer
    for _ in range(5):
        with pytest.raises(RuntimeError):
            engine.delivery.deliver(message)
    return engine, message


def judge_given_up(engine: Engine) -> None:
    (export,) = {ran.export for ran in engine.ran}
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created, ended.counts.failed) == (
        ExportState.COMPLETED_WITH_ERRORS,
        6,
        2,
    )
    assert codes(engine, export) == ["gaveUp", "gaveUp"]
