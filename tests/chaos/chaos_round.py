"""One round of chaos: exports under way, troubles from a seed, and the judgement afterwards."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chaos.checker import Violation, said_twice, violations
from tests.chaos.crowd import Crowd, Sent
from tests.chaos.disturbances import Scene
from tests.chaos.stage import Stage
from tests.chaos.witness import SeenExport, Witness

_PAUSE_SECONDS = (0.02, 0.2)
_SENDERS = 2
_POLL_SECONDS = 0.2
_REQUEST_SECONDS = 0.05
"""How long Dynamics takes, so that there is a while in which something can happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much a round is to be. `patience`: seconds for the exports to end once the troubles are over.

    `surely`: troubles that come in any case, beside those of chance.
    """

    seed: int
    people: int = 120
    troubles: int = 100
    patience: float = 300.0
    surely: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a round came to."""

    plan: Plan
    faults: Counter[str]
    records: int
    violations: list[Violation]
    remarks: int
    seconds: float

    def __str__(self) -> str:
        """A line, and one more for each violation with the seed that led to it."""
        first = (
            f"seed {self.plan.seed}: {self.records} records, {sum(self.faults.values())} faults, "
            f"{len(self.violations)} violations, {self.remarks} said to be created twice, "
            f"{self.seconds:.0f} s"
        )
        return "\n".join([first, *(f"  seed {self.plan.seed}: {each}" for each in self.violations)])


def play(stage: Stage, plan: Plan) -> Judged:
    """Exports people while everything goes wrong, then looks whether all is right."""
    started = time.monotonic()
    stage.colleague.forget()
    crowd = Crowd(stage, f"c{plan.seed}x{int(time.time() * 10) % 10_000_000}")
    with _sending(crowd, plan):
        faults = _disturb(Scene(stage, _chance(plan, "troubles"), crowd), plan)
    witness = _witness(crowd, plan.patience)
    return Judged(
        plan=plan,
        faults=faults,
        records=sum(len(each.people) for each in witness.exports),
        violations=violations(witness),
        remarks=len(said_twice(witness)),
        seconds=time.monotonic() - started,
    )


@contextmanager
def _sending(crowd: Crowd, plan: Plan) -> Iterator[None]:
    with ThreadPoolExecutor(_SENDERS) as pool:
        senders = [
            pool.submit(crowd.keep_sending, _chance(plan, f"sender {number}"), plan.people)
            for number in range(_SENDERS)
        ]
        try:
            yield
        finally:
            crowd.over.set()
        for sender in senders:
            sender.result()


def _disturb(scene: Scene, plan: Plan) -> Counter[str]:
    dataverse = scene.crowd.stage.dataverse
    dataverse.control("PUT", "latency", {"request": _REQUEST_SECONDS})
    try:
        chosen = [*plan.surely, *[None] * plan.troubles]
        scene.chance.shuffle(chosen)
        for name in chosen:
            scene.disturb(name)
            time.sleep(scene.chance.uniform(*_PAUSE_SECONDS))
    finally:
        faults = scene.calm()
        dataverse.control("PUT", "latency", {"request": 0.0})
    return faults


def _chance(plan: Plan, what: str) -> random.Random:
    return random.Random(f"{what} of {plan.seed}")  # noqa: S311 - repeatable on purpose


def _witness(crowd: Crowd, patience: float) -> Witness:
    end = time.monotonic() + patience
    rows = crowd.stage.dataverse.rows
    exports = [_seen(crowd.stage, each, end) for each in crowd.sent]
    own = [row for row in rows("lead") if f"@{crowd.prefix}n" in str(row.get("emailaddress1"))]
    colleague = crowd.stage.colleague
    return Witness(exports=exports, rows=own, edits=colleague.edits, perhaps=colleague.perhaps)


def _seen(stage: Stage, sent: Sent, end: float) -> SeenExport:
    while True:
        export = stage.admin.get(f"/exports/{sent.id}")
        if export["endedAt"] or time.monotonic() > end:
            break
        time.sleep(_POLL_SECONDS)
    outcomes = stage.admin.outcomes(sent.id, limit=500)
    return SeenExport(people=sent.people, export=export, outcomes=outcomes)


def total(rounds: Iterable[Judged]) -> Counter[str]:
    """The faults of all rounds."""
    return sum((each.faults for each in rounds), Counter[str]())
