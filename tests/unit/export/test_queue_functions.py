"""The functions of the queues and of the timer do the step that their message, or the time, asks for."""

import base64
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import azure.functions as func  # noqa: TID251 - it calls functions as the Functions host does
import orjson
import pytest

from functions.export import workers
from functions.export.messages import SplitMessage
from functions.export.pipeline import Pipeline
from shared.domain.exports import ExportState
from tests.auditing import trail
from tests.unit.export.engine import LEASE, TENANT, Engine

Functions = dict[str, Callable[[Any], None]]


@pytest.fixture
def engine() -> Engine:
    return Engine(chunk_size=2, window=1)


@pytest.fixture
def functions(engine: Engine) -> Functions:
    pipeline = Pipeline(lanes=engine.lanes, splitter=engine.splitter, delivery=engine.delivery)
    app = func.FunctionApp()
    app.register_functions(workers.blueprint(pipeline, engine.recovery, trail(), schedule="0 */5 * * * *"))
    return {each.get_function_name(): each.get_user_function() for each in app.get_functions()}


def message(wire: Any) -> func.QueueMessage:
    return func.QueueMessage(id="m-1", body=base64.b64encode(orjson.dumps(wire)))


def test_an_input_is_cut_and_its_chunks_are_written(engine: Engine, functions: Functions) -> None:
    export = engine.export(3, cut=False)
    functions["split_export"](message(SplitMessage(TENANT, export).to_wire()))
    functions["write_chunk"](message(engine.write_queue.take()))
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created) == (ExportState.SUCCEEDED, 3)


def test_an_input_that_cannot_be_cut_ends_its_export_with_what_to_do(
    engine: Engine, functions: Functions
) -> None:
    export = engine.export(3, cut=False)
    functions["split_export_poison"](message(SplitMessage(TENANT, export).to_wire()))
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created) == (ExportState.FAILED, 0)
    assert "Send it again" in str(ended.problem)


def test_a_chunk_that_failed_five_times_fails_with_what_to_do(engine: Engine, functions: Functions) -> None:
    export = engine.export(2)
    functions["write_chunk_poison"](message(engine.write_queue.take()))
    ended = engine.seen(export)
    assert (ended.state, ended.counts.failed) == (ExportState.FAILED, 2)
    outcomes = engine.stores.files.read_outcomes(TENANT, export, 1) or []
    assert {each.code for each in outcomes} == {"gaveUp"}
    assert all("exporting them again doubles none" in str(each.reason) for each in outcomes)


@pytest.mark.parametrize("name", ["split_export", "write_chunk", "split_export_poison", "write_chunk_poison"])
def test_a_message_that_means_nothing_moves_nothing(engine: Engine, functions: Functions, name: str) -> None:
    export = engine.export(2)
    functions[name](func.QueueMessage(id="m-1", body=b"nothing"))
    assert engine.seen(export).ended_at is None
    assert engine.ran == []


def test_the_sweep_revives_what_has_stopped(engine: Engine, functions: Functions) -> None:
    export = engine.export(2)
    engine.messages()  # lost
    engine.clock.now += 3 * LEASE
    functions["revive_exports"](SimpleNamespace(past_due=False))
    engine.work()
    assert engine.seen(export).state is ExportState.SUCCEEDED
