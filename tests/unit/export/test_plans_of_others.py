"""Two workers have one chunk: both carry out the plan that was kept first."""

from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from functions.export.rounds import Rounds
from functions.export.runner import ChunkRunner
from shared.domain.errors import Problem, Transient
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.plan import Create, PlannedRecord, Update
from shared.domain.records import InputRecord
from tests.builders import record, row
from tests.unit.export.engine import TENANT, Engine
from tests.unit.export.scripted_dynamics import ScriptedDynamics

ROWS = (row("lastName", "lastname"),)
OURS = PlannedRecord(1, "1", Create("lead-1", {"lastname": "Ngata"}))
THEIRS = PlannedRecord(1, "1", Update("lead-1", 'W/"7"', {"jobtitle": "CEO"}, {}))


@pytest.fixture
def engine() -> Engine:
    return Engine()


def rounds(engine: Engine, dynamics: ScriptedDynamics, plan: Any, **more: Any) -> Rounds:
    export = engine.seen(engine.export(1))
    work = dynamics.prepared(*ROWS)
    given = {"stores": engine.stores, "export": export, "number": 1, "begun_before": False, **more}
    return Rounds(work=work, plan=plan, **given)


def written(dynamics: ScriptedDynamics) -> list[tuple[str, Any]]:
    return [(request.method, orjson.loads(request.body or b"null")) for request in dynamics.asked]


def test_the_plan_is_kept_before_it_is_carried_out(engine: Engine) -> None:
    dynamics = ScriptedDynamics()
    own = rounds(engine, dynamics, lambda _: [OURS])

    def answer(_: object) -> Any:
        assert engine.stores.files.read_plan(TENANT, own.export.id, 1) == [OURS]
        return Transient("dynamicsUnavailable", "Dynamics cannot be reached.")

    dynamics.answer = answer
    with pytest.raises(Transient):
        own.run([record(1, id=1, lastName="Ngata")])
    assert written(dynamics) == [("POST", {"leadid": "lead-1", "lastname": "Ngata"})]


def test_whoever_planned_second_carries_out_what_was_planned_first(engine: Engine) -> None:
    dynamics = ScriptedDynamics()

    def plan(_: Sequence[InputRecord]) -> list[PlannedRecord]:
        engine.stores.files.keep_plan(TENANT, second.export.id, 1, [THEIRS])
        return [OURS]

    second = rounds(engine, dynamics, plan)
    assert second.run([record(1, id=1, lastName="Ngata")]) == [THEIRS]
    assert written(dynamics) == [("PATCH", {"jobtitle": "CEO"})]
    assert dynamics.asked[0].headers["If-Match"] == 'W/"7"'
    assert engine.stores.files.read_plan(TENANT, second.export.id, 1) == [THEIRS]


def test_a_plan_of_an_earlier_delivery_is_carried_out_and_not_made_anew(engine: Engine) -> None:
    dynamics = ScriptedDynamics()

    def plan(_: object) -> Any:
        raise AssertionError("it is planned already")

    again = rounds(engine, dynamics, plan, begun_before=True)
    engine.stores.files.keep_plan(TENANT, again.export.id, 1, [THEIRS])
    assert again.run([record(1, id=1)]) == [THEIRS]
    assert written(dynamics) == [("PATCH", {"jobtitle": "CEO"})]


def test_who_slept_while_others_finished_the_chunk_writes_nothing(engine: Engine) -> None:
    dynamics = ScriptedDynamics()
    late = rounds(engine, dynamics, lambda _: [THEIRS], begun_before=True)
    place = (TENANT, late.export.id, 1)
    engine.stores.files.keep_plan(*place, [])
    outcome = Outcome(position=1, vendor_id="1", kind=OutcomeKind.CREATED)
    engine.stores.files.keep_outcomes(*place, [outcome])
    with pytest.raises(Transient) as stopped:
        late.run([record(1, id=1)])
    assert (stopped.value.code, dynamics.asked) == ("doneByOthers", [])
    assert engine.stores.files.read_plan(*place) == []


GONE = (Problem("columnGone", "The column is gone.", row=1, column="new_gone"),)


@pytest.mark.parametrize(("number", "told"), [(1, GONE), (2, ())], ids=["the first chunk", "a later one"])
def test_the_first_chunk_tells_which_rows_of_the_mapping_were_left_out(
    engine: Engine, number: int, told: tuple[Problem, ...]
) -> None:
    work = ScriptedDynamics().prepared(*ROWS, warnings=GONE)
    runner = ChunkRunner(engine.stores, lambda _: work)
    export = engine.export(1)
    for _ in range(2):
        runner.run(engine.seen(export), number, [record(1, id=1)], begun_before=False)
    assert engine.seen(export).warnings == told
